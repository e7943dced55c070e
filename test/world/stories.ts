// Stories of the world: hand-written, each a known hard case of the field; a table of how devices end, and the longer ones.
import { deepEqual, equal } from 'node:assert/strict';
import { CALM, FROM, given, http, lwm2m, type Scenario, TO, type WorldDevice } from './scenario.ts';
import { World, type WorldOptions } from './world.ts';

export interface Story {
  readonly title: string;
  readonly run: (options: WorldOptions) => Promise<World>;
}

/** Runs a scenario of `given` to its end. */
export const played = async (scenario: Scenario, options: WorldOptions): Promise<World> =>
  (await World.open(scenario, options)).run();

export const endsOf = (world: World): readonly string[] =>
  world.scenario.devices.map((device) => world.stateOf(device.imei));

export const bytesOf = (world: World, { imei }: WorldDevice): number | undefined =>
  world.devices.get(imei)?.report.bytes;

interface Row {
  readonly devices: readonly WorldDevice[];
  readonly more?: Partial<Scenario>;
  /** How each device ends, in their order. */
  readonly ends: readonly string[];
}

const between = (from: number, until: number) => [{ from, until }];
const noon = { downloadWindows: between(12, 14), installWindows: between(12, 14) };
const apart = { downloadWindows: between(11, 13), installWindows: between(2, 4) };

const TABLE: Readonly<Record<string, Row>> = {
  'a device that fetches, one that is pushed to and one of the old version are updated': {
    devices: [lwm2m(1, 'pull-only'), lwm2m(2, 'push-only'), lwm2m(3, 'lwm2m-1.0', 'silent-about-delivery')],
    ends: ['succeeded', 'succeeded', 'succeeded'],
  },
  'sleepers are offered the image when they speak': {
    devices: [lwm2m(1, 'queue-mode'), lwm2m(2, 'queue-mode', 'new-port')],
    more: noon,
    ends: ['succeeded', 'succeeded'],
  },
  'a translator that lets nothing in but for a moment after the device has spoken is enough': {
    devices: [1, 2, 3].map((place) => ({
      ...lwm2m(place, ...(['pull-only', 'push-only', 'new-port'] as const).slice(place - 1, place)),
      natSeconds: 30,
    })),
    more: noon,
    ends: ['succeeded', 'succeeded', 'succeeded'],
  },
  'a device that registers and answers nothing is sent nothing, and the others are not held up by it': {
    devices: [{ ...lwm2m(1), mute: true }, lwm2m(2), lwm2m(3)],
    more: { slotsMax: 1 },
    ends: ['expired', 'succeeded', 'succeeded'],
  },
  'a device that reboots while downloading gets a second offer': {
    devices: [lwm2m(1, 'reboots-in-download')],
    ends: ['succeeded'],
  },
  'a flash that fails once is tried again, one that always fails has failed': {
    devices: [lwm2m(1, 'fails-flash-once'), lwm2m(2, 'fails-flash-always')],
    ends: ['succeeded', 'failed'],
  },
  'a device that says success and runs the old version has failed': {
    devices: [lwm2m(1, 'lies'), lwm2m(2, 'lies', 'no-restart')],
    ends: ['failed', 'failed'],
  },
  'a device that is silent after the order to install has failed, not vanished': {
    devices: [lwm2m(1, 'dies-in-install')],
    ends: ['failed'],
  },
  'a device without restart is believed because its version is read': {
    devices: [lwm2m(1, 'no-restart')],
    ends: ['succeeded'],
  },
  'HTTP clients that close at once, and after the restart': {
    devices: [http(1), http(2, 'reboots-then-closes'), http(3, 'fails-flash-once')],
    ends: ['succeeded', 'succeeded', 'succeeded'],
  },
  'an HTTP client that lies has failed': { devices: [http(1, 'lies')], ends: ['failed'] },
  'a client that downloads and waits installs in the install window': {
    devices: [http(1, 'split'), http(2, 'split', 'reboots-then-closes')],
    more: apart,
    ends: ['succeeded', 'succeeded'],
  },
  'a client that does not wait with its install is told late, and its version still counts': {
    devices: [http(1, 'split', 'ignores-maintenance-window')],
    more: { ...apart, hopeless: true },
    ends: ['succeeded'],
  },
  'where a streaming client has no common hour, it is never offered': {
    devices: [http(1)],
    more: { ...apart, hopeless: true },
    ends: ['expired'],
  },
  'nor is a device that installs by itself': {
    devices: [lwm2m(1, 'auto-installs')],
    more: { ...apart, hopeless: true },
    ends: ['expired'],
  },
  'what was imported is believed until the device is asked': {
    devices: [
      { ...lwm2m(1), from: TO, known: FROM },
      { ...lwm2m(2), from: '0.9.0', known: FROM },
      { ...lwm2m(3), known: FROM },
    ],
    ends: ['rejected', 'rejected', 'succeeded'],
  },
  'a transfer that would not be over before the close is not begun': {
    devices: [{ ...http(1), rate: 10, away: { from: 0, until: 3.1 } }],
    more: noon,
    ends: ['succeeded'],
  },
  'a campaign whose window never opens touches nobody': {
    devices: [lwm2m(1)],
    more: { ...noon, lastDay: 0, downloadWindows: between(3, 4), hopeless: true },
    ends: ['expired'],
  },
  'the hour that comes twice is open twice': {
    devices: [lwm2m(1, 'queue-mode'), lwm2m(2)],
    more: {
      start: Date.parse('2026-10-31T22:30:00Z'),
      zone: 'America/Chicago',
      downloadWindows: between(1, 2),
      installWindows: between(1, 2),
    },
    ends: ['succeeded', 'succeeded'],
  },
  'of the hour that is cut short half an hour is left, where each device has a zone of its own': {
    devices: [
      { ...lwm2m(1), zone: 'Australia/Lord_Howe' },
      { ...lwm2m(2, 'push-only'), zone: 'America/Santiago' },
    ],
    more: {
      start: Date.parse('2026-10-03T06:10:00Z'),
      zone: 'device',
      downloadWindows: between(2, 3),
      installWindows: between(2, 3),
    },
    ends: ['succeeded', 'succeeded'],
  },
  'clocks that are apart, on servers and devices, do no harm': {
    devices: [
      { ...lwm2m(1), clock: { offsetMs: -1_500_000_000_000, rate: 1.2 } },
      { ...lwm2m(2, 'queue-mode'), clock: { offsetMs: 0, rate: 0.8 } },
    ],
    more: { ...noon, nodes: 3, skewMs: 4_000 },
    ends: ['succeeded', 'succeeded'],
  },
};

