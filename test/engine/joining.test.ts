/** A campaign with autoAddDevicesFlag: a device that becomes known later and fits joins it, once. */
import { expect, test } from 'vitest';
import type { CampaignId, Device } from '../../src/campaigns/index.ts';
import { openMemoryStore, openSqliteStore, type Store } from '../../src/store/index.ts';
import { ACCOUNT, deviceKey, imei, KEY, registration } from '../conformance/given.ts';
import { type Desk, deskOver, device, imported, openAccount, order, START } from './desk.ts';

async function adding(store: Store, more: Parameters<typeof order>[0] = {}): Promise<Desk> {
  const desk = deskOver(store);
  await openAccount(store);
  await imported(store, [device(1)]);
  await desk.engine.commands.schedule(order({ imeis: [imei(1)], autoAddDevices: true, ...more }));
  await desk.run();
  return desk;
}

const arrives = async (desk: Desk, ...devices: readonly Device[]) =>
  desk.engine.commands.devicesWritten(ACCOUNT, await imported(desk.store, devices));

test('only what fits joins: make, model, transport and version', async () => {
  await using store = await openSqliteStore({ directory: ':memory:' });
  const desk = await adding(store);
  const { firmware: _unknown, ...unread } = device(6);
  const joined = await arrives(
    desk,
    device(2),
    device(3, { model: 'M2' }),
    device(4, { transport: 'HTTP' }),
    device(5, { firmware: { value: '0', at: START, source: 'import' } }),
    unread,
    device(7, { liveCampaign: 'other' as CampaignId }),
  );
  expect(joined).toBe(1);
  await desk.run();
  const campaign = await desk.campaign();
  expect(campaign.tallies).toMatchObject({ waiting: 2, rejected: 0 });
  expect(campaign.devicesTotal).toBe(2);
  expect((await store.device(deviceKey(2)))?.liveCampaign).toBe(KEY.campaign);
  expect(await store.loadJoiners(KEY, 9)).toEqual([]);
  const ledger = (await store.ledger(KEY, 1, 99)).map(({ text }) => JSON.parse(text).entry.rule);
  expect(ledger.filter((rule) => rule === 'admission.auto-added')).toHaveLength(1);
});

test('the same import again changes nothing, also before the steward has looked', async () => {
  await using store = openMemoryStore();
  const desk = await adding(store);
  expect(await arrives(desk, device(2))).toBe(1);
  expect(await desk.engine.commands.devicesWritten(ACCOUNT, [device(2)])).toBe(0);
  await desk.run();
  expect(await desk.engine.commands.devicesWritten(ACCOUNT, [device(2), device(1)])).toBe(0);
  await desk.run();
  expect((await desk.campaign()).devicesTotal).toBe(2);
});

test('a device that tells its version only later joins then', async () => {
  await using store = openMemoryStore();
  const desk = await adding(store);
  const { firmware: _unknown, ...unread } = device(2, { registration: registration(2), reachable: true });
  expect(await arrives(desk, unread)).toBe(0);
  expect(await desk.engine.askDevice(deviceKey(2))).toEqual({ is: 'asked', at: START });
  await desk.run();
  const [ask] = desk.sent.filter((one) => one.kind === 'ask');
  await desk.engine.sendSettled({
    id: ask!.id,
    intent: { kind: 'ask', device: deviceKey(2) },
    outcome: { is: 'delivered' },
    answer: { reading: { firmware: '1' }, askedAt: START },
  });
  await desk.run();
  expect((await store.device(deviceKey(2)))?.firmware).toEqual({ value: '1', at: START, source: 'reported' });
  expect((await desk.campaign()).tallies.waiting).toBe(2);
});

test('an HTTP device joins with its attributes', async () => {
  await using store = openMemoryStore();
  const base = order();
  const desk = await adding(store, {
    transport: 'HTTP',
    package: { ...base.package, transports: ['HTTP'] },
    imeis: [],
  });
  const { firmware: _unknown, ...unread } = device(2, { transport: 'HTTP' });
  await arrives(desk, unread);
  await desk.engine.deviceTold(deviceKey(2), { mode: 'merge', data: { fw_version: '1' } });
  await desk.run();
  expect((await desk.campaign()).tallies.waiting).toBe(1);
});

test('with no device yet it waits for the first, and does not end when all are done', async () => {
  await using store = openMemoryStore();
  const desk = await adding(store, { imeis: [] });
  expect((await desk.campaign()).phase.name).toBe('prescheduled');
  desk.now = (START + 86_400_000) as typeof START;
  await desk.run();
  expect((await desk.campaign()).phase.name).toBe('scheduled');
  await arrives(desk, device(2));
  await desk.run();
  expect((await desk.campaign()).tallies.waiting).toBe(1);
});

test('nobody joins while it is halted; those who came meanwhile join when it goes on', async () => {
  await using store = openMemoryStore();
  const desk = await adding(store);
  const halted = { kind: 'halted', reason: 'r', since: START, rule: 'campaign.halted-guard' } as const;
  const write = async (hold?: typeof halted) => {
    const { hold: _old, ...row } = await desk.campaign();
    const held = hold === undefined ? { ...row, nextActionAt: desk.now } : { ...row, hold };
    await store.commit(
      [{ writes: [{ op: 'replace-campaign', row: held }], entries: [], intents: [], rule: 'campaign.dates-changed' }],
      desk.now,
    );
  };
  await write(halted);
  await arrives(desk, device(2));
  await desk.run();
  expect((await desk.campaign()).devicesTotal).toBe(1);
  await write();
  await desk.run();
  expect((await desk.campaign()).devicesTotal).toBe(2);
});

test('of two campaigns it joins the one that was scheduled first; after the end nobody joins', async () => {
  await using store = openMemoryStore();
  const desk = await adding(store);
  desk.now = (START + 1) as typeof START;
  const second = 'a-second' as CampaignId;
  await desk.engine.commands.schedule(order({ id: second, imeis: [], autoAddDevices: true }));
  await desk.run();
  await arrives(desk, device(2));
  await desk.run();
  expect((await desk.campaign()).devicesTotal).toBe(2);
  expect((await desk.campaign(second)).devicesTotal).toBe(0);
  desk.now = (START + 30 * 86_400_000) as typeof START;
  await desk.run();
  expect((await desk.campaign()).phase.name).toBe('ended');
  expect(await arrives(desk, device(3))).toBe(0);
});
