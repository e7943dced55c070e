// What is stored, as the commits say: rows by key, and for campaigns also what they were a moment ago.
import type { Campaign, Change, Device, Rule, SlotLease, Update, Write } from '../../src/campaigns/index.ts';

export const updateKey = (row: Pick<Update, 'campaign' | 'imei'>): string => `${row.campaign}/${row.imei}`;

interface Version {
  readonly row: Campaign;
  /** When the next one took its place. */
  readonly until: number;
}

/** Only an operator's order moves windows: what a decision made of them on the way does not count. */
const MOVES_WINDOWS: readonly Rule[] = ['campaign.accepted', 'campaign.dates-changed', 'campaign.windows-narrowed'];

const KEPT_MS = 10 * 60_000;

export class Mirror {
  readonly updates = new Map<string, Update>();
  readonly campaigns = new Map<string, Campaign>();
  readonly devices = new Map<string, Device>();
  readonly leases = new Map<string, SlotLease>();
  /** Every final state that a device was ever stored with; lists may lose it and take it in again. */
  readonly finals = new Map<string, Set<string>>();
  readonly #earlier = new Map<string, Version[]>();

  apply({ writes, rule }: Pick<Change, 'writes' | 'rule'>, now: number): void {
    for (const write of writes) this.#write(write, rule, now);
  }

  #write(write: Write, rule: Rule, now: number): void {
    switch (write.op) {
      case 'insert-update':
      case 'replace-update': {
        const key = updateKey(write.row);
        this.updates.set(key, write.row);
        this.finals.set(key, (this.finals.get(key) ?? new Set()).add(write.row.state.name));
        break;
      }
      case 'delete-update':
        this.updates.delete(updateKey(write.row));
        break;
      case 'insert-device':
      case 'replace-device':
      case 'claim-device':
        this.devices.set(write.row.imei, write.row);
        break;
      case 'insert-campaign':
      case 'replace-campaign':
        this.#campaign(write.row, rule, now);
        break;
      case 'insert-slots':
      case 'replace-slots':
        this.leases.set(`${write.row.campaign} ${write.row.node}`, write.row);
        break;
    }
  }

  #campaign(stored: Campaign, rule: Rule, now: number): void {
    const old = this.campaigns.get(stored.id);
    const row = old === undefined || MOVES_WINDOWS.includes(rule) ? stored : { ...stored, timetable: old.timetable };
    this.campaigns.set(row.id, row);
    if (old === undefined) return;
    const kept = (this.#earlier.get(row.id) ?? []).filter(({ until }) => until >= now - KEPT_MS);
    this.#earlier.set(row.id, [...kept, { row: old, until: now }]);
  }

  /** The campaign as it is, and as it was at any moment since `from`. */
  since(id: string, from: number): readonly Campaign[] {
    const row = this.campaigns.get(id);
    if (row === undefined) return [];
    const earlier = (this.#earlier.get(id) ?? []).filter(({ until }) => until >= from);
    return [row, ...earlier.map((version) => version.row)];
  }

  rowsOf(campaign: string): readonly Update[] {
    return [...this.updates.values()].filter((update) => update.campaign === campaign);
  }
}

/** Throws with the time of the run before the sentence. */
export type Fail = (sentence: string) => never;
