// Short lists that an account keeps as one row each: client logging, licences that may be taken back, image keys, caps.
import type { AccountName, Imei, Instant } from '../campaigns/index.ts';
import type { GatewayRow, HeldList } from './held.ts';
import type { BandwidthList, ImageKeyList } from './image-key.ts';

interface ListRow {
  readonly account: AccountName;
  /** 0: there is no row yet. */
  readonly revision: number;
}

/** Devices whose client logging is on (contract.md §6.9). */
export interface LoggingList extends ListRow {
  readonly kind: 'logging';
  readonly devices: readonly Logging[];
}

export interface Logging {
  readonly imei: Imei;
  readonly expiresAt: Instant;
}

/** Devices whose licences may be taken back first when the subscription shrinks (contract.md §6.6); in the order given. */
export interface CancellationList extends ListRow {
  readonly kind: 'cancellation';
  readonly imeis: readonly string[];
  readonly updatedAt?: Instant;
}

export type AccountList = LoggingList | CancellationList | ImageKeyList | BandwidthList | HeldList | GatewayRow;
export type AccountListKind = AccountList['kind'];

export const ACCOUNT_LIMITS = {
  /** Devices of an account whose client logging is on at a time. */
  loggingDevicesMax: 20,
  /** Client logging ends by itself after this (milliseconds). */
  loggingLife: 7 * 86_400_000,
  /** Candidates for taking back a licence. */
  cancellationDevicesMax: 100_000,
  /** Check-ins and log lines that are kept of one device, the newest. */
  checkInsPerDeviceMax: 50,
  /** Of these the newest are read where the rhythms of many devices are wanted. */
  contactsReadMax: 12,
  logsPerDeviceMax: 500,
  /** What is kept of a line of a device log. */
  logTextLengthMax: 2_048,
} as const;

export const noList = <Kind extends AccountListKind>(
  account: AccountName,
  kind: Kind,
): Extract<AccountList, { readonly kind: Kind }> =>
  ({ account, kind, revision: 0, ...EMPTY[kind] }) as unknown as Extract<AccountList, { readonly kind: Kind }>;

const EMPTY = {
  logging: { devices: [] },
  cancellation: { imeis: [] },
  imageKeys: { keys: [] },
  bandwidth: { caps: [] },
  held: { devices: [] },
  gateway: {},
} as const satisfies Record<AccountListKind, object>;

/** Those whose time is not over. */
export const loggingNow = (list: LoggingList, now: Instant): readonly Logging[] =>
  list.devices.filter(({ expiresAt }) => now < expiresAt);

export type ListResult<List extends AccountList> =
  | { readonly ok: true; readonly list: List }
  | { readonly ok: false; readonly sentence: string };

/** Switches client logging on; for devices that have it on its seven days begin anew. */
export function logAlso(list: LoggingList, imeis: readonly Imei[], now: Instant): ListResult<LoggingList> {
  const expiresAt = (now + ACCOUNT_LIMITS.loggingLife) as Instant;
  const devices = new Map(loggingNow(list, now).map((one) => [one.imei, one]));
  for (const imei of imeis) devices.set(imei, { imei, expiresAt });
  const max = ACCOUNT_LIMITS.loggingDevicesMax;
  if (devices.size > max) {
    return {
      ok: false,
      sentence: `deviceIds: client logging would be on for ${devices.size} devices, accepted: at most ${max} of an account at a time.`,
    };
  }
  return { ok: true, list: { ...list, devices: [...devices.values()] } };
}

export const logNoMore = (list: LoggingList, imeis: readonly string[], now: Instant): LoggingList => ({
  ...list,
  devices: loggingNow(list, now).filter(({ imei }) => !imeis.includes(imei)),
});

/** Without `append` the list is another one. */
export function cancellationOf(
  list: CancellationList,
  imeis: readonly string[],
  how: 'append' | 'replace',
  now: Instant,
): ListResult<CancellationList> {
  const all = [...new Set(how === 'append' ? [...list.imeis, ...imeis] : imeis)];
  const max = ACCOUNT_LIMITS.cancellationDevicesMax;
  if (all.length > max)
    return { ok: false, sentence: `deviceList: ${all.length} devices in all, accepted: at most ${max}.` };
  return { ok: true, list: { ...list, imeis: all, updatedAt: now } };
}
