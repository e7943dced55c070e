// An operator steers from the terminal: what cannot be taken back is shown first and asked about.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { run } from './program.ts';
import type { Terminal } from './terminal.ts';
import { openServer } from './testing/server.ts';

const ACCOUNT = '0000123456-00002';
const DEVICES = ['490154203237518', '356938035643809'];
let folder = '';
let url = '';
let stop = async (): Promise<void> => {};

beforeAll(async () => {
  const server = await openServer();
  ({ folder, stop, url } = server);
  await campanile(['account', 'create', ACCOUNT]);
  const csv = ['imei,make,model,transport,firmware', ...DEVICES.map((imei) => `${imei},Acme,M1,LWM2M,1.0.0`)];
  await campanile(['device', 'import', await file('devices.csv', csv.join('\n')), '--account', ACCOUNT]);
  const pack = ['--kind', 'firmware', '--name', 'modem-fw', '--from', '1.0.0', '--to', '2.0.0'];
  const made = ['--make', 'Acme', '--model', 'M1', '--transport', 'LWM2M', '--account', ACCOUNT];
  const added = await campanile(['package', 'add', await file('image.bin', 'bytes'), ...pack, ...made]);
  expect(added.err).toEqual([]);
});

afterAll(async () => {
  await stop();
});

interface Said {
  readonly code: number;
  readonly out: readonly string[];
  readonly err: readonly string[];
}

/** `answer`: of somebody who sits at the terminal; absent: nobody does. */
async function campanile(args: readonly string[], answer?: boolean): Promise<Said> {
  const out: string[] = [];
  const err: string[] = [];
  const terminal: Terminal = {
    env: { CAMPANILE_DATA: join(folder, 'data') },
    isLive: false,
    out: (line) => out.push(line),
    err: (line) => err.push(line),
    progress: (line) => out.push(line),
    read: async (path) => (await import('node:fs/promises')).readFile(path, 'utf8'),
    ...(answer === undefined
      ? {}
      : {
          confirm: async (question: string) => {
            err.push(question);
            return answer;
          },
        }),
    onInterrupt: () => () => {},
  };
  return { code: await run([...args, '--url', url], terminal), out, err };
}

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

async function day(days: number): Promise<string> {
  const { systemClock } = await import('../server/index.ts');
  return new Date(systemClock.now() + days * 86_400_000).toISOString().slice(0, 10);
}

const about = (...rest: readonly string[]) => [...rest, '--account', ACCOUNT];

async function scheduled(name: string, imei: string): Promise<string> {
  const rollout = await file('rollout.json', '{"waves":[{"percent":50}],"approval":"start","slots":5}');
  const what = ['--kind', 'firmware', '--package', 'modem-fw', '--from', '1.0.0', '--to', '2.0.0', '--name', name];
  const days = ['--start', await day(20), '--end', await day(30), '--window', '2-6'];
  const how = ['--rollout-file', rollout, '--as-operator', '--end-when-done', '--json', '--imei', imei];
  const { out, err } = await campanile(about('campaign', 'schedule', ...what, ...days, ...how));
  expect(err).toEqual([]);
  const made = JSON.parse(out[0] ?? '');
  expect(made).toMatchObject({ orderedBy: 'root', endWhenDone: true, rollout: { approval: 'start', slots: 5 } });
  return made.id;
}

test('a campaign is scheduled, paused, resumed, narrowed, paced, moved and ended', async () => {
  const id = await scheduled('one', DEVICES[0] ?? '');
  const json = async (...args: readonly string[]) => {
    const { out, err } = await campanile([...about('campaign', ...args), '--json']);
    expect(err).toEqual([]);
    return JSON.parse(out[0] ?? '');
  };
  expect(await json('pause', id, '--preview')).toMatchObject({ preview: true, hold: { kind: 'paused' } });
  expect(await json('show', id)).not.toHaveProperty('hold');
  expect(await json('pause', id, '--reason', 'lunch')).toMatchObject({ hold: { reason: 'lunch', by: 'root' } });
  expect(await json('resume', id)).toMatchObject({ preview: false });
  expect(await json('narrow', id, '--window', '3-5')).toMatchObject({
    downloadWindows: [{ startTime: 3, endTime: 5 }],
    installWindows: [{ startTime: 3, endTime: 5 }],
  });
  const pace = ['--arrivals-per-minute', '7', '--slots', '3', '--end-when-done', 'false'];
  expect(await json('pace', id, ...pace)).toMatchObject({
    rollout: { arrivalsPerMinute: 7, slots: 3 },
    endWhenDone: false,
  });
  expect(await json('dates', id, '--end', await day(40))).toMatchObject({ endDate: await day(40) });
  const approval = await campanile(about('campaign', 'approve', id));
  expect(approval).toMatchObject({ code: 1, err: [expect.stringContaining('its approval is for somebody else')] });
  expect((await campanile(about('campaign', 'retry', id))).err[0]).toMatch(/is not over/);

  const alone = await campanile(about('campaign', 'abort', id));
  expect(alone).toMatchObject({ code: 2, out: [], err: [expect.stringContaining('give --yes')] });
  const refused = await campanile(about('campaign', 'abort', id), false);
  expect(refused).toMatchObject({ code: 1, out: [] });
  expect(refused.err).toEqual([
    expect.stringContaining('The campaign is over'),
    expect.stringMatching(/^stops: .* waiting/),
    'Do it?',
    'Nothing was done.',
  ]);
  expect((await campanile(about('campaign', 'abort', id, '--reason', 'wrong one'), true)).code).toBe(0);
  expect(await json('show', id)).toMatchObject({ status: 'CampaignCancelled' });
});

test('all campaigns of an account, and all that use a package, are stopped and let go again', async () => {
  const id = await scheduled('two', DEVICES[1] ?? '');
  const preview = await campanile(['account', 'stop-all', ACCOUNT, '--reason', 'fire', '--preview']);
  expect(preview.out).toContain('campaigns: 1 of 1');
  const stopped = await campanile(['account', 'stop-all', ACCOUNT, '--reason', 'fire', '--yes']);
  expect(stopped.out.at(-1)).toMatch(new RegExp(`^${id} +two +stopped +Paused: fire$`));
  const resumed = await campanile(['account', 'resume-all', ACCOUNT, '--json']);
  expect(JSON.parse(resumed.out[0] ?? '')).toMatchObject({ campaignsChanged: 1 });

  expect((await campanile(about('package', 'withdraw', 'modem-fw', '--yes'))).code).toBe(2);
  const withdrawn = await campanile(about('package', 'withdraw', 'modem-fw', '--reason', 'bricks', '--yes', '--json'));
  expect(JSON.parse(withdrawn.out[0] ?? '')).toMatchObject({
    package: { withdrawn: { by: 'root', reason: 'bricks' } },
    campaigns: [{ id, outcome: 'stopped' }],
  });
  const reinstated = await campanile(about('package', 'reinstate', 'modem-fw'));
  expect(reinstated.out[0]).toMatch(/stay halted until each is resumed/);
});

test('what is for operators is not taken from customers', async () => {
  const what = ['--kind', 'firmware', '--package', 'p', '--from', '1', '--to', '2', '--start', 'a', '--end', 'b'];
  const { code, err } = await campanile(about('campaign', 'schedule', ...what, '--strict'));
  expect({ code, err }).toEqual({ code: 2, err: [expect.stringContaining('--as-operator')] });
});
