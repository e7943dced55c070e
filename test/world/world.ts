// A whole campaign in one thread, on one virtual clock, out of one seed: servers, devices, network, customer, operator.
import { createHash, type Hash as NodeHash } from 'node:crypto';
import { type Account, DEFAULT_SETTINGS } from '../../src/accounts/index.ts';
import {
  type DeviceKey,
  decide,
  type ImageToken,
  type Imei,
  type Instant,
  isFinal,
  isOver,
  schedule,
} from '../../src/campaigns/index.ts';
import type { EngineStore, Sendable } from '../../src/engine/index.ts';
import { type Hash, imageHeader } from '../../src/simulator/index.ts';
import { openMemoryStore, type Store } from '../../src/store/index.ts';
import { Agenda } from './agenda.ts';
import { atRest } from './at-rest.ts';
import { Checks, type Truth } from './checks.ts';
import { tellCustomer } from './customer.ts';
import { DdiLink } from './ddi-link.ts';
import type { LinkWorld } from './link.ts';
import { Lwm2mLink } from './lwm2m-link.ts';
import { Network } from './network.ts';
import { WorldNode } from './node.ts';
import { ACCOUNT, CAMPAIGN, Operator } from './operator.ts';
import { IdleContacts, Quiet } from './quiet.ts';
import { Seeded } from './random.ts';
import { type Scenario, TO, type WorldDevice } from './scenario.ts';
import { willingAreUpdated } from './willing.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const IMAGE_BYTES = 12_000;
const BLOCK = 1_500;
/** The longest drain after the end, and a while in which late words are heard. */
const DRAIN = 75 * HOUR;
const AFTERWARDS = 2 * HOUR;

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
  /** Contacts and ticks that can change nothing are run all the same. */
  readonly runsIdle?: boolean;
}

export class World {
  readonly scenario: Scenario;
  readonly agenda: Agenda;
  readonly checks: Checks;
  readonly network: Network;
  readonly operator: Operator;
  readonly nodes: WorldNode[] = [];
  readonly devices = new Map<string, Lwm2mLink | DdiLink>();
  readonly image = imageOf(TO);
  readonly quiet: Quiet;
  readonly idle: IdleContacts;
  readonly #options: WorldOptions;
  readonly #random: Seeded;
  readonly #chance: Seeded;
  #meanwhile = false;
  /** Crash points passed so far. */
  points = 0;

  /** Use `World.open`. */
  constructor(scenario: Scenario, store: Store, options: WorldOptions) {
    this.scenario = scenario;
    this.#options = options;
    this.agenda = new Agenda(scenario.start);
    this.#random = new Seeded(scenario.seed);
    this.#chance = this.#random.fork('world');
    this.checks = new Checks({
      now: this.agenda.now,
      truth: (imei) => this.#truth(imei),
      skewMs: scenario.skewMs,
      caps: { account: scenario.accountPerMinute, labels: scenario.labelCaps ?? {} },
    });
    this.quiet = new Quiet(this.checks.mirror);
    this.idle = new IdleContacts(this.quiet);
    const calmFrom = scenario.start + scenario.chaosHours * HOUR;
    this.network = new Network(this.agenda, this.#random.fork('network'), scenario.trouble, calmFrom);
    this.operator = new Operator({
      scenario,
      agenda: this.agenda,
      image: this.image,
      campaigns: this.checks.mirror.campaigns,
      anyNode: () => this.#chance.pick(this.nodes),
    });
    for (let index = 0; index < scenario.nodes; index += 1) this.#startNode(index, store);
  }

  #startNode(index: number, store: EngineStore): void {
    const { scenario } = this;
    const skew = this.#random.fork(`clock ${index}`).between(0, scenario.skewMs) - Math.floor(scenario.skewMs / 2);
    this.nodes.push(
      new WorldNode(`n${index + 1}`, skew, {
        agenda: this.agenda,
        store,
        random: this.#random,
        quiet: this.quiet,
        skipsIdle: this.#options.runsIdle !== true,
        trouble: () => this.network.trouble,
        mutate: this.#options.mutate ?? ((same) => same),
        crashes: () => this.#crashes(),
        committed: (changes, results) => {
          this.quiet.committed(changes, results);
          this.checks.committed(changes, results);
        },
        meanwhile: (node) => this.#otherTurn(node),
        send: (node, sendable) => this.#send(node, sendable),
      }),
    );
  }

