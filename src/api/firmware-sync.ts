// What firmware devices run, brought up to date: LwM2M devices are asked, and what is known is told (contract.md §6.3).
import { type FirmwareLine, firmwareLines } from '../accounts/index.ts';
import { type AccountName, type Imei, rfc3339 } from '../campaigns/index.ts';
import type { DeviceFirmwareVersion } from '../contract/index.ts';
import type { AskResult } from '../engine/index.ts';
import type { AccountCaller, ApiContext, Handler } from './call.ts';
import { refuseForeign } from './fota-campaign.ts';
import { type Refusal, refuse } from './refusal.ts';

const SOURCES = {
  import: 'It was told with the device and has not been read from it.',
  reported: 'The device reported it.',
} as const;

const ASKED: Readonly<Record<AskResult['is'], string>> = {
  asked: 'The device is asked now; its answer is in POST /v3/devices as soon as it has come.',
  'device-unknown': '',
  'not-lwm2m': 'It is a device over HTTP, which tells its version by itself.',
  'not-registered': 'The device is not connected now; it is read when it registers.',
};

function told(line: FirmwareLine, asked: AskResult['is']): DeviceFirmwareVersion {
  switch (line.is) {
    case 'known': {
      const { value, at, source } = line.firmware;
      return {
        deviceId: line.imei,
        firmwareVersion: value,
        status: 'FirmwareVersionUpdateSuccess',
        reason: 'Success',
        reasonText: sentences(SOURCES[source], ASKED[asked]),
        firmwareVersionUpdateTime: rfc3339(at),
      };
    }
    case 'not-read':
      return { ...failed(line.imei, 'Device firmware is not known'), reasonText: ASKED[asked] };
    case 'device-unknown':
      return failed(line.imei, 'Device does not exist.');
  }
}

const failed = (deviceId: string, reason: string): DeviceFirmwareVersion => ({
  deviceId,
  firmwareVersion: '',
  status: 'FirmwareVersionUpdateFailed',
  reason,
});

const sentences = (...all: readonly string[]): string => all.filter((one) => one !== '').join(' ');

/** Their intents share commits. */
const ASKED_AT_ONCE_MAX = 100;

async function synchronise(
  account: AccountName,
  imeis: readonly string[],
  { store, engine }: ApiContext,
): Promise<DeviceFirmwareVersion[]> {
  const devices = await store.devicesByImei(account, imeis as readonly Imei[]);
  const ask = async (line: FirmwareLine): Promise<DeviceFirmwareVersion> => {
    if (line.is === 'device-unknown') return told(line, 'device-unknown');
    const { is } = await engine.askDevice({ account, imei: line.device.imei });
    return told(line, is);
  };
  const lines = firmwareLines([...new Set(imeis)], devices);
  const answers: DeviceFirmwareVersion[] = [];
  for (let at = 0; at < lines.length; at += ASKED_AT_ONCE_MAX) {
    answers.push(...(await Promise.all(lines.slice(at, at + ASKED_AT_ONCE_MAX).map(ask))));
  }
  return answers;
}

const synchronizeFirmwareV3: Handler<'synchronizeFirmwareV3'> = async ({ caller, params, body }, context) => {
  const foreign = refuseForeign(caller, params.account);
  if (foreign !== undefined) return foreign;
  const lines = await synchronise(caller.account.name, body.deviceList, context);
  return { accountName: params.account, deviceFirmwarVersionList: lines };
};

interface DeviceCall {
  readonly caller: AccountCaller;
  readonly params: { readonly account: string; readonly deviceId: string };
}

async function refuseUnknown({ caller, params }: DeviceCall, { store }: ApiContext): Promise<Refusal | undefined> {
  const foreign = refuseForeign(caller, params.account);
  if (foreign !== undefined) return foreign;
  const device = await store.device({ account: caller.account.name, imei: params.deviceId as Imei });
  return device === undefined
    ? refuse('DEVICE_NOT_FOUND', { imei: params.deviceId, account: params.account })
    : undefined;
}

const synchronizeDeviceFirmwareV3: Handler<'synchronizeDeviceFirmwareV3'> = async (call, context) => {
  const refused = await refuseUnknown(call, context);
  if (refused !== undefined) return refused;
  const lines = await synchronise(call.caller.account.name, [call.params.deviceId], context);
  return { accountName: call.params.account, deviceFirmwarVersionList: lines };
};

const REFUSALS: Readonly<Record<Exclude<AskResult['is'], 'asked'>, string>> = {
  'device-unknown': 'it is unknown',
  'not-lwm2m': 'it is a device over HTTP, which cannot be asked and tells its version by itself',
  'not-registered': 'it is not connected now',
};

const requestFirmwareReportV3: Handler<'requestFirmwareReportV3'> = async (call, context) => {
  const refused = await refuseUnknown(call, context);
  if (refused !== undefined) return refused;
  const { account, deviceId } = call.params;
  const { is } = await context.engine.askDevice({ account: call.caller.account.name, imei: deviceId as Imei });
  return is === 'asked'
    ? { accountName: account, requestId: context.secrets.uuid() }
    : refuse('DEVICE_NOT_ELIGIBLE', { imei: deviceId, reason: REFUSALS[is] });
};

export const FIRMWARE_SYNC_HANDLERS = {
  synchronizeFirmwareV3,
  synchronizeDeviceFirmwareV3,
  requestFirmwareReportV3,
} as const;
