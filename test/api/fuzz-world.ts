// What requests are made from before something in them is replaced: a world to ask in, good bodies, and credentials.
import type { Operation } from '../../src/contract/index.ts';
import {
  ACCOUNT,
  basic,
  type Desk,
  FIRMWARE,
  HTTP_DEVICES,
  LWM2M_DEVICES,
  OPERATOR_KEY,
  openAccount,
  openDesk,
  openExample,
  type Pair,
  SOFTWARE,
} from './desk.ts';

const forEach = (operations: readonly string[], body: unknown): Readonly<Record<string, unknown>> =>
  Object.fromEntries(operations.map((operation) => [operation, body]));
export const GOOD_BODIES: Readonly<Record<string, unknown>> = {
  scheduleSoftwareUpgrade: {
    softwareName: SOFTWARE.name,
    softwareFrom: SOFTWARE.from,
    softwareTo: SOFTWARE.to,
    distributionType: 'HTTP',
    startDate: '2026-03-21',
    endDate: '2026-03-22',
    downloadTimeWindowList: [{ startTime: 20, endTime: 21 }],
    deviceList: HTTP_DEVICES,
  },
  scheduleAFirmwareUpgrade: {
    firmwareName: 'x',
    firmwareFrom: 'x',
    firmwareTo: 'y',
    protocol: 'LWM2M',
    startDate: '2026-03-21',
    endDate: '2026-03-22',
    campaignTimeWindowList: [],
    deviceList: ['1'],
    autoAddDevicesFlag: true,
  },
  updateSoftwareUpgrade: { Type: 'append', deviceList: HTTP_DEVICES },
  addOrRemoveDevices: { addOrRemoveDevice: [{ type: 'remove', deviceList: HTTP_DEVICES }] },
  changeCampaignDatesAndTimeWindows: { startDate: '2026-03-21', endDate: '2026-03-22' },
  changeCampaignDatesTime: { startDate: '2026-03-21', endDate: '2026-03-22', timeZone: 'device' },
  scheduleUpgradeV1: {
    accountName: ACCOUNT,
    firmwareName: FIRMWARE.name,
    firmwareTo: FIRMWARE.to,
    startDate: '2026-03-21',
    deviceList: LWM2M_DEVICES,
  },
  changeUpgradeDevicesV1: { type: 'append', deviceList: LWM2M_DEVICES },
  queryDevicesV3: { deviceList: LWM2M_DEVICES },
  ...forEach(['assignLicensesV1', 'assignLicensesV2', 'assignLicensesV3'], { deviceList: LWM2M_DEVICES }),
  ...forEach(['removeLicensesV1', 'removeLicensesV2', 'removeLicensesV3'], { deviceList: LWM2M_DEVICES }),
  ...forEach(['setCancellationsV1', 'setCancellationsV2'], { type: 'append', deviceList: LWM2M_DEVICES }),
  createAccount: { accountName: '0000000001-00001', settings: { profiles: [{ make: 'M' }] } },
  patchAccount: { windowTimeZone: 'UTC', pollSeconds: 60 },
  importDevices: [{ imei: '352753090000077', make: 'M', transport: 'HTTP', psk: { identity: 'i', key: '00' } }],
  patchDevice: { labels: { a: 'b' }, software: { app: '1' } },
  uploadPackage: SOFTWARE,
  logIn: { username: 'u', password: 'p' },
  resetPassword: { oldPassword: 'p' },
};

export interface World {
  readonly desk: Desk;
  readonly pair: Pair;
  readonly headers: Record<string, string>;
  readonly campaigns: Readonly<Record<string, string>>;
}

export async function openWorld(open: () => Promise<Desk> = openDesk): Promise<World> {
  const desk = await open();
  const headers = await openExample(desk);
  const pair = await openAccount(desk, '0000123456-00002');
  const path = `/api/fota/v2/campaigns/${ACCOUNT}`;
  const { body } = await desk.call('POST', path, GOOD_BODIES['scheduleSoftwareUpgrade'], headers);
  return { desk, headers, pair, campaigns: { v2: body.id } };
}

export function headersOf({ credentials }: Operation, { headers, pair }: World): Record<string, string> {
  if (credentials.includes('operatorKey')) return { authorization: `Bearer ${OPERATOR_KEY}` };
  return credentials.includes('basic') ? { ...basic(pair) } : headers;
}
