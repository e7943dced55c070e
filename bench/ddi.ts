/** HTTP devices against a real server on a file: idle polls beside a bare node:http, a fleet at its pace, a storm of feedbacks. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DEFAULT_SETTINGS } from '../src/accounts/index.ts';
import { type AccountName, type Device, type Imei, instant } from '../src/campaigns/index.ts';
import { readConfig, type Server, startServer } from '../src/server/index.ts';
import { openSqliteStore, type Store } from '../src/store/index.ts';
import type { Load, Loaded } from './ddi-load.ts';
import { orderedFleet } from './ddi-storm.ts';
import type { Target } from './target.ts';

export const ACCOUNT = '0000000001-00001' as AccountName;
export const FIRST = 350_000_000_000_000;
const DEVICES = 100_000;
const POLL_SECONDS = 300;
const CONNECTIONS = 64;
const ROUND_SECONDS = 2;
const ROUNDS = 8;
const FLEET_SECONDS = 40;
const STORM_DEVICES = 1_000;
const STORM_EACH = 25;
const PATH = `/${ACCOUNT}/controller/v1/{imei}`;
const requests = { path: PATH, first: FIRST, count: DEVICES, token: 'token' } as const;

export async function run(say: (line: string) => void): Promise<readonly Target[]> {
  const directory = await mkdtemp(join(tmpdir(), 'campanile-bench-'));
  try {
    await prepare(directory);
    say(`${DEVICES} devices stored`);
    await using server = await start(directory);
    return [...(await polls(server, say)), ...(await fleet(server, say)), ...(await storm(server, say))];
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function prepare(directory: string): Promise<void> {
  await using store = await openSqliteStore({ directory });
  const at = instant(Date.now());
  await store.insertAccount(
    {
      name: ACCOUNT,
      revision: 0,
      createdAt: at,
      settings: { ...DEFAULT_SETTINGS, pollSeconds: POLL_SECONDS, httpRequestsPerSecondMax: 1_000_000 },
    },
    { clientId: 'c', account: ACCOUNT, secretHash: '', createdAt: at, issue: 0 },
    { username: 'u', account: ACCOUNT, passwordHash: '', failures: 0 },
  );
  for (let done = 0; done < DEVICES; done += 1_000) await addDevices(store, done, 1_000, at);
}

async function addDevices(store: Store, from: number, count: number, at: ReturnType<typeof instant>): Promise<void> {
  const lines = Array.from({ length: count }, (_, place) => {
    const imei = String(FIRST + from + place) as Imei;
    const device: Device = {
      account: ACCOUNT,
      imei,
      revision: 0,
      make: 'Acme',
      model: 'Hub',
      transport: 'HTTP',
      software: { app: { value: '1.0', at, source: 'import' } },
      attributes: { version: '1.0', hardware: 'B', serial: imei },
      attributesAt: at,
      labels: {},
      reachable: false,
      lastActionId: 0,
    };
    return { device, isNew: true, secrets: { ddiToken: `token-${imei}` } };
  });
  await store.writeDevices(lines);
}

async function start(directory: string): Promise<Server> {
  const flags = { data: directory, 'http-port': '0', 'coap-port': '0', 'coaps-port': '0', 'log-level': 'warn' };
  const config = readConfig(flags, { CAMPANILE_OPERATOR_KEY: OPERATOR_KEY });
  if (!config.ok) throw new Error(config.sentences.join(' '));
  return startServer(config.config);
}
export const OPERATOR_KEY = 'operator-key-of-the-benchmark';

const portOf = (server: Server): number => Number(new URL(server.publicHttpUrl).port);

async function loadBy(load: Load): Promise<Loaded> {
  const child = join(import.meta.dirname, 'ddi-load.ts');
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, [child, JSON.stringify(load)], { maxBuffer: 16 * 1024 * 1024 });
  return JSON.parse(stdout) as Loaded;
}

interface Round {
  /** Answers a second, by the clock. */
  readonly rate: number;
  /** Answers for each second of processor time of this process: what is left of it on a machine that others use too. */
  readonly perCpu: number;
}

async function round(load: Load): Promise<Round> {
  const before = process.cpuUsage();
  const loaded = await loadBy(load);
  const { user, system } = process.cpuUsage(before);
  if (loaded.refused > 0) throw new Error(`${loaded.refused} of ${loaded.answers} were refused`);
  return { rate: loaded.answers / loaded.seconds, perCpu: loaded.answers / ((user + system) / 1e6) };
}

