/** What the engine costs: by what is due, not by what is there; admission, commits and simulation in short. */
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  abort,
  type Campaign,
  dayOf,
  type ImageToken,
  type Instant,
  instant,
  NO_TALLIES,
  schedule,
  startOfDay,
} from '../src/campaigns/index.ts';
import { Engine, type Sendable } from '../src/engine/index.ts';
import type { Store } from '../src/store/index.ts';
import {
  ACCOUNT,
  campaignIdOf,
  campaignRow,
  deviceRow,
  imeiOf,
  NODE,
  NOW,
  offered,
  openCrowd,
  PACKAGE,
  put,
  TIMETABLE,
  updateRow,
} from './crowd.ts';
import type { Target } from './target.ts';

const MANY = 1_000_000;
const FEW = 10_000;
const DUE = 1_000;
const TICK_ROUNDS = 7;
const CAMPAIGN_ROUNDS = 13;
const TICK_RATIO_MAX = 1.5;
const PAUSED_RATIO_MAX = 1.1;
/** A tenth of the full measure, which takes a run of its own, and of the time that it may take: `npm run bench -- admission`. */
const ADMITTED = 100_000;
/** One of the cases that `npm run bench -- simulate` has. */
const SIMULATED = 'polling in windows';
/** On a busy machine fewer rounds have to do. */
const ROUNDS_MIN = 4;
const ROUNDS_MS_MAX = 15_000;
/** Between two rounds, on the clock of the benchmark. */
const ROUND_MS = 60_000;
const DAY_MS = 86_400_000;

type Say = (line: string) => void;

export async function run(say: Say, args: readonly string[]): Promise<readonly Target[]> {
  const options = { devices: { type: 'string' }, only: { type: 'string' } } as const;
  const { values } = parseArgs({ args: [...args], options });
  const parts: Readonly<Record<string, () => Promise<readonly Target[]>>> = {
    costs: () => costs(say),
    admission: () => admission(say, Number(values.devices ?? ADMITTED)),
    commits: async () => (await import('./commits.ts')).run(say),
    simulate: async () => (await import('./simulate.ts')).run(say, ['--case', SIMULATED]),
  };
  const targets: Target[] = [];
  for (const [name, part] of Object.entries(parts))
    if (values.only === undefined || values.only === name) targets.push(...(await part()));
  return targets;
}

/** The time that is aimed at is that of a million: a part of the devices may take that part of it. */
async function admission(say: Say, devices: number): Promise<readonly Target[]> {
  const { run: admit } = await import('./admission.ts');
  const targets = await admit(say, ['--devices', String(devices)]);
  return targets.map((one) =>
    one.what.endsWith('admitted') && one.most !== undefined ? { ...one, most: (one.most * devices) / MANY } : one,
  );
}

/** Rounds on the stores in turn, so that whatever else the machine does falls on all of them alike. */
async function costs(say: Say): Promise<readonly Target[]> {
  const directory = await mkdtemp(join(tmpdir(), 'campanile-bench-'));
  try {
    await using many = await BenchNode.open(join(directory, 'many'), MANY);
    await using few = await BenchNode.open(join(directory, 'few'), FEW);
    await using none = await BenchNode.open(join(directory, 'none'), 0);
    say(`three stores: ${MANY}, ${FEW} and no waiting updates of a paused campaign`);
    const ticks = await rounds([many, few], TICK_ROUNDS, (node, round) => node.due(round));
    const runs = await rounds([many, none], CAMPAIGN_ROUNDS, (node, round) => node.campaign(round));
    tell(say, `a tick with ${DUE} due`, ticks);
    tell(say, `a campaign of ${DUE} devices, from its start to its last question`, runs);
    return [
      target(`a tick with ${DUE} due of ${MANY} updates against ${DUE} due of ${FEW}`, ticks, TICK_RATIO_MAX),
      target(`a campaign of ${DUE} devices beside a paused ${MANY} against alone`, runs, PAUSED_RATIO_MAX),
    ];
  } finally {
    await rm(directory, { recursive: true });
  }
}

type Times = readonly (readonly number[])[];

/** At most so many. The first round warms up and does not count; the order changes from round to round. */
async function rounds(
  nodes: readonly BenchNode[],
  count: number,
  work: (node: BenchNode, round: number) => Promise<number>,
): Promise<Times> {
  const times = nodes.map((): number[] => []);
  const begun = performance.now();
  for (let round = 0; round < count; round += 1) {
    if (round >= ROUNDS_MIN && performance.now() - begun > ROUNDS_MS_MAX) break;
    const places = nodes.map((_, place) => place);
    for (const place of round % 2 === 0 ? places : places.toReversed()) {
      const node = nodes[place];
      if (node === undefined) continue;
      const took = await work(node, round);
      if (round > 0) times[place]?.push(took);
    }
  }
  return times;
}

