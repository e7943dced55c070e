/** How every store finds devices: by each condition, by several, page by page, and as they change. */
import { describe, expect, test } from 'vitest';
import type { DeviceSearch } from '../../src/accounts/index.ts';
import { type CampaignId, type Device, isAwake } from '../../src/campaigns/index.ts';
import type { Store } from '../../src/store/index.ts';
import { ACCOUNT, CAMPAIGN, device, deviceKey, imei, later, NOW, OTHER_ACCOUNT, put, update } from './given.ts';
import { type Open, withStore } from './open.ts';

const DAY = 86_400_000;
const reading = (value: string) => ({ value, at: NOW, source: 'reported' }) as const;

/** Every device that a search finds, a page at a time, by the number of its IMEI. */
async function found(store: Store, wanted: DeviceSearch, max = 2): Promise<readonly number[]> {
  const numbers: number[] = [];
  for (let after: string | undefined; ; ) {
    const page = await store.findDevices(ACCOUNT, wanted, { max, ...(after === undefined ? {} : { after }) });
    expect(page.devices.length).toBeLessThanOrEqual(max);
    numbers.push(...page.devices.map((one) => Number(one.imei) - Number(imei(0))));
    if (page.next === undefined) return numbers;
    after = page.next;
  }
}

const FLEET: readonly Device[] = [
  device(1, { firmware: reading('1.0'), labels: { site: 'north' } }),
  device(2, { firmware: reading('2.0'), labels: { site: 'south' }, transport: 'HTTP' }),
  device(3, { model: 'M2', software: { app: reading('1.0') }, transport: 'HTTP' }),
  device(11, { make: 'Other', labels: { site: 'north', floor: '1' } }),
  device(12, { liveCampaign: CAMPAIGN, firmware: reading('1.0') }),
];

async function fleet(store: Store): Promise<void> {
  await put(store, { devices: [...FLEET, device(1, { account: OTHER_ACCOUNT })], updates: [update(12), update(1)] });
  await store.putLastSeen([
    { key: deviceKey(1), at: later(-DAY) },
    { key: deviceKey(2), at: later(-9 * DAY) },
    { key: deviceKey(12), at: later(-3 * DAY - 1) },
  ]);
}

/** What is looked for, and the numbers of those that are found. */
const CASES: readonly (readonly [string, DeviceSearch, readonly number[]])[] = [
  ['nothing in particular', {}, [1, 2, 3, 11, 12]],
  ['how their IMEIs begin', { begins: '35000000000001' }, [11, 12]],
  ['how their IMEIs end', { ends: '02' }, [2]],
  ['how their IMEIs begin and end', { begins: '35000000000001', ends: '1' }, [11]],
  ['make', { make: 'Other' }, [11]],
  ['make and model', { make: 'Maker', model: 'M1' }, [1, 2, 12]],
  ['model alone', { model: 'M2' }, [3]],
  ['transport', { transport: 'HTTP' }, [2, 3]],
  ['a version, of firmware or software', { version: '1.0' }, [1, 3, 12]],
  ['a version that is not known', { versionUnknown: true }, [11]],
  ['a label', { label: { name: 'site', value: 'north' } }, [1, 11]],
  ['label and version', { label: { name: 'site', value: 'north' }, version: '1.0' }, [1]],
  ['never seen', { neverSeen: true }, [3, 11]],
  ['never seen, over HTTP', { neverSeen: true, transport: 'HTTP' }, [3]],
  ['silence, the longest first', { silentSince: later(-2 * DAY) }, [2, 12]],
  ['silence, in whole days', { silentSince: later(-3 * DAY) }, [2]],
  ['silence and model', { silentSince: NOW, make: 'Maker', model: 'M1' }, [2, 12, 1]],
  ['silence and label', { silentSince: NOW, label: { name: 'site', value: 'south' } }, [2]],
  ['their live campaign', { campaign: CAMPAIGN }, [12]],
  ['their live campaign and state', { campaign: CAMPAIGN, state: 'waiting' }, [12]],
  ['a state that none is in', { campaign: CAMPAIGN, state: 'failed' }, []],
  ['a state, whatever the campaign', { state: 'waiting' }, [12]],
  ['what does not go together', { make: 'Other', transport: 'HTTP' }, []],
  ['another campaign', { campaign: 'nowhere' as CampaignId }, []],
];

export function searchConformance(open: Open): void {
  const story = withStore(open);
  describe('a search for devices', () => {
    test.each(CASES)('by %s', (_by, wanted, expected) =>
      story(async (store) => {
        await fleet(store);
        expect(await found(store, wanted)).toEqual(expected);
        expect(await found(store, wanted, 100)).toEqual(expected);
      })(),
    );

    test(
      'follows a device as it changes, is heard, and is deleted',
      story(async (store) => {
        await fleet(store);
        const changed = { ...device(1), firmware: reading('2.0'), labels: {}, make: 'Newer' };
        expect(await store.writeDevices([{ device: changed, isNew: false }])).toEqual(['saved']);
        expect(await found(store, { version: '1.0' })).toEqual([3, 12]);
        expect(await found(store, { version: '2.0' })).toEqual([1, 2]);
        expect(await found(store, { label: { name: 'site', value: 'north' } })).toEqual([11]);
        expect(await found(store, { make: 'Newer' })).toEqual([1]);
        await store.putLastSeen([{ key: deviceKey(3), at: NOW }]);
        expect(await found(store, { neverSeen: true })).toEqual([11]);
        await store.putLastSeen([{ key: deviceKey(2), at: NOW }]);
        expect(await found(store, { silentSince: NOW })).toEqual([12, 1]);
        expect(await store.deleteDevice(device(11))).toBe(true);
        expect(await found(store, { neverSeen: true })).toEqual([]);
        expect(await found(store, { ends: '1' })).toEqual([1]);
        // The same IMEI again: nothing of the one before is left.
        await store.writeDevices([{ device: device(11), isNew: true }]);
        expect(await found(store, { label: { name: 'floor', value: '1' } })).toEqual([]);
        expect(await found(store, { neverSeen: true })).toEqual([11]);
      }),
    );

    test(
      'shows with each device what is kept beside it',
      story(async (store) => {
        await fleet(store);
        await store.writeDevices([{ device: device(20), isNew: true, secrets: { ddiToken: 't' } }]);
        const devices = [device(20), ...FLEET.filter((one) => [imei(12), imei(3)].includes(one.imei))];
        expect(isAwake(device(20))).toBe(false);
        expect(await store.deviceSights(devices)).toEqual([
          { secrets: { ddiToken: 't' } },
          { secrets: {} },
          { secrets: {}, lastSeen: later(-3 * DAY - 1), state: 'waiting' },
        ]);
        expect(await store.deviceSights([])).toEqual([]);
      }),
    );
  });
}