const median = (all: readonly number[]): number => all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0;

/** Turn and turn about in short rounds, so that what else the machine does hits both alike; the median of the ratios counts. */
async function polls(server: Server, say: (line: string) => void): Promise<readonly Target[]> {
  await using bare = await bareServer(await answerOf(server));
  const load = { connections: CONNECTIONS, seconds: ROUND_SECONDS, requests };
  const rounds: { readonly ours: Round; readonly theirs: Round }[] = [];
  for (let count = 0; count <= ROUNDS; count += 1) {
    const ours = await round({ ...load, port: portOf(server) });
    const theirs = await round({ ...load, port: bare.port });
    // The first round is for both to warm up.
    if (count > 0) rounds.push({ ours, theirs });
    say(
      `polls ${ours.rate.toFixed(0)}/s beside ${theirs.rate.toFixed(0)}/s, for each second of processor time ${ours.perCpu.toFixed(0)} beside ${theirs.perCpu.toFixed(0)}`,
    );
  }
  const ratio = (of: keyof Round): number => median(rounds.map(({ ours, theirs }) => ours[of] / theirs[of]));
  return [
    { what: 'ddi: idle authenticated polls/s to a bare node:http', value: ratio('rate'), unit: 'times', least: 0.5 },
    { what: 'ddi: the same by processor time', value: ratio('perCpu'), unit: 'times', least: 0.5 },
    {
      what: 'ddi: idle authenticated polls',
      value: median(rounds.map(({ ours }) => ours.rate)),
      unit: '/s',
      least: DEVICES / POLL_SECONDS,
    },
  ];
}

interface Answer {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

async function answerOf(server: Server): Promise<Answer> {
  const url = `${server.publicHttpUrl}${PATH.replace('{imei}', String(FIRST))}`;
  const answer = await fetch(url, { headers: { authorization: `TargetToken token-${FIRST}` } });
  const { etag = '', 'content-type': type = '' } = Object.fromEntries(answer.headers);
  return { headers: { etag, 'content-type': type }, body: await answer.text() };
}

async function bareServer({ headers, body }: Answer) {
  const server = createServer((_request, response) => {
    response.writeHead(200, { ...headers, 'content-length': body.length });
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Each device of the fleet once in five minutes: so many polls a second, and what they cost this process. */
async function fleet(server: Server, say: (line: string) => void): Promise<readonly Target[]> {
  const rate = Math.ceil(DEVICES / POLL_SECONDS);
  const before = process.cpuUsage();
  const load = { port: portOf(server), connections: CONNECTIONS, seconds: FLEET_SECONDS, requests, rate };
  const loaded = await loadBy(load);
  const { user, system } = process.cpuUsage(before);
  const share = (user + system) / 1e6 / loaded.seconds;
  say(`fleet: ${loaded.answers} polls, p50 ${loaded.p50.toFixed(1)} ms, most ${loaded.most.toFixed(1)} ms`);
  if (loaded.refused > 0) throw new Error(`${loaded.refused} polls were refused`);
  return [
    { what: `ddi: ${DEVICES} devices polling every 5 minutes, share of one core`, value: share, unit: '', most: 0.5 },
    { what: `ddi: ${DEVICES} devices polling every 5 minutes, p99`, value: loaded.p99, unit: 'ms', most: 100 },
  ];
}

async function storm(server: Server, say: (line: string) => void): Promise<readonly Target[]> {
  const actions = await orderedFleet(server, { first: FIRST, count: STORM_DEVICES, say });
  const feedback = { actions, each: STORM_EACH };
  const some = { ...requests, count: STORM_DEVICES };
  const loaded = await loadBy({ port: portOf(server), connections: 256, seconds: 0, requests: some, feedback });
  const taken = loaded.answers - loaded.refused;
  say(`storm: ${(loaded.answers / loaded.seconds).toFixed(0)} feedbacks/s, most ${loaded.most.toFixed(0)} ms`);
  return [
    {
      what: 'ddi: feedbacks of a storm that were taken',
      value: taken,
      unit: 'feedbacks',
      least: STORM_DEVICES * STORM_EACH,
    },
    { what: 'ddi: feedbacks of a storm', value: loaded.answers / loaded.seconds, unit: '/s', least: 1_000 },
    { what: 'ddi: answer to a feedback in a storm, p99', value: loaded.p99, unit: 'ms', most: 1_000 },
  ];
}
