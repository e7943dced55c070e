// What is watched over the whole server, in memory: listeners in trouble, what is due, which nodes there are.
import type { CallbackStore, ListenerHealth, WatchStore } from '../accounts/ports.ts';
import type { Instant } from '../campaigns/index.ts';
import { callbackText, listenerText, type MemoryRows } from './memory-rows.ts';
import { byText } from './memory-table.ts';

export const memoryWatch = (rows: MemoryRows, callbacks: Pick<CallbackStore, 'deadLetters'>): WatchStore => ({
  listenersInTrouble: async () => {
    const all = rows.listeners.all().toSorted(byText(listenerText));
    const healths = await Promise.all(all.map((listener) => healthOf(rows, callbacks, listener)));
    return healths.filter(({ failingSince, waiting, dead }) => failingSince !== undefined || waiting + dead > 0);
  },
  earliestDue: async () => {
    const update = first(rows.updates.group('timed').map((row) => row.update.nextActionAt));
    const campaign = first(rows.campaigns.all().map((row) => row.campaign.nextActionAt));
    return { ...(update === undefined ? {} : { update }), ...(campaign === undefined ? {} : { campaign }) };
  },
  knownNodes: async () => rows.nodes.all().toSorted(byText(({ node }) => node)),
  forgetNode: async (node) => {
    rows.nodes.delete(node);
  },
});

const first = (all: readonly (Instant | undefined)[]): Instant | undefined =>
  all.reduce((least, at) => (least === undefined || (at !== undefined && at < least) ? at : least), undefined);

async function healthOf(
  rows: MemoryRows,
  { deadLetters }: Pick<CallbackStore, 'deadLetters'>,
  { account, generation, failingSince }: Pick<ListenerHealth, 'account' | 'generation' | 'failingSince'>,
): Promise<ListenerHealth> {
  const lines = rows.lines.group(listenerText({ account, generation })).filter(({ dueAt }) => dueAt !== undefined);
  const oldestAt = first(lines.map((line) => rows.callbacks.get(callbackText({ ...line, number: line.next }))?.at));
  const dead = await deadLetters(account, Number.POSITIVE_INFINITY, { generation });
  const deadAt = dead.reduce<Instant | undefined>(
    (latest, { at }) => (latest === undefined || at > latest ? at : latest),
    undefined,
  );
  return {
    account,
    generation,
    waiting: lines.reduce((sum, { next, last }) => sum + last - next + 1, 0),
    dead: dead.length,
    ...(failingSince === undefined ? {} : { failingSince }),
    ...(oldestAt === undefined ? {} : { oldestAt }),
    ...(deadAt === undefined ? {} : { deadAt }),
  };
}
