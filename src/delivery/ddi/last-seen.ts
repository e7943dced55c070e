// When each device was heard last, collected here and written in batches: no poll costs a write (engine.md §10).
import type { DeviceKey, Instant } from '../../campaigns/index.ts';
import { DDI_LIMITS } from './limits.ts';

export interface LastSeenStore {
  putLastSeen(seen: readonly Seen[]): Promise<void>;
}

interface Seen {
  readonly key: DeviceKey;
  readonly at: Instant;
}

export class LastSeen {
  readonly #store: LastSeenStore;
  #waiting = new Map<string, Seen>();

  constructor(store: LastSeenStore) {
    this.#store = store;
  }

  seen(key: DeviceKey, at: Instant): void {
    const name = `${key.account} ${key.imei}`;
    const isNew = !this.#waiting.has(name);
    // A store that does not take them must not cost memory without end; the next contact is written instead.
    if (isNew && this.#waiting.size >= DDI_LIMITS.contactsMax) return;
    this.#waiting.set(name, { key: { account: key.account, imei: key.imei }, at });
  }

  /** Writes what was collected; what could not be written is kept for the next time. */
  async flush(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = new Map();
    const all = [...waiting.entries()];
    for (let at = 0; at < all.length; at += DDI_LIMITS.contactsPerWrite) {
      const batch = all.slice(at, at + DDI_LIMITS.contactsPerWrite);
      try {
        await this.#store.putLastSeen(batch.map(([, seen]) => seen));
      } catch (error) {
        this.#keep(all.slice(at));
        throw error;
      }
    }
  }

  #keep(unwritten: readonly (readonly [string, Seen])[]): void {
    for (const [name, seen] of unwritten) if (!this.#waiting.has(name)) this.#waiting.set(name, seen);
  }
}