  static async open(scenario: Scenario, options: WorldOptions = {}): Promise<World> {
    const store = options.store ?? openMemoryStore();
    await insertAccount(store, scenario);
    const world = new World(scenario, store, options);
    for (const device of scenario.devices) {
      const key = { account: ACCOUNT, imei: device.imei as Imei };
      await store.writeDevices([{ isNew: true, device: imported(device, scenario.start as Instant) }]);
      world.#place(device, key);
    }
    const { firstDay, lastDay } = scenario;
    const accepted = schedule(world.operator.order(CAMPAIGN, firstDay, lastDay), world.agenda.now());
    if (!accepted.ok) throw new Error(accepted.sentence);
    const results = await store.commit([accepted.change], world.agenda.now());
    world.quiet.committed([accepted.change], results);
    world.checks.committed([accepted.change], results);
    for (const node of world.nodes) node.poke();
    world.operator.plan();
    return world;
  }

  #place(device: WorldDevice, key: DeviceKey): void {
    this.checks.mirror.devices.set(key.imei, imported(device, this.scenario.start as Instant));
    const link: LinkWorld = {
      agenda: this.agenda,
      random: this.#random,
      network: this.network,
      checks: this.checks,
      start: this.scenario.start,
      newHash: () => growing(createHash('sha256')),
      image: this.image,
      anyNode: () => this.#chance.pick(this.nodes),
      contact: (node, who) => this.#contact(node, who),
      block: (offset) => ({
        bytes: this.image.bytes.subarray(offset, offset + BLOCK),
        last: offset + BLOCK >= this.image.size,
      }),
    };
    this.devices.set(
      device.imei,
      device.transport === 'LWM2M'
        ? new Lwm2mLink(device, key, link)
        : new DdiLink(device, key, link, this.scenario.pollSeconds),
    );
  }

  /** Where nothing can come of a contact, it is answered from the last one. */
  async #contact(node: WorldNode, key: DeviceKey): ReturnType<LinkWorld['contact']> {
    if (!node.up) return undefined;
    const known = this.#options.runsIdle === true ? undefined : this.idle.known(key.imei, node.now());
    if (known !== undefined) return { value: known };
    const { commits } = this.quiet;
    const seen = await node.call((engine) => engine.deviceContacted(key));
    if (seen?.value === undefined || this.quiet.commits !== commits) return seen;
    const { live } = seen.value;
    const moment = { now: node.now(), node: node.id, token: '' as ImageToken };
    const rule = live === undefined ? undefined : decide(live, { type: 'contact' }, moment).rule;
    if (rule !== undefined) this.checks.hit(rule);
    this.idle.note(seen.value, rule, node.now());
    return seen;
  }

  #crashes(): boolean {
    this.points += 1;
    if (this.#options.crashAt !== undefined) return this.points === this.#options.crashAt;
    return this.#chance.chance(this.network.trouble.crash);
  }

  /** While one node waits for its commit, another one does its work: what the first has read may be old by then. */
  async #otherTurn(node: WorldNode): Promise<void> {
    const others = this.nodes.filter((other) => other !== node && other.up);
    if (this.#meanwhile || others.length === 0) return;
    this.#meanwhile = true;
    await this.#chance.pick(others).tick();
    this.#meanwhile = false;
  }

  #truth(imei: string): Truth | undefined {
    const link = this.devices.get(imei);
    const spec = this.scenario.devices.find((device) => device.imei === imei);
    if (link === undefined || spec === undefined) return undefined;
    const { runningVersion, installs, bytes, installsBegun, state } = link.report;
    const busy = ['downloading', 'downloaded', 'installing'].includes(state);
    const holds = busy && !spec.traits.includes('rejects-cancel');
    return {
      runningVersion,
      installs,
      bytes,
      installsBegun,
      lies: spec.traits.includes('lies'),
      holds,
      dead: state === 'dead',
    };
  }

  #send(node: WorldNode, sendable: Sendable): void {
    if (sendable.kind === 'callback') {
      const { agenda, checks, network } = this;
      tellCustomer({ agenda, checks, random: this.#chance, trouble: () => network.trouble }, node, sendable.callback);
      return;
    }
    if (sendable.kind === 'offer' || sendable.kind === 'execute') this.checks.intentSent(sendable.id, sendable.intent);
    const link = this.devices.get(sendable.device.imei);
    if (link instanceof Lwm2mLink) link.send(node, sendable);
  }

  /** Chaos, then calm, until the campaign is over and every installation had its time to tell. */
  async run(): Promise<this> {
    const hour = () => this.agenda.runUntil(this.agenda.now() + HOUR);
    while (this.agenda.now() < this.#end() && !(this.#isOver() && this.scenario.toTheEnd !== true)) await hour();
    if (this.scenario.toTheEnd !== true) await this.agenda.runUntil(this.agenda.now() + AFTERWARDS);
    atRest(this.checks);
    willingAreUpdated(this);
    return this;
  }

  /** No installation is waited for longer than its drain. */
  #end(): number {
    const days = [...this.checks.mirror.campaigns.values()].map(({ timetable }) => Date.parse(timetable.endDate));
    return Math.max(...days) + DAY + DRAIN;
  }

  /** Chaos is over, everything is final and told, every device is clean. */
  #isOver(): boolean {
    const { campaigns, updates, devices } = this.checks.mirror;
    const { start, chaosHours, orders } = this.scenario;
    const quietFrom = start + Math.max(chaosHours, ...orders.map(({ at }) => at + 1)) * HOUR;
    return (
      this.agenda.now() >= quietFrom &&
      this.quiet.isSettled &&
      [...campaigns.values()].every(({ phase, sweepPending }) => isOver(phase) && !sweepPending) &&
      [...updates.values()].every(({ state }) => isFinal(state)) &&
      [...devices.values()].every(({ residue }) => residue === undefined)
    );
  }

  /** How the one device of a story ended. */
  stateOf(imei: string, campaign: string = CAMPAIGN): string {
    return this.checks.updates.get(`${campaign}/${imei}`)?.state.name ?? 'unknown';
  }

  async runHours(count: number): Promise<this> {
    await this.agenda.runUntil(this.scenario.start + count * HOUR);
    return this;
  }
}

