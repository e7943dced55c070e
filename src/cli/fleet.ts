// `campanile fleet`: simulated devices on real sockets against any server.
import { type Command, Option } from 'commander';
import { wholeNumber } from './account.ts';
import { forOperator, type OperatorOptions, operatorClient } from './connection.ts';
import { CommandFailed, EXIT, UsageError } from './outcome.ts';
import type { Act } from './program.ts';
import { interrupted } from './serve.ts';
import { tableLines } from './table.ts';
import type { Terminal } from './terminal.ts';

interface FleetCommand extends OperatorOptions {
  readonly lwm2m: number;
  readonly http: number;
  readonly account: string;
  readonly server?: string;
  readonly coap?: string;
  readonly make: string;
  readonly lwm2mModel: string;
  readonly httpModel: string;
  readonly from: string;
  readonly pollSeconds?: number;
  readonly ddiToken?: string;
  readonly import: boolean;
  readonly seconds?: number;
}

const SHOW_EVERY_MS = 5_000;

export function addFleet(program: Command, act: Act): void {
  forOperator(program.command('fleet'))
    .description('run simulated devices; "--import" adds them to the account first')
    .option('--lwm2m <count>', 'LwM2M devices', wholeNumber, 0)
    .option('--http <count>', 'HTTP devices', wholeNumber, 0)
    .requiredOption('--account <name>', 'account of the devices')
    .option('--server <url>', 'server of the HTTP devices; else --url')
    .option('--coap <host:port>', "server of the LwM2M devices; else port 5683 of --server's host")
    .option('--make <make>', 'make of the devices', 'Campanile')
    .option('--lwm2m-model <model>', 'model of the LwM2M devices', 'Modem')
    .option('--http-model <model>', 'model of the HTTP devices', 'Gateway')
    .option('--from <version>', 'version that they run', '1.0.0')
    .option('--poll-seconds <seconds>', 'how often HTTP devices poll, whatever the server says', wholeNumber)
    .addOption(new Option('--ddi-token <token>', 'token of every HTTP device').env('CAMPANILE_DDI_TOKEN'))
    .option('--import', 'add the devices to the account, with the operator key', false)
    .option('--seconds <seconds>', 'end after so long; else when interrupted', wholeNumber)
    .action(act(runFleet));
}

async function runFleet(terminal: Terminal, options: FleetCommand): Promise<number> {
  const { lwm2m, http, account, make, lwm2mModel, httpModel, from, pollSeconds, seconds } = options;
  if (!(lwm2m + http > 0)) throw new UsageError('There are no devices: give --lwm2m or --http with a number.');
  const { specimens, startFleet, systemClock, QUICK_PACE } = await import('../simulator/index.ts');
  const devices = specimens({ lwm2m, http, make, lwm2mModel, httpModel, from, pace: QUICK_PACE });
  const ddiTokens = await tokensOf(devices, options);
  if (options.import) await importFleet(terminal, options, { devices, ddiTokens });
  const server = options.server ?? options.url;
  await using fleet = startFleet({
    http: server,
    coap: options.coap ?? `${new URL(server).hostname}:5683`,
    account,
    devices,
    ddiTokens,
    ...(pollSeconds === undefined ? {} : { pollOverrideMs: pollSeconds * 1_000 }),
  });
  let cancel = (): void => {};
  const show = (): void => {
    terminal.progress(summary(fleet.devices()));
    cancel = systemClock.after(SHOW_EVERY_MS, show);
  };
  show();
  const over = new Promise<void>((resolve) => {
    if (seconds !== undefined) systemClock.after(seconds * 1_000, resolve);
  });
  await Promise.race([interrupted(terminal), over]);
  cancel();
  showFleet(terminal, options.json, fleet.devices());
  return EXIT.done;
}

interface Member {
  readonly imei: string;
  readonly transport: 'LWM2M' | 'HTTP';
  readonly make: string;
  readonly model: string;
  readonly from: string;
}

async function tokensOf(devices: readonly Member[], { ddiToken, import: adds }: FleetCommand) {
  const http = devices.filter(({ transport }) => transport === 'HTTP');
  if (ddiToken !== undefined) return Object.fromEntries(http.map(({ imei }) => [imei, ddiToken]));
  if (!adds) {
    if (http.length > 0) throw new UsageError('HTTP devices need --ddi-token, or --import, which gives each its own.');
    return {};
  }
  const { systemRandom } = await import('../server/index.ts');
  return Object.fromEntries(http.map(({ imei }) => [imei, systemRandom.secret()]));
}

async function importFleet(
  terminal: Terminal,
  options: FleetCommand,
  { devices, ddiTokens }: { readonly devices: readonly Member[]; readonly ddiTokens: Readonly<Record<string, string>> },
): Promise<void> {
  const client = await operatorClient(options, terminal);
  const { rejected } = await client.devices.import(
    options.account,
    devices.map((device) => importLine(device, ddiTokens[device.imei])),
  );
  const [first] = rejected;
  if (first !== undefined)
    throw new CommandFailed(`${rejected.length} devices were not imported; ${first.imei}: ${first.errorMessage}`);
}

/** A simulated device as it is imported. */
export function importLine({ imei, make, model, transport, from }: Member, ddiToken: string | undefined) {
  const version = transport === 'LWM2M' ? { firmware: from } : { software: { application: from } };
  return { imei, make, model, transport, ...version, ...(ddiToken === undefined ? {} : { ddiToken }) };
}

interface Seen {
  readonly imei: string;
  readonly transport: string;
  readonly state: string;
  readonly runningVersion: string;
  readonly bytes: number;
  readonly installs: number;
}

function summary(devices: readonly Seen[]): string {
  const states = new Map<string, number>();
  for (const { state } of devices) states.set(state, (states.get(state) ?? 0) + 1);
  return `${devices.length} devices: ${[...states].map(([state, count]) => `${count} ${state}`).join(', ')}`;
}

function showFleet(terminal: Terminal, json: boolean, devices: readonly Seen[]): void {
  if (json) {
    for (const device of devices) terminal.out(JSON.stringify(device));
    return;
  }
  const rows = devices.map((one) => [one.imei, one.transport, one.state, one.runningVersion, one.bytes, one.installs]);
  for (const line of tableLines(['device', 'transport', 'state', 'runs', 'bytes', 'installs'], rows))
    terminal.out(line);
}
