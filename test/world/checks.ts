// What must always be true; it sees the truth on both ends, which the server never does.
import { deepEqual } from 'node:assert/strict';
import {
  CAMPAIGN_MOVES,
  type CallbackEvent,
  type Campaign,
  type Change,
  type DeviceEvent,
  type Entry,
  type Instant,
  type Intent,
  isFinal,
  type Rule,
  UPDATE_MOVES,
  type Update,
  type Write,
} from '../../src/campaigns/index.ts';
import type { CommitResult } from '../../src/engine/index.ts';
import { type Act, hoursAreOpen, isUnderWay } from './by-the-book.ts';
import { type Caps, Grants, PERMIT_MS } from './grants.ts';
import { Mirror, updateKey } from './mirror.ts';
import { Proof, type Seen } from './proofs.ts';

/** The truth about a device, from the device. */
export interface Truth extends Seen {
  readonly runningVersion: string;
  readonly installs: number;
  /** It says things that are not so; nobody can see through it where only its word counts. */
  readonly lies: boolean;
  /** It still holds an image, or works on one. */
  readonly holds: boolean;
  readonly dead: boolean;
}

class Violation extends Error {
  override readonly name = 'Violation';
}

const HOUR = 3_600_000;
/** From leaving a server to arriving at a device, with every retransmission. */
const ON_THE_WAY_MS = 160_000;

export interface ChecksParts {
  readonly now: () => Instant;
  readonly truth: (imei: string) => Truth | undefined;
  readonly skewMs: number;
  readonly caps: Caps;
}

export class Checks {
  readonly #parts: ChecksParts;
  readonly mirror = new Mirror();
  readonly grants: Grants;
  readonly proofs = new Map<string, Proof>();
  readonly #committedIntents = new Set<string>();
  readonly #committedEvents = new Set<string>();
  readonly #ordered = new Set<number>();
  readonly #told = new Map<string, string>();
  readonly toldFinal = new Map<string, DeviceEvent>();
  readonly rules = new Map<Rule, number>();
  /** Events may have been given up: a customer that is deaf for long has gaps. */
  mayMiss = false;

  constructor(parts: ChecksParts) {
    this.#parts = parts;
    this.grants = new Grants(this.mirror, (sentence) => this.fail(sentence), parts.caps, parts.skewMs);
  }

  get updates(): ReadonlyMap<string, Update> {
    return this.mirror.updates;
  }

  fail(sentence: string): never {
    throw new Violation(`${new Date(this.#parts.now()).toISOString()} ${sentence}`);
  }

  hit(rule: Rule): void {
    this.rules.set(rule, (this.rules.get(rule) ?? 0) + 1);
  }

  /** After every commit: only legal moves, final stays final, evidence is true, slots are kept. */
  committed(changes: readonly Change[], results: readonly CommitResult[]): void {
    const now = this.#parts.now();
    for (const [index, change] of changes.entries()) {
      if (results[index] !== 'saved') continue;
      this.hit(change.rule);
      for (const entry of change.entries) this.hit(entry.rule);
      for (const intent of change.intents) {
        if (intent.kind === 'callback') this.#committedEvents.add(JSON.stringify(intent.event));
        else this.#committedIntents.add(JSON.stringify(intent));
      }
      for (const write of change.writes) this.#isLegal(write);
      this.mirror.apply(change, now);
      this.grants.committed(change, now);
      this.#prove(change);
      for (const write of change.writes) if (write.op === 'replace-update') this.#successIsTrue(write.row);
    }
  }

