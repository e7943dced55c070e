// HTTP devices that poll and are not in their account: collected here, and held for approval where the account wants that.
import { hold, type Stranger } from '../accounts/index.ts';
import type { AccountListStore, AccountStore, InventoryStore } from '../accounts/ports.ts';
import type { AccountName } from '../campaigns/index.ts';

export const STRANGER_LIMITS = {
  /** Unknown devices that wait to be written; with more the later ones come back by themselves. */
  strangersMax: 10_000,
  /** A list that somebody else changes at the same time is read and written so often. */
  triesMax: 5,
} as const;

type StrangerStore = Pick<AccountStore, 'account'> & AccountListStore & Pick<InventoryStore, 'devicesByImei'>;

/** A refusal waits for nothing and costs no question here, so that it tells nothing about the account either. */
export class Strangers {
  readonly #store: StrangerStore;
  #waiting = new Map<string, Stranger>();

  constructor(store: StrangerStore) {
    this.#store = store;
  }

  seen(stranger: Stranger): void {
    const name = `${stranger.account} ${stranger.imei}`;
    const isNew = !this.#waiting.has(name);
    if (isNew && this.#waiting.size < STRANGER_LIMITS.strangersMax) this.#waiting.set(name, stranger);
  }

  async flush(): Promise<void> {
    const waiting = [...this.#waiting.values()];
    this.#waiting = new Map();
    for (const account of new Set(waiting.map((one) => one.account))) {
      await this.#holdAll(
        account,
        waiting.filter((one) => one.account === account),
      );
    }
  }

  async #holdAll(account: AccountName, strangers: readonly Stranger[]): Promise<void> {
    if ((await this.#store.account(account))?.settings.unknownDevices !== 'hold') return;
    for (let tries = 0; tries < STRANGER_LIMITS.triesMax; tries += 1) {
      // Somebody may have imported or approved them meanwhile.
      const imeis = strangers.map(({ imei }) => imei);
      const known = await this.#store.devicesByImei(account, imeis);
      const list = await this.#store.accountList(account, 'held');
      const next = hold(
        list,
        strangers.filter(({ imei }) => !known.has(imei)),
      );
      if (next === list || (await this.#store.replaceAccountList(next))) return;
    }
  }
}
