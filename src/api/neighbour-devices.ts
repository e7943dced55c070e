// The devices of an account as each generation lists them (contract.md §6.1, §6.4).
import { type Device, type Imei, type Instant, type Reading, rfc3339, type Update } from '../campaigns/index.ts';
import {
  type AccountDeviceV1,
  type AccountDeviceV2,
  type AccountDeviceV3,
  LIMITS,
  NEVER_UPGRADED_V1,
  type ProtocolFilter,
  type QueriedDevice,
} from '../contract/index.ts';
import type { AccountCaller, ApiContext, Handler } from './call.ts';
import { refuseForeign } from './fota-campaign.ts';
import { packagesOf } from './neighbour-lists.ts';
import { afterId, devicesPage, fromIndex, indexPage, refuseIndex } from './neighbour-pages.ts';
import { Refusal } from './refusal.ts';

/** A device with what is kept beside it. */
interface Known {
  readonly device: Device;
  readonly isLicensed: boolean;
  readonly upgradedAt?: Instant;
}

async function known(
  devices: readonly Device[],
  { account }: AccountCaller,
  context: ApiContext,
): Promise<readonly Known[]> {
  const imeis = devices.map(({ imei }) => imei);
  const licences = await context.store.licencesOf(account.name, imeis);
  return Promise.all(
    devices.map(async (device) => {
      const upgradedAt = await lastUpgradeOf(device, context);
      return { device, isLicensed: licences.has(device.imei), ...(upgradedAt === undefined ? {} : { upgradedAt }) };
    }),
  );
}

/** A device that was never offered an image has no upgrade to look for. */
async function lastUpgradeOf(device: Device, { store }: ApiContext): Promise<Instant | undefined> {
  if (device.lastCampaign === undefined) return undefined;
  let last: Instant | undefined;
  let after: string | undefined;
  for (;;) {
    const page = { max: LIMITS.pageSizeMax, ...(after === undefined ? {} : { after }) };
    const updates = await store.updatesOf(device.account, device.imei, page);
    for (const at of updates.flatMap(successesOf)) last = last === undefined || at > last ? at : last;
    after = updates.at(-1)?.campaign;
    if (after === undefined || updates.length < LIMITS.pageSizeMax) return last;
  }
}

const successesOf = ({ state, lateResult }: Update): readonly Instant[] => [
  ...(state.name === 'succeeded' ? [state.at] : []),
  ...(lateResult?.result === 'succeeded' ? [lateResult.at] : []),
];

/** A package is made for one make and model, so a device without them can be in no campaign. */
const isEligible = ({ make, model }: Device): boolean => make !== undefined && model !== undefined;

/** The number of a subscriber is nothing that updates need; who wants it in the lists labels the device with it. */
const MDN_LABEL = 'mdn';

const common = ({ imei, make = '', model = '', labels }: Device) => ({
  deviceId: imei,
  mdn: labels[MDN_LABEL] ?? '',
  model,
  make,
});

const refreshedAt = ({ firmware, software }: Device): Instant | undefined => {
  const readings = [firmware, ...Object.values(software)].filter((one) => one !== undefined);
  return readings.length === 0 ? undefined : (Math.max(...readings.map(({ at }) => at)) as Instant);
};

function times({ device, upgradedAt }: Known) {
  const refreshed = refreshedAt(device);
  return {
    ...(upgradedAt === undefined ? {} : { upgradeTime: rfc3339(upgradedAt) }),
    ...(refreshed === undefined ? {} : { refreshTime: rfc3339(refreshed) }),
  };
}

const installed = ([name, { value: version, at }]: readonly [string, Reading]) => ({
  name,
  version,
  upgradeTime: rfc3339(at),
});

const deviceV1 = ({ device, isLicensed, upgradedAt }: Known): AccountDeviceV1 => ({
  ...common(device),
  firmware: device.firmware?.value ?? '',
  fotaEligible: isEligible(device),
  licenseAssigned: isLicensed,
  upgradeTime: upgradedAt === undefined ? NEVER_UPGRADED_V1 : rfc3339(upgradedAt),
});

const deviceV2 = (seen: Known): AccountDeviceV2 => ({
  ...common(seen.device),
  fotaEligible: isEligible(seen.device),
  appFotaEligible: isEligible(seen.device),
  licenseAssigned: seen.isLicensed,
  distributionType: seen.device.transport,
  softwareList: Object.entries(seen.device.software).map(installed),
  ...times(seen),
});

