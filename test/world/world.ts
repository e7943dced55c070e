// A whole campaign in one thread, on one virtual clock, out of one seed: servers, devices, network, customer, operator.
import { createHash, type Hash as NodeHash } from 'node:crypto';
import { type Account, DEFAULT_SETTINGS } from '../../src/accounts/index.ts';
import { settlementOf } from '../../src/callbacks/index.ts';
import {
  type AccountName,
  abort,
  type CampaignId,
  type DeviceKey,
  FAILURE_REASONS,
  type ImageHash,
  type Imei,
  type Instant,
  type ScheduleOrder,
  schedule,
  type Update,
} from '../../src/campaigns/index.ts';
import type { DueCallback, EngineStore, Sendable } from '../../src/engine/index.ts';
import { type DeviceSpec, type Hash, imageHeader } from '../../src/simulator/index.ts';
import { openMemoryStore, type Store } from '../../src/store/index.ts';
import { Agenda } from './agenda.ts';
import { Checks, type Truth } from './checks.ts';
import { DdiLink } from './ddi-link.ts';
import type { LinkWorld } from './link.ts';
import { Lwm2mLink } from './lwm2m-link.ts';
import { Network } from './network.ts';
import { WorldNode } from './node.ts';
import { Seeded } from './random.ts';
import { FROM, type Scenario, START, TO } from './scenario.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const IMAGE_BYTES = 12_000;
const BLOCK = 1_500;

const ACCOUNT = '0000123456-00001' as AccountName;
export const CAMPAIGN = '00000000-0000-4000-8000-000000000001' as CampaignId;

/** A hash that grows; a copy for every value, because minds are immutable. */
function growing(hash: NodeHash): Hash {
  return { update: (bytes) => growing(hash.copy().update(bytes)), hex: () => hash.copy().digest('hex') };
}

/** Ways to change a world: what a mutant plants, and where a sweep strikes. */
export interface WorldOptions {
  readonly mutate?: (store: EngineStore) => EngineStore;
  /** The store that outlives crashes; in memory unless given. */
  readonly store?: Store;
  /** The crash point that is struck, counted from 1 over all commits of all nodes; two points a commit. */
  readonly crashAt?: number;
}

export class World {
  readonly scenario: Scenario;
  readonly agenda = new Agenda(START);
  readonly checks: Checks;
  readonly network: Network;
  readonly random: Seeded;
  readonly nodes: WorldNode[] = [];
  readonly devices = new Map<string, Lwm2mLink | DdiLink>();
  readonly image: { readonly bytes: Uint8Array; readonly sha256: string; readonly size: number };
  readonly #options: WorldOptions;
  readonly #chance: Seeded;
  /** Crash points passed so far. */
  points = 0;

