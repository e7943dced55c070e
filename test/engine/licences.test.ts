/** Licences under a monthly subscription: asked for at admission, given by it, counted whoever gives them. */
import { expect, test } from 'vitest';
import type { CampaignId } from '../../src/campaigns/index.ts';
import { openMemoryStore, openSqliteStore } from '../../src/store/index.ts';
import { ACCOUNT, imei, KEY } from '../conformance/given.ts';
import { deskOver, device, imeisOf, imported, openAccount, order, range } from './desk.ts';

const monthly = (licenseCount?: number) => ({
  subscription: { purchaseType: 'TS-HFOTA-MRC', ...(licenseCount === undefined ? {} : { licenseCount }) },
});

test('a device without a licence is rejected, one that was given one takes part', async () => {
  await using store = openMemoryStore();
  const desk = deskOver(store);
  await openAccount(store, monthly());
  await imported(
    store,
    range(3).map((one) => device(one)),
  );
  const { results, pool } = await desk.engine.commands.assignLicences(ACCOUNT, [imei(2), imei(9), imei(2)]);
  expect(results.map(({ outcome }) => outcome)).toEqual(['assigned', 'device-unknown', 'already-assigned']);
  expect(pool.assigned).toBe(1);
  await desk.engine.commands.schedule(order({ imeis: imeisOf([1, 2, 3]) }));
  await desk.run();
  const campaign = await desk.campaign();
  expect(campaign.tallies).toMatchObject({ waiting: 1, rejected: 2 });
  expect(campaign.rejections).toEqual({ 'no-licence': 2 });
  expect((await store.update(KEY, imei(1)))?.state).toMatchObject({ name: 'rejected', reason: 'no-licence' });
  const removal = await desk.engine.commands.removeLicences(ACCOUNT, imeisOf([1, 2]));
  expect(removal.results.map(({ outcome }) => outcome)).toEqual(['not-assigned', 'being-upgraded']);
});

test('a campaign that assigns licences by itself goes as far as the pool', async () => {
  await using store = openMemoryStore();
  const desk = deskOver(store);
  await openAccount(store, monthly(2));
  await imported(
    store,
    range(4).map((one) => device(one)),
  );
  await desk.engine.commands.assignLicences(ACCOUNT, [imei(3)]);
  await desk.engine.commands.schedule(order({ imeis: imeisOf(range(4)), autoAssignLicense: true }));
  await desk.run();
  expect((await desk.campaign()).tallies).toMatchObject({ waiting: 2, rejected: 2 });
  expect((await store.licences(ACCOUNT, { max: 9 })).map((one) => one.imei)).toEqual(imeisOf([1, 3]));
  expect((await store.licencePool(ACCOUNT)).assigned).toBe(2);
  expect((await store.update(KEY, imei(4)))?.state).toMatchObject({
    detail: expect.stringContaining('All 2 licences'),
  });
});

test('two nodes that admit at once do not overdraw the pool', async () => {
  await using store = await openSqliteStore({ directory: ':memory:' });
  const desks = [deskOver(store), deskOver(store)];
  await openAccount(store, monthly(700));
  await imported(
    store,
    range(2_000).map((one) => device(one)),
  );
  const ids = ['a', 'b'] as CampaignId[];
  await Promise.all(
    ids.map((id, at) =>
      desks[at]!.engine.commands.schedule(
        order({ id, imeis: imeisOf(range(1_000, 1 + 1_000 * at)), autoAssignLicense: true }),
      ),
    ),
  );
  await Promise.all([
    ...desks.map((desk) => desk.run()),
    desks[0]!.engine.commands.assignLicences(ACCOUNT, imeisOf(range(50))),
  ]);
  for (const desk of desks) await desk.run();
  const licences = await store.licences(ACCOUNT, { max: 9_999 });
  expect(licences).toHaveLength(700);
  expect((await store.licencePool(ACCOUNT)).assigned).toBe(700);
  const campaigns = await Promise.all(ids.map((id) => desks[0]!.campaign(id)));
  const admitted = campaigns.reduce((sum, { tallies }) => sum + tallies.waiting, 0);
  expect(admitted).toBeLessThanOrEqual(700);
  const held = new Set(licences.map((one) => one.imei));
  for (const id of ids) {
    const waiting = await store.updates({ account: ACCOUNT, campaign: id }, { max: 9_999 }, { state: 'waiting' });
    expect(waiting.every((one) => held.has(one.imei))).toBe(true);
  }
});

test('devices that are added by hand need a licence too', async () => {
  await using store = openMemoryStore();
  const desk = deskOver(store);
  await openAccount(store, monthly(1));
  await imported(
    store,
    range(3).map((one) => device(one)),
  );
  await desk.engine.commands.schedule(order({ imeis: [imei(1)], autoAssignLicense: true }));
  await desk.run();
  const added = await desk.engine.commands.changeDevices(KEY, 'append', imeisOf([1, 2]));
  expect(added).toMatchObject({
    ok: true,
    results: [{ outcome: 'already-member' }, { outcome: 'rejected', rejection: { reason: 'no-licence' } }],
  });
});

test('under a subscription by the event nobody asks for licences, and none are counted', async () => {
  await using store = openMemoryStore();
  const desk = deskOver(store);
  await openAccount(store);
  await imported(store, [device(1)]);
  await desk.engine.commands.schedule(order({ imeis: [imei(1)], autoAssignLicense: true }));
  await desk.run();
  expect((await desk.campaign()).tallies.waiting).toBe(1);
  expect(await store.licencePool(ACCOUNT)).toMatchObject({ assigned: 0, revision: 0 });
});
