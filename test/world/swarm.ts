// A swarm: which kinds of trouble a world knows, how its campaign rolls out and what operators do, all drawn from a seed.
import {
  type Duration,
  type HourWindow,
  hours,
  minutes,
  type RolloutPolicy,
  type Zone,
} from '../../src/campaigns/index.ts';
import { HTTP_TRAITS, LWM2M_TRAITS, type Trait } from '../../src/simulator/index.ts';
import { Seeded } from './random.ts';
import {
  FROM,
  given,
  http,
  lwm2m,
  type OperatorAct,
  type OperatorOrder,
  type Scenario,
  START,
  type Trouble,
  type WorldDevice,
} from './scenario.ts';

/** What an address begins with, and whether DTLS is around it, are no matters of words: test/lockstep and test/network have them. */
const ON_THE_WIRE: readonly Trait[] = ['coaps', 'fetches-http'];
const LWM2M_WORDS = LWM2M_TRAITS.filter((trait) => !ON_THE_WIRE.includes(trait));

const HOURLY: readonly (readonly HourWindow[])[] = [
  [],
  [{ from: 11, until: 13 }],
  [
    { from: 1, until: 4 },
    { from: 20, until: 23 },
  ],
  [{ from: 0, until: 24 }],
];

interface Place {
  readonly start: number;
  readonly zones: readonly Zone[];
}

// Each begins within a day of a change of the clocks, but for the first.
const PLACES: readonly Place[] = [
  { start: START, zones: ['UTC'] },
  { start: Date.parse('2026-10-31T10:30:00Z'), zones: ['America/Chicago', 'UTC'] },
  { start: Date.parse('2026-10-24T10:30:00Z'), zones: ['Europe/Berlin', 'Asia/Kathmandu'] },
  { start: Date.parse('2026-10-03T06:10:00Z'), zones: ['Australia/Lord_Howe', 'Australia/Sydney'] },
];

// Traits that cannot both be true of one device.
const EXCLUDE: readonly (readonly [Trait, Trait])[] = [
  ['pull-only', 'push-only'],
  ['fails-flash-once', 'fails-flash-always'],
  ['no-restart', 'new-port'],
];

function traits(random: Seeded, all: readonly Trait[]): readonly Trait[] {
  const drawn = all.filter(() => random.chance(0.1));
  return drawn.filter((trait) => !EXCLUDE.some(([first, second]) => trait === second && drawn.includes(first)));
}

function deviceOf(seed: Seeded, make: typeof lwm2m, all: readonly Trait[], place: number): WorldDevice {
  const random = seed.fork(`device ${place}`);
  const device = make(place, ...traits(random, all));
  const away = random.between(0, 40);
  return {
    ...device,
    labels: { cell: random.chance(0.5) ? 'north' : 'south' },
    ...(random.chance(0.4) ? { known: random.chance(0.9) ? FROM : '0.9.0' } : {}),
    ...(random.chance(0.1) && device.transport === 'LWM2M' ? { natSeconds: 60 } : {}),
    ...(random.chance(0.05) && device.transport === 'LWM2M' ? { mute: true as const } : {}),
    ...(random.chance(0.15) ? { away: { from: away, until: away + random.between(1, 60) } } : {}),
    ...(random.chance(0.2)
      ? { clock: { offsetMs: -random.between(0, 4_000_000_000), rate: random.between(80, 125) / 100 } }
      : {}),
  };
}

function trouble(random: Seeded): Trouble {
  const some = (share: number, most: number): number =>
    random.chance(share) ? random.between(1, most * 1_000) / 1_000 : 0;
  return {
    lossDown: some(0.5, 0.3),
    lossUp: some(0.5, 0.3),
    twice: some(0.3, 0.2),
    delayMax: random.pick([300, 5_000, 60_000]),
    crash: some(0.5, 0.02),
    deafCustomer: some(0.5, 0.3),
    slowCustomer: some(0.2, 0.3),
    refusingCustomer: some(0.2, 0.3),
    stale: some(0.3, 0.1),
    failLoad: some(0.2, 0.02),
    failCommit: some(0.2, 0.05),
    lostCommit: some(0.2, 0.05),
    interleave: some(0.5, 0.3),
  };
}

function rollout(random: Seeded): RolloutPolicy {
  const share = () => (random.chance(0.5) ? { devices: random.between(1, 4) } : { percent: random.between(10, 60) });
  return {
    ...(random.chance(0.5) ? { canary: share() } : {}),
    waves: Array.from({ length: random.between(0, 3) }, share),
    soak: random.pick([0 as Duration, minutes(10), hours(3)]),
    advanceAtPercent: random.pick([50, 100]),
    ...(random.chance(0.4) ? { stepDeadline: hours(random.between(1, 12)) } : {}),
    onStepDeadline: random.pick(['advance', 'hold']),
    approval: random.pick(['none', 'none', 'start', 'every-step']),
    ...(random.chance(0.3) ? { stratifyBy: 'label:cell' as const } : {}),
    ...(random.chance(0.3) ? { maxUnresolved: random.between(1, 3) } : {}),
  };
}

