// Operators, their sign-in links and sessions in memory.
import {
  type EventListener,
  type Operator,
  type OperatorEvent,
  type OperatorSession,
  operatorSessionEnds,
  type SignInLink,
} from '../accounts/index.ts';
import type { OperatorStore } from '../accounts/ports.ts';
import type { Instant } from '../campaigns/index.ts';
import { nextRevision } from './derived.ts';
import type { MemoryRows } from './memory-rows.ts';
import { type Journal, pageOf, Table } from './memory-table.ts';

export class OperatorRows {
  readonly operators: Table<Operator>;
  readonly links: Table<SignInLink>;
  readonly sessions: Table<OperatorSession>;
  readonly signIns: Table<Instant>;
  readonly events: Table<OperatorEvent>;
  readonly eventListeners: Table<EventListener>;

  constructor(journal: Journal) {
    this.operators = new Table(journal, ({ keyHash }) => [keyHash]);
    this.links = new Table(journal, ({ operator }) => [operator]);
    this.sessions = new Table(journal, ({ operator }) => [operator]);
    this.signIns = new Table(journal);
    this.events = new Table(journal);
    this.eventListeners = new Table(journal);
  }
}

export function memoryOperators({ running: rows }: MemoryRows): OperatorStore {
  return {
    insertOperator: async (operator) => rows.operators.insert(operator.name, operator),
    operator: async (name) => rows.operators.get(name),
    operatorByKey: async (keyHash) => rows.operators.group(keyHash)[0],
    operators: async (page) => pageOf(rows.operators.all(), ({ name }) => name, page),
    replaceOperator: async (operator) => {
      if (rows.operators.get(operator.name)?.revision !== operator.revision) return false;
      rows.operators.put(operator.name, nextRevision(operator));
      return true;
    },
    deleteOperator: async (name) => {
      if (!rows.operators.delete(name)) return false;
      for (const { tokenHash } of rows.links.group(name)) rows.links.delete(tokenHash);
      for (const { tokenHash } of rows.sessions.group(name)) rows.sessions.delete(tokenHash);
      return true;
    },
    putSignInLink: async (link) => rows.links.put(link.tokenHash, link),
    takeSignInLink: async (tokenHash) => {
      const link = rows.links.get(tokenHash);
      rows.links.delete(tokenHash);
      return link;
    },
    insertOperatorSession: async (session) => {
      rows.sessions.put(session.tokenHash, session);
      rows.signIns.put(session.operator, session.lastUsedAt);
    },
    operatorSession: async (tokenHash) => rows.sessions.get(tokenHash),
    replaceOperatorSession: async (session) => {
      if (rows.sessions.get(session.tokenHash) === undefined) return false;
      rows.sessions.put(session.tokenHash, session);
      return true;
    },
    deleteOperatorSession: async (tokenHash) => {
      rows.sessions.delete(tokenHash);
    },
    lastSignIn: async (name) => (name === undefined ? latest(rows.signIns.all()) : rows.signIns.get(name)),
  };
}

const latest = (all: readonly Instant[]): Instant | undefined => all.toSorted((one, other) => other - one)[0];

export function forgetSignIns({ running: rows }: MemoryRows, now: Instant): void {
  for (const link of rows.links.all()) if (link.expiresAt <= now) rows.links.delete(link.tokenHash);
  for (const session of rows.sessions.all()) {
    if (operatorSessionEnds(session) <= now) rows.sessions.delete(session.tokenHash);
  }
}
