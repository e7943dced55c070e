// Operator API: import, list, read, change and delete devices. Secrets go in and never come out.

import type { DeviceSight } from '../accounts/index.ts';
import { type Account, roleAllows } from '../accounts/index.ts';
import { type Device, type Imei, type Instant, invariant, rfc3339 } from '../campaigns/index.ts';
import { type DeviceView, type ErrorCode, errorStatus } from '../contract/index.ts';
import { readText } from './body.ts';
import type { ApiContext, Handler, OperatorCaller } from './call.ts';
import { type Line, lineOf, readLines, refusedZone, storeLines } from './device-intake.ts';
import { nextContactBy, searchOf } from './device-search.ts';
import { accountOf } from './operator-accounts.ts';
import { refuseRole } from './operator-caller.ts';
import { invalid, Refusal, refuse } from './refusal.ts';
import { sha256 } from './secrets.ts';

const importDevices: Handler<'importDevices'> = async ({ params, query, request, hold, once, caller }, context) => {
  const account = await accountOf(params.accountName, context);
  if (account instanceof Refusal) return account;
  const bytesMax = context.limits.importBodyBytesMax;
  const body = await readText(request.raw, { bytesMax, hold });
  if (body instanceof Refusal) return body;
  const read = readLines(body.text, context.limits);
  if (read instanceof Refusal) return read;
  const lines = read.filter((one): one is Line => 'line' in one);
  const unread = read.filter((one) => 'errorCode' in one);
  const refusedRole = refuseSecrets(caller, lines);
  if (refusedRole !== undefined) return refusedRole;
  return once(sha256(body.text), async () => {
    const refused = await storeLines(account, lines, query.dryRun, context);
    return {
      imported: lines.length - refused.length,
      rejected: [...unread, ...refused],
      ...(query.dryRun ? { dryRun: true } : {}),
    };
  });
};

/** Who sets the secrets of a device can speak for it. */
const refuseSecrets = ({ operator }: OperatorCaller, lines: readonly Line[]): Refusal | undefined =>
  lines.some(({ secrets }) => secrets !== undefined) && !roleAllows(operator.role, 'admin')
    ? refuseRole(operator, 'admin')
    : undefined;

interface Seen {
  readonly device: Device;
  readonly sight: DeviceSight;
  readonly account: Account;
  readonly refusal: { readonly at: Instant; readonly why: string } | undefined;
}

async function look(
  account: Account,
  devices: readonly Device[],
  { store, refusalOf }: ApiContext,
): Promise<readonly DeviceView[]> {
  const sights = await store.deviceSights(devices);
  return devices.map((device, place) => {
    const sight = sights[place] ?? { secrets: {} };
    return deviceView({ device, sight, account, refusal: refusalOf?.({ account: account.name, imei: device.imei }) });
  });
}

async function shown({ account, device }: Found, context: ApiContext): Promise<DeviceView> {
  const [view] = await look(account, [device], context);
  invariant(view !== undefined, 'a device has a view');
  return view;
}

const isSet = (text: string | undefined): text is string => text !== undefined && text !== '';

