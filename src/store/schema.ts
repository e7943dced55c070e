// The tables as Kysely sees them; what they look like in the database is in the migrations and in schema.sql.
import type { Generated, Insertable } from 'kysely';
import type { NeighbourTables } from './neighbour-schema.ts';
import type { OperatorTables } from './operator-schema.ts';

/** Times are whole milliseconds, booleans 0 or 1, `body` is the row of the domain as JSON. */
export interface Tables extends NeighbourTables, OperatorTables {
  readonly accounts: { readonly name: string; readonly revision: number; readonly body: string };
  readonly clients: { readonly client_id: string; readonly account: string; readonly body: string };
  readonly bearers: {
    readonly token_hash: string;
    readonly client_id: string;
    readonly expires_at: number;
    readonly body: string;
  };
  readonly users: { readonly username: string; readonly account: string; readonly body: string };
  readonly sessions: { readonly token_hash: string; readonly last_used_at: number; readonly body: string };
  readonly devices: DeviceTable;
  readonly device_secrets: DevicePlace & { readonly body: string };
  readonly directory: {
    readonly kind: string;
    readonly name: string;
    readonly account: string;
    readonly imei: string;
  };
  readonly device_marks: { readonly account: string; readonly mark: string; readonly imei: string };
  /** `day`: the day of `at`, by which the silent ones are found. */
  readonly last_seen: DevicePlace & { readonly at: number; readonly day: number };
  readonly packages: { readonly account: string; readonly name: string; readonly kind: string; readonly body: string };
  readonly images: { readonly sha256: string; readonly body: string };
  readonly campaigns: CampaignTable;
  readonly intake: {
    readonly account: string;
    readonly campaign: string;
    readonly part: number;
    /** A deflated JSON list. */
    readonly body: Uint8Array;
  };
  readonly updates: UpdateTable;
  readonly entries: EntryTable;
  readonly outbox: OutboxTable;
  readonly listeners: {
    readonly account: string;
    readonly generation: string;
    readonly failing_since: number | null;
    readonly body: string;
  };
  readonly gathered: { readonly account: string; readonly campaign: string; readonly body: string };
  readonly callbacks: {
    readonly account: string;
    readonly campaign: string;
    readonly number: number;
    readonly at: number;
    readonly body: string;
  };
  readonly callback_lines: CallbackLineTable;
  readonly deliveries: {
    readonly id: Generated<number>;
    readonly account: string;
    readonly campaign: string;
    readonly generation: string;
    readonly number: number;
    readonly at: number;
    readonly outcome: string;
    readonly body: string;
  };
  readonly slots: {
    readonly account: string;
    readonly campaign: string;
    readonly node: string;
    readonly revision: number;
    readonly free: number;
    readonly arrivals: number;
    readonly until: number;
  };
  readonly ledger_keys: { readonly key_id: string; readonly since: number; readonly body: string };
  readonly score_books: { readonly account: string; readonly campaign: string; readonly body: string };
  readonly budgets: {
    readonly account: string;
    readonly scope: string;
    readonly revision: number;
    readonly level: number;
    readonly at: number;
  };
  readonly nodes: { readonly node: string; readonly until: number };
  readonly repeats: {
    readonly account: string;
    readonly key: string;
    readonly campaign: string;
    readonly until: number;
  };
}

export interface DevicePlace {
  readonly account: string;
  readonly bucket: number;
  readonly imei: string;
}

interface DeviceTable extends DevicePlace {
  readonly revision: number;
  readonly make: string | null;
  readonly model: string | null;
  readonly transport: string;
  /** Registered, answering, not asleep. */
  readonly awake: number;
  readonly node: string | null;
  readonly endpoint: string | null;
  readonly live_campaign: string | null;
  /** A JSON list: what stands in device_marks. */
  readonly marks: string;
  /** Its registration runs out then, as far as it is written down. */
  readonly registered_until: number | null;
  readonly body: string;
}

interface CampaignTable {
  readonly account: string;
  readonly id: string;
  readonly revision: number;
  readonly phase: string;
  readonly generation: string | null;
  /** Adds devices by itself, and is not over. */
  readonly adding: number;
  readonly next_action_at: number | null;
  readonly lease_node: string | null;
  readonly lease_until: number | null;
  readonly body: string;
}

interface UpdateTable extends DevicePlace {
  readonly campaign: string;
  readonly revision: number;
  readonly state: string;
  readonly stratum: number;
  /** 1: its device can be spoken to at any time. */
  readonly awake: number;
  readonly attempts: number;
  readonly hash: number;
  readonly ready_at: number | null;
  readonly token: string | null;
  readonly next_action_at: number | null;
  readonly claimed_until: number | null;
  readonly body: string;
}

interface EntryTable {
  readonly id: Generated<number>;
  readonly account: string;
  readonly campaign: string;
  readonly imei: string | null;
  /** Null once it is sealed: the text has it all. */
  readonly body: string | null;
  readonly sequence: number | null;
  readonly text: string | null;
  readonly hash: string | null;
}

interface OutboxTable {
  readonly id: Generated<number>;
  readonly kind: string;
  readonly account: string;
  readonly campaign: string | null;
  readonly imei: string | null;
  /** Unused since callbacks stand in lines. */
  readonly number: number | null;
  readonly body: string;
  readonly claims: number;
  readonly claimed_by: string | null;
  readonly claimed_until: number | null;
}

/** What one listener is told of one campaign: one number after the other. */
interface CallbackLineTable {
  readonly account: string;
  readonly campaign: string;
  readonly generation: string;
  /** The number that is told next, and the last there is. */
  readonly next: number;
  readonly last: number;
  /** Null while nothing waits. */
  readonly due_at: number | null;
  readonly tries: number;
  readonly since: number | null;
  readonly claims: number;
  readonly claimed_by: string | null;
  readonly claimed_until: number | null;
}

export type Columns<Table extends keyof Tables> = Insertable<Tables[Table]>;
