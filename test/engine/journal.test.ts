/** Check-ins and device logs: what devices did is collected, written together, and kept for those whose logging is on. */
import { describe, expect, test } from 'vitest';
import { logAlso, noList } from '../../src/accounts/index.ts';
import type { Imei } from '../../src/campaigns/index.ts';
import { DeviceJournal } from '../../src/engine/index.ts';
import { openMemoryStore, type Store } from '../../src/store/index.ts';
import { ACCOUNT, deviceKey, imei, registration } from '../conformance/given.ts';
import { deskOver, device, imported, openAccount, order, START } from './desk.ts';

async function logging(store: Store, imeis: readonly Imei[]): Promise<void> {
  const on = logAlso(noList(ACCOUNT, 'logging'), imeis, START);
  if (!on.ok || !(await store.replaceAccountList(on.list))) throw new Error('refused');
}

describe('a device', () => {
  const http = { transport: 'HTTP' } as const;

  test('that polls checks in, once between two writes', async () => {
    await using store = openMemoryStore();
    const journal = new DeviceJournal(store);
    const desk = deskOver(store, { journal });
    await openAccount(store);
    await imported(store, [device(1, http)]);
    for (const wait of [0, 1, 2]) {
      desk.now = (START + wait) as typeof START;
      await desk.engine.deviceContacted(deviceKey(1));
    }
    expect(await store.checkIns(deviceKey(1))).toEqual([]);
    await journal.flush();
    await journal.flush();
    expect(await store.checkIns(deviceKey(1))).toEqual([
      { key: deviceKey(1), at: START, client: 'HTTP', result: 'succeeded' },
    ]);
  });

  test('that polls and polls is written every quarter of an hour, but a failure at once', async () => {
    await using store = openMemoryStore();
    const journal = new DeviceJournal(store);
    const checkIn = async (minutes: number, result: 'succeeded' | 'failed') => {
      const at = (START + minutes * 60_000) as typeof START;
      journal.checkedIn({ key: deviceKey(1), at, client: 'HTTP', result });
      await journal.flush();
    };
    for (const minutes of [0, 5, 10, 15]) await checkIn(minutes, 'succeeded');
    await checkIn(16, 'failed');
    await checkIn(17, 'succeeded');
    const written = (await store.checkIns(deviceKey(1))).map(({ at, result }) => [(at - START) / 60_000, result]);
    expect(written.toReversed()).toEqual([
      [0, 'succeeded'],
      [15, 'succeeded'],
      [16, 'failed'],
      [17, 'succeeded'],
    ]);
  });

  test('leaves the lines of its feedback while its logging is on, and another leaves none', async () => {
    await using store = openMemoryStore();
    const journal = new DeviceJournal(store);
    const desk = deskOver(store, { journal });
    await openAccount(store);
    const devices = await imported(store, [device(1, http), device(2, http)]);
    await logging(store, [imei(1)]);
    const pack = { ...order().package, transports: ['HTTP' as const] };
    await desk.engine.commands.schedule(
      order({ transport: 'HTTP', package: pack, imeis: devices.map((one) => one.imei) }),
    );
    await desk.run();
    desk.now = (START + 86_400_000) as typeof START;
    await desk.run();
    let action = 0;
    for (const { imei: one } of devices.toReversed()) {
      const seen = await desk.engine.deviceContacted({ account: ACCOUNT, imei: one });
      action = seen?.device.lastActionId ?? 0;
      const report = { step: 'failed', detail: 'no space left' } as const;
      expect(await desk.engine.deviceReported({ account: ACCOUNT, imei: one }, action, report)).toBe('stored');
    }
    await journal.flush();
    expect(await store.deviceLogs(deviceKey(1))).toEqual([
      { key: deviceKey(1), at: desk.now, type: 'SoftwareUpdate', text: `action ${action}, failed: no space left` },
    ]);
    expect(await store.deviceLogs(deviceKey(2))).toEqual([]);
    expect(await store.checkIns(deviceKey(2))).toMatchObject([{ result: 'failed', failure: 'no space left' }]);
  });

  test('that is asked over LwM2M leaves what it answered', async () => {
    await using store = openMemoryStore();
    const journal = new DeviceJournal(store);
    const desk = deskOver(store, { journal });
    await openAccount(store);
    await imported(store, [device(1, { registration: registration(1), reachable: true })]);
    await logging(store, [imei(1)]);
    expect(await desk.engine.askDevice(deviceKey(1))).toEqual({ is: 'asked', at: START });
    await desk.run();
    const intent = { kind: 'ask', device: deviceKey(1) } as const;
    const answer = { reading: { firmware: '7' }, askedAt: START };
    const [sent] = desk.sent.filter((one) => one.kind === 'ask');
    await desk.engine.sendSettled({ id: sent!.id, intent, outcome: { is: 'delivered' }, answer });
    await journal.flush();
    expect((await store.deviceLogs(deviceKey(1))).map(({ text }) => text)).toEqual(['ask, delivered: version 7']);
    expect(await store.checkIns(deviceKey(1))).toMatchObject([{ client: 'LWM2M', result: 'succeeded' }]);
    expect((await store.device(deviceKey(1)))?.firmware).toEqual({ value: '7', at: START, source: 'reported' });
  });

  test('is asked only where that can be done', async () => {
    await using store = openMemoryStore();
    const desk = deskOver(store);
    await imported(store, [device(1, http), device(2)]);
    const asked = [1, 2, 3].map(async (one) => (await desk.engine.askDevice(deviceKey(one))).is);
    expect(await Promise.all(asked)).toEqual(['not-lwm2m', 'not-registered', 'device-unknown']);
  });
});

test('what could not be written is written the next time', async () => {
  await using store = openMemoryStore();
  await logging(store, [imei(1)]);
  let fails = true;
  const unsure = {
    ...store,
    putDeviceLogs: async (logs: Parameters<Store['putDeviceLogs']>[0]) => {
      if (fails) throw new Error('disk');
      return store.putDeviceLogs(logs);
    },
  };
  const journal = new DeviceJournal(unsure);
  journal.logged({ key: deviceKey(1), at: START, type: 'Event', text: 'a' });
  journal.logged({ key: deviceKey(2), at: START, type: 'Event', text: 'b' });
  await expect(journal.flush()).rejects.toThrow('disk');
  fails = false;
  await journal.flush();
  expect((await store.deviceLogs(deviceKey(1))).map(({ text }) => text)).toEqual(['a']);
});