  /** Use `World.open`. */
  constructor(scenario: Scenario, store: Store, options: WorldOptions) {
    this.scenario = scenario;
    this.#options = options;
    this.random = new Seeded(scenario.seed);
    this.#chance = this.random.fork('world');
    this.checks = new Checks(this.agenda.now, (imei) => this.#truth(imei));
    this.network = new Network(
      this.agenda,
      this.random.fork('network'),
      scenario.trouble,
      START + scenario.chaosHours * HOUR,
    );
    this.image = imageOf(TO);
    const engineStore = options.mutate?.(store) ?? store;
    for (let index = 0; index < scenario.nodes; index += 1) {
      this.nodes.push(
        new WorldNode(`n${index + 1}`, {
          agenda: this.agenda,
          store: engineStore,
          random: this.random,
          crashes: () => this.#crashes(),
          committed: (changes, results) => this.checks.committed(changes, results),
          send: (node, sendable) => this.#send(node, sendable),
        }),
      );
    }
  }

  static async open(scenario: Scenario, options: WorldOptions = {}): Promise<World> {
    const store = options.store ?? openMemoryStore();
    const account: Account = {
      name: ACCOUNT,
      revision: 0,
      createdAt: START as Instant,
      settings: { ...DEFAULT_SETTINGS, profiles: profilesOf(scenario.devices) },
    };
    await store.insertAccount(
      account,
      { clientId: 'c', account: ACCOUNT, secretHash: '', createdAt: START as Instant, issue: 0 },
      { username: 'u', account: ACCOUNT, passwordHash: '', failures: 0 },
    );
    const generation = scenario.devices[0]?.transport === 'HTTP' ? 'v2' : 'v3';
    const at = { account: ACCOUNT, generation, createdAt: START as Instant } as const;
    await store.putListener({ ...at, url: 'https://customer.example/', secret: '' });
    const world = new World(scenario, store, options);
    for (const spec of scenario.devices) {
      const key = { account: ACCOUNT, imei: spec.imei as Imei };
      await store.writeDevices([
        {
          isNew: true,
          device: {
            ...key,
            revision: 0,
            make: spec.make,
            model: spec.model,
            transport: spec.transport,
            software: {},
            attributes: {},
            labels: {},
            reachable: false,
            lastActionId: 0,
          },
        },
      ]);
      world.#place(spec, key);
    }
    await world.#schedule(store);
    return world;
  }

  #place(spec: DeviceSpec, key: DeviceKey): void {
    const link: LinkWorld = {
      agenda: this.agenda,
      random: this.random,
      network: this.network,
      checks: this.checks,
      newHash: () => growing(createHash('sha256')),
      image: this.image,
      anyNode: () => this.#chance.pick(this.nodes),
      block: (offset) => ({
        bytes: this.image.bytes.subarray(offset, offset + BLOCK),
        last: offset + BLOCK >= this.image.size,
      }),
    };
    this.devices.set(
      spec.imei,
      spec.transport === 'LWM2M'
        ? new Lwm2mLink(spec, key, link)
        : new DdiLink(spec, key, link, this.scenario.pollSeconds),
    );
  }

  /** The operator's part: one campaign over all devices; perhaps he aborts it. */
  async #schedule(store: Store): Promise<void> {
    const { scenario } = this;
    const transport = scenario.devices[0]?.transport ?? 'LWM2M';
    const day = (offset: number) =>
      new Date(START + offset * DAY).toISOString().slice(0, 10) as ScheduleOrder['timetable']['startDate'];
    const order: ScheduleOrder = {
      account: ACCOUNT,
      id: CAMPAIGN,
      generation: transport === 'LWM2M' ? 'v3' : 'v2',
      package: {
        kind: 'firmware',
        name: 'fw',
        from: [FROM],
        to: TO,
        make: 'Acme',
        model: 'Lamp',
        transports: [transport],
        image: { sha256: this.image.sha256 as ImageHash, size: this.image.size },
      },
      from: FROM,
      transport,
      timetable: {
        startDate: day(0),
        endDate: day(scenario.lastDay),
        downloadWindows: scenario.downloadWindows,
        installWindows: scenario.installWindows,
        zone: 'UTC',
        fallbackZone: 'UTC',
        rule: scenario.rule,
      },
      autoAssignLicense: false,
      autoAddDevices: false,
      checkDigits: false,
      imeis: scenario.devices.map((device) => device.imei),
    };
    const accepted = schedule(order, this.agenda.now());
    if (!accepted.ok) throw new Error(accepted.sentence);
    const results = await store.commit([accepted.change], this.agenda.now());
    this.checks.committed([accepted.change], results);
    for (const node of this.nodes) node.poke();
    if (scenario.abortAt !== undefined) this.agenda.at(START + scenario.abortAt * HOUR, () => this.#abort());
  }

  async #abort(): Promise<void> {
    const node = this.#chance.pick(this.nodes);
    const done = await node.call((engine) =>
      engine.commands.order({ account: ACCOUNT, campaign: CAMPAIGN }, (campaign, now) => abort(campaign, now)),
    );
    if (done === undefined) this.agenda.after(60_000, () => this.#abort());
  }

  #crashes(): boolean {
    this.points += 1;
    if (this.#options.crashAt !== undefined) return this.points === this.#options.crashAt;
    return this.#chance.chance(this.network.trouble.crash);
  }

