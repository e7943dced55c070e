/** How every store keeps what stands beside campaigns: licences, joiners, lists of accounts, check-ins, logs, the audit log. */
import { describe, expect, test } from 'vitest';
import { ACCOUNT_LIMITS, type AuditEntry, type CheckIn, type DeviceLog, noList } from '../../src/accounts/index.ts';
import type { CampaignId, Licence, LicencePool, Write } from '../../src/campaigns/index.ts';
import type { Store } from '../../src/store/index.ts';
import {
  ACCOUNT,
  account,
  CAMPAIGN,
  campaign,
  change,
  client,
  device,
  deviceKey,
  imei,
  KEY,
  later,
  NOW,
  OTHER_ACCOUNT,
  put,
  update,
  updateKey,
  user,
} from './given.ts';
import { type Open, withStore } from './open.ts';

export function neighboursConformance(open: Open): void {
  licences(open);
  licensing(open);
  claims(open);
  joiners(open);
  accountLists(open);
  histories(open);
  auditLog(open);
}

const licence = (number: number): Licence => ({ ...deviceKey(number), assignedAt: NOW });
const pool = (revision: number, assigned: number): LicencePool => ({ account: ACCOUNT, revision, assigned });
const write = async (store: Store, ...writes: readonly Write[]) => (await store.commit([change(writes)], NOW))[0];

function licences(open: Open): void {
  const story = withStore(open);
  describe('licences', () => {
    test(
      'are given and taken back with their pool, or not at all',
      story(async (store) => {
        expect(await store.licencePool(ACCOUNT)).toEqual(pool(0, 0));
        const give = (number: number): Write => ({ op: 'insert-licence', row: licence(number) });
        const take = (number: number): Write => ({ op: 'delete-licence', row: licence(number) });
        const count = (revision: number, assigned: number): Write => ({
          op: 'replace-pool',
          row: pool(revision, assigned),
        });
        expect(await write(store, give(2), give(1), count(0, 2))).toBe('saved');
        expect(await write(store, give(3), count(0, 3))).toBe('stale');
        expect(await write(store, give(3), give(1), count(1, 3))).toBe('stale');
        expect(await write(store, take(3), count(1, 1))).toBe('stale');
        expect(await write(store, take(2), give(4), count(1, 2))).toBe('saved');
        expect(await store.licencePool(ACCOUNT)).toEqual(pool(2, 2));
        expect(await store.licences(ACCOUNT, { max: 9 })).toEqual([licence(1), licence(4)]);
        expect(await store.licences(ACCOUNT, { max: 9, after: imei(1) })).toEqual([licence(4)]);
        expect(await store.licences(ACCOUNT, { max: 9, skip: 1 })).toEqual([licence(4)]);
        expect(await store.licences(OTHER_ACCOUNT, { max: 9 })).toEqual([]);
        expect(await store.licencesOf(ACCOUNT, [imei(4), imei(9), 'odd'])).toEqual(new Map([[imei(4), licence(4)]]));
      }),
    );

    test(
      'of two who take the last one at once, one is too late',
      story(async (store) => {
        const tries = [1, 2, 3].map((number) =>
          store.commit(
            [
              change([
                { op: 'insert-licence', row: licence(number) },
                { op: 'replace-pool', row: pool(0, 1) },
              ]),
            ],
            NOW,
          ),
        );
        expect((await Promise.all(tries)).flat().toSorted()).toEqual(['saved', 'stale', 'stale']);
        expect(await store.licences(ACCOUNT, { max: 9 })).toHaveLength(1);
      }),
    );
  });
}

