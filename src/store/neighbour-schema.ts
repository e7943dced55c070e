// The tables beside those of campaigns as Kysely sees them: licences, lists of accounts, what devices did, the audit log.
import type { Generated } from 'kysely';

interface OfDevice {
  readonly account: string;
  readonly bucket: number;
  readonly imei: string;
}

interface Numbered {
  readonly id: Generated<number>;
  readonly body: string;
}

export interface NeighbourTables {
  readonly licences: OfDevice & { readonly assigned_at: number };
  readonly licence_pools: { readonly account: string; readonly revision: number; readonly body: string };
  readonly account_lists: {
    readonly account: string;
    readonly kind: string;
    readonly revision: number;
    readonly body: string;
  };
  readonly joiners: { readonly account: string; readonly campaign: string; readonly imei: string };
  readonly check_ins: OfDevice & Numbered;
  readonly device_logs: OfDevice & Numbered;
  readonly audit: Numbered & { readonly account: string | null };
}
