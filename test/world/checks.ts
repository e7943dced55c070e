// What must always be true; it sees the truth on both ends, which the server never does.
import { deepEqual } from 'node:assert/strict';
import {
  CAMPAIGN_MOVES,
  type CallbackEvent,
  type Campaign,
  type Change,
  type DeviceEvent,
  type Instant,
  type Intent,
  isFinal,
  isLive,
  type Rule,
  UPDATE_MOVES,
  type Update,
} from '../../src/campaigns/index.ts';
import type { CommitResult } from '../../src/engine/index.ts';

/** The truth about a device, from the device. */
export interface Truth {
  readonly runningVersion: string;
  readonly installs: number;
  /** It says things that are not so; nobody can see through it where only its word counts. */
  readonly lies: boolean;
}

class Violation extends Error {
  override readonly name = 'Violation';
}

const HOUR = 3_600_000;

/** An hour window judged by other means than the engine's: UTC hours of the campaign's stored timetable. */
function openByTheBook(campaign: Campaign, which: 'download' | 'install', now: number): boolean {
  const { timetable } = campaign;
  const day = (text: string | undefined) =>
    text === undefined ? Number.NEGATIVE_INFINITY : Date.parse(`${text}T00:00:00Z`);
  // Pause, abort and an early end bite within five seconds on every node (engine.md §4).
  const justOver = now - campaign.phase.since <= 5_000 && ['ended', 'aborted'].includes(campaign.phase.name);
  if ((campaign.phase.name !== 'scheduled' && !justOver) || campaign.hold !== undefined) return false;
  if (now < day(timetable.startDate) || now >= day(timetable.endDate) + 24 * HOUR) return false;
  if (now < day(which === 'download' ? timetable.downloadAfterDate : timetable.installAfterDate)) return false;
  const hour = Math.floor(now / HOUR) % 24;
  const windows = which === 'download' ? timetable.downloadWindows : timetable.installWindows;
  return windows.length === 0 || windows.some((window) => hour >= window.from && hour < window.until);
}

export class Checks {
  readonly #now: () => Instant;
  readonly #truth: (imei: string) => Truth | undefined;
  readonly updates = new Map<string, Update>();
  readonly campaigns = new Map<string, Campaign>();
  readonly #committedIntents = new Set<string>();
  readonly #committedEvents = new Set<string>();
  readonly #told = new Map<string, { readonly text: string }>();
  readonly #toldFinal = new Map<string, DeviceEvent>();
  readonly rules = new Map<Rule, number>();
  /** Events may have been given up: a customer that is deaf for long has gaps. */
  mayMiss = false;

  constructor(now: () => Instant, truth: (imei: string) => Truth | undefined) {
    this.#now = now;
    this.#truth = truth;
  }

  fail(sentence: string): never {
    throw new Violation(`${new Date(this.#now()).toISOString()} ${sentence}`);
  }

  /** After every commit: only legal moves, final stays final, evidence is true, slots are kept. */
  committed(changes: readonly Change[], results: readonly CommitResult[]): void {
    for (const [index, change] of changes.entries()) {
      if (results[index] !== 'saved') continue;
      this.rules.set(change.rule, (this.rules.get(change.rule) ?? 0) + 1);
      for (const entry of change.entries) this.rules.set(entry.rule, (this.rules.get(entry.rule) ?? 0) + 1);
      for (const intent of change.intents) {
        if (intent.kind === 'callback') this.#committedEvents.add(JSON.stringify(intent.event));
        else this.#committedIntents.add(intentKey(intent));
      }
      for (const write of change.writes) {
        if (write.op === 'insert-update' || write.op === 'replace-update') this.#updateStored(write.row);
        if (write.op === 'delete-update') this.updates.delete(updateKey(write.row));
        if (write.op === 'insert-campaign' || write.op === 'replace-campaign')
          this.#campaignStored(write.row, change.rule);
      }
    }
    this.#slotsKept();
  }

