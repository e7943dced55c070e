// Stories of rollouts: canaries that are accepted, halted and undecided, approvals, a halt over 2,000 devices, caps and pauses.
import { deepEqual, equal, ok } from 'node:assert/strict';
import type { Duration, RolloutPolicy } from '../../src/campaigns/index.ts';
import type { Trait } from '../../src/simulator/index.ts';
import { CAMPAIGN } from './operator.ts';
import { given, http, lwm2m, type Scenario, type WorldDevice } from './scenario.ts';
import { bytesOf, endsOf, played, type Story } from './stories.ts';
import { World, type WorldOptions } from './world.ts';

const POLICY: RolloutPolicy = {
  waves: [],
  soak: 0 as Duration,
  advanceAtPercent: 100,
  onStepDeadline: 'hold',
  approval: 'none',
};

/** They speak to their server once in a day and a half, so that a fleet of them is quickly told. */
const quiet = { lifetimeSeconds: 260_000 };

const fleet = (count: number, traitsOf: (place: number) => readonly Trait[] = () => []): readonly WorldDevice[] =>
  Array.from({ length: count }, (_, place) => ({ ...lwm2m(place, ...traitsOf(place)), pace: quiet }));

const count = (world: World, name: string): number => endsOf(world).filter((end) => end === name).length;

async function canaryAccepted(options: WorldOptions): Promise<World> {
  const rollout: RolloutPolicy = { ...POLICY, canary: { devices: 40 }, waves: [{ percent: 50 }] };
  const world = await World.open(given({ devices: fleet(80), rollout }), options);
  const opened: number[] = [];
  for (let hour = 0; hour < 12; hour += 1) {
    await world.runHours(hour / 4);
    opened.push(world.checks.campaign(CAMPAIGN).rollout?.at ?? -1);
  }
  await world.run();
  equal(count(world, 'succeeded'), 80);
  ok(world.checks.rules.has('campaign.canary-accepted'), 'the canary was accepted');
  deepEqual(opened, opened.toSorted());
  return world;
}

async function canaryHalted(options: WorldOptions): Promise<World> {
  const rollout: RolloutPolicy = { ...POLICY, canary: { devices: 40 } };
  const world = await played(given({ devices: fleet(80, () => ['lies']), rollout, goesOn: false }), options);
  const { hold } = world.checks.campaign(CAMPAIGN);
  equal(hold?.rule, 'campaign.halted-canary');
  const touched = world.scenario.devices.filter((device) => bytesOf(world, device) !== 0).length;
  ok(touched <= 40, `${touched} devices got bytes, the canary has 40`);
  return world;
}

const small: RolloutPolicy = { ...POLICY, canary: { devices: 4 } };

async function canaryUndecided(options: WorldOptions): Promise<World> {
  const world = await played(given({ devices: fleet(10), rollout: small, goesOn: false }), options);
  equal(world.checks.campaign(CAMPAIGN).hold?.kind, 'undecided');
  deepEqual([count(world, 'succeeded'), count(world, 'expired')], [4, 6]);
  return world;
}

async function canaryApproved(options: WorldOptions): Promise<World> {
  const orders = [{ at: 5, act: { is: 'approve' } }] as const;
  const world = await played(given({ devices: fleet(10), rollout: small, goesOn: false, orders }), options);
  equal(count(world, 'succeeded'), 10);
  return world;
}

async function approvedByAnother(options: WorldOptions): Promise<World> {
  const rollout: RolloutPolicy = { ...POLICY, waves: [{ devices: 2 }], approval: 'every-step' };
  const orders = [3, 6].map((at) => ({ at, act: { is: 'approve' } as const }));
  const world = await World.open(given({ devices: fleet(5), rollout, goesOn: false, orders }), options);
  await world.runHours(2.9);
  equal(count(world, 'waiting'), 5);
  await world.runHours(5.9);
  deepEqual([count(world, 'waiting'), count(world, 'succeeded')], [3, 2]);
  await world.run();
  equal(count(world, 'succeeded'), 5);
  return world;
}

const DEAD_PERCENT = 10;
const isDead = (place: number): boolean => place % (100 / DEAD_PERCENT) === 3;
const dying = fleet(2_000, (place) => (isDead(place) ? ['dies-in-install'] : []));
const long = { lastDay: 6, nodes: 2 } satisfies Partial<Scenario>;

