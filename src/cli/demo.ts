// `campanile demo`: a server, a fleet on real sockets and two campaigns on this machine, and a table that checks each device.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import type { Server } from '../server/index.ts';
import { wholeNumber } from './account.ts';
import { DEMO_ACCOUNT, type Demo, openDemo, scheduleBoth } from './demo-campaigns.ts';
import { type Checked, checkDevices, demoRows, TABLE_HEAD } from './demo-table.ts';
import { CommandFailed, EXIT, UsageError } from './outcome.ts';
import type { Act } from './program.ts';
import { isOver, progressOf } from './progress.ts';
import { interrupted } from './serve.ts';
import { tableLines } from './table.ts';
import type { Terminal } from './terminal.ts';

interface DemoOptions {
  readonly lwm2m: number;
  readonly http: number;
  readonly keep: boolean;
  readonly timeout: number;
}

const DEVICES = 20;
/** An HTTP device of the demo polls so often, so that nobody has to wait. */
const POLL_MS = 1_000;

export function addDemo(program: Command, act: Act): void {
  program
    .command('demo')
    .description('everything at once on this machine: a server, simulated devices, two campaigns')
    .option('--lwm2m <count>', 'LwM2M devices', wholeNumber, DEVICES)
    .option('--http <count>', 'HTTP devices', wholeNumber, DEVICES)
    .option('--timeout <seconds>', 'give up after so long', wholeNumber, 120)
    .option('--keep', 'leave the server running until interrupted', false)
    .action(act(runDemo));
}

async function runDemo(terminal: Terminal, options: DemoOptions): Promise<number> {
  if (!(options.lwm2m + options.http > 0))
    throw new UsageError('There are no devices: --lwm2m or --http is too small.');
  const data = await mkdtemp(join(tmpdir(), 'campanile-demo-'));
  const { readConfig, startServer } = await import('../server/index.ts');
  const flags = {
    host: '127.0.0.1',
    'http-port': '0',
    'coap-port': '0',
    'coaps-port': '0',
    data,
    'log-level': 'error',
  };
  const config = readConfig(flags, {});
  if (!config.ok) throw new CommandFailed(config.sentences.join('\n'));
  try {
    await using server = await startServer(config.config);
    terminal.out(
      `server   ${server.publicHttpUrl}   LwM2M ${server.ready.coap}, with DTLS ${server.ready.coaps}   API ${server.publicHttpUrl}/docs`,
    );
    terminal.out(`console  ${(await server.firstSignInLink()) ?? server.publicHttpUrl}`);
    return await showDemo(terminal, { server, options, data });
  } finally {
    if (options.keep) terminal.out(`data     ${data}`);
    else await rm(data, { recursive: true, force: true });
  }
}

interface Stage {
  readonly server: Server;
  readonly options: DemoOptions;
  readonly data: string;
}

async function showDemo(terminal: Terminal, { server, options }: Stage): Promise<number> {
  const { specimens, startFleet, QUICK_PACE } = await import('../simulator/index.ts');
  const { systemRandom } = await import('../server/index.ts');
  const { lwm2m, http } = options;
  // Half of the LwM2M devices have a key and use it.
  const plan = {
    lwm2m,
    http,
    secure: Math.floor(lwm2m / 2),
    make: 'Campanile',
    lwm2mModel: 'Modem',
    httpModel: 'Gateway',
    from: '1.0.0',
  };
  const devices = specimens({ ...plan, pace: QUICK_PACE });
  const demo = await openDemo({ server, devices, draw: systemRandom.secret });
  terminal.out(
    `fleet    ${lwm2m} LwM2M (${plan.secure} with DTLS) and ${http} HTTP devices on real sockets, all running ${plan.from}`,
  );
  await using fleet = startFleet({
    http: server.publicHttpUrl,
    coap: server.ready.coap,
    ...(server.ready.coaps === null ? {} : { coaps: server.ready.coaps }),
    psks: demo.psks,
    account: DEMO_ACCOUNT,
    devices,
    ddiTokens: demo.ddiTokens,
    pollOverrideMs: POLL_MS,
  });
  const { systemClock } = await import('../simulator/index.ts');
  const ids = await scheduleBoth(demo, systemClock.now());
  for (const [what, id] of Object.entries(ids)) terminal.out(`${what.padEnd(9)}campaign ${id} is scheduled`);
  const end = await watchBoth(terminal, {
    demo,
    ids: Object.values(ids),
    clock: systemClock,
    timeout: options.timeout,
  });
  const checked = await checkDevices(demo, Object.values(ids), fleet);
  for (const line of tableLines(TABLE_HEAD, demoRows(checked))) terminal.out(line);
  const code = verdict(terminal, end, checked);
  if (options.keep) await keep(terminal, demo, ids);
  return code;
}

interface Watching {
  readonly demo: Demo;
  readonly ids: readonly string[];
  readonly clock: { now(): number; after(ms: number, run: () => void): () => void };
  readonly timeout: number;
}

type End = 'over' | 'interrupted' | 'timeout';

/** Shows where both stand until both are over. */
async function watchBoth(terminal: Terminal, { demo, ids, clock, timeout }: Watching): Promise<End> {
  const startedAt = clock.now();
  let isInterrupted = false;
  const forget = terminal.onInterrupt(() => {
    isInterrupted = true;
  });
  const every = terminal.isLive ? 250 : 2_000;
  try {
    for (;;) {
      const views = await Promise.all(ids.map((id) => demo.operator.campaigns.get(DEMO_ACCOUNT, id)));
      const seconds = Math.round((clock.now() - startedAt) / 1_000);
      terminal.progress(`${seconds} s  ${views.map((view) => `${view.kind} ${progressOf(view)}`).join('  |  ')}`);
      if (views.every(isOver)) return 'over';
      if (isInterrupted) return 'interrupted';
      if (seconds >= timeout) return 'timeout';
      await new Promise<void>((resolve) => {
        clock.after(every, resolve);
      });
    }
  } finally {
    forget();
  }
}

function verdict(terminal: Terminal, end: End, checked: readonly Checked[]): number {
  const wrong = checked.filter(({ problem }) => problem !== undefined);
  if (end === 'interrupted') terminal.err('The demo was interrupted.');
  if (end === 'timeout') terminal.err('The campaigns did not end in time.');
  for (const { imei, problem } of wrong) terminal.err(`${imei}: ${problem}`);
  if (end !== 'over' || wrong.length > 0) return EXIT.failed;
  terminal.out(`All ${checked.length} devices run the new version, and each image arrived byte for byte.`);
  return EXIT.done;
}

async function keep(terminal: Terminal, demo: Demo, ids: Readonly<Record<string, string>>): Promise<void> {
  const asked = interrupted(terminal);
  const { access, session } = await demo.signIn();
  const [what = '', id = ''] = Object.entries(ids)[0] ?? [];
  const generation = what === 'firmware' ? 'v3' : 'v2';
  terminal.out(`
The server runs until you press Ctrl-C. One call of the campaign API:

curl -H 'Authorization: Bearer ${access}' -H 'VZ-M2M-Token: ${session}' \\
  ${demo.url}/api/fota/${generation}/campaigns/${DEMO_ACCOUNT}/${id}

operator key: ${demo.operatorKey}
`);
  await asked;
}
