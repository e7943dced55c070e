// No herd: a small campaign starts at once, a large one begins no faster than its cap, and the curve is told on failure.
import { expect, test } from 'vitest';
import type { AccountSettings } from '../../src/accounts/index.ts';
import {
  type CampaignId,
  hours,
  type Instant,
  instant,
  minutes,
  type NodeId,
  pause,
  type Registration,
  seconds,
} from '../../src/campaigns/index.ts';
import { openMemoryStore } from '../../src/store/index.ts';
import { KEY } from '../conformance/given.ts';
import { type Desk, deskOver, device, imeisOf, imported, openAccount, order, range } from './desk.ts';

const OPENING = instant(Date.parse('2027-03-02T00:00:00Z'));

const IDLE = { state: 'idle', result: 'initial', canPull: true, canPush: true } as const;

const POLICY = {
  waves: [],
  soak: minutes(0),
  advanceAtPercent: 90,
  onStepDeadline: 'hold',
  approval: 'none',
  maxUnresolved: 1_000_000,
} as const;

async function campaignOf(
  count: number,
  perMinute: number,
  transport: 'LWM2M' | 'HTTP',
  settings: Partial<AccountSettings> = {},
): Promise<Desk> {
  const store = openMemoryStore();
  const desk = deskOver(store);
  await openAccount(store, settings);
  const registration = (number: number): Registration => ({
    node: 'node-one' as NodeId,
    location: `/rd/${number}`,
    peer: '127.0.0.1:5683',
    endpoint: `device-${number}`,
    queueMode: false,
    version: '1.1',
    expiresAt: (OPENING * 2) as Instant,
    since: desk.now,
  });
  const numbers = range(count);
  await imported(
    store,
    numbers.map((number) =>
      transport === 'LWM2M'
        ? device(number, { registration: registration(number), reachable: true })
        : device(number, { transport, software: { fw: { value: '1', at: desk.now, source: 'import' } } }),
    ),
  );
  const http = { ...order().package, kind: 'software', transports: ['HTTP'] } as const;
  await desk.engine.commands.schedule(
    order({
      imeis: imeisOf(numbers),
      rollout: POLICY,
      slotsMax: 1_000_000,
      arrivalsPerMinute: perMinute,
      transport,
      ...(transport === 'HTTP' ? { package: http, generation: 'v2' } : {}),
    }),
  );
  await desk.run();
  expect((await desk.campaign()).tallies.waiting).toBe(count);
  desk.now = OPENING;
  await desk.run();
  return desk;
}

test('five devices that can be reached at any time are all asked at the opening', async () => {
  const desk = await campaignOf(5, 1_000, 'LWM2M');
  expect(desk.sent.map(({ kind }) => kind)).toEqual(Array(5).fill('ask'));
});

test('five devices that poll are each offered the image at their first poll, even under a cap of one a minute', async () => {
  const desk = await campaignOf(5, 1, 'HTTP');
  for (const imei of imeisOf(range(5))) {
    const seen = await desk.engine.deviceContacted({ account: KEY.account, imei });
    expect(seen?.live?.update.state.name).toBe('offered');
  }
});

/** Devices that poll every ten minutes, evenly spread; how many were offered the image in each minute. */
async function arrivals(desk: Desk, count: number, length: number): Promise<readonly number[]> {
  const every = minutes(10);
  const curve: number[] = [];
  const waiting = new Set(imeisOf(range(count)));
  const inOrder = [...waiting];
  const step = seconds(5);
  for (let elapsed = 0; elapsed < length && waiting.size > 0; elapsed += step) {
    desk.now = (OPENING + elapsed) as Instant;
    await desk.run();
    const minute = Math.floor(elapsed / minutes(1));
    curve[minute] ??= 0;
    const from = Math.floor(((elapsed % every) / every) * count);
    const until = Math.floor((((elapsed % every) + step) / every) * count);
    for (const imei of inOrder.slice(from, until)) {
      if (!waiting.has(imei)) continue;
      const seen = await desk.engine.deviceContacted({ account: KEY.account, imei });
      if (seen?.live?.update.state.name !== 'offered') continue;
      waiting.delete(imei);
      curve[minute] = (curve[minute] ?? 0) + 1;
    }
  }
  return curve;
}

test('a hundred thousand devices begin no faster than the cap, and use it', { timeout: 60_000 }, async () => {
  const [count, cap] = [100_000, 8_000];
  const desk = await campaignOf(count, cap, 'HTTP');
  const curve = await arrivals(desk, count, minutes(30));
  const drawn = curve.map((begun, minute) => `${minute} min ${'#'.repeat(begun / 200)} ${begun}`).join('\n');
  // What the bucket held after the rest before is the burst that engine.md §4 allows: a sixth of a minute's worth.
  const burst = Math.ceil(cap / 6);
  for (const begun of curve) expect(begun, drawn).toBeLessThanOrEqual(cap + burst);
  for (const begun of curve.slice(0, 9)) expect(begun, drawn).toBeGreaterThan(cap * 0.9);
  const sum = curve.reduce((all, begun) => all + begun, 0);
  expect(sum, drawn).toBe(count);
  expect(curve.length, drawn).toBeLessThanOrEqual(21);
});

test('devices that tell their cell only now count under its cap already with their first offer', async () => {
  const settings = { labelsFromNetwork: true, arrivalCaps: { labels: { cell: 1 } } };
  const desk = await campaignOf(15, 1_000, 'LWM2M', settings);
  const asked = desk.sent.flatMap((sent) => (sent.kind === 'ask' ? [sent] : []));
  expect(asked.map(({ network }) => network)).toEqual(Array(15).fill(true));
  for (const { id, device: of } of asked) {
    const reading = { firmware: '1', labels: { cell: '18945' }, object5: IDLE };
    await desk.engine.sendSettled({
      id,
      intent: { kind: 'ask', device: { account: of.account, imei: of.imei } },
      outcome: { is: 'delivered' },
      answer: { reading, askedAt: desk.now },
    });
  }
  await desk.run();
  // The burst that every cap has (engine.md §4), and none more.
  expect((await desk.campaign()).tallies).toMatchObject({ offered: 10, waiting: 5 });
});

test('a paused campaign of many devices costs one that runs beside it nothing', async () => {
  const store = openMemoryStore();
  const touched: string[] = [];
  const desk = deskOver(store, {
    between: (real) =>
      new Proxy(real, {
        get: (target, name) => {
          const member: unknown = Reflect.get(target, name);
          if (typeof member !== 'function') return member;
          return (...given: readonly unknown[]) => {
            if (JSON.stringify(given).includes('campaign-paused')) touched.push(String(name));
            return Reflect.apply(member, target, given);
          };
        },
      }),
  });
  await openAccount(store);
  await imported(
    store,
    range(1_010).map((number) => device(number)),
  );
  const paused = 'campaign-paused' as CampaignId;
  await desk.engine.commands.schedule(order({ id: paused, imeis: imeisOf(range(1_000)) }));
  await desk.engine.commands.schedule(order({ imeis: imeisOf(range(10, 1_001)) }));
  desk.now = OPENING;
  await desk.run();
  await desk.engine.commands.order({ account: KEY.account, campaign: paused }, (campaign, now) =>
    pause(campaign, { by: 'ada' }, now),
  );
  await desk.run();
  expect((await desk.campaign(paused)).tallies.waiting).toBe(1_000);
  expect(touched).toContain('loadSteward');
  touched.length = 0;
  for (let hour = 0; hour < 48; hour += 1) {
    desk.now = (OPENING + hours(hour)) as Instant;
    await desk.run();
  }
  expect(touched).toEqual([]);
});
