// Client logging of devices: switched on and off, what they logged, and when they checked in (contract.md §6.9).
import { type ListResult, type LoggingList, logAlso, loggingNow, logNoMore } from '../accounts/index.ts';
import { dayOf, type Imei, type Instant, rfc3339 } from '../campaigns/index.ts';
import type { DeviceLogging } from '../contract/index.ts';
import type { AccountCaller, ApiContext, Handler } from './call.ts';
import { refuseForeign } from './fota-campaign.ts';
import { invalid, Refusal, refuse, refuseBusy } from './refusal.ts';

interface AccountCall {
  readonly caller: AccountCaller;
  readonly params: { readonly account: string };
}
interface DeviceCall extends AccountCall {
  readonly params: { readonly account: string; readonly deviceId: string };
}

const STALE_TRIES_MAX = 8;
const STALE_RETRY_SECONDS = 1;

async function changeList(
  { caller, params }: AccountCall,
  change: (list: LoggingList, now: Instant) => ListResult<LoggingList>,
  { store, clock }: ApiContext,
): Promise<LoggingList | Refusal> {
  const foreign = refuseForeign(caller, params.account);
  if (foreign !== undefined) return foreign;
  for (let tries = 0; tries < STALE_TRIES_MAX; tries += 1) {
    const list = await store.accountList(caller.account.name, 'logging');
    const result = change(list, clock.now());
    if (!result.ok) return invalid(result.sentence);
    if (await store.replaceAccountList(result.list)) return result.list;
  }
  return refuseBusy(`other changes of client logging of account ${params.account}`, STALE_RETRY_SECONDS);
}

async function enable(
  call: AccountCall,
  imeis: readonly string[],
  context: ApiContext,
): Promise<LoggingList | Refusal> {
  const foreign = refuseForeign(call.caller, call.params.account);
  if (foreign !== undefined) return foreign;
  const wanted = imeis as readonly Imei[];
  const known = await context.store.devicesByImei(call.caller.account.name, wanted);
  const unknown = wanted.find((imei) => !known.has(imei));
  if (unknown !== undefined) return refuse('DEVICE_NOT_FOUND', { imei: unknown, account: call.params.account });
  return changeList(call, (list, now) => logAlso(list, wanted, now), context);
}

/** Those that are off already stay off: a DELETE may be repeated. */
async function disable(call: AccountCall, imeis: readonly string[], context: ApiContext): Promise<undefined | Refusal> {
  const list = await changeList(call, (before, now) => ({ ok: true, list: logNoMore(before, imeis, now) }), context);
  return list instanceof Refusal ? list : undefined;
}

const views = (list: LoggingList, now: Instant): DeviceLogging[] =>
  loggingNow(list, now).map(({ imei, expiresAt }) => ({ deviceId: imei, expiryDate: dayOf(expiresAt) }));

const listLoggingV2: Handler<'listLoggingV2'> = async ({ caller, params }, { store, clock }) => {
  const foreign = refuseForeign(caller, params.account);
  if (foreign !== undefined) return foreign;
  return views(await store.accountList(caller.account.name, 'logging'), clock.now());
};

const enableLoggingV2: Handler<'enableLoggingV2'> = async (call, context) => {
  const list = await enable(call, call.body.deviceIds, context);
  return list instanceof Refusal ? list : views(list, context.clock.now());
};

const disableLoggingV2: Handler<'disableLoggingV2'> = (call, context) => disable(call, call.query.deviceIds, context);

const enableDeviceLoggingV2: Handler<'enableDeviceLoggingV2'> = async (call, context) => {
  const { deviceId, account } = call.params;
  const list = await enable(call, [deviceId], context);
  if (list instanceof Refusal) return list;
  const own = views(list, context.clock.now()).find((one) => one.deviceId === deviceId);
  return own ?? refuse('DEVICE_NOT_FOUND', { imei: deviceId, account });
};

const disableDeviceLoggingV2: Handler<'disableDeviceLoggingV2'> = (call, context) =>
  disable(call, [call.params.deviceId], context);

async function ownDevice({ caller, params }: DeviceCall, { store }: ApiContext) {
  const foreign = refuseForeign(caller, params.account);
  if (foreign !== undefined) return foreign;
  const device = await store.device({ account: caller.account.name, imei: params.deviceId as Imei });
  return device ?? refuse('DEVICE_NOT_FOUND', { imei: params.deviceId, account: params.account });
}

/** Devices tell texts only; the fields of a binary log are required and stay empty. */
const listDeviceLogsV2: Handler<'listDeviceLogsV2'> = async (call, context) => {
  const device = await ownDevice(call, context);
  if (device instanceof Refusal) return device;
  const logs = await context.store.deviceLogs(device);
  return logs.map(({ key, at, type, text }) => ({
    deviceId: key.imei,
    logTime: rfc3339(at),
    logType: type,
    eventLog: text,
    binaryLogFileBase64: '',
    binaryLogFilename: '',
  }));
};

const listCheckInsV2: Handler<'listCheckInsV2'> = async (call, context) => {
  const device = await ownDevice(call, context);
  if (device instanceof Refusal) return device;
  const checkIns = await context.store.checkIns(device);
  return checkIns.map(({ key, at, client, result, failure }) => ({
    deviceId: key.imei,
    clientType: client,
    result,
    failureType: failure ?? '',
    timeCompleted: rfc3339(at),
  }));
};

export const LOGGING_HANDLERS = {
  listLoggingV2,
  enableLoggingV2,
  disableLoggingV2,
  enableDeviceLoggingV2,
  disableDeviceLoggingV2,
  listDeviceLogsV2,
  listCheckInsV2,
} as const;