/** The score of a campaign that tolerates a tenth of failures: nothing stops it, and every outcome is counted. */
async function deadOnesAreCounted(options: WorldOptions): Promise<World> {
  const haltTerms = { p0: 0.3, p1: 0.9, alpha: 0.01, beta: 0.05 };
  const world = await played(given({ devices: dying, ...long, haltTerms, hopeless: true }), options);
  const touched = world.scenario.devices.filter((device) => bytesOf(world, device) !== 0);
  const dead = touched.filter(({ traits }) => traits.includes('dies-in-install')).length;
  equal(count(world, 'failed'), dead);
  equal(count(world, 'succeeded'), touched.length - dead);
  deepEqual(world.checks.proofOf(CAMPAIGN).outcomes, { successes: touched.length - dead, failures: dead });
  return world;
}

/** With the usual terms it halts, on nothing but dead devices, before the rest is touched. */
async function deadOnesHalt(options: WorldOptions): Promise<World> {
  const devices = dying.slice(0, 800);
  const world = await played(given({ devices, ...long, goesOn: false, hopeless: true }), options);
  const { hold } = world.checks.campaign(CAMPAIGN);
  equal(hold?.rule, 'campaign.halted-guard');
  deepEqual(
    hold?.evidence?.reasons.map(({ name }) => name),
    ['silent-after-install'],
  );
  const places = hold?.evidence?.devices.map((imei) => Number(String(imei).slice(-4))) ?? [];
  ok(places.length >= 3 && places.every(isDead), 'it names dead devices only');
  // Those without an outcome are a twentieth of the wave at most: nobody is offered anything while they are silent.
  const touched = world.scenario.devices.filter((device) => bytesOf(world, device) !== 0).length;
  ok(touched > 400 && touched < 700, `${touched} devices were touched`);
  return world;
}

async function pausedIsStill(options: WorldOptions): Promise<World> {
  const devices = Array.from({ length: 30 }, (_, place) => http(place));
  const windows = { downloadWindows: [{ from: 11, until: 24 }], installWindows: [{ from: 11, until: 24 }] };
  const orders = [{ at: 0.4, act: { is: 'pause' } }] as const;
  const world = await World.open(given({ devices, ...windows, orders, goesOn: false }), options);
  await world.runHours(1);
  const { commits } = world.quiet;
  await world.runHours(13);
  equal(world.quiet.commits, commits);
  await world.run();
  equal(count(world, 'expired'), 30);
  return world;
}

async function labelsAreCapped(options: WorldOptions): Promise<World> {
  const devices = Array.from({ length: 40 }, (_, place) => ({ ...http(place), labels: { cell: 'north' } }));
  const world = await played(given({ devices, labelCaps: { cell: 1 }, pollSeconds: 60 }), options);
  equal(count(world, 'succeeded'), 40);
  ok(world.checks.rules.has('update.label-cap'), 'the cap was felt');
  return world;
}

async function arrivalsAreCapped(options: WorldOptions): Promise<World> {
  const world = await played(
    given({ devices: fleet(60), arrivalsPerMinute: 2, accountPerMinute: 3, nodes: 3 }),
    options,
  );
  equal(count(world, 'succeeded'), 60);
  return world;
}

export const ROLLOUT_STORIES: readonly Story[] = [
  { title: 'a canary that does well opens the waves', run: canaryAccepted },
  { title: 'a canary that fails halts the campaign, and nobody else is touched', run: canaryHalted },
  { title: 'a canary that ends between the bounds is undecided, and the rest is left alone', run: canaryUndecided },
  { title: 'an operator approves an undecided canary, and the rest follows', run: canaryApproved },
  { title: 'every step waits for somebody else to approve it', run: approvedByAnother },
  {
    title: 'of 2,000 devices with 10 % dead ones the score receives exactly the outcomes that count',
    run: deadOnesAreCounted,
  },
  { title: 'of devices with 10 % dead ones the campaign halts and names the dead', run: deadOnesHalt },
  { title: 'contacts of the devices of a paused campaign change nothing', run: pausedIsStill },
  { title: 'devices with one label begin no faster than its cap allows', run: labelsAreCapped },
  { title: 'campaign and account let no more devices begin than they may', run: arrivalsAreCapped },
];