async function abortedAtOnce(options: WorldOptions): Promise<World> {
  const asleep = { ...lwm2m(2, 'queue-mode'), pace: { lifetimeSeconds: 28_800 } };
  const open = { downloadWindows: between(11, 14), installWindows: between(11, 14) };
  const orders = [{ at: 1, act: { is: 'abort' } }] as const;
  const world = await played(given({ devices: [lwm2m(1, 'dies-in-install'), asleep], ...open, orders }), options);
  deepEqual(endsOf(world), ['failed', 'aborted']);
  equal(bytesOf(world, asleep), 0);
  return world;
}

async function cancelledBefore(options: WorldOptions): Promise<World> {
  const orders = [{ at: 1, act: { is: 'abort' } }] as const;
  const world = await played(given({ devices: [lwm2m(1)], ...noon, orders }), options);
  deepEqual(endsOf(world), ['cancelled']);
  return world;
}

async function interruptedForNothing(options: WorldOptions): Promise<World> {
  const trouble = { ...CALM, lossDown: 0.05, lossUp: 0.05, crash: 0.05 };
  const device = lwm2m(1, 'push-only');
  const world = await played(given({ devices: [device], trouble, chaosHours: 6, nodes: 1, seed: 3 }), options);
  deepEqual(endsOf(world), ['succeeded']);
  equal([...world.checks.updates.values()][0]?.attempts, 1);
  return world;
}

export const STORIES: readonly Story[] = [
  ...Object.entries(TABLE).map(
    ([title, { devices, more, ends }]): Story => ({
      title,
      run: async (options) => {
        const world = await played(given({ devices, ...more }), options);
        deepEqual(endsOf(world), ends);
        return world;
      },
    }),
  ),
  { title: 'an abort ends at once what waits, and lets an installation tell its outcome', run: abortedAtOnce },
  { title: 'before its first opening a campaign is cancelled, not aborted', run: cancelledBefore },
  { title: 'attempts that we interrupt cost nothing', run: interruptedForNothing },
];
