// An account: the tenant, its switches, and how its kinds of device behave.
import type { AccountName, DeviceProfile, Instant, Zone } from '../campaigns/index.ts';
import type { PilotRule } from './pilot.ts';
import { EVENT_SUBSCRIPTION, type Subscription } from './subscription.ts';

/** The account's switches, each with the default of a fresh account. */
export interface AccountSettings {
  /** Zone of a campaign's hours when the request names none (engine.md §3). */
  readonly windowTimeZone: Zone;
  /** Zone of a device that names none, for campaigns in the devices' own zone. */
  readonly deviceTimeZoneDefault: Zone;
  /** DELETE on a started campaign aborts it instead of being refused (contract.md §9-5). */
  readonly abortOnDelete: boolean;
  /** An IMEI whose fifteenth digit is not its check digit is rejected. */
  readonly checkImeiDigits: boolean;
  /** An identical schedule body within ten minutes answers the first campaign (engine.md §2). */
  readonly repeatedScheduleAnswersFirst: boolean;
  /** FOTA calls need the session token beside the bearer token (contract.md §1.4). */
  readonly requireSession: boolean;
  /** How often an HTTP device is told to poll, in seconds; below 24 hours. */
  readonly pollSeconds: number;
  /** What the account pays for; a monthly one asks for a licence of every device (contract.md §6.6). */
  readonly subscription: Subscription;
  /** Hosts, addresses and address ranges that callbacks may go to although they are not public. */
  readonly allowPrivateCallbackHosts?: readonly string[];
  /** GET /v1/callbacks answers a list, not an object (contract.md §6.1). */
  readonly v1CallbacksAsList?: boolean;
  /** Only packages whose image a key of the account has signed can be scheduled. */
  readonly requireSignedImages?: boolean;
  /** What all devices may download together over HTTP; 0 or absent: without cap. */
  readonly downloadBytesPerSecondMax?: number;
  /** What becomes of an HTTP device that is not in the account; absent: `refuse`. */
  readonly unknownDevices?: 'refuse' | 'hold';
  /** Hashes of the issuers whose client certificates a trusted proxy has checked (docs/devices/http.md). */
  readonly clientCertificateIssuers?: readonly string[];
  /** What all HTTP devices of the account together may ask a second; absent: the server's default. */
  readonly httpRequestsPerSecondMax?: number;
  /** How many devices may begin an update in a minute, over all campaigns (engine.md §4). */
  readonly arrivalCaps?: ArrivalCaps;
  /** Cell and carrier of LwM2M devices, as their object 4 tells them, become labels. */
  readonly labelsFromNetwork?: boolean;
  /** A campaign stays small until a pilot of its package has succeeded (contract.md §3.5). */
  readonly pilotRule?: PilotRule;
  /** Behaviour by make and model; the first that fits counts. */
  readonly profiles: readonly ProfileRule[];
}

export interface ArrivalCaps {
  /** Of the whole account. */
  readonly perMinute?: number;
  /** By the key of a label: devices with the same value of it share so many, like those of one radio cell. */
  readonly labels?: Readonly<Record<string, number>>;
}

/** The name of the allowance that the whole account shares. */
export const ACCOUNT_SCOPE = 'account';

/** The capped labels that a device has, by the name of their allowance. */
export function cappedLabels(
  { arrivalCaps }: AccountSettings,
  { labels }: { readonly labels: Readonly<Record<string, string>> },
): readonly { readonly scope: string; readonly perMinute: number }[] {
  if (arrivalCaps?.labels === undefined) return [];
  return Object.entries(arrivalCaps.labels).flatMap(([key, perMinute]) => {
    const value = labels[key];
    return value === undefined ? [] : [{ scope: `${key}=${value}`, perMinute }];
  });
}

export interface ProfileRule extends Partial<DeviceProfile> {
  readonly make: string;
  /** Absent: every model of the make. */
  readonly model?: string;
}

export interface Account {
  readonly name: AccountName;
  readonly revision: number;
  readonly createdAt: Instant;
  readonly settings: AccountSettings;
}

export const DEFAULT_SETTINGS: AccountSettings = {
  windowTimeZone: 'UTC',
  deviceTimeZoneDefault: 'UTC',
  abortOnDelete: false,
  checkImeiDigits: false,
  repeatedScheduleAnswersFirst: true,
  requireSession: true,
  pollSeconds: 300,
  subscription: { purchaseType: EVENT_SUBSCRIPTION },
  profiles: [],
};

const FALLBACK: DeviceProfile = { ddiClient: 'streaming', autoInstalls: false };

/** The profile of a device: the first rule of the account that names its make and model, over the defaults. */
export function profileOf(
  settings: AccountSettings,
  device: { readonly make?: string; readonly model?: string },
): DeviceProfile {
  const rule = settings.profiles.find(
    (one) => one.make === device.make && (one.model === undefined || one.model === device.model),
  );
  const network = settings.labelsFromNetwork === true ? { readsNetwork: true } : {};
  if (rule === undefined) return { ...FALLBACK, ...network };
  const { make: _make, model: _model, ...profile } = rule;
  return { ...FALLBACK, ...network, ...profile };
}