  #isLegal(write: Write): void {
    if (write.op === 'replace-update' || write.op === 'insert-update') this.#updateMoves(write.row);
    if (write.op !== 'insert-campaign' && write.op !== 'replace-campaign') return;
    const { row } = write;
    const old = this.mirror.campaigns.get(row.id);
    if (old !== undefined && old.phase.name !== row.phase.name) {
      const legal: readonly string[] = CAMPAIGN_MOVES[old.phase.name];
      if (!legal.includes(row.phase.name))
        this.fail(`campaign ${row.id} went from ${old.phase.name} to ${row.phase.name}`);
    }
    this.grants.campaignStored(row);
  }

  #updateMoves(row: Update): void {
    const key = updateKey(row);
    const old = this.mirror.updates.get(key);
    if (old === undefined) return;
    const legal: readonly string[] = UPDATE_MOVES[old.state.name];
    if (!legal.includes(row.state.name)) this.fail(`${key} went from ${old.state.name} to ${row.state.name}`);
    if (isFinal(old.state)) deepEqual(row.state, old.state, `${key} is final and changed`);
  }

  #prove({ entries, writes }: Change): void {
    for (const entry of entries) this.proofOf(entry.campaign).entriesStored(1);
    for (const write of writes) {
      if (write.op === 'seal') this.proofOf(write.campaign).sealed(write.sealed);
      if (write.op === 'insert-sealed') {
        this.proofOf(write.campaign).insertedSealed(write.sealed);
        for (const { text } of write.sealed) this.hit((JSON.parse(text) as { readonly entry: Entry }).entry.rule);
      }
      if (write.op === 'keep-score') this.proofOf(write.campaign).scoreKept(write.kept);
      if (write.op === 'replace-campaign') this.proofOf(write.row.id).campaignStored(write.row);
    }
  }

  proofOf(campaign: string): Proof {
    const known = this.proofs.get(campaign);
    if (known !== undefined) return known;
    const proof = new Proof((sentence) => this.fail(sentence));
    this.proofs.set(campaign, proof);
    return proof;
  }

  #successIsTrue(row: Update): void {
    if (row.state.name !== 'succeeded') return;
    const truth = this.#parts.truth(row.imei);
    const target = this.mirror.campaigns.get(row.campaign)?.package.to;
    if (truth === undefined || target === undefined) this.fail(`${row.imei} succeeded and nobody knows it`);
    if (truth.lies && row.state.evidence !== 'version') return;
    if (truth.runningVersion !== target) {
      this.fail(`${row.imei} succeeded by ${row.state.evidence} and runs ${truth.runningVersion}, not ${target}`);
    }
    if (truth.installs > 1) this.fail(`${row.imei} installed ${truth.installs} times`);
  }

  /** Whether an act was allowed at some moment of the last `slack` milliseconds, as the campaign stood then. */
  #allowed(
    campaign: string,
    imei: string,
    act: Act,
    how: { readonly slack: number; readonly begun: boolean },
  ): boolean {
    const { skewMs } = this.#parts;
    const now = this.#parts.now();
    const from = now - how.slack - skewMs;
    const zone = this.mirror.devices.get(imei)?.timeZone;
    return this.mirror.since(campaign, from).some((row) => {
      const overrun = how.begun && row.timetable.rule === 'start-before-close' ? HOUR : 0;
      const moments = [from, now - how.slack, now, now + skewMs];
      return (
        moments.some((at) => isUnderWay(row, act, at)) &&
        [...moments, from - overrun].some((at) => hoursAreOpen(row, zone, act, at))
      );
    });
  }

  /** Something leaves a server for a device: an offer, image bytes, a link, an order. Begun bytes may finish under rule `start-before-close`. */
  sent(act: Act, campaign: string, imei: string, what: string, begun = false): void {
    if (!this.#allowed(campaign, imei, act, { slack: PERMIT_MS, begun }))
      this.fail(`${what} left for ${imei} outside the ${act} window`);
  }

  /** The same, seen from the device: it was on its way for a while. */
  heard(act: Act, campaign: string, imei: string, what: string, begun = false): void {
    if (!this.#allowed(campaign, imei, act, { slack: ON_THE_WAY_MS, begun }))
      this.fail(`${imei} got ${what} outside the ${act} window`);
    if (act === 'install' && (this.#parts.truth(imei)?.installs ?? 0) > 0)
      this.fail(`${imei} is told to install what it has installed`);
  }

  /** What a customer is told about was stored before. */
  eventSent(event: CallbackEvent): void {
    if (!this.#committedEvents.has(JSON.stringify(event)))
      this.fail(`callback ${event.number} was sent and never stored`);
  }

  /** What leaves was stored before; an order to install leaves once. */
  intentSent(id: number, intent: Intent): void {
    if (!this.#committedIntents.has(JSON.stringify(intent))) this.fail(`${intent.kind} was sent and never stored`);
    if (intent.kind !== 'execute') return;
    if (this.#ordered.has(id)) this.fail(`the order to install ${id} was sent twice`);
    this.#ordered.add(id);
  }

  /** A callback tells only what is stored, a number means one thing, and a final state is told once. */
  called(told: CallbackEvent): void {
    const text = JSON.stringify(told);
    const key = `${told.campaign}/${told.number}`;
    const before = this.#told.get(key);
    if (before !== undefined) {
      if (before !== text) this.fail(`callback ${key} was told in two ways`);
      return;
    }
    if (told.number > 1 && !this.#told.has(`${told.campaign}/${told.number - 1}`) && !this.mayMiss)
      this.fail(`callback ${key} was told before the one before it`);
    this.#told.set(key, text);
    for (const event of told.devices) {
      const update = `${told.campaign}/${event.imei}`;
      if (this.mirror.finals.get(update)?.has(event.state) !== true)
        this.fail(`callback ${key} tells ${event.imei} ${event.state}, which was never stored`);
      const earlier = this.toldFinal.get(update);
      if (earlier !== undefined && earlier.state !== 'rejected') this.fail(`${event.imei} was called back twice`);
      this.toldFinal.set(update, event);
    }
  }

  truth(imei: string): Truth | undefined {
    return this.#parts.truth(imei);
  }

  campaign(id: string): Campaign {
    return this.mirror.campaigns.get(id) ?? this.fail(`there is no campaign ${id}`);
  }
}
