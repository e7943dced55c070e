// Stories of orders and ends: what is left is cleaned up, late words change nothing, lists change, windows are narrowed.
import { deepEqual, equal, ok } from 'node:assert/strict';
import type { Duration } from '../../src/campaigns/index.ts';
import { atRest } from './at-rest.ts';
import { CAMPAIGN, SECOND } from './operator.ts';
import { CALM, FROM, given, http, lwm2m, TO } from './scenario.ts';
import { bytesOf, endsOf, played, type Story } from './stories.ts';
import { World, type WorldOptions } from './world.ts';

const later = { downloadWindows: [{ from: 10, until: 13 }], installWindows: [{ from: 22, until: 23 }] };

/** Aborted while they hold the image; the next campaign has to clean them up before it offers anything. */
async function cleanedUpFirst(options: WorldOptions): Promise<World> {
  const devices = [lwm2m(1), lwm2m(2, 'queue-mode')];
  const orders = [
    { at: 3, act: { is: 'abort' } },
    { at: 5, act: { is: 'again', lastDay: 2 } },
  ] as const;
  const world = await played(given({ devices, ...later, orders }), options);
  deepEqual(endsOf(world), ['aborted', 'aborted']);
  deepEqual(
    devices.map(({ imei }) => world.stateOf(imei, SECOND)),
    ['succeeded', 'succeeded'],
  );
  ok(world.checks.rules.has('update.cleaned-up'), 'they were cleaned up');
  return world;
}

async function cleanedUpOverHttp(options: WorldOptions): Promise<World> {
  const devices = [http(1, 'split'), http(2, 'split', 'rejects-cancel')];
  const orders = [{ at: 3, act: { is: 'abort' } }] as const;
  const world = await played(given({ devices, ...later, orders, hopeless: true }), options);
  deepEqual(endsOf(world), ['aborted', 'aborted']);
  return world;
}

/** It installs where nobody hears of it, and comes back when its campaign has long been over. */
async function backAfterTheEnd(options: WorldOptions): Promise<World> {
  const away = { from: 0.5, until: 100 };
  const pace = { installMs: 7_200_000 };
  const devices = [
    { ...http(1), away, pace },
    { ...http(2, 'reboots-then-closes'), away, pace },
  ];
  const world = await played(given({ devices, lastDay: 0, hopeless: true, toTheEnd: true }), options);
  deepEqual(endsOf(world), ['failed', 'failed']);
  await world.runHours(110);
  deepEqual(endsOf(world), ['failed', 'failed']);
  const late = devices.map(({ imei }) => world.checks.updates.get(`${CAMPAIGN}/${imei}`)?.lateResult?.result);
  deepEqual(late, ['succeeded', 'succeeded']);
  atRest(world.checks);
  equal(world.checks.campaign(CAMPAIGN).tallies.succeededLate, 2);
  return world;
}

async function listsChange(options: WorldOptions): Promise<World> {
  const other = { ...lwm2m(5), make: 'Other' };
  const devices = [lwm2m(1), lwm2m(2), lwm2m(3), { ...lwm2m(4), model: 'Stove' }, other, http(6)];
  const known = [
    { ...lwm2m(7), known: TO },
    { ...lwm2m(8), known: FROM },
    { ...lwm2m(9), known: '0.1.0' },
  ];
  const [first, second, third, ...rest] = [...devices, ...known].map(({ imei }) => imei);
  const orders = [
    { at: 1, act: { is: 'remove', imeis: [first!] } },
    { at: 2, act: { is: 'append', imeis: [third!, ...rest, 'no IMEI', '359999999999999'] } },
    { at: 20, act: { is: 'append', imeis: [first!] } },
  ] as const;
  const world = await played(
    given({
      devices: [...devices, ...known],
      firstDay: 1,
      lastDay: 3,
      listed: [first!, second!],
      orders,
      hopeless: true,
    }),
    options,
  );
  const ends = [
    'unknown',
    'succeeded',
    'succeeded',
    'rejected',
    'rejected',
    'rejected',
    'rejected',
    'succeeded',
    'rejected',
  ];
  deepEqual(endsOf(world), ends);
  return world;
}

/** Transfers that crawl are cut by every order within the time of a permit, and taken up again at no cost. */
async function narrowedInTheMiddle(options: WorldOptions): Promise<World> {
  const devices = Array.from({ length: 12 }, (_, place) => lwm2m(place, place % 2 === 0 ? 'pull-only' : 'push-only'));
  const trouble = { ...CALM, delayMax: 60_000, lossDown: 0.2 };
  const pauses = Array.from({ length: 20 }, (_, place) => ({
    at: 1.505 + place / 100,
    act: { is: place % 2 === 0 ? ('pause' as const) : ('resume' as const) },
  }));
  const narrow = { at: 0.03, act: { is: 'narrow', to: [{ from: 12, until: 14 }] } } as const;
  const orders = [narrow, ...pauses];
  const world = await played(given({ devices, trouble, chaosHours: 4, orders, nodes: 3, lastDay: 3 }), options);
  ok(
    endsOf(world).every((end) => end === 'succeeded'),
    `they ended ${endsOf(world).join(', ')}`,
  );
  const attempts = [...world.checks.updates.values()].map((update) => update.attempts);
  ok(Math.max(...attempts) <= 2, `they took ${attempts.join(', ')} attempts`);
  return world;
}

