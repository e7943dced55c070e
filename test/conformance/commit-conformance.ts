/** What every store does with changes: fences by revision, stores whole or not at all, numbers entries and intents. */
import { describe, expect, test } from 'vitest';
import type { Write } from '../../src/campaigns/index.ts';
import {
  ACCOUNT,
  CAMPAIGN,
  callback,
  campaign,
  change,
  device,
  deviceKey,
  entry,
  imei,
  KEY,
  later,
  NOW,
  ONE,
  put,
  registration,
  TWO,
  update,
  updateKey,
} from './given.ts';
import { type Open, withStore } from './open.ts';

export function commitConformance(open: Open): void {
  fences(open);
  wholeOrNothing(open);
  races(open);
  leases(open);
  lists(open);
  ledger(open);
  directory(open);
}

function fences(open: Open): void {
  const story = withStore(open);
  const replace: Record<string, (revision: number) => Write> = {
    'an update': (revision) => ({ op: 'replace-update', row: update(1, { revision }) }),
    'a device': (revision) => ({ op: 'replace-device', row: device(1, { revision }) }),
    'a campaign': (revision) => ({ op: 'replace-campaign', row: campaign({ revision }) }),
    'a slot lease': (revision) => ({
      op: 'replace-slots',
      row: { ...KEY, node: ONE, revision, free: 1, arrivals: 9, until: later(1) },
    }),
    'an update that is deleted': (revision) => ({ op: 'delete-update', row: update(1, { revision }) }),
    'a device that is deleted': (revision) => ({ op: 'delete-device', row: device(1, { revision }) }),
  };
  const insert: readonly Write[] = [
    { op: 'insert-update', row: update(1) },
    { op: 'insert-device', row: device(1) },
    { op: 'insert-campaign', row: campaign() },
    { op: 'insert-slots', row: { ...KEY, node: ONE, revision: 0, free: 3, arrivals: 9, until: later(1) } },
    { op: 'insert-intake', ...KEY, parts: [['a']] },
  ];

  describe('fences', () => {
    for (const [name, write] of Object.entries(replace)) {
      test(
        `a write of ${name} is stale unless the stored revision is the expected one`,
        story(async (store) => {
          const one = (revision: number) => store.commit([change([write(revision)])], NOW);
          expect(await one(0)).toEqual(['stale']);
          expect(await store.commit([change(insert)], NOW)).toEqual(['saved']);
          expect(await one(1)).toEqual(['stale']);
          expect(await one(0)).toEqual(['saved']);
          expect(await one(0)).toEqual(['stale']);
        }),
      );
    }

    test.each(insert.map((write) => [write.op, write] as const))(
      '%s of a key that is there is stale',
      async (_, write) => {
        await using store = await open();
        expect(await store.commit([change([write]), change([write])], NOW)).toEqual(['saved', 'stale']);
      },
    );

    test(
      'what was stored has the next revision',
      story(async (store) => {
        await put(store, { campaigns: [campaign()], devices: [device(1)], updates: [update(1)] });
        const row = update(1, { attempts: 2 });
        await store.commit([change([{ op: 'replace-update', row }])], NOW);
        expect(await store.update(KEY, row.imei)).toEqual({ ...row, revision: 1 });
        await store.commit([change([{ op: 'replace-update', row: { ...row, revision: 1 } }])], NOW);
        expect((await store.loadUpdates([updateKey(1)], ONE))[0]?.update.revision).toBe(2);
      }),
    );
  });
}

