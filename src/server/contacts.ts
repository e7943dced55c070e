// Who contacted this node: the last time goes to the store in batches, the last refusal stays in memory, for an operator who looks.
import type { DeviceKey, Instant } from '../campaigns/index.ts';
import type { Contacts } from '../delivery/ports.ts';
import { SERVER_LIMITS } from './limits.ts';

export interface RefusedContact {
  readonly at: Instant;
  readonly why: string;
}

export class ContactNotes implements Contacts {
  readonly #lastSeen: Contacts;
  /** In the order in which they were last refused; bounded, because anybody can be refused. */
  readonly #refused = new Map<string, RefusedContact>();

  constructor(lastSeen: Contacts) {
    this.#lastSeen = lastSeen;
  }

  seen(key: DeviceKey, at: Instant): void {
    this.#lastSeen.seen(key, at);
  }

  refused(key: DeviceKey, at: Instant, why: string): void {
    const name = nameOf(key);
    this.#refused.delete(name);
    this.#refused.set(name, { at, why });
    for (const oldest of this.#refused.keys()) {
      if (this.#refused.size <= SERVER_LIMITS.refusedContactsMax) return;
      this.#refused.delete(oldest);
    }
  }

  refusalOf(key: DeviceKey): RefusedContact | undefined {
    return this.#refused.get(nameOf(key));
  }
}

const nameOf = ({ account, imei }: DeviceKey): string => `${account} ${imei}`;