function licensing(open: Open): void {
  const story = withStore(open);
  const give: Write = { op: 'insert-licence', row: licence(1) };
  const count: Write = { op: 'replace-pool', row: pool(0, 1) };
  test(
    'licensing is shown where the subscription asks for licences',
    story(async (store) => {
      await store.insertAccount(account(), client('c1'), user('u1'));
      await write(store, give, count);
      expect(await store.loadLicensing(ACCOUNT, [imei(1)])).toBeUndefined();
      expect(await store.loadLicensing(OTHER_ACCOUNT, [imei(1)])).toBeUndefined();
      const subscription = { purchaseType: 'TS-HFOTA-MRC', licenseCount: 5 };
      await store.replaceAccount({ ...account(), settings: { ...account().settings, subscription } });
      expect(await store.loadLicensing(ACCOUNT, [imei(1), imei(2)])).toEqual({
        pool: pool(1, 1),
        limit: 5,
        held: new Set([imei(1)]),
      });
    }),
  );

  test(
    'an order about licences sees device, licence and last upgrade of each line',
    story(async (store) => {
      const late = later(7);
      const succeeded = { name: 'succeeded', at: later(5), evidence: 'version', attempt: 1 } as const;
      const elsewhere = 'campaign-2' as CampaignId;
      await put(store, {
        devices: [device(1), device(2)],
        updates: [
          update(1, { state: succeeded }),
          update(1, {
            campaign: elsewhere,
            state: { name: 'expired', at: NOW },
            lateResult: { at: late, result: 'succeeded' },
          }),
          update(2, { state: { ...succeeded, at: later(-1) } }),
        ],
      });
      await write(store, give, { op: 'insert-licence', row: licence(2) }, { op: 'replace-pool', row: pool(0, 2) });
      const seen = await store.loadLicences(ACCOUNT, [imei(3), imei(2), imei(1)]);
      expect(seen).toEqual({
        pool: pool(1, 2),
        lines: [
          { imei: imei(3) },
          { imei: imei(2), device: device(2), licence: licence(2) },
          { imei: imei(1), device: device(1), licence: licence(1), upgradedAt: late },
        ],
      });
    }),
  );
}

function claims(open: Open): void {
  const story = withStore(open);
  test(
    'many devices are claimed by a campaign together, all or none of them',
    story(async (store) => {
      const all = Array.from({ length: 20 }, (_, number) => device(number));
      await put(store, { devices: all });
      const claim = (revision: number): readonly Write[] =>
        all.map((row) => ({ op: 'claim-device', row: { ...row, revision, liveCampaign: CAMPAIGN } }));
      expect(await write(store, ...claim(0), { op: 'insert-device', row: device(3) })).toBe('stale');
      expect(await write(store, { op: 'replace-device', row: device(7, { labels: { a: 'b' } }) })).toBe('saved');
      expect(await write(store, ...claim(0))).toBe('stale');
      expect(await store.device(deviceKey(1))).toEqual(device(1));
      await write(store, ...all.filter((_, at) => at !== 7).map((row): Write => ({ op: 'replace-device', row })));
      expect(await write(store, ...claim(1))).toBe('saved');
      expect(await store.device(deviceKey(1))).toEqual(device(1, { revision: 2, liveCampaign: CAMPAIGN }));
    }),
  );
}

function joiners(open: Open): void {
  const story = withStore(open);
  test(
    'campaigns that add devices are found until they are over; who waits there waits once',
    story(async (store) => {
      const adding = campaign({ autoAddDevices: true });
      const over = campaign({
        id: 'campaign-2' as CampaignId,
        autoAddDevices: true,
        phase: { name: 'ended', since: NOW, rule: 'campaign.ended-date' },
      });
      await put(store, { campaigns: [adding, over, campaign({ id: 'campaign-3' as CampaignId })] });
      expect(await store.addingCampaigns(ACCOUNT)).toEqual([adding]);
      expect(await store.addingCampaigns(OTHER_ACCOUNT)).toEqual([]);
      const join = (number: number): Write => ({ op: 'insert-joiner', key: updateKey(number) });
      const leave = (number: number): Write => ({ op: 'delete-joiner', key: updateKey(number) });
      expect(await write(store, join(2), join(1))).toBe('saved');
      expect(await write(store, join(1))).toBe('stale');
      expect(await store.loadJoiners(KEY, 9)).toEqual([imei(1), imei(2)]);
      expect(await store.loadJoiners(KEY, 1)).toEqual([imei(1)]);
      expect(await write(store, leave(1))).toBe('saved');
      expect(await write(store, leave(1))).toBe('stale');
      await write(store, { op: 'replace-campaign', row: { ...adding, phase: over.phase } });
      expect(await store.addingCampaigns(ACCOUNT)).toEqual([]);
    }),
  );
}