/** Whatever disturbs makes a round longer, never shorter: the shortest is the nearest to the cost itself. */
const least = (times: readonly number[] = []): number => Math.min(...times);

const target = (what: string, [with_, without]: Times, most: number): Target => ({
  what: `engine: ${what}`,
  value: least(with_) / least(without),
  unit: 'times',
  most,
});

function tell(say: Say, what: string, times: Times): void {
  const shown = times.map((some) => some.map((time) => Math.round(time)).join(' '));
  say(`${what}: ${shown.map((some) => `[${some}] ms`).join(' against ')}`);
}

/** A server's engine without its sockets: whatever is sent is counted and never answered. */
class BenchNode implements AsyncDisposable {
  readonly #store: Store;
  readonly #engine: Engine;
  #now = NOW;
  /** The rows of the outbox that were handed out. */
  #asked: number[] = [];
  #campaigns = 1_000;

  constructor(store: Store) {
    this.#store = store;
    this.#engine = new Engine({
      store,
      clock: { now: () => this.#now },
      random: { token: () => `t${Math.random()}` as ImageToken },
      digest: (text) => createHash('sha256').update(text).digest('hex'),
      sender: { send: (sendable) => this.#sent(sendable) },
      node: NODE,
      log: { event: () => undefined },
    });
  }

  #sent(sendable: Sendable): void {
    if (sendable.kind === 'ask') this.#asked.push(sendable.id);
  }

  static async open(directory: string, crowd: number): Promise<BenchNode> {
    const node = new BenchNode(await openCrowd(directory, crowd));
    await node.#prepare();
    await node.#ticks();
    return node;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#store[Symbol.asyncDispose]();
  }

  /** For each round as many offers that nobody acts on; HTTP devices, so that nothing else follows from them. */
  async #prepare(): Promise<void> {
    const count = TICK_ROUNDS * DUE;
    const id = campaignIdOf(2);
    const tallies: Campaign['tallies'] = { ...NO_TALLIES, offered: count };
    const row = campaignRow(2, { transport: 'HTTP', tallies, devicesTotal: count, slotsOut: count });
    await put(this.#store, [{ op: 'insert-campaign', row }]);
    for (let round = 0; round < TICK_ROUNDS; round += 1) {
      const until = dueAt(round);
      const imeis = Array.from({ length: DUE }, (_, place) => imeiOf(round * DUE + place));
      await put(
        this.#store,
        imeis.flatMap((imei) => [
          { op: 'insert-device', row: deviceRow(imei, 'HTTP', { liveCampaign: id }) },
          {
            op: 'insert-update',
            row: updateRow(imei, id, { awake: false, state: offered(imei, until), nextActionAt: until }),
          },
        ]),
      );
    }
  }

  async #ticks(): Promise<void> {
    while (await this.#engine.tick());
  }

  /** What is due in a round is done, and counted. */
  async due(round: number): Promise<number> {
    this.#now = dueAt(round);
    const begun = performance.now();
    await this.#ticks();
    return performance.now() - begun;
  }

  /** A campaign has been ordered and admitted; when its day comes, each of its devices is asked. */
  async campaign(round: number): Promise<number> {
    this.#now = instant(NOW + round * DAY_MS);
    const number = this.#campaigns + round;
    const imeis = Array.from({ length: DUE }, (_, place) => imeiOf(1_000_000 + round * DUE + place));
    await put(
      this.#store,
      imeis.map((imei) => ({ op: 'insert-device', row: deviceRow(imei, 'LWM2M') })),
    );
    this.#asked = [];
    const startDate = dayOf(instant(this.#now + DAY_MS));
    const timetable = { ...TIMETABLE, startDate };
    const result = schedule({ ...ORDER, timetable, id: campaignIdOf(number), imeis }, this.#now);
    if (!result.ok) throw new Error(result.sentence);
    await this.#store.commit([result.change], this.#now);
    await this.#ticks();
    this.#now = startOfDay(startDate);
    const begun = performance.now();
    await this.#ticks();
    const took = performance.now() - begun;
    if (this.#asked.length !== DUE) throw new Error(`${this.#asked.length} of ${DUE} devices were asked.`);
    // Or they would be asked again in the next round.
    await put(
      this.#store,
      this.#asked.map((intent) => ({ op: 'settle', intent })),
    );
    await this.#engine.commands.order({ account: ACCOUNT, campaign: campaignIdOf(number) }, abort);
    await this.#ticks();
    return took;
  }
}

const dueAt = (round: number): Instant => instant(NOW + (round + 1) * ROUND_MS);

const ORDER = {
  account: ACCOUNT,
  generation: 'v3',
  package: PACKAGE,
  from: '1',
  transport: 'LWM2M',
  autoAssignLicense: false,
  autoAddDevices: false,
  checkDigits: false,
  arrivalsPerMinute: 100_000,
  slotsMax: 10 * DUE,
} as const;
