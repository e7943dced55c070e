// Listeners, the events they are told, the line of each of them and the delivery log, in memory.
import type { Listener } from '../accounts/index.ts';
import type { CallbackStore, DeliveryFilter, ListenerLag, LoggedDelivery } from '../accounts/ports.ts';
import {
  type AccountName,
  type Audience,
  after,
  type CallbackEvent,
  type CampaignKey,
  type Delivery,
  type Instant,
  type Intent,
  LIMITS,
  type NodeId,
  type Telling,
  type Write,
} from '../campaigns/index.ts';
import type { ClaimedCallback } from '../engine/ports.ts';
import { callbackText, campaignText, type LineRow, lineText, listenerText, type MemoryRows } from './memory-rows.ts';
import { byText } from './memory-table.ts';

/** Every listener's first turn comes before any listener's second. */
export function claimCallbacks(rows: MemoryRows, now: Instant, max: number, node: NodeId): readonly ClaimedCallback[] {
  const isClaimed = ({ claimedUntil }: LineRow): boolean => claimedUntil !== undefined && claimedUntil >= now;
  const dueAt = (line: LineRow): number => line.dueAt ?? Number.POSITIVE_INFINITY;
  const inOrder = (one: LineRow, other: LineRow): number => dueAt(one) - dueAt(other) || byText(lineText)(one, other);
  const ready = rows.lines.all().filter((line) => dueAt(line) <= now && !isClaimed(line));
  const places = new Map<string, number>();
  const chosen = ready
    .sort(inOrder)
    .map((line) => {
      const listener = listenerText(line);
      const place = (places.get(listener) ?? 0) + 1;
      places.set(listener, place);
      return { line, place, atWork: rows.lines.group(listener).filter(isClaimed).length };
    })
    .filter(({ place, atWork }) => place + atWork <= LIMITS.callbacksPerListenerMax)
    .sort((one, other) => one.place - other.place || inOrder(one.line, other.line))
    .slice(0, max);
  return chosen
    .map(({ line }) => line)
    .sort(byText(lineText))
    .map((line) => {
      const claimed = {
        ...line,
        claims: line.claims + 1,
        claimedBy: node,
        claimedUntil: after(now, LIMITS.callbackLease),
      };
      rows.lines.put(lineText(line), claimed);
      return claimedCallback(rows, claimed);
    })
    .filter((one) => one !== undefined);
}

/** Undefined when its listener has been deleted. */
function claimedCallback(rows: MemoryRows, line: LineRow): ClaimedCallback | undefined {
  const { account, campaign, generation, next, last, tries, since, claims } = line;
  const listener = rows.listeners.get(listenerText(line));
  if (listener === undefined) return undefined;
  const [event] = eventsOf(rows, line).filter(({ number }) => number >= next && number <= last);
  return {
    turn: { account, campaign, to: generation, from: next, last, claim: claims },
    listener,
    allowed: rows.accounts.get(account)?.settings.allowPrivateCallbackHosts ?? [],
    tries,
    ...(event === undefined ? {} : { event }),
    ...(since === undefined ? {} : { since }),
  };
}

const eventsOf = (rows: MemoryRows, key: CampaignKey): readonly CallbackEvent[] =>
  rows.callbacks.group(campaignText(key)).toSorted((one, other) => one.number - other.number);

/** Which generations listen, and what has been gathered for them. */
export const loadTelling = (rows: MemoryRows, key: CampaignKey): Telling => ({
  audience: listenersOf(rows, key.account).map(({ generation }) => generation),
  gathered: rows.gathered.get(campaignText(key)) ?? [],
});

const listenersOf = (rows: MemoryRows, account: AccountName): readonly Listener[] =>
  rows.listeners.group(account).toSorted(byText(({ generation }) => generation));

/** The event, and a place in the line of everybody who listens. False when its number is taken. */
export function insertCallback(
  rows: MemoryRows,
  { to, event }: Extract<Intent, { readonly kind: 'callback' }>,
): boolean {
  if (!rows.callbacks.insert(callbackText(event), event)) return false;
  const { account, campaign, number, at } = event;
  for (const generation of to) {
    if (rows.listeners.get(listenerText({ account, generation })) === undefined) continue;
    const key = { account, campaign, generation };
    const line = rows.lines.get(lineText(key)) ?? { ...key, next: number, last: number, tries: 0, claims: 0 };
    rows.lines.put(lineText(key), {
      ...line,
      // A line that had come to its end goes on with this number.
      next: line.dueAt === undefined ? number : line.next,
      last: Math.max(line.last, number),
      dueAt: line.dueAt ?? at,
    });
  }
  return true;
}

export function gather(rows: MemoryRows, write: Extract<Write, { readonly op: 'gather' }>): void {
  if (write.devices.length === 0) rows.gathered.delete(campaignText(write));
  else rows.gathered.put(campaignText(write), write.devices);
}