function imageOf(version: string): { readonly bytes: Uint8Array; readonly sha256: string; readonly size: number } {
  const bytes = new Uint8Array(IMAGE_BYTES).fill(0x5a);
  bytes.set(new TextEncoder().encode(imageHeader(version)));
  return { bytes, sha256: createHash('sha256').update(bytes).digest('hex'), size: bytes.length };
}

const imported = (device: WorldDevice, at: Instant) => ({
  account: ACCOUNT,
  imei: device.imei as Imei,
  revision: 0,
  make: device.make,
  model: device.model,
  transport: device.transport,
  ...(device.known === undefined ? {} : { firmware: { value: device.known, at, source: 'import' as const } }),
  ...(device.zone === undefined ? {} : { timeZone: device.zone }),
  ...(device.rate === undefined ? {} : { rate: device.rate }),
  software: {},
  attributes: {},
  labels: device.labels ?? {},
  reachable: false,
  lastActionId: 0,
});

async function insertAccount(store: Store, scenario: Scenario): Promise<void> {
  const createdAt = scenario.start as Instant;
  const { accountPerMinute, labelCaps } = scenario;
  const arrivalCaps = {
    ...(accountPerMinute === undefined ? {} : { perMinute: accountPerMinute }),
    ...(labelCaps === undefined ? {} : { labels: labelCaps }),
  };
  const settings = { ...DEFAULT_SETTINGS, arrivalCaps, profiles: profilesOf(scenario.devices) };
  const account: Account = { name: ACCOUNT, revision: 0, createdAt, settings };
  await store.insertAccount(
    account,
    { clientId: 'c', account: ACCOUNT, secretHash: '', createdAt, issue: 0 },
    { username: 'u', account: ACCOUNT, passwordHash: '', failures: 0 },
  );
  const generation = scenario.devices[0]?.transport === 'HTTP' ? 'v2' : 'v3';
  await store.putListener({ account: ACCOUNT, generation, createdAt, url: 'https://customer.example/', secret: '' });
}

/** One profile for the whole model: the world's devices of one run are of one kind where it matters. */
function profilesOf(devices: readonly WorldDevice[]): Account['settings']['profiles'] {
  const split = devices.every((device) => device.traits.includes('split'));
  const auto = devices.some((device) => device.traits.includes('auto-installs'));
  return [{ make: 'Acme', model: 'Lamp', ddiClient: split ? 'split' : 'streaming', autoInstalls: auto }];
}
