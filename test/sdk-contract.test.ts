// The SDK and the contract: each method sends an operation that exists, and each operation has a method.

import { expect, test } from 'vitest';
import { OPERATIONS, type Operation } from '../src/contract/index.ts';
import { CampanileClient, type Fetch } from '../src/sdk/index.ts';
import { OperatorClient } from '../src/sdk/operator.ts';

const ACCOUNT = '0000123456-00001';
const IMEI = '990013907835573';
const DATES = { startDate: '2030-01-01', endDate: '2030-01-02', deviceList: [IMEI] };

/** Answers as much as the methods look at, and notes which operation was sent. */
function recorder(): { readonly fetch: Fetch; readonly sent: Set<string> } {
  const sent = new Set<string>();
  const fetch: Fetch = async (url, init) => {
    const { pathname } = new URL(url);
    const matching = Object.values<Operation>(OPERATIONS).filter(
      ({ method, path }) => method === init.method && pattern(path).test(pathname),
    );
    // Of two that fit the one that a router takes has fewer parameters.
    const [operation] = matching.sort((a, b) => a.path.split('{').length - b.path.split('{').length);
    sent.add(operation?.operationId ?? `nothing at ${init.method} ${pathname}`);
    if (operation?.query !== undefined) {
      const given = Object.fromEntries(new URL(url).searchParams);
      expect(operation.query.safeParse(given).success, `${operation.operationId} ${url}`).toBe(true);
    }
    if (typeof init.body === 'string' && operation?.body?.media === 'json') {
      const body: unknown = JSON.parse(init.body);
      expect(operation.body.schema.safeParse(body).success, `${operation.operationId} ${init.body}`).toBe(true);
    }
    const devices = { hasMoreData: false, deviceList: [], campaignList: [], hasMoreFlag: false, reportList: [] };
    const tokens = { access_token: 'a', token_type: 'bearer', expires_in: 3600, sessionToken: 's', newPassword: 'p' };
    return Response.json({ items: [], ...devices, ...tokens });
  };
  return { fetch, sent };
}