  #updateStored(row: Update): void {
    const key = updateKey(row);
    const old = this.updates.get(key);
    if (old !== undefined) {
      const legal: readonly string[] = UPDATE_MOVES[old.state.name];
      if (!legal.includes(row.state.name)) this.fail(`${key} went from ${old.state.name} to ${row.state.name}`);
      if (isFinal(old.state)) deepEqual(row.state, old.state, `${key} is final and changed`);
    }
    this.updates.set(key, row);
    if (row.state.name === 'succeeded' && old?.state.name !== 'succeeded') this.#successIsTrue(row);
  }

  #successIsTrue(row: Update): void {
    if (row.state.name !== 'succeeded') return;
    const truth = this.#truth(row.imei);
    const target = this.campaigns.get(row.campaign)?.package.to;
    if (truth === undefined || target === undefined) this.fail(`${row.imei} succeeded and nobody knows it`);
    if (truth.lies && row.state.evidence !== 'version') return;
    if (truth.runningVersion !== target) {
      this.fail(`${row.imei} succeeded by ${row.state.evidence} and runs ${truth.runningVersion}, not ${target}`);
    }
    if (truth.installs > 1) this.fail(`${row.imei} installed ${truth.installs} times`);
  }

  #campaignStored(stored: Campaign, rule: Rule): void {
    const old = this.campaigns.get(stored.id);
    // Only an operator's order moves windows: what a decision made of them on the way does not count.
    const row =
      old === undefined || rule === 'campaign.dates-changed' ? stored : { ...stored, timetable: old.timetable };
    if (old !== undefined && old.phase.name !== row.phase.name) {
      const legal: readonly string[] = CAMPAIGN_MOVES[old.phase.name];
      if (!legal.includes(row.phase.name))
        this.fail(`campaign ${row.id} went from ${old.phase.name} to ${row.phase.name}`);
    }
    if (row.slotsOut > row.slotsMax) this.fail(`campaign ${row.id} has ${row.slotsOut} slots out of ${row.slotsMax}`);
    this.campaigns.set(row.id, row);
  }

  #slotsKept(): void {
    const live = new Map<string, number>();
    const busy = new Map<string, string>();
    for (const update of this.updates.values()) {
      if (!isLive(update.state)) continue;
      live.set(update.campaign, (live.get(update.campaign) ?? 0) + 1);
      const other = busy.get(update.imei);
      if (other !== undefined) this.fail(`${update.imei} is live in ${other} and in ${update.campaign}`);
      busy.set(update.imei, update.campaign);
    }
    for (const [id, count] of live) {
      const max = this.campaigns.get(id)?.slotsMax ?? 0;
      if (count > max) this.fail(`campaign ${id} has ${count} live attempts for ${max} slots`);
    }
  }

  /** Something that downloads leaves for a device: an offer, image bytes, a link. Begun bytes may finish under rule `start-before-close`. */
  downloadSent(campaignId: string, imei: string, what: string, begun = false): void {
    const campaign = this.campaigns.get(campaignId);
    const overrun = begun && campaign?.timetable.rule === 'start-before-close';
    if (overrun && openByTheBook(campaign, 'download', this.#now() - HOUR)) return;
    if (campaign === undefined || !openByTheBook(campaign, 'download', this.#now()))
      this.fail(`${what} left for ${imei} outside the download window`);
  }

  /** An order to install leaves for a device. */
  installSent(campaignId: string, imei: string, what: string): void {
    const campaign = this.campaigns.get(campaignId);
    if (campaign === undefined || !openByTheBook(campaign, 'install', this.#now()))
      this.fail(`${what} left for ${imei} outside the install window`);
  }

  /** What a customer is told was stored before. */
  eventSent(event: CallbackEvent): void {
    if (!this.#committedEvents.has(JSON.stringify(event)))
      this.fail(`callback ${event.number} was sent and never stored`);
  }

  /** What leaves was stored before. */
  intentSent(intent: Intent): void {
    if (!this.#committedIntents.has(intentKey(intent))) this.fail(`${intent.kind} was sent and never stored`);
  }

  /** A callback tells only what is stored, a number means one thing, and a final state is told once. */
  called(told: CallbackEvent): void {
    const text = JSON.stringify(told);
    const key = `${told.campaign}/${told.number}`;
    const before = this.#told.get(key);
    if (before !== undefined) {
      if (before.text !== text) this.fail(`callback ${key} was told in two ways`);
      return;
    }
    if (told.number > 1 && !this.#told.has(`${told.campaign}/${told.number - 1}`) && !this.mayMiss)
      this.fail(`callback ${key} was told before the one before it`);
    this.#told.set(key, { text });
    for (const event of told.devices) {
      const update = `${told.campaign}/${event.imei}`;
      const stored = this.updates.get(update)?.state.name;
      if (stored !== event.state) this.fail(`callback ${key} tells ${event.imei} ${event.state}, stored is ${stored}`);
      if (this.#toldFinal.has(update)) this.fail(`${event.imei} was called back twice`);
      this.#toldFinal.set(update, event);
    }
  }

  /** When all is quiet: every update final, each told once, counters equal the rows, campaigns closed. */
  atRest(): void {
    for (const [key, update] of this.updates) {
      if (!isFinal(update.state)) this.fail(`${key} is still ${update.state.name} (${update.rule})`);
      if (!this.#toldFinal.has(key)) this.fail(`${key} is ${update.state.name} and was never called back`);
    }
    for (const campaign of this.campaigns.values()) {
      if (!['ended', 'aborted', 'cancelled', 'failed'].includes(campaign.phase.name))
        this.fail(`campaign ${campaign.id} is still ${campaign.phase.name}`);
      this.#countsAreTrue(campaign);
    }
  }

  #countsAreTrue({ id, tallies }: Campaign): void {
    const rows = [...this.updates.values()].filter((update) => update.campaign === id);
    const of = (name: string) => rows.filter((update) => update.state.name === name).length;
    const { rejected, alreadyCurrent, succeededLate: _late, ...others } = tallies;
    const { waiting, succeeded, failed, expired, aborted, cancelled, ...live } = others;
    const counted = {
      waiting,
      live: Object.values(live).reduce((sum, one) => sum + one, 0),
      succeeded,
      failed,
      expired,
      aborted,
      cancelled,
    };
    const finals = { succeeded: of('succeeded'), failed: of('failed'), expired: of('expired') };
    const stopped = { aborted: of('aborted'), cancelled: of('cancelled') };
    deepEqual(counted, { waiting: 0, live: 0, ...finals, ...stopped }, `counters of ${id}`);
    deepEqual(rejected + alreadyCurrent, of('rejected'), `rejections of ${id}`);
  }
}

const updateKey = (row: Update): string => `${row.campaign}/${row.imei}`;

/** Names of what was asked for; enough to tell one intent from another. */
const intentKey = (intent: Intent): string => JSON.stringify(intent);
