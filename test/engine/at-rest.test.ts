// The steward: a campaign with nothing to do lets it rest, and devices it can do nothing with hold up no others.
import { expect, test } from 'vitest';
import {
  cancel,
  type Day,
  type Device,
  type Instant,
  instant,
  LIMITS,
  minutes,
  type NodeId,
  type Registration,
  type ScheduleOrder,
} from '../../src/campaigns/index.ts';
import { openMemoryStore } from '../../src/store/index.ts';
import { KEY } from '../conformance/given.ts';
import { type Desk, deskOver, device, imeisOf, imported, openAccount, order, range } from './desk.ts';

const OPENING = instant(Date.parse('2027-03-02T00:00:00Z'));

const registeredAt = (number: number, node: string): Pick<Device, 'registration' | 'reachable'> => ({
  reachable: true,
  registration: {
    node: node as NodeId,
    location: `/rd/${number}`,
    peer: '127.0.0.1:5683',
    endpoint: `device-${number}`,
    queueMode: false,
    version: '1.1',
    expiresAt: (OPENING * 2) as Instant,
    since: OPENING,
  } satisfies Registration,
});

async function deskWith(devices: readonly Device[], more: Partial<ScheduleOrder> = {}): Promise<Desk> {
  const store = openMemoryStore();
  const desk = deskOver(store);
  await openAccount(store);
  await imported(store, devices);
  await desk.engine.commands.schedule(order({ imeis: devices.map(({ imei }) => imei), ...more }));
  return desk;
}

const askedOf = ({ sent }: Desk): readonly string[] =>
  sent.flatMap((one) => (one.kind === 'ask' ? [one.device.imei] : [])).toSorted();

test('a campaign that is cancelled before its list was looked at calls the steward once more and never again', async () => {
  const desk = await deskWith(range(3).map((number) => device(number)));
  const done = await desk.engine.commands.order(KEY, (campaign, now) => cancel(campaign, false, now));
  expect(done?.ok).toBe(true);
  await desk.run();
  desk.now = (desk.now + minutes(5)) as Instant;
  await desk.run();
  const { phase, nextActionAt, intakePending } = await desk.campaign();
  expect({ phase: phase.name, nextActionAt, intakePending }).toEqual({
    phase: 'cancelled',
    nextActionAt: undefined,
    intakePending: false,
  });
});

const night = { from: 2, until: 4 };

test('devices whose night is over do not keep those from being asked whose night it is', async () => {
  const numbers = range(60);
  const tokyo = numbers.filter((number) => number % 6 !== 0);
  const zoneOf = (number: number) => (tokyo.includes(number) ? 'Asia/Tokyo' : 'UTC');
  const timetable = { ...order().timetable, zone: 'device', downloadWindows: [night], installWindows: [night] };
  const desk = await deskWith(
    numbers.map((number) => device(number, { ...registeredAt(number, 'node-one'), timeZone: zoneOf(number) })),
    { timetable, slotsMax: 10 },
  );
  await desk.run();
  desk.now = instant(Date.parse('2027-03-02T02:00:00Z'));
  await desk.run();
  expect(askedOf(desk)).toEqual(imeisOf(numbers.filter((number) => zoneOf(number) === 'UTC')));
});

test('devices that are registered on a node that is gone do not keep the others from being asked', async () => {
  const numbers = range(60);
  const nodeOf = (number: number) => (number % 6 === 0 ? 'node-one' : 'node-gone');
  const desk = await deskWith(
    numbers.map((number) => device(number, registeredAt(number, nodeOf(number)))),
    { slotsMax: 10 },
  );
  await desk.run();
  desk.now = OPENING;
  await desk.run();
  expect(askedOf(desk)).toEqual(imeisOf(numbers.filter((number) => nodeOf(number) === 'node-one')));
});

test('devices that do not answer keep their slots from the next ones for half a minute and no longer', async () => {
  const numbers = range(30);
  const desk = await deskWith(
    numbers.map((number) => device(number, registeredAt(number, 'node-one'))),
    { slotsMax: 10, arrivalsPerMinute: 1 },
  );
  await desk.run();
  desk.now = OPENING;
  await desk.run();
  for (const asked of [10, 20, 30]) {
    expect(askedOf(desk)).toHaveLength(asked);
    desk.now = (desk.now + LIMITS.askWait) as Instant;
    await desk.run();
  }
});

test('a device whose zone became known after its campaign was scheduled is offered in its own night', async () => {
  const timetable = {
    ...order().timetable,
    startDate: '2027-03-02' as Day,
    zone: 'device',
    downloadWindows: [night],
    installWindows: [night],
  };
  const http = { ...order().package, kind: 'software', transports: ['HTTP'] } as const;
  const one = device(1, { transport: 'HTTP', software: { fw: { value: '1', at: OPENING, source: 'import' } } });
  const desk = await deskWith([one, device(2, { ...one, ...device(2), transport: 'HTTP', software: one.software })], {
    timetable,
    transport: 'HTTP',
    package: http,
    generation: 'v2',
  });
  await desk.run();
  const found = await desk.store.loadDevice(one, 'node-one' as NodeId);
  if (found === undefined) throw new Error('there is no such device');
  await desk.store.writeDevices([{ device: { ...found.device, timeZone: 'Asia/Tokyo' }, isNew: false }]);
  desk.now = instant(Date.parse('2027-03-02T17:30:00Z'));
  await desk.run();
  await desk.engine.deviceContacted(one);
  await desk.run();
  desk.now = (desk.now + LIMITS.askAgain) as Instant;
  const seen = await desk.engine.deviceContacted(one);
  expect(seen?.live?.update.state.name).toBe('offered');
});