function accountLists(open: Open): void {
  const story = withStore(open);
  test(
    'a list of an account is replaced under its revision',
    story(async (store) => {
      const empty = noList(ACCOUNT, 'logging');
      expect(await store.accountList(ACCOUNT, 'logging')).toEqual(empty);
      const list = { ...empty, devices: [{ imei: imei(1), expiresAt: later(1) }] };
      expect(await store.replaceAccountList(list)).toBe(true);
      expect(await store.replaceAccountList({ ...list, devices: [] })).toBe(false);
      expect(await store.accountList(ACCOUNT, 'logging')).toEqual({ ...list, revision: 1 });
      expect(await store.replaceAccountList({ ...list, revision: 1, devices: [] })).toBe(true);
      expect(await store.accountList(ACCOUNT, 'cancellation')).toEqual(noList(ACCOUNT, 'cancellation'));
      expect(await store.accountList(OTHER_ACCOUNT, 'logging')).toEqual(noList(OTHER_ACCOUNT, 'logging'));
    }),
  );
}

function histories(open: Open): void {
  const story = withStore(open);
  const checkIn = (number: number, at: number): CheckIn => ({
    key: deviceKey(number),
    at: later(at),
    client: 'HTTP',
    result: 'succeeded',
  });
  describe('what devices did', () => {
    test(
      'is kept of each device, the newest first, and no more than so many',
      story(async (store) => {
        const max = ACCOUNT_LIMITS.checkInsPerDeviceMax;
        const many = Array.from({ length: max + 3 }, (_, at) => checkIn(1, at));
        await store.putCheckIns([checkIn(2, 0), ...many.slice(0, 10)]);
        await store.putCheckIns([]);
        await store.putCheckIns(many.slice(10));
        expect(await store.checkIns(deviceKey(1))).toEqual(many.slice(3).toReversed());
        expect(await store.checkIns(deviceKey(2))).toEqual([checkIn(2, 0)]);
        expect(await store.checkIns(deviceKey(3))).toEqual([]);
      }),
    );

    test(
      'goes with the device; its licence stays',
      story(async (store) => {
        await put(store, { devices: [device(1)] });
        const log: DeviceLog = { key: deviceKey(1), at: NOW, type: 'Event', text: 'ask, delivered' };
        await store.putDeviceLogs([log, { ...log, text: '\0' }]);
        await store.putCheckIns([checkIn(1, 0)]);
        await write(store, { op: 'insert-licence', row: licence(1) });
        expect((await store.deviceLogs(deviceKey(1))).map(({ text }) => text)).toEqual(['\0', log.text]);
        await store.deleteDevice(device(1));
        expect([await store.deviceLogs(deviceKey(1)), await store.checkIns(deviceKey(1))]).toEqual([[], []]);
        expect(await store.licences(ACCOUNT, { max: 9 })).toEqual([licence(1)]);
      }),
    );
  });
}

function auditLog(open: Open): void {
  const story = withStore(open);
  test(
    'the audit log is read from its end, of one account or of all',
    story(async (store) => {
      const entry = (action: string, more: Partial<AuditEntry> = {}): AuditEntry => ({
        at: NOW,
        actor: { kind: 'operator', name: 'o' },
        action,
        target: 't',
        ...more,
      });
      const own = { account: ACCOUNT };
      await store.putAudit([entry('a', own), entry('b', { account: OTHER_ACCOUNT })]);
      await store.putAudit([entry('c', { ...own, before: { x: 1 }, after: { x: null } }), entry('d')]);
      await store.putAudit([]);
      const actions = async (rows: ReturnType<Store['audit']>) => (await rows).map(({ action }) => action);
      expect(await actions(store.audit(ACCOUNT, { max: 9 }))).toEqual(['c', 'a']);
      expect(await actions(store.audit(undefined, { max: 9 }))).toEqual(['d', 'c', 'b', 'a']);
      const [newest] = await store.audit(ACCOUNT, { max: 1 });
      expect(newest).toEqual({ ...entry('c', { ...own, before: { x: 1 }, after: { x: null } }), id: newest?.id });
      expect(await actions(store.audit(ACCOUNT, { before: newest!.id, max: 9 }))).toEqual(['a']);
    }),
  );
}
