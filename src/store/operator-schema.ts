// The tables of those who run the server as Kysely sees them.
import type { Generated } from 'kysely';

export interface OperatorTables {
  readonly operators: {
    readonly name: string;
    readonly key_hash: string;
    readonly revision: number;
    readonly body: string;
  };
  readonly sign_in_links: {
    readonly token_hash: string;
    readonly operator: string;
    readonly expires_at: number;
    readonly body: string;
  };
  readonly operator_sessions: {
    readonly token_hash: string;
    readonly operator: string;
    readonly last_used_at: number;
    readonly body: string;
  };
  /** Stays when its operator goes. */
  readonly sign_ins: { readonly operator: string; readonly at: number };
  readonly operator_events: {
    readonly id: Generated<number>;
    readonly kind: string;
    readonly cause: string;
    readonly revision: number;
    /** 1: it is not over; of one cause there is one such row. */
    readonly open: number;
    readonly cleared_at: number | null;
    /** Null while nothing has to be told. */
    readonly due_at: number | null;
    readonly body: string;
  };
  /** One row for the whole server. */
  readonly event_listeners: { readonly name: string; readonly body: string };
}
