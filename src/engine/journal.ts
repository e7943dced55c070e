// What devices did, collected here and written in batches: no poll costs a write (engine.md §10).
import { type CheckIn, type DeviceLog, loggingNow } from '../accounts/index.ts';
import type { AccountListStore, DeviceLogStore } from '../accounts/ports.ts';
import type { AccountName, Imei } from '../campaigns/index.ts';
import type { Journal } from './ports.ts';

export const JOURNAL_LIMITS = {
  /** Devices whose check-in, and lines of device logs, that wait to be written; with more the later ones are lost. */
  checkInsMax: 100_000,
  logsMax: 20_000,
  /** A device that checks in again and again without anything new is written at most this often (milliseconds). */
  checkInEvery: 900_000,
  /** Devices whose last written check-in is remembered. */
  writtenMax: 200_000,
  /** Rows of one write. */
  rowsPerWrite: 500,
} as const;

export class DeviceJournal implements Journal {
  readonly #store: DeviceLogStore & AccountListStore;
  #checkIns = new Map<string, CheckIn>();
  /** When a success of each device was last taken to be written. */
  readonly #successes = new Map<string, number>();
  #logs: DeviceLog[] = [];

  constructor(store: DeviceLogStore & AccountListStore) {
    this.#store = store;
  }

  /** Contacts of one device between two flushes are one; a failure is not covered by what follows it. */
  checkedIn(checkIn: CheckIn): void {
    const name = `${checkIn.key.account} ${checkIn.key.imei}`;
    if (this.#isOldNews(name, checkIn)) return;
    const known = this.#checkIns.get(name);
    if (known === undefined && this.#checkIns.size >= JOURNAL_LIMITS.checkInsMax) return;
    if (known?.result === 'failed' && checkIn.result === 'succeeded') return;
    this.#checkIns.set(name, checkIn);
  }

  /** A fleet that polls every few minutes would otherwise cost a row for each poll. */
  #isOldNews(name: string, { at, result }: CheckIn): boolean {
    const last = this.#successes.get(name);
    if (result === 'failed') this.#successes.delete(name);
    if (result === 'failed' || (last !== undefined && at - last < JOURNAL_LIMITS.checkInEvery))
      return result !== 'failed';
    if (last === undefined && this.#successes.size >= JOURNAL_LIMITS.writtenMax) this.#successes.clear();
    this.#successes.set(name, at);
    return false;
  }

  /** Whether its client logging is on is looked up when it is written. */
  logged(log: DeviceLog): void {
    if (this.#logs.length < JOURNAL_LIMITS.logsMax) this.#logs.push(log);
  }

  /** Writes what was collected; what could not be written is kept for the next time. */
  async flush(): Promise<void> {
    const checkIns = [...this.#checkIns.values()];
    const logs = this.#logs;
    this.#checkIns = new Map();
    this.#logs = [];
    let written = 0;
    try {
      for (const batch of batches(checkIns)) {
        await this.#store.putCheckIns(batch);
        written += batch.length;
      }
    } catch (error) {
      for (const one of checkIns.slice(written)) this.#keep(one);
      for (const one of logs) this.logged(one);
      throw error;
    }
    await this.#writeLogs(logs);
  }

  async #writeLogs(logs: readonly DeviceLog[]): Promise<void> {
    let wanted: readonly DeviceLog[] = logs;
    try {
      wanted = await this.#wanted(logs);
      for (const batch of batches(wanted)) {
        await this.#store.putDeviceLogs(batch);
        wanted = wanted.slice(batch.length);
      }
    } catch (error) {
      for (const one of wanted) this.logged(one);
      throw error;
    }
  }

  #keep(checkIn: CheckIn): void {
    if (!this.#checkIns.has(`${checkIn.key.account} ${checkIn.key.imei}`)) this.checkedIn(checkIn);
  }

  async #wanted(logs: readonly DeviceLog[]): Promise<readonly DeviceLog[]> {
    const accounts = new Map<AccountName, ReadonlyMap<Imei, number>>();
    for (const { key, at } of logs) {
      if (accounts.has(key.account)) continue;
      const list = await this.#store.accountList(key.account, 'logging');
      accounts.set(key.account, new Map(loggingNow(list, at).map(({ imei, expiresAt }) => [imei, expiresAt])));
    }
    return logs.filter(({ key, at }) => at < (accounts.get(key.account)?.get(key.imei) ?? 0));
  }
}

function* batches<Row>(rows: readonly Row[]): Generator<readonly Row[]> {
  for (let at = 0; at < rows.length; at += JOURNAL_LIMITS.rowsPerWrite)
    yield rows.slice(at, at + JOURNAL_LIMITS.rowsPerWrite);
}
