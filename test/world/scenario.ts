// Everything a run consists of: drawn from a seed (a swarm in which whole kinds of trouble are on or off) or written by hand (a story).
import type { HourWindow } from '../../src/campaigns/index.ts';
import { type DeviceSpec, HTTP_TRAITS, LWM2M_TRAITS, type Trait } from '../../src/simulator/index.ts';
import { Seeded } from './random.ts';

/** What an address begins with, and whether DTLS is around it, are no matters of words: test/lockstep and test/network have them. */
const ON_THE_WIRE: readonly Trait[] = ['coaps', 'fetches-http'];
const LWM2M_WORDS = LWM2M_TRAITS.filter((trait) => !ON_THE_WIRE.includes(trait));

export interface Trouble {
  /** Share of messages that are lost, each way. */
  readonly loss: number;
  /** Longest delay of a message in milliseconds; most are far shorter. */
  readonly delayMax: number;
  /** Chance that a node goes down at a commit, before it or just after it. */
  readonly crash: number;
  /** Chance that the customer's listener fails, having heard or not. */
  readonly deafCustomer: number;
}

export const CALM: Trouble = { loss: 0, delayMax: 300, crash: 0, deafCustomer: 0 };

export interface Scenario {
  readonly seed: number;
  readonly devices: readonly DeviceSpec[];
  readonly nodes: number;
  readonly trouble: Trouble;
  /** Hours from the start of the run until everything goes well. */
  readonly chaosHours: number;
  readonly downloadWindows: readonly HourWindow[];
  readonly installWindows: readonly HourWindow[];
  /** Days after the start's day on which the campaign ends. */
  readonly lastDay: number;
  readonly rule: 'strict' | 'start-before-close';
  readonly pollSeconds: number;
  /** Nobody can be updated here, however willing. */
  readonly hopeless?: true;
  /** Hours from the start at which an operator aborts. */
  readonly abortAt?: number;
}

/** The run begins here, in the middle of a day. */
export const START = Date.parse('2026-11-22T10:30:00Z');
export const FROM = '1.0.0';
export const TO = '2.0.0';

export function given(part: Partial<Scenario> & { readonly devices: readonly DeviceSpec[] }): Scenario {
  return {
    seed: 1,
    nodes: 2,
    trouble: CALM,
    chaosHours: 0,
    downloadWindows: [],
    installWindows: [],
    lastDay: 2,
    rule: 'strict',
    pollSeconds: 300,
    ...part,
  };
}

/** A device by its place in the run; its IMEI names its random streams. */
export function lwm2m(place: number, ...traits: readonly Trait[]): DeviceSpec {
  return {
    imei: `35000000000${String(place).padStart(4, '0')}`,
    make: 'Acme',
    model: 'Lamp',
    transport: 'LWM2M',
    from: FROM,
    traits,
  };
}

export function http(place: number, ...traits: readonly Trait[]): DeviceSpec {
  return {
    imei: `36000000000${String(place).padStart(4, '0')}`,
    make: 'Acme',
    model: 'Lamp',
    transport: 'HTTP',
    from: FROM,
    traits,
  };
}

const HOURLY: readonly (readonly HourWindow[])[] = [
  [],
  [{ from: 11, until: 13 }],
  [
    { from: 2, until: 5 },
    { from: 20, until: 23 },
  ],
  [{ from: 0, until: 24 }],
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

/** A swarm: which kinds of trouble this world knows is itself drawn. */
export function swarm(seed: number): Scenario {
  const random = new Seeded(seed).fork('scenario');
  const transport = random.chance(0.5) ? 'LWM2M' : 'HTTP';
  const count = random.between(2, 6);
  const devices = Array.from({ length: count }, (_, place) =>
    transport === 'LWM2M' ? lwm2m(place, ...traits(random, LWM2M_WORDS)) : http(place, ...traits(random, HTTP_TRAITS)),
  );
  const windows = random.pick(HOURLY);
  // Who installs as it downloads needs hours in which both are allowed.
  const splits = transport === 'LWM2M' && !devices.some((device) => device.traits.includes('auto-installs'));
  return given({
    seed,
    devices,
    nodes: random.between(1, 3),
    trouble: {
      loss: random.chance(0.5) ? random.between(1, 30) / 100 : 0,
      delayMax: random.pick([300, 5_000, 60_000]),
      crash: random.chance(0.5) ? random.between(1, 20) / 1_000 : 0,
      deafCustomer: random.chance(0.5) ? 0.3 : 0,
    },
    chaosHours: random.between(2, 30),
    downloadWindows: windows,
    installWindows: splits && random.chance(0.3) ? random.pick(HOURLY) : windows,
    lastDay: random.between(2, 4),
    rule: random.chance(0.8) ? 'strict' : 'start-before-close',
    ...(random.chance(0.15) ? { abortAt: random.between(1, 40) } : {}),
  });
}