export function settleCallback(
  rows: MemoryRows,
  { turn, after: then, at, delivery }: Extract<Write, { readonly op: 'settle-callback' }>,
): void {
  const key = lineText({ ...turn, generation: turn.to });
  const line = rows.lines.get(key);
  if (line?.claims === turn.claim) {
    const { claimedBy: _node, claimedUntil: _until, dueAt: _due, since: _since, ...free } = line;
    if (then.is === 'again') rows.lines.put(key, { ...free, dueAt: then.at, tries: then.tries, since: then.since });
    else {
      // A replay that was ordered meanwhile stays where it was set.
      const replayed = line.next !== turn.from;
      const next = replayed ? line.next : then.number + 1;
      const more = replayed || line.last > then.number;
      rows.lines.put(key, { ...free, next, tries: 0, ...(more ? { dueAt: at } : {}) });
    }
  }
  if (delivery !== undefined) log(rows, delivery);
}

function log(rows: MemoryRows, delivery: Delivery): void {
  const id = rows.nextId();
  rows.deliveries.put(String(id), { ...delivery, id });
  const key = listenerText({ account: delivery.account, generation: delivery.to });
  const listener = rows.listeners.get(key);
  if (listener === undefined) return;
  const { failingSince, ...well } = listener;
  rows.listeners.put(
    key,
    delivery.outcome === 'delivered' ? well : { ...well, failingSince: failingSince ?? delivery.at },
  );
}

export const memoryCallbacks = (rows: MemoryRows): CallbackStore => ({
  listener: async (account, generation) => rows.listeners.get(listenerText({ account, generation })),
  listeners: async (account) => listenersOf(rows, account),
  putListener: async ({ failingSince: _derived, ...listener }) => rows.listeners.put(listenerText(listener), listener),
  deleteListener: async (account, generation) => {
    const key = listenerText({ account, generation });
    for (const line of rows.lines.group(key)) rows.lines.delete(lineText(line));
    return rows.listeners.delete(key);
  },
  deliveries: async (account, { before = Number.POSITIVE_INFINITY, max }, filter) =>
    logged(rows, account, filter)
      .filter(({ id }) => id < before)
      .slice(0, max),
  deadLetters: async (account, max, filter) => deadLetters(rows, account, filter).slice(0, max),
  lag: async (account, generation) => lag(rows, account, generation),
  replay: async (key, generation, from, now) => replay(rows, key, generation, from, now),
});

const logged = (rows: MemoryRows, account: AccountName, filter: DeliveryFilter = {}): readonly LoggedDelivery[] =>
  rows.deliveries
    .group(account)
    .filter(({ to }) => filter.generation === undefined || filter.generation === to)
    .filter(({ campaign }) => filter.campaign === undefined || filter.campaign === campaign)
    .sort((one, other) => other.id - one.id);

const deadLetters = (rows: MemoryRows, account: AccountName, filter?: DeliveryFilter): readonly LoggedDelivery[] => {
  const all = logged(rows, account, filter);
  const textOf = (one: LoggedDelivery): string => `${lineText({ ...one, generation: one.to })} ${one.number}`;
  const ends = all.filter(({ outcome }) => outcome !== 'failed');
  return ends.filter(
    (one, at) => one.outcome === 'dead' && !ends.slice(0, at).some((later) => textOf(later) === textOf(one)),
  );
};

function lag(rows: MemoryRows, account: AccountName, generation: Audience): ListenerLag {
  const lines = rows.lines.group(listenerText({ account, generation })).filter(({ dueAt }) => dueAt !== undefined);
  const waiting = lines.map((line) =>
    eventsOf(rows, line).filter(({ number }) => number >= line.next && number <= line.last),
  );
  const events = waiting.flat();
  const oldestAt = events.reduce<Instant | undefined>(
    (oldest, { at }) => (oldest === undefined || at < oldest ? at : oldest),
    undefined,
  );
  return {
    campaigns: waiting.filter((some) => some.length > 0).length,
    callbacks: events.length,
    ...(oldestAt === undefined ? {} : { oldestAt }),
  };
}

function replay(rows: MemoryRows, key: CampaignKey, generation: Audience, from: number, now: Instant): number {
  const events = eventsOf(rows, key);
  const count = events.filter(({ number }) => number >= from).length;
  const last = events.at(-1)?.number;
  const { account, campaign } = key;
  const line = { account, campaign, generation };
  if (count === 0 || last === undefined || rows.listeners.get(listenerText(line)) === undefined) return 0;
  const fresh: LineRow = { ...line, next: from, last, tries: 0, claims: 0 };
  const { since: _over, ...known } = rows.lines.get(lineText(line)) ?? fresh;
  rows.lines.put(lineText(line), { ...known, next: from, last, dueAt: now, tries: 0 });
  return count;
}

/** What has been kept long enough, and lines that lead to nobody. */
export function forgetCallbacks(rows: MemoryRows, now: Instant): void {
  const isOld = ({ at }: { readonly at: Instant }): boolean => at <= now - LIMITS.callbackKept;
  for (const event of rows.callbacks.all()) if (isOld(event)) rows.callbacks.delete(callbackText(event));
  for (const one of rows.deliveries.all()) if (isOld(one)) rows.deliveries.delete(String(one.id));
}