/** `Inactive`: it did not answer when it was last asked, and has not spoken since. */
function facts({ device, isLicensed }: Known, files: ReadonlySet<string>) {
  const all = Object.entries(device.software);
  const isSilent = device.registration !== undefined && !device.reachable;
  return {
    ...common(device),
    fotaEligible: isEligible(device),
    status: isSilent ? 'Inactive' : 'Active',
    licenseAssigned: isLicensed,
    protocol: device.transport,
    softwareList: all.filter(([name]) => !files.has(name)).map(installed),
    fileList: all.filter(([name]) => files.has(name)).map(installed),
  };
}

const deviceV3 = (seen: Known, files: ReadonlySet<string>): AccountDeviceV3 => ({
  ...facts(seen, files),
  firmware: seen.device.firmware?.value ?? '',
  ...times(seen),
});

const fileNames = async ({ account }: AccountCaller, context: ApiContext): Promise<ReadonlySet<string>> =>
  new Set((await packagesOf(account.name, 'file', context)).map(({ name }) => name));

const idOf = ({ imei }: Device): string => imei;

const listDevicesV1: Handler<'listDevicesV1'> = async ({ caller, params }, context) => {
  const foreign = refuseForeign(caller, params.account);
  if (foreign !== undefined) return foreign;
  const { startIndex, account: accountName } = params;
  const page = await fromIndex(startIndex, (request) => context.store.devices(caller.account.name, request));
  const beyond = refuseIndex(startIndex, page.rows.length);
  if (beyond !== undefined) return beyond;
  const deviceList = (await known(page.rows, caller, context)).map(deviceV1);
  return { accountName, ...indexPage(page, startIndex), maxPageSize: LIMITS.fotaPageSizeMax, deviceList };
};

interface DevicesCall {
  readonly caller: AccountCaller;
  readonly params: { readonly account: string };
  readonly query: { readonly lastSeenDeviceId?: string };
}

async function pageOfDevices(call: DevicesCall, filter: ProtocolFilter, context: ApiContext) {
  const { caller, params, query } = call;
  const foreign = refuseForeign(caller, params.account);
  if (foreign !== undefined) return foreign;
  // No device of this server is reached over OMA-DM.
  if (filter === 'OMD-DM') return { rows: [], hasMore: false };
  const transport = filter === 'all' ? {} : { transport: filter };
  return afterId(query.lastSeenDeviceId, (page) => context.store.devices(caller.account.name, page, transport));
}

const listDevicesV2: Handler<'listDevicesV2'> = async (call, context) => {
  const page = await pageOfDevices(call, call.query.distributionType, context);
  if (page instanceof Refusal) return page;
  const deviceList = (await known(page.rows, call.caller, context)).map(deviceV2);
  return { accountName: call.params.account, ...devicesPage(page, idOf), deviceList };
};

const listDevicesV3: Handler<'listDevicesV3'> = async (call, context) => {
  const page = await pageOfDevices(call, call.query.protocol, context);
  if (page instanceof Refusal) return page;
  const files = await fileNames(call.caller, context);
  const deviceList = (await known(page.rows, call.caller, context)).map((seen) => deviceV3(seen, files));
  return { accountName: call.params.account, ...devicesPage(page, idOf), deviceList };
};

async function queried(seen: Known, files: ReadonlySet<string>, { store }: ApiContext): Promise<QueriedDevice> {
  const { account, imei, firmware } = seen.device;
  const { refreshTime } = times(seen);
  const lastSeen = await store.lastSeen({ account, imei });
  return {
    ...facts(seen, files),
    requestStatus: 'Success',
    resultReason: 'Success',
    ...(firmware === undefined ? {} : { firmware: firmware.value }),
    ...(refreshTime === undefined ? {} : { refreshTime }),
    ...(lastSeen === undefined ? {} : { statusTime: rfc3339(lastSeen), lastConnectionTime: rfc3339(lastSeen) }),
  };
}

const notFound = (deviceId: string): QueriedDevice => ({
  deviceId,
  requestStatus: 'Failure',
  resultReason: 'Device Not Found.',
});

const queryDevicesV3: Handler<'queryDevicesV3'> = async ({ caller, params, body }, context) => {
  const foreign = refuseForeign(caller, params.account);
  if (foreign !== undefined) return foreign;
  const wanted = [...new Set(body.deviceList)];
  const found = await context.store.devicesByImei(caller.account.name, wanted as Imei[]);
  const files = await fileNames(caller, context);
  const seen = await known([...found.values()], caller, context);
  const lines = await Promise.all(seen.map((one) => queried(one, files, context)));
  const byId = new Map(lines.map((line) => [line.deviceId, line]));
  const deviceList = wanted.map((imei) => byId.get(imei) ?? notFound(imei));
  return { accountName: params.account, deviceCount: deviceList.length, deviceList };
};

export const NEIGHBOUR_DEVICE_HANDLERS = { listDevicesV1, listDevicesV2, listDevicesV3, queryDevicesV3 } as const;