  #truth(imei: string): Truth | undefined {
    const link = this.devices.get(imei);
    const spec = this.scenario.devices.find((device) => device.imei === imei);
    if (link === undefined || spec === undefined) return undefined;
    const { runningVersion, installs } = link.report;
    return { runningVersion, installs, lies: spec.traits.includes('lies') };
  }

  #send(node: WorldNode, sendable: Sendable): void {
    if (sendable.kind === 'callback') return this.#call(node, sendable.callback);
    if (sendable.kind === 'offer' || sendable.kind === 'execute') this.checks.intentSent(sendable.intent);
    const link = this.devices.get(sendable.device.imei);
    if (link instanceof Lwm2mLink) link.send(node, sendable);
  }

  /** The customer's listener: it may fail before or after it has understood. */
  #call(node: WorldNode, callback: DueCallback): void {
    this.checks.eventSent(callback.event);
    const took = this.#chance.between(20, 2_000);
    this.agenda.after(took, async () => {
      const deaf = this.#chance.chance(this.network.trouble.deafCustomer);
      if (!deaf || this.#chance.chance(0.5)) this.checks.called(callback.event);
      const result = deaf ? ({ ok: false, error: 'no answer' } as const) : ({ ok: true, status: 204 } as const);
      const parts = { clock: { now: this.agenda.now }, chance: () => this.#chance.between(0, 999) / 1_000 };
      const settlement = settlementOf(callback, result, took, parts);
      this.checks.mayMiss ||= settlement.delivery?.outcome === 'dead';
      await node.call((engine) => engine.callbackSettled(settlement));
    });
  }

  /** Chaos, then calm, until the campaign is over and every installation had its time to tell. */
  async run(): Promise<this> {
    const end = Date.parse(new Date(START + (this.scenario.lastDay + 1) * DAY).toISOString().slice(0, 10));
    await this.agenda.runUntil(end + 75 * HOUR);
    this.checks.atRest();
    this.#willingAreUpdated();
    return this;
  }

  /** Liveness: a server that does nothing is safe and useless. */
  #willingAreUpdated(): void {
    if (this.scenario.abortAt !== undefined || this.scenario.hopeless) return;
    for (const spec of this.scenario.devices) {
      const fit = !spec.traits.some((trait) => UNWILLING.includes(trait));
      const update = this.checks.updates.get(`${CAMPAIGN}/${spec.imei}`);
      if (fit && update?.state.name !== 'succeeded' && !this.#lostInChaos(update)) {
        this.checks.fail(
          `${spec.imei} (${spec.traits.join(', ')}) is willing and ${JSON.stringify(update?.state)} by ${update?.rule}, after ${JSON.stringify(update?.history)}`,
        );
      }
    }
  }

  /** A network that loses everything may use up all attempts; what fails by itself may not. */
  #lostInChaos(update: Update | undefined): boolean {
    const state = update?.state;
    if (state?.name !== 'failed' || FAILURE_REASONS[state.reason].evidence) return false;
    return state.at < START + this.scenario.chaosHours * HOUR && this.scenario.trouble.loss > 0;
  }

  /** How the one device of a story ended. */
  stateOf(imei: string): string {
    return this.checks.updates.get(`${CAMPAIGN}/${imei}`)?.state.name ?? 'unknown';
  }

  async runHours(count: number): Promise<this> {
    await this.agenda.runUntil(START + count * HOUR);
    return this;
  }
}

/** Devices with one of these need not end well. */
const UNWILLING: readonly string[] = [
  'fails-flash-always',
  'lies',
  'dies-in-install',
  'skips',
  'rejects-cancel',
  'no-restart',
  'gives-up-when-cut',
  'ignores-maintenance-window',
];

function imageOf(version: string): World['image'] {
  const bytes = new Uint8Array(IMAGE_BYTES).fill(0x5a);
  bytes.set(new TextEncoder().encode(imageHeader(version)));
  return { bytes, sha256: createHash('sha256').update(bytes).digest('hex'), size: bytes.length };
}

/** One profile for the whole model: the world's devices of one run are of one kind where it matters. */
function profilesOf(devices: readonly DeviceSpec[]): Account['settings']['profiles'] {
  const split = devices.every((device) => device.traits.includes('split'));
  const auto = devices.some((device) => device.traits.includes('auto-installs'));
  return [{ make: 'Acme', model: 'Lamp', ddiClient: split ? 'split' : 'streaming', autoInstalls: auto }];
}
