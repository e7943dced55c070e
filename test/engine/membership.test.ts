/** Long lists of devices to add and to remove: in chunks that are whole, every device answered in its order. */
import { expect, test } from 'vitest';
import { openMemoryStore, openSqliteStore } from '../../src/store/index.ts';
import { imei, KEY } from '../conformance/given.ts';
import { deskOver, device, imeisOf, imported, openAccount, order, range } from './desk.ts';

type Results = readonly { readonly imei: string; readonly outcome: string }[];

const outcomesOf = (results: Results) => {
  const counts: Record<string, number> = {};
  for (const { outcome } of results) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
};

test('adding and removing thousands answers each of them in the order of the request', async () => {
  await using store = await openSqliteStore({ directory: ':memory:' });
  const desk = deskOver(store);
  await openAccount(store);
  await imported(
    store,
    range(3_000).map((one) => device(one)),
  );
  await desk.engine.commands.schedule(order({ imeis: imeisOf(range(100)) }));
  await desk.run();
  const wanted = [...imeisOf(range(3_000)).toReversed(), 'not an imei'];
  const added = await desk.engine.commands.changeDevices(KEY, 'append', [...wanted, imei(7)]);
  if (added === undefined || !added.ok) throw new Error('refused');
  expect(added.results.map((one) => one.imei)).toEqual(wanted);
  expect(outcomesOf(added.results)).toEqual({ added: 2_900, 'already-member': 100, rejected: 1 });
  await desk.run();
  expect((await desk.campaign()).tallies).toMatchObject({ waiting: 3_000, rejected: 1 });
  const leaving = imeisOf(range(2_500, 1_001));
  const removed = await desk.engine.commands.changeDevices(KEY, 'remove', leaving);
  if (removed === undefined || !removed.ok) throw new Error('refused');
  expect(removed.results.map((one) => one.imei)).toEqual(leaving);
  expect(outcomesOf(removed.results)).toEqual({ removed: 2_000, 'not-a-member': 500 });
  await desk.run();
  const campaign = await desk.campaign();
  expect([campaign.devicesTotal, campaign.tallies.waiting]).toEqual([1_001, 1_000]);
});

test('before admission has looked, devices leave the list itself, wherever they stand in it', async () => {
  await using store = openMemoryStore();
  const desk = deskOver(store);
  await openAccount(store);
  await imported(
    store,
    range(3_000).map((one) => device(one)),
  );
  await desk.engine.commands.schedule(order({ imeis: imeisOf(range(3_000)) }));
  const odd = imeisOf(range(3_000)).filter((_, at) => at % 2 === 0);
  const removed = await desk.engine.commands.changeDevices(KEY, 'remove', [...odd, imei(9_999)]);
  if (removed === undefined || !removed.ok) throw new Error('refused');
  expect(outcomesOf(removed.results)).toEqual({ removed: 1_500, 'not-a-member': 1 });
  const again = await desk.engine.commands.changeDevices(KEY, 'append', imeisOf(range(4)));
  expect(again).toMatchObject({ ok: true, results: [{ outcome: 'added' }, { outcome: 'already-member' }, {}, {}] });
  await desk.run();
  const campaign = await desk.campaign();
  expect([campaign.devicesTotal, campaign.tallies.waiting]).toEqual([1_502, 1_502]);
});

test('admission that runs beside it neither loses nor doubles a device', async () => {
  await using store = openMemoryStore();
  const desk = deskOver(store);
  await openAccount(store);
  await imported(
    store,
    range(4_000).map((one) => device(one)),
  );
  await desk.engine.commands.schedule(order({ imeis: imeisOf(range(4_000)) }));
  const [removed] = await Promise.all([
    desk.engine.commands.changeDevices(KEY, 'remove', imeisOf(range(2_000, 1_001))),
    desk.run(),
  ]);
  if (removed === undefined || !removed.ok) throw new Error('refused');
  expect(outcomesOf(removed.results)).toEqual({ removed: 2_000 });
  await desk.run();
  const campaign = await desk.campaign();
  expect([campaign.devicesTotal, campaign.tallies.waiting]).toEqual([2_000, 2_000]);
  expect(await store.updates(KEY, { max: 9_999 })).toHaveLength(2_000);
});

test('a campaign that does not exist, or is scheduled, is told once', async () => {
  await using store = openMemoryStore();
  const desk = deskOver(store);
  expect(await desk.engine.commands.changeDevices(KEY, 'append', imeisOf(range(2_000)))).toBeUndefined();
  await openAccount(store);
  await imported(store, [device(1)]);
  await desk.engine.commands.schedule(order({ imeis: [imei(1)] }));
  await desk.run();
  expect(await desk.engine.commands.changeDevices(KEY, 'append', [])).toMatchObject({ ok: true, results: [] });
  desk.now = (desk.now + 86_400_000) as typeof desk.now;
  await desk.run();
  expect(await desk.engine.commands.changeDevices(KEY, 'append', imeisOf(range(2_000)))).toMatchObject({
    ok: false,
    code: 'CAMPAIGN_STATE_INVALID',
  });
});