function wholeOrNothing(open: Open): void {
  const story = withStore(open);
  describe('a change is stored whole or not at all', () => {
    test(
      'a stale row at its end takes everything back',
      story(async (store) => {
        await put(store, {
          campaigns: [campaign()],
          devices: [device(1)],
          updates: [update(1)],
          intents: [{ kind: 'ask', device: deviceKey(1) }],
        });
        const [claimed] = await store.claimIntents(NOW, 9, ONE);
        const writes: Write[] = [
          { op: 'settle', intent: claimed?.id ?? 0 },
          { op: 'insert-update', row: update(2) },
          { op: 'replace-device', row: device(1, { make: 'Another' }) },
          { op: 'insert-intake', ...KEY, parts: [['a'], ['b']] },
          { op: 'replace-update', row: update(1, { revision: 7 }) },
        ];
        const stale = change(writes, {
          entries: [entry(1)],
          intents: [{ kind: 'ask', device: deviceKey(2) }, callback(2)],
        });
        expect(await store.commit([stale], NOW)).toEqual(['stale']);
        expect(await store.update(KEY, updateKey(2).imei)).toBeUndefined();
        expect(await store.device(deviceKey(1))).toEqual(device(1));
        expect(await store.loadIntake(KEY)).toBeUndefined();
        expect((await store.loadSteward(KEY, NOW))?.unsealed).toEqual([]);
        const [again] = await store.claimIntents(later(3_600_000), 9, ONE);
        expect(again?.id).toBe(claimed?.id);
      }),
    );

    test(
      'a stale change does not hurt its neighbours, and later ones see earlier ones',
      story(async (store) => {
        const results = await store.commit(
          [
            change([{ op: 'insert-update', row: update(1) }]),
            change([{ op: 'replace-update', row: update(1, { revision: 5 }) }]),
            change([{ op: 'replace-update', row: update(1, { stratum: 3 }) }]),
            change([], { entries: [entry(1)] }),
          ],
          NOW,
        );
        expect(results).toEqual(['saved', 'stale', 'saved', 'saved']);
        expect((await store.update(KEY, updateKey(1).imei))?.stratum).toBe(3);
      }),
    );
  });
}

function races(open: Open): void {
  const story = withStore(open);
  test(
    'of many who write one row at once, one wins',
    story(async (store) => {
      await put(store, { updates: [update(1)] });
      const tries = [1, 2, 3, 4, 5].map((stratum) =>
        store.commit([change([{ op: 'replace-update', row: update(1, { stratum }) }])], NOW),
      );
      const results = (await Promise.all(tries)).flat();
      expect(results.filter((result) => result === 'saved')).toHaveLength(1);
    }),
  );
}

function leases(open: Open): void {
  const story = withStore(open);
  test(
    'a node finds its own slot lease in its snapshots, the steward all of them',
    story(async (store) => {
      await put(store, { campaigns: [campaign()], devices: [device(1)], updates: [update(1)] });
      const lease = { ...KEY, node: ONE, revision: 0, free: 3, arrivals: 9, until: later(60_000) };
      const other = { ...lease, node: TWO, free: 4 };
      await store.commit(
        [
          change([
            { op: 'insert-slots', row: other },
            { op: 'insert-slots', row: lease },
          ]),
        ],
        NOW,
      );
      await store.commit([change([{ op: 'replace-slots', row: { ...lease, free: 2 } }])], NOW);
      expect((await store.loadUpdates([updateKey(1)], ONE))[0]?.slots).toEqual({ ...lease, free: 2, revision: 1 });
      expect((await store.loadUpdates([updateKey(1)], 'node-three' as typeof ONE))[0]?.slots).toBeUndefined();
      expect((await store.loadSteward(KEY, NOW))?.leases).toEqual([{ ...lease, free: 2, revision: 1 }, other]);
    }),
  );
}

function lists(open: Open): void {
  const story = withStore(open);
  describe('an intake', () => {
    test(
      'is worked through from its first part; a part can be replaced and deleted once',
      story(async (store) => {
        const odd = ['a\nb', '\0', '\ud800', '  ', 'é', ''];
        await store.commit([change([{ op: 'insert-intake', ...KEY, parts: [['1', '2'], odd, []] }])], NOW);
        expect(await store.loadIntake(KEY)).toEqual({ part: 0, imeis: ['1', '2'], last: false });
        const all = await store.loadIntakeAll(KEY);
        expect(all.map(({ part, last }) => [part, last])).toEqual([
          [0, false],
          [1, false],
          [2, true],
        ]);
        expect(all[1]?.imeis).toEqual(odd);
        const drop = (part: number) => store.commit([change([{ op: 'delete-intake', ...KEY, part }])], NOW);
        expect(await drop(0)).toEqual(['saved']);
        expect(await drop(0)).toEqual(['stale']);
        expect(await drop(1)).toEqual(['saved']);
        const replace = (part: number) =>
          store.commit([change([{ op: 'replace-intake', ...KEY, part, imeis: ['9'] }])], NOW);
        expect(await replace(1)).toEqual(['stale']);
        expect(await replace(2)).toEqual(['saved']);
        expect(await store.loadIntake(KEY)).toEqual({ part: 2, imeis: ['9'], last: true });
      }),
    );
  });
}

