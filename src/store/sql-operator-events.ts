// What the operator of the server is told, in SQL.
import { EVENT_LIMITS, type EventListener, type OperatorEvent } from '../accounts/index.ts';
import type { OperatorEventStore } from '../accounts/ports.ts';
import type { Instant } from '../campaigns/index.ts';
import { parsed } from './columns.ts';
import { nextRevision } from './derived.ts';
import type { Sql } from './sql.ts';
import { isSaved, rowOf, stored } from './sql-accounts.ts';
import { one } from './sql-insert.ts';

/** There is one for the whole server. */
const LISTENER = 'server';

export const sqlOperatorEvents = (store: Sql): OperatorEventStore => ({
  raiseEvent: (event) => {
    const query = store.write.insertInto('operator_events').values(columnsOf(event));
    return isSaved(store, [one(query.onConflict((conflict) => conflict.doNothing()))]);
  },
  replaceEvent: (event) => {
    const query = store.write.updateTable('operator_events').set(columnsOf(nextRevision(event)));
    return isSaved(store, [one(query.where('id', '=', event.id).where('revision', '=', event.revision))]);
  },
  operatorEvents: async ({ before, max }, { kind, open } = {}) => {
    const all = store.read.selectFrom('operator_events').select(['id', 'body']);
    const ofKind = kind === undefined ? all : all.where('kind', '=', kind);
    const wanted = open === undefined ? ofKind : ofKind.where('open', '=', open ? 1 : 0);
    const older = before === undefined ? wanted : wanted.where('id', '<', before);
    return (await older.orderBy('id', 'desc').limit(max).execute()).map(eventOf);
  },
  eventsToTell: async (now, max) => {
    const query = store.read.selectFrom('operator_events').select(['id', 'body']).where('due_at', '<=', now);
    return (await query.orderBy('due_at').orderBy('id').limit(max).execute()).map(eventOf);
  },
  eventListener: async () =>
    rowOf<EventListener>(
      await store.read.selectFrom('event_listeners').select('body').where('name', '=', LISTENER).executeTakeFirst(),
    ),
  putEventListener: (listener) => {
    const body = JSON.stringify(listener);
    const query = store.write.insertInto('event_listeners').values({ name: LISTENER, body });
    return stored(
      store,
      query.onConflict((conflict) => conflict.column('name').doUpdateSet({ body })),
    );
  },
  deleteEventListener: () =>
    isSaved(store, [one(store.write.deleteFrom('event_listeners').where('name', '=', LISTENER))]),
});

/** Its number is the row's own. */
const columnsOf = ({ id: _number, ...event }: OperatorEvent) => ({
  kind: event.kind,
  cause: event.cause,
  revision: event.revision,
  open: event.clearedAt === undefined ? 1 : 0,
  cleared_at: event.clearedAt ?? null,
  due_at: event.telling?.dueAt ?? null,
  body: JSON.stringify(event),
});

const eventOf = ({ id, body }: { readonly id: number; readonly body: string }): OperatorEvent => ({
  ...parsed<Omit<OperatorEvent, 'id'>>(body),
  id,
});

/** Those that have been over for long enough. */
export const forgetEvents = (store: Sql, now: Instant): Promise<void> =>
  stored(store, store.write.deleteFrom('operator_events').where('cleared_at', '<=', now - EVENT_LIMITS.keptMax));
