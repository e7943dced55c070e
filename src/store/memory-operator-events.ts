// What the operator of the server is told, in memory.
import { EVENT_LIMITS, type OperatorEvent } from '../accounts/index.ts';
import type { OperatorEventStore } from '../accounts/ports.ts';
import type { Instant } from '../campaigns/index.ts';
import { nextRevision } from './derived.ts';
import type { MemoryRows } from './memory-rows.ts';

const LISTENER = 'server';

export function memoryOperatorEvents(rows: MemoryRows): OperatorEventStore {
  const { events, eventListeners } = rows.running;
  const isOpen = ({ clearedAt }: OperatorEvent): boolean => clearedAt === undefined;
  const dueAt = ({ telling }: OperatorEvent): number => telling?.dueAt ?? Number.POSITIVE_INFINITY;
  return {
    raiseEvent: async (event) => {
      if (events.all().some((known) => isOpen(known) && known.cause === event.cause)) return false;
      const id = rows.nextId();
      return events.insert(String(id), { ...event, id });
    },
    replaceEvent: async (event) => {
      if (events.get(String(event.id))?.revision !== event.revision) return false;
      events.put(String(event.id), nextRevision(event));
      return true;
    },
    operatorEvents: async ({ before = Number.POSITIVE_INFINITY, max }, { kind, open } = {}) =>
      events
        .all()
        .filter((event) => event.id < before && (kind === undefined || event.kind === kind))
        .filter((event) => open === undefined || isOpen(event) === open)
        .toSorted((one, other) => other.id - one.id)
        .slice(0, max),
    eventsToTell: async (now, max) =>
      events
        .all()
        .filter((event) => dueAt(event) <= now)
        .toSorted((one, other) => dueAt(one) - dueAt(other) || one.id - other.id)
        .slice(0, max),
    eventListener: async () => eventListeners.get(LISTENER),
    putEventListener: async (listener) => eventListeners.put(LISTENER, listener),
    deleteEventListener: async () => eventListeners.delete(LISTENER),
  };
}

/** Those that have been over for long enough. */
export function forgetEvents({ running: { events } }: MemoryRows, now: Instant): void {
  for (const { id, clearedAt } of events.all()) {
    if (clearedAt !== undefined && clearedAt <= now - EVENT_LIMITS.keptMax) events.delete(String(id));
  }
}
