// What is granted is looked at when it is stored: hours, holds, steps of the rollout, clean-ups, and how many may begin.
import { type Campaign, type Change, type Entry, isLive, type Update } from '../../src/campaigns/index.ts';
import { hoursAreOpen, isUnderWay } from './by-the-book.ts';
import { type Fail, type Mirror, updateKey } from './mirror.ts';

/** A pause and its like bite within this on every node (engine.md §4, Permits). */
export const PERMIT_MS = 5_000;
const MINUTE = 60_000;

/** engine.md §4: a sixth of a minute's worth may come at once, ten in any case. */
const burst = (perMinute: number): number => Math.max(10, Math.ceil(perMinute / 6));

/** How many have begun in any span of time is at most what a bucket gives, and what was leased out beside it. */
class Pace {
  readonly #begun: number[] = [];
  #perMinute = 0;

  /** The number that is too many; undefined: it is not. */
  begins(at: number, perMinute: number, leased: number): number | undefined {
    // After a change of pace what was leased before is still used up.
    this.#perMinute = Math.max(this.#perMinute, perMinute);
    this.#begun.push(at);
    const all = this.#begun.length;
    for (let first = Math.max(0, all - 5_000); first < all; first += 1) {
      const span = at - (this.#begun[first] ?? at);
      if (all - first > burst(this.#perMinute) + leased + (this.#perMinute * span) / MINUTE + 1) return all - first;
    }
    return undefined;
  }
}

export interface Caps {
  readonly account: number | undefined;
  readonly labels: Readonly<Record<string, number>>;
}

export class Grants {
  readonly #mirror: Mirror;
  readonly #fail: Fail;
  readonly #caps: Caps;
  readonly #skewMs: number;
  readonly #paces = new Map<string, Pace>();
  /** The most steps' bounds that were ever cut of each campaign, and who belonged to them then. */
  readonly members = new Map<string, Set<string>>();

  constructor(mirror: Mirror, fail: Fail, caps: Caps, skewMs: number) {
    this.#mirror = mirror;
    this.#fail = fail;
    this.#caps = caps;
    this.#skewMs = skewMs;
  }

  /** After the change is in the mirror. */
  committed(change: Change, now: number): void {
    if (change.rule === 'campaign.steps-cut') this.#stepsAreWhole(change);
    for (const write of change.writes) {
      if (write.op === 'insert-update' && write.row.state.name === 'waiting')
        this.members.get(write.row.campaign)?.add(updateKey(write.row));
      if (write.op === 'replace-update') this.updateStored(write.row);
    }
    for (const entry of change.entries) if (entry.slots === 1) this.#granted(entry, now);
  }

  #stepsAreWhole({ writes }: Change): void {
    const [row] = writes.flatMap((write) => (write.op === 'replace-campaign' ? [write.row] : []));
    if (row === undefined) return;
    const waiting = this.#mirror.rowsOf(row.id).filter(({ state }) => state.name === 'waiting');
    this.members.set(row.id, new Set(waiting.map(updateKey)));
    let size = 0;
    for (const step of row.rollout?.steps ?? []) {
      size += step.size;
      const within = waiting.filter(({ hash, stratum }) => hash <= (step.hashMax[stratum] ?? -1)).length;
      if (within !== size) this.#fail(`campaign ${row.id}: ${within} devices are within steps of ${size}`);
    }
  }

  #granted(entry: Entry, now: number): void {
    const update = this.#mirror.updates.get(`${entry.campaign}/${entry.imei}`);
    if (update === undefined) return this.#fail(`a slot was granted to ${entry.imei}, which has no update`);
    this.#paceKept(update, now);
    // Its image is there already: it goes on where it was, and no byte of it is sent.
    if (entry.rule === 'update.downloaded') return;
    const device = this.#mirror.devices.get(update.imei);
    if (device?.residue !== undefined) this.#fail(`${update.imei} was offered an image before it was cleaned up`);
    const slack = PERMIT_MS + this.#skewMs;
    const campaigns = this.#mirror.since(update.campaign, now - slack);
    const moments = [now - slack, now, now + this.#skewMs];
    const is = (rule: (campaign: Campaign, at: number) => boolean) =>
      campaigns.some((campaign) => moments.some((at) => rule(campaign, at)));
    if (!is((campaign, at) => isUnderWay(campaign, 'download', at)))
      this.#fail(`${update.imei} was granted a slot (${entry.rule}) while the campaign is held, over or not begun`);
    const overrun = campaigns.some(({ timetable }) => timetable.rule === 'start-before-close');
    if (!overrun && !is((campaign, at) => hoursAreOpen(campaign, device?.timeZone, 'download', at)))
      this.#fail(`${update.imei} was granted a slot (${entry.rule}) outside the download window`);
    if (!campaigns.some((campaign) => (stepOfTheBook(campaign, update) ?? 0) <= (campaign.rollout?.at ?? 0)))
      this.#fail(`${update.imei} was granted a slot (${entry.rule}) before its step was opened`);
  }

  #paceKept(update: Update, now: number): void {
    const campaign = this.#mirror.campaigns.get(update.campaign);
    if (campaign === undefined) return;
    const { perMinute } = campaign.arrivals;
    this.#begins(`campaign ${campaign.id}`, now, perMinute, burst(perMinute));
    const { account, labels } = this.#caps;
    if (account !== undefined) this.#begins('the account', now, account, 2 * burst(Math.max(perMinute, account)));
    for (const [key, value] of Object.entries(this.#mirror.devices.get(update.imei)?.labels ?? {})) {
      const most = labels[key];
      // An attempt that goes on where it was takes its share as well.
      if (most !== undefined) this.#begins(`label ${key}=${value}`, now, most, 0);
    }
  }

  #begins(name: string, now: number, perMinute: number, leased: number): void {
    const pace = this.#paces.get(name) ?? new Pace();
    this.#paces.set(name, pace);
    const many = pace.begins(now, perMinute, leased);
    if (many !== undefined) this.#fail(`${name} allows ${perMinute} a minute, and ${many} have begun too fast`);
  }

  /** Live attempts of all nodes together, and no device in two of them. */
  updateStored({ campaign, imei, state }: Update): void {
    const live = this.#live.get(campaign) ?? new Set<string>();
    this.#live.set(campaign, live);
    const other = this.#busy.get(imei);
    if (!isLive(state)) {
      live.delete(imei);
      if (other === campaign) this.#busy.delete(imei);
      return;
    }
    if (other !== undefined && other !== campaign) this.#fail(`${imei} is live in ${other} and in ${campaign}`);
    live.add(imei);
    this.#busy.set(imei, campaign);
    const most = this.#slotsMax.get(campaign) ?? 0;
    if (live.size > most) this.#fail(`campaign ${campaign} has ${live.size} live attempts for ${most} slots`);
  }

  readonly #live = new Map<string, Set<string>>();
  readonly #busy = new Map<string, string>();
  readonly #slotsMax = new Map<string, number>();

  /** With fewer slots than before, those that are out come back one by one. */
  campaignStored({ id, slotsMax, slotsOut }: Campaign): void {
    const before = this.#slotsMax.get(id) ?? 0;
    const most = slotsOut > slotsMax ? Math.max(before, slotsMax) : slotsMax;
    this.#slotsMax.set(id, most);
    if (slotsOut > most) this.#fail(`campaign ${id} has ${slotsOut} slots out of ${most}`);
  }
}

/** The step of an update by the bounds that are stored; undefined: there are none. */
export function stepOfTheBook({ rollout }: Campaign, { hash, stratum }: Update): number | undefined {
  if (rollout === undefined) return undefined;
  if (rollout.steps.length === 0) return Number.POSITIVE_INFINITY;
  const place = rollout.steps.findIndex((step) => hash <= (step.hashMax[stratum] ?? 0xffff_ffff));
  return place === -1 ? rollout.steps.length - 1 : place;
}