/** Begun just before the close: what is under way may finish, and nothing else begins. */
async function finishedAfterTheClose(options: WorldOptions): Promise<World> {
  const devices = [lwm2m(1, 'pull-only', 'queue-mode'), lwm2m(2, 'push-only', 'queue-mode')].map((device) => ({
    ...device,
    pace: { lifetimeSeconds: 10_740 },
  }));
  const windows = { downloadWindows: [{ from: 11, until: 12 }], installWindows: [] };
  const trouble = { ...CALM, delayMax: 60_000 };
  return played(
    given({ devices, ...windows, trouble, chaosHours: 12, rule: 'start-before-close', lastDay: 4, hopeless: true }),
    options,
  );
}

/** Downloads that run into the end of the campaign are cut there. */
async function cutByTheEnd(options: WorldOptions): Promise<World> {
  const devices = Array.from({ length: 40 }, (_, place) => ({
    ...http(place),
    known: FROM,
    away: { from: 0, until: 13.4989 },
    pace: { pollMs: 10_000 },
  }));
  const world = await played(given({ devices, lastDay: 0, pollSeconds: 10, hopeless: true }), options);
  const cut = devices.filter((device) => {
    const bytes = bytesOf(world, device) ?? 0;
    return bytes > 0 && bytes < world.image.size;
  });
  ok(cut.length > 0, 'some were cut in the middle');
  ok(world.checks.rules.has('permit.over'), 'they were told that it is over');
  for (const { imei } of cut) equal(world.stateOf(imei), 'expired');
  return world;
}

/** Windows that open later than now do not undo what has begun: no cancelling, no new steps, no way back to Pending. */
async function startedStays(options: WorldOptions): Promise<World> {
  const devices = [http(1), http(2), { ...http(3, 'dies-in-install') }];
  const rollout = {
    waves: [{ devices: 2 }],
    soak: 0 as Duration,
    advanceAtPercent: 100,
    onStepDeadline: 'hold',
    approval: 'none',
  } as const;
  const orders = [
    { at: 1, act: { is: 'narrow', to: [{ from: 2, until: 4 }] } },
    { at: 2, act: { is: 'cancel' } },
    { at: 3, act: { is: 'dates', lastDay: 4 } },
  ] as const;
  const world = await World.open(given({ devices, rollout, orders, lastDay: 3 }), options);
  await world.runHours(4);
  equal(world.checks.campaign(CAMPAIGN).phase.name, 'scheduled');
  equal(world.checks.rules.has('campaign.cancelled'), false);
  await world.run();
  deepEqual(endsOf(world), ['succeeded', 'succeeded', 'failed']);
  return world;
}

async function withdrawn(options: WorldOptions): Promise<World> {
  const devices = [http(1), http(2)];
  const noon = { downloadWindows: [{ from: 12, until: 14 }], installWindows: [{ from: 12, until: 14 }] };
  const orders = [{ at: 1, act: { is: 'withdraw' } }] as const;
  const world = await played(given({ devices, ...noon, orders }), options);
  deepEqual(endsOf(world), ['expired', 'expired']);
  equal(world.checks.campaign(CAMPAIGN).hold?.rule, 'campaign.halted-withdrawn');
  for (const device of devices) equal(bytesOf(world, device), 0);
  return world;
}

/** Servers that fall over again and again, also between an order to install and its answer. */
async function orderedOnce(options: WorldOptions): Promise<World> {
  const devices = Array.from({ length: 15 }, (_, place) => lwm2m(place));
  const trouble = { ...CALM, crash: 0.1, lossUp: 0.1 };
  const world = await played(given({ devices, trouble, chaosHours: 20, nodes: 1, seed: 5 }), options);
  ok(
    endsOf(world).every((end) => end === 'succeeded'),
    `they ended ${endsOf(world).join(', ')}`,
  );
  ok(world.checks.rules.has('update.execute-unknown'), 'an order was lost sight of');
  return world;
}

export const END_STORIES: readonly Story[] = [
  { title: 'what an aborted campaign left on a device is removed before the next one offers', run: cleanedUpFirst },
  { title: 'a client that holds an image of an aborted campaign is told to stop', run: cleanedUpOverHttp },
  { title: 'who comes back after the end tells a late success, and the outcome stays', run: backAfterTheEnd },
  { title: 'devices are added and removed until the campaign is scheduled, and each is judged', run: listsChange },
  { title: 'narrowed windows and pauses bite in the middle of transfers', run: narrowedInTheMiddle },
  { title: 'what was begun inside the window may finish where the rule says so', run: finishedAfterTheClose },
  { title: 'servers that crash again and again order each device to install only once', run: orderedOnce },
  { title: 'a download that runs into the end of its campaign is cut there', run: cutByTheEnd },
  { title: 'a campaign that has started stays so when its windows are narrowed', run: startedStays },
  { title: 'a withdrawn package reaches nobody any more', run: withdrawn },
];
