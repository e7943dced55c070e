// What a poll of an HTTP device needs, in one question that is compiled once: there is no shorter way to know who it is.
import { type CompiledQuery, sql } from 'kysely';
import { type AccountSettings, DEFAULT_SETTINGS, type DeviceSecrets, profileOf } from '../accounts/index.ts';
import type { HttpDevice } from '../accounts/ports.ts';
import type { Device, DeviceKey } from '../campaigns/index.ts';
import { parsed, placeOf } from './columns.ts';
import type { Sql } from './sql.ts';

interface Row {
  readonly body: string;
  readonly secrets: string | null;
  readonly account_body: string | null;
}

/** Accounts whose settings are kept parsed. */
const ACCOUNTS_MAX = 1_000;

export function httpDevices(store: Sql): (key: DeviceKey) => Promise<HttpDevice | undefined> {
  const settings = new Settings();
  let compiled: CompiledQuery<Row> | undefined;
  return async (key) => {
    const { account, bucket, imei } = placeOf(key);
    compiled ??= sql<Row>`
      select d.body, s.body as secrets, a.body as account_body
      from devices d
      left join device_secrets s on s.account = d.account and s.bucket = d.bucket and s.imei = d.imei
      left join accounts a on a.name = d.account
      where d.account = ${account} and d.bucket = ${bucket} and d.imei = ${imei}`.compile(store.read);
    const asked = { ...compiled, parameters: [account, bucket, imei] };
    const rows = store.ask?.(asked) ?? (await store.read.executeQuery(asked)).rows;
    const row = rows[0] as Row | undefined;
    if (row === undefined) return undefined;
    const device = parsed<Device>(row.body);
    const { ddiToken } = row.secrets === null ? {} : parsed<DeviceSecrets>(row.secrets);
    const own = settings.of(account, row.account_body);
    return { device, profile: profileOf(own, device), settings: own, ...(ddiToken === undefined ? {} : { ddiToken }) };
  };
}

/** The same text is the same settings: an account with many profiles is not parsed at each poll. */
class Settings {
  readonly #known = new Map<string, { readonly body: string; readonly settings: AccountSettings }>();

  of(account: string, body: string | null): AccountSettings {
    if (body === null) return DEFAULT_SETTINGS;
    const known = this.#known.get(account);
    if (known?.body === body) return known.settings;
    const { settings } = parsed<{ readonly settings: AccountSettings }>(body);
    if (this.#known.size >= ACCOUNTS_MAX) this.#known.clear();
    this.#known.set(account, { body, settings });
    return settings;
  }
}
