// Whatever is sent to whichever operation: an answer below 500, and nothing stored of what was refused.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OPERATIONS, type Operation } from '../../src/contract/index.ts';
import {
  ACCOUNT,
  basic,
  type Desk,
  FIRMWARE,
  form,
  HTTP_DEVICES,
  LWM2M_DEVICES,
  OPERATOR_KEY,
  openAccount,
  openDesk,
  openExample,
  type Pair,
  SOFTWARE,
} from './desk.ts';

const RUNS = 60;
const forEach = (operations: readonly string[], body: unknown): Readonly<Record<string, unknown>> =>
  Object.fromEntries(operations.map((operation) => [operation, body]));
const GOOD_BODIES: Readonly<Record<string, unknown>> = {
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

/** A good body with one or two places in it replaced by something else. */
const mutated = (body: unknown): fc.Arbitrary<unknown> =>
  fc.array(fc.tuple(fc.nat(), ANYTHING), { minLength: 1, maxLength: 2 }).map((changes) =>
    changes.reduce((whole, [place, value]) => {
      const spots = spotsIn(whole);
      return replaced(whole, spots[place % spots.length] ?? [], value);
    }, body),
  );

const ANYTHING: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(null, '', 0, -1, 1e308, true, [], {}, [[]], '__proto__', '\u0000', '\uD800', '9'.repeat(300)),
  fc.jsonValue({ maxDepth: 3 }),
);

type Spot = readonly (string | number)[];

function spotsIn(value: unknown): readonly Spot[] {
  if (typeof value !== 'object' || value === null) return [[]];
  return [[], ...Object.entries(value).flatMap(([key, inner]) => spotsIn(inner).map((spot): Spot => [key, ...spot]))];
}

function replaced(whole: unknown, [first, ...rest]: Spot, value: unknown): unknown {
  if (first === undefined) return value;
  const copy: Record<string | number, unknown> = Array.isArray(whole)
    ? (whole.slice() as unknown as Record<number, unknown>)
    : { ...(whole as object) };
  copy[first] = replaced(copy[first], rest, value);
  return copy;
}

const textOf = (value: unknown): string => JSON.stringify(value) ?? '';

const bodyOf = (operationId: string): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 6, arbitrary: mutated(GOOD_BODIES[operationId] ?? {}).map(textOf) },
    { weight: 1, arbitrary: fc.jsonValue().map(textOf) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 200 }) },
    { weight: 1, arbitrary: mutated(GOOD_BODIES[operationId] ?? {}).map((body) => textOf(body).slice(0, -3)) },
  );

const PATH_WORDS = fc.oneof(
  fc.constantFrom('none', '352753090000001', SOFTWARE.name),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 70 }),
);

interface World {
  readonly desk: Desk;
  readonly pair: Pair;
  readonly headers: Record<string, string>;
  readonly campaigns: Readonly<Record<string, string>>;
}

async function open(): Promise<World> {
  const desk = await openDesk();
  const headers = await openExample(desk);
  const pair = await openAccount(desk, '0000123456-00002');
  const path = `/api/fota/v2/campaigns/${ACCOUNT}`;
  const { body } = await desk.call('POST', path, GOOD_BODIES['scheduleSoftwareUpgrade'], headers);
  return { desk, headers, pair, campaigns: { v2: body.id } };
}

function pathOf({ path, family }: Operation, word: string, { campaigns }: World): string {
  const id = campaigns[family];
  return path.replace(/\{(\w+)\}/g, (_, name: string) => {
    if (name.startsWith('account')) return ACCOUNT;
    return encodeURIComponent(name === 'campaignId' && id !== undefined && word === 'none' ? id : word).replace(
      /^\.+$/,
      'dots',
    );
  });
}

function headersOf({ credentials }: Operation, { headers, pair }: World): Record<string, string> {
  if (credentials.includes('operatorKey')) return { authorization: `Bearer ${OPERATOR_KEY}` };
  return credentials.includes('basic') ? { ...basic(pair) } : headers;
}

const fuzzed: readonly Operation[] = Object.values<Operation>(OPERATIONS);

for (const operation of fuzzed) {
  test(`${operation.operationId} answers anything with less than 500`, async () => {
    const world = await open();
    const { desk } = world;
    const wellFormed = fc.record({
      text: bodyOf(operation.operationId),
      word: PATH_WORDS,
    });
    await fc.assert(
      fc.asyncProperty(wellFormed, async ({ text, word }) => {
        const before = desk.errors.length;
        const parts = form([
          { name: 'package', content: text },
          { name: 'image', content: text, fileName: 'x' },
        ]);
        const isForm = operation.body?.media === 'multipart';
        const body = operation.method === 'GET' ? undefined : isForm ? parts.body : text;
        const { status } = await desk.call(operation.method, pathOf(operation, word, world), body, {
          ...headersOf(operation, world),
          ...(isForm ? parts.headers : {}),
        });
        expect(desk.errors.slice(before)).toEqual([]);
        expect(status).toBeLessThan(500);
      }),
      { numRuns: RUNS },
    );
  });
}

test('nothing of a refused schedule request is stored', async () => {
  const { desk, headers } = await open();
  const path = `/accounts/${ACCOUNT}/campaigns?limit=1000`;
  await fc.assert(
    fc.asyncProperty(bodyOf('scheduleSoftwareUpgrade'), async (text) => {
      const before = await desk.operator('GET', path);
      const { status } = await desk.call('POST', `/api/fota/v2/campaigns/${ACCOUNT}`, text, headers);
      const after = await desk.operator('GET', path);
      const added = after.body.items.length - before.body.items.length;
      expect(added).toBeLessThanOrEqual(status === 200 ? 1 : 0);
    }),
    { numRuns: RUNS },
  );
});