function actOf(random: Seeded, devices: readonly WorldDevice[]): OperatorAct {
  const imeis = devices.filter(() => random.chance(0.3)).map(({ imei }) => imei);
  switch (random.between(0, 13)) {
    case 0:
    case 1:
    case 2:
      return { is: 'pause' };
    case 3:
    case 4:
      return { is: 'resume' };
    case 5:
      return { is: random.pick(['abort', 'cancel', 'withdraw', 'stop-account']) };
    case 6:
      return { is: 'approve' };
    case 7:
      return { is: 'narrow', to: [{ from: 11, until: 13 }] };
    case 8:
      return { is: 'narrow', to: [{ from: random.between(0, 11), until: 12 + random.between(0, 12) }] };
    case 9:
      return { is: 'dates', lastDay: random.between(2, 5), windows: random.pick(HOURLY) };
    case 10:
      return { is: 'dates', lastDay: random.between(1, 5) };
    case 11:
      return { is: random.pick(['append', 'remove']), imeis };
    case 12:
      return { is: 'again', lastDay: random.between(2, 4) };
    default:
      return { is: 'pace', pace: { slots: random.between(1, 5), arrivalsPerMinute: random.between(1, 30) } };
  }
}

function ordersOf(random: Seeded, devices: readonly WorldDevice[]): readonly OperatorOrder[] {
  if (random.chance(0.4)) return [];
  return Array.from({ length: random.between(1, 5) }, () => ({
    at: random.between(0, 48_000) / 1_000,
    act: actOf(random, devices),
  }));
}

/** One world of the swarm. */
export function swarm(seed: number): Scenario {
  const random = new Seeded(seed).fork('scenario');
  const isHttp = random.chance(0.5);
  const count = random.chance(0.05) ? 20 : random.between(2, 7);
  const devices = Array.from({ length: count }, (_, place) =>
    isHttp ? deviceOf(random, http, HTTP_TRAITS, place) : deviceOf(random, lwm2m, LWM2M_WORDS, place),
  );
  const { start, zones } = random.chance(0.5) ? PLACES[0]! : random.pick(PLACES);
  const byDevice = random.chance(0.3);
  const windows = random.pick(HOURLY);
  // Who installs as it downloads needs hours in which both are allowed.
  const splits = !isHttp && !devices.some((device) => device.traits.includes('auto-installs'));
  const later = random.chance(0.15);
  return given({
    seed,
    start,
    devices: byDevice ? devices.map((device, place) => ({ ...device, zone: zones[place % zones.length]! })) : devices,
    zone: byDevice ? 'device' : zones[0]!,
    nodes: random.between(1, 3),
    skewMs: random.chance(0.3) ? random.between(1, 4_000) : 0,
    trouble: trouble(random.fork('trouble')),
    chaosHours: random.between(2, 30),
    downloadWindows: windows,
    installWindows: splits && random.chance(0.3) ? random.pick(HOURLY) : windows,
    firstDay: later ? 1 : 0,
    lastDay: random.between(2, 4),
    ...(random.chance(0.1) ? { installAfter: 1 } : {}),
    ...(random.chance(0.1) ? { downloadAfter: 1 } : {}),
    rule: random.chance(0.8) ? 'strict' : 'start-before-close',
    ...(later ? { listed: devices.slice(1).map(({ imei }) => imei) } : {}),
    ...policyOf(random.fork('policy')),
    orders: ordersOf(random.fork('orders'), devices),
    goesOn: random.chance(0.8),
  });
}

function policyOf(random: Seeded): Partial<Scenario> {
  return {
    ...(random.chance(0.5) ? { rollout: rollout(random) } : {}),
    ...(random.chance(0.3) ? { haltTerms: { p0: 0.02, p1: 0.5, alpha: 0.1, beta: 0.1 } } : {}),
    ...(random.chance(0.3) ? { slotsMax: random.between(1, 3) } : {}),
    ...(random.chance(0.2) ? { arrivalsPerMinute: random.between(1, 10) } : {}),
    ...(random.chance(0.1) ? { accountPerMinute: random.between(1, 10) } : {}),
    ...(random.chance(0.2) ? { labelCaps: { cell: random.between(1, 3) } } : {}),
    ...(random.chance(0.2) ? { attemptsMax: random.between(1, 4) } : {}),
    ...(random.chance(0.2) ? { retryWait: minutes(random.between(1, 240)) } : {}),
    ...(random.chance(0.1) ? { autoAdd: true as const } : {}),
  };
}