function ledger(open: Open): void {
  const story = withStore(open);
  describe('entries', () => {
    test(
      'are shown to the steward in their order until they are sealed, and are the ledger then',
      story(async (store) => {
        await put(store, {
          campaigns: [campaign()],
          entries: [entry(1), entry(2, { facts: { odd: '\0' } }), entry(3)],
        });
        const before = await store.loadSteward(KEY, NOW);
        expect(before?.unsealed.map((one) => one.entry)).toEqual([
          entry(1),
          entry(2, { facts: { odd: '\0' } }),
          entry(3),
        ]);
        const [first, second, third] = before?.unsealed.map(({ id }) => id) ?? [];
        expect(first! < second! && second! < third!).toBe(true);
        const sealed = [first!, second!].map((id, at) => ({
          id,
          sequence: at + 1,
          text: `{"é":"\\u0000${at}"}`,
          hash: `h${at}`,
        }));
        const seal = change([{ op: 'seal', account: ACCOUNT, campaign: CAMPAIGN, sealed }]);
        expect(await store.commit([seal, seal], NOW)).toEqual(['saved', 'stale']);
        expect((await store.loadSteward(KEY, NOW))?.unsealed.map(({ id }) => id)).toEqual([third]);
        const ledger = sealed.map(({ id: _, ...rest }) => rest);
        expect(await store.ledger(KEY, 1, 9)).toEqual(ledger);
        expect(await store.ledger(KEY, 2, 9)).toEqual(ledger.slice(1));
        expect(await store.ledger(KEY, 1, 1)).toEqual(ledger.slice(0, 1));
      }),
    );

    test(
      'that come with their place are the ledger at once; a place is given once, and what belongs to it is not stored either',
      story(async (store) => {
        await put(store, { campaigns: [campaign()] });
        const placed = (...sequences: readonly number[]) =>
          sequences.map((sequence) => ({
            imei: imei(sequence),
            sequence,
            text: JSON.stringify({ sequence, previous: 'é', entry: entry(sequence, { facts: { odd: '\0' } }) }),
            hash: `h${sequence}`,
          }));
        const insert = (sealed: ReturnType<typeof placed>, number: number) =>
          change([
            { op: 'insert-sealed', account: ACCOUNT, campaign: CAMPAIGN, sealed },
            { op: 'insert-update', row: update(number) },
          ]);
        const changes = [insert(placed(1, 2), 1), insert(placed(2, 3), 2), insert(placed(3), 3)];
        expect(await store.commit(changes, NOW)).toEqual(['saved', 'stale', 'saved']);
        expect(await store.commit([insert(placed(3), 4)], NOW)).toEqual(['stale']);
        expect(await store.ledger(KEY, 1, 9)).toEqual(placed(1, 2, 3).map(({ imei: _imei, ...rest }) => rest));
        expect((await store.loadSteward(KEY, NOW))?.unsealed).toEqual([]);
        expect((await store.updates(KEY, { max: 9 })).map((row) => row.imei)).toEqual([imei(1), imei(3)]);
      }),
    );
  });
}

function directory(open: Open): void {
  const story = withStore(open);
  describe('an endpoint name', () => {
    const at = (number: number, revision: number, name: string) =>
      device(number, { revision, registration: { ...registration(number), endpoint: name } });

    test(
      'belongs to the device that registered with it; another cannot take it',
      story(async (store) => {
        await put(store, { devices: [device(1), device(2)] });
        const write = (row: ReturnType<typeof device>) => store.commit([change([{ op: 'replace-device', row }])], NOW);
        expect(await write(at(1, 0, 'pump'))).toEqual(['saved']);
        expect(await write(at(2, 0, 'pump'))).toEqual(['stale']);
        expect(await store.lookUp('endpoint', 'pump')).toEqual(deviceKey(1));
        expect(await write(at(1, 1, 'pump'))).toEqual(['saved']);
        expect(await write(at(1, 2, 'valve'))).toEqual(['saved']);
        expect(await store.lookUp('endpoint', 'pump')).toBeUndefined();
        expect(await write(at(2, 0, 'pump'))).toEqual(['saved']);
        expect(await write(device(1, { revision: 3 }))).toEqual(['saved']);
        expect(await store.lookUp('endpoint', 'valve')).toEqual(deviceKey(1));
      }),
    );

    test(
      'is free again when its device is deleted',
      story(async (store) => {
        await put(store, { devices: [at(1, 0, 'pump')] });
        expect(await store.deleteDevice(device(1))).toBe(true);
        expect(await store.deleteDevice(device(1))).toBe(false);
        expect(await store.lookUp('endpoint', 'pump')).toBeUndefined();
      }),
    );
  });
}