const pattern = (path: string): RegExp => new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`);

const expected = (families: readonly string[]): readonly string[] =>
  Object.values<Operation>(OPERATIONS)
    .filter(({ family }) => families.includes(family))
    .map(({ operationId }) => operationId)
    .sort();

async function used(items: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of items);
}

test('every operation of a customer has its method', async () => {
  const { fetch, sent } = recorder();
  const client = new CampanileClient({
    baseUrl: 'http://x',
    clientId: 'i',
    clientSecret: 's',
    username: 'u',
    password: 'p',
    fetch,
    now: () => 0,
  });
  await campaigns(client);
  await packages(client);
  await devicesAndReports(client);
  await licensesAndListeners(client);
  await logging(client);
  await client.session.resetPassword('p');
  await client.session.logOut();
  await client.session.logIn();
  // The two whose work the client does by itself: a token is not given back before its hour is over,
  // and the v1 list of licences without an index is the one from index 0.
  const others = ['listLicensesFromDeviceV3', 'listLicensesV1', 'revokeToken'];
  expect([...sent, ...others].sort()).toEqual(expected(['v1', 'v2', 'v3', 'auth']));
});

async function campaigns({ campaigns: calls, upgrades }: CampanileClient): Promise<void> {
  const { deviceList, ...dates } = DATES;
  const software = { softwareName: 'n', softwareFrom: 'a', softwareTo: 'b', distributionType: 'HTTP' } as const;
  const firmware = { firmwareName: 'n', firmwareFrom: 'a', firmwareTo: 'b' };
  const change = { Type: 'append', deviceList } as const;
  await calls.scheduleSoftwareUpgrade(ACCOUNT, { ...software, ...DATES });
  await calls.getSoftwareUpgradeDetails(ACCOUNT, 'c1');
  await calls.updateSoftwareUpgrade(ACCOUNT, 'c1', change);
  await calls.cancelScheduledSoftwareUpgrade(ACCOUNT, 'c1');
  await calls.changeCampaignDatesAndTimeWindows(ACCOUNT, 'c1', dates);
  await calls.scheduleAFirmwareUpgrade(ACCOUNT, { ...firmware, ...DATES });
  await calls.addOrRemoveDevices(ACCOUNT, 'c1', change);
  await calls.changeCampaignDatesTime(ACCOUNT, 'c1', dates);
  await calls.retrieveCampaignLevelInformation(ACCOUNT, 'c1');
  await calls.deleteACampaign(ACCOUNT, 'c1');
  await upgrades.scheduleV1({ accountName: ACCOUNT, firmwareName: 'n', firmwareTo: 'b', ...DATES });
  await upgrades.getV1(ACCOUNT, 'u1');
  await upgrades.changeDevicesV1(ACCOUNT, 'u1', { type: 'remove', deviceList });
  await upgrades.cancelV1(ACCOUNT, 'u1');
}

async function packages({ firmware, software, files }: CampanileClient): Promise<void> {
  await firmware.listV1(ACCOUNT);
  await firmware.listV3(ACCOUNT);
  await firmware.synchronizeV3(ACCOUNT, [IMEI]);
  await firmware.synchronizeDeviceV3(ACCOUNT, IMEI);
  await firmware.requestReportV3(ACCOUNT, IMEI);
  await software.listV2(ACCOUNT, { distributionType: 'HTTP' });
  const named = { softwareName: 'n', softwareFrom: 'a', softwareTo: 'b', distributionType: 'HTTP' } as const;
  await software.scheduleHttpV2(ACCOUNT, { ...named, ...DATES });
  await files.listV2(ACCOUNT);
  const fields = { fileVersion: '1', make: 'm', model: 'o', localTargetPath: '/etc/f' };
  await files.uploadV2(ACCOUNT, fields, { name: 'f.txt', bytes: new Blob(['x']) });
  await files.scheduleV2(ACCOUNT, { fileName: 'f', fileVersion: '1', ...DATES });
}

async function devicesAndReports({ devices, reports }: CampanileClient): Promise<void> {
  await used(devices.eachV1(ACCOUNT));
  await used(devices.eachV2(ACCOUNT, { distributionType: 'HTTP' }));
  await used(devices.eachV3(ACCOUNT, { protocol: 'LWM2M', lastSeenDeviceId: IMEI }));
  await devices.queryV3(ACCOUNT, [IMEI]);
  await used(reports.eachCampaignV2(ACCOUNT, 'CampaignEnded'));
  await used(reports.eachCampaignV3(ACCOUNT, 'CampaignEnded', { lastSeenCampaignId: 'c1' }));
  await used(reports.eachCampaignDeviceV2(ACCOUNT, 'c1'));
  await used(reports.eachCampaignDeviceV3(ACCOUNT, 'c1'));
  await used(reports.eachUpgradeV1(ACCOUNT, 'Finished'));
  await reports.deviceHistoryV1(ACCOUNT, IMEI);
  await reports.deviceHistoryV2(ACCOUNT, IMEI);
  await reports.deviceHistoryV3(ACCOUNT, IMEI);
}

async function licensesAndListeners({ licenses, subscriptions, callbacks }: CampanileClient): Promise<void> {
  const url = 'https://listener.example/fota';
  for (const generation of ['V1', 'V2', 'V3'] as const) {
    await subscriptions[`get${generation}`](ACCOUNT);
    await used(licenses[`each${generation}`](ACCOUNT));
    await licenses[`assign${generation}`](ACCOUNT, [IMEI]);
    await licenses[`remove${generation}`](ACCOUNT, [IMEI]);
    await callbacks[`get${generation}`](ACCOUNT);
    await callbacks[`deregister${generation}`](ACCOUNT);
  }
  for (const generation of ['V1', 'V2'] as const) {
    await licenses[`setCancellations${generation}`](ACCOUNT, { type: 'append', deviceList: [IMEI] });
    await licenses[`listCancellations${generation}`](ACCOUNT);
    await licenses[`clearCancellations${generation}`](ACCOUNT);
  }
  await callbacks.registerV1(ACCOUNT, { name: 'Fota', url });
  for (const generation of ['V2', 'V3'] as const) {
    await callbacks[`register${generation}`](ACCOUNT, url);
    await callbacks[`replace${generation}`](ACCOUNT, url);
  }
}

async function logging({ logging: calls }: CampanileClient): Promise<void> {
  await calls.listV2(ACCOUNT);
  await calls.enableV2(ACCOUNT, [IMEI]);
  await calls.disableV2(ACCOUNT, [IMEI, '990013907884259']);
  await calls.enableDeviceV2(ACCOUNT, IMEI);
  await calls.disableDeviceV2(ACCOUNT, IMEI);
  await calls.logsV2(ACCOUNT, IMEI);
  await calls.checkInsV2(ACCOUNT, IMEI);
}

async function ordersOf({ orders }: OperatorClient): Promise<void> {
  await orders.schedule(
    ACCOUNT,
    { packageName: 'f', ...DATES, rollout: { waves: [{ percent: 5 }] } },
    { strict: true },
  );
  await orders.retry(ACCOUNT, 'c1', { endDate: '2030-01-09' });
  for (const order of ['pause', 'resume', 'abort', 'approve'] as const) {
    await orders[order](ACCOUNT, 'c1', { reason: 'r', preview: true });
  }
  await orders.narrowWindows(ACCOUNT, 'c1', { downloadWindows: [{ startTime: 2, endTime: 4 }] });
  await orders.pace(ACCOUNT, 'c1', { slots: 5 });
  await orders.changeDates(ACCOUNT, 'c1', { endDate: '2030-01-09' }, { preview: true });
  await orders.withdrawPackage(ACCOUNT, 'f', 'r');
  await orders.reinstatePackage(ACCOUNT, 'f');
  await orders.stopAccount(ACCOUNT, 'r', { preview: true });
  await orders.resumeAccount(ACCOUNT);
}

test('every operation of an operator has its method', async () => {
  const { fetch, sent } = recorder();
  const client = new OperatorClient({ baseUrl: 'http://x', operatorKey: 'k', fetch });
  const { accounts, devices, packages: packs, campaigns: runs, callbacks, audit, operators, session } = client;
  await accounts.create(ACCOUNT, { settings: { subscription: { purchaseType: 'TS-HFOTA-MRC', licenseCount: 5 } } });
  await used(accounts.each());
  await accounts.get(ACCOUNT);
  await accounts.patch(ACCOUNT, { allowPrivateCallbackHosts: ['localhost'] });
  await accounts.addCredentials(ACCOUNT);
  await used(accounts.eachCredentials(ACCOUNT));
  await accounts.deleteCredentials(ACCOUNT, 'i');
  await devicesOf(devices);
  await client.limits();
  await packs.upload(ACCOUNT, PART, new Blob(['x']));
  await used(packs.each(ACCOUNT));
  await packs.get(ACCOUNT, 'f');
  await used(runs.each(ACCOUNT));
  await runs.get(ACCOUNT, 'c1');
  await runs.abort(ACCOUNT, 'c1');
  await used(runs.eachUpdate(ACCOUNT, 'c1'));
  await callbacks.list(ACCOUNT);
  await callbacks.rotateSecret(ACCOUNT, 'v3');
  await callbacks.test(ACCOUNT, 'v2');
  await callbacks.replay(ACCOUNT, 'v3', { from: 7, campaignId: 'c1' });
  await used(callbacks.eachDelivery(ACCOUNT, { campaignId: 'c1', generation: 'v3', limit: 5 }));
  await used(audit.each(ACCOUNT));
  await imagesOf(client);
  await httpDevicesOf(client);
  await used(audit.eachOfServer());
  await used(client.events.each({ kind: 'halted', open: true }));
  await client.events.setListener({ url: 'https://alerts.example/campanile' });
  await client.events.listener();
  await client.events.rotateSecret();
  await client.events.test();
  await client.events.removeListener();
  await client.me();
  await client.ledger.head(ACCOUNT, 'c1');
  await client.ledger.page(ACCOUNT, 'c1', { after: 5, limit: 9 });
  await client.ledger.keys();
  await client.explain.device(ACCOUNT, IMEI);
  await client.explain.update(ACCOUNT, 'c1', IMEI);
  await client.simulate.order(ACCOUNT, { packageName: 'f', startDate: '2030-01-01', endDate: '2030-01-09' });
  await client.simulate.campaign(ACCOUNT, 'c1', { endDate: '2030-01-10' });
  await ordersOf(client);
  await operators.create('ada', 'viewer');
  await used(operators.each());
  await operators.get('ada');
  await operators.patch('ada', { role: 'admin', disabled: false });
  await operators.rotateKey('ada');
  await operators.delete('ada');
  await session.makeLink();
  await session.makeLink('ada');
  await session.signIn({ token: 't' });
  await session.get();
  await session.signOut();
  expect([...sent].sort()).toEqual(expected(['operator']));
});

async function devicesOf(devices: OperatorClient['devices']): Promise<void> {
  await devices.import(ACCOUNT, [{ imei: IMEI }]);
  await used(devices.each(ACCOUNT, { limit: 5, search: { make: 'm', neverSeen: true, silentDays: 3 } }));
  await devices.get(ACCOUNT, IMEI);
  await devices.patch(ACCOUNT, IMEI, { make: 'm' });
  await devices.delete(ACCOUNT, IMEI);
  await devices.history(ACCOUNT, IMEI);
  await devices.checkIns(ACCOUNT, IMEI);
  await devices.logs(ACCOUNT, IMEI);
}

const PART = { kind: 'file', name: 'f', from: '*', to: '1', make: 'm', model: 'o', transports: ['HTTP'] } as const;

async function imagesOf({ imageKeys, uploads, bandwidth }: OperatorClient): Promise<void> {
  await imageKeys.add(ACCOUNT, { name: 'release', publicKey: 'k' });
  await used(imageKeys.each(ACCOUNT));
  await imageKeys.delete(ACCOUNT, 'k1');
  await uploads.create(ACCOUNT, { size: 1, sha256: 'f'.repeat(64) });
  await uploads.get(ACCOUNT, 'u1');
  await uploads.append(ACCOUNT, 'u1', 0, new Blob(['x']));
  await uploads.finish(ACCOUNT, 'u1', PART);
  await uploads.delete(ACCOUNT, 'u1');
  await bandwidth.set(ACCOUNT, 'c1', 1_000_000);
  await bandwidth.get(ACCOUNT, 'c1');
}

async function httpDevicesOf({ httpDevices }: OperatorClient): Promise<void> {
  await httpDevices.putProfiles(ACCOUNT, [{ make: 'm', ddiClient: 'split' }]);
  await httpDevices.profiles(ACCOUNT);
  await httpDevices.rotateGatewayToken(ACCOUNT);
  await httpDevices.deleteGatewayToken(ACCOUNT);
  await used(httpDevices.eachHeld(ACCOUNT));
  await httpDevices.approve(ACCOUNT, IMEI, { make: 'm' });
  await httpDevices.refuse(ACCOUNT, IMEI);
  await httpDevices.forget(ACCOUNT, IMEI);
}