function deviceView({ device, sight, account, refusal }: Seen): DeviceView {
  const { secrets, lastSeen, state } = sight;
  const nextContact = nextContactBy(device, sight, account);
  const { imei, make, model, transport, firmware, timeZone, labels, liveCampaign, residue } = device;
  const { autoConfirm, violations } = device;
  const software = Object.entries(device.software).map(([name, reading]) => [name, reading.value] as const);
  // What an operator has imported was not read from the device.
  const told = [firmware, ...Object.values(device.software)].filter((one) => one?.source === 'reported');
  const times = [device.attributesAt, ...told.map((one) => one?.at)].filter((at) => at !== undefined);
  const readAt = times.length === 0 ? undefined : (Math.max(...times) as Instant);
  return {
    imei,
    ...(make === undefined ? {} : { make }),
    ...(model === undefined ? {} : { model }),
    transport,
    ...(firmware === undefined ? {} : { firmware: firmware.value }),
    software: Object.fromEntries(software),
    ...(timeZone === undefined ? {} : { timeZone }),
    labels: { ...labels },
    ...(isSet(secrets.pskIdentity) ? { pskIdentity: secrets.pskIdentity } : {}),
    hasPsk: isSet(secrets.pskKey),
    hasDdiToken: isSet(secrets.ddiToken),
    ...(readAt === undefined ? {} : { versionReadAt: rfc3339(readAt) }),
    ...(lastSeen === undefined ? {} : { lastSeenAt: rfc3339(lastSeen) }),
    ...(nextContact === undefined ? {} : { nextContactBy: rfc3339(nextContact) }),
    ...(refusal === undefined ? {} : { refused: { at: rfc3339(refusal.at), why: refusal.why } }),
    ...(liveCampaign === undefined ? {} : { campaignId: liveCampaign }),
    ...(state === undefined ? {} : { updateState: state }),
    ...(residue === undefined ? {} : { residue: true }),
    ...(autoConfirm === undefined ? {} : { autoConfirm: true }),
    ...(violations === undefined ? {} : { violations }),
  };
}

const listDevices: Handler<'listDevices'> = async ({ params, query }, context) => {
  const account = await accountOf(params.accountName, context);
  if (account instanceof Refusal) return account;
  const { limit, after } = query;
  const page = { max: limit, ...(after === undefined ? {} : { after }) };
  const { store, clock } = context;
  const { devices, next } = await store.findDevices(account.name, searchOf(query, clock.now()), page);
  const items = await look(account, devices, context);
  return { items: [...items], ...(next === undefined ? {} : { nextPageToken: next }) };
};

interface DeviceParams {
  readonly accountName: string;
  readonly imei: string;
}

interface Found {
  readonly account: Account;
  readonly device: Device;
}

export async function deviceOf({ accountName, imei }: DeviceParams, context: ApiContext): Promise<Found | Refusal> {
  const account = await accountOf(accountName, context);
  if (account instanceof Refusal) return account;
  const device = await context.store.device({ account: account.name, imei: imei as Imei });
  return device === undefined ? refuse('DEVICE_UNKNOWN', { imei, account: accountName }) : { account, device };
}

const getDevice: Handler<'getDevice'> = async ({ params }, context) => {
  const found = await deviceOf(params, context);
  return found instanceof Refusal ? found : shown(found, context);
};

const patchDevice: Handler<'patchDevice'> = async ({ params, body, caller }, context) => {
  const found = await deviceOf(params, context);
  if (found instanceof Refusal) return found;
  const line = lineOf(body, found.device.imei);
  const refusedRole = refuseSecrets(caller, [line]);
  if (refusedRole !== undefined) return refusedRole;
  const badZone = refusedZone(body.timeZone);
  if (badZone !== undefined) return invalid(badZone);
  const [refused] = await storeLines(found.account, [line], false, context);
  if (refused !== undefined) return new Refusal(errorStatus(refused.errorCode as ErrorCode), withoutImei(refused));
  const changed = await deviceOf(params, context);
  return changed instanceof Refusal ? changed : shown(changed, context);
};

const withoutImei = ({ errorCode, errorMessage }: { readonly errorCode: string; readonly errorMessage: string }) => ({
  errorCode,
  errorMessage,
});

const deleteDevice: Handler<'deleteDevice'> = async ({ params }, context) => {
  const found = await deviceOf(params, context);
  if (found instanceof Refusal) return found;
  const { device } = found;
  if (device.liveCampaign !== undefined) {
    return refuse('DEVICE_BUSY', { imei: device.imei, campaign: device.liveCampaign });
  }
  const isGone = await context.store.deleteDevice(device);
  return isGone ? undefined : refuse('DEVICE_UNKNOWN', { imei: device.imei, account: params.accountName });
};

export const DEVICE_HANDLERS = { importDevices, listDevices, getDevice, patchDevice, deleteDevice } as const;
