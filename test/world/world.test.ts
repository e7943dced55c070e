// Stories of the world: hand-written, each a known hard case of the field.
import { describe, expect, test } from 'vitest';
import type { DeviceSpec } from '../../src/simulator/index.ts';
import { given, http, lwm2m, type Scenario } from './scenario.ts';
import { CAMPAIGN, World } from './world.ts';

interface Story {
  readonly devices: readonly DeviceSpec[];
  readonly more?: Partial<Scenario>;
  /** How each device ends, in their order. */
  readonly ends: readonly string[];
}

const noon = { downloadWindows: [{ from: 12, until: 14 }], installWindows: [{ from: 12, until: 14 }] };

const STORIES: Readonly<Record<string, Story>> = {
  'a device that fetches, one that is pushed to and one of the old version are updated': {
    devices: [lwm2m(1, 'pull-only'), lwm2m(2, 'push-only'), lwm2m(3, 'lwm2m-1.0', 'silent-about-delivery')],
    ends: ['succeeded', 'succeeded', 'succeeded'],
  },
  'sleepers are offered the image when they speak': {
    devices: [lwm2m(1, 'queue-mode'), lwm2m(2, 'queue-mode', 'new-port')],
    more: noon,
    ends: ['succeeded', 'succeeded'],
  },
  'a device that reboots while downloading gets a second offer': {
    devices: [lwm2m(1, 'reboots-in-download'), http(2, 'reboots-in-download')].slice(0, 1),
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
    more: { downloadWindows: [{ from: 11, until: 13 }], installWindows: [{ from: 2, until: 4 }] },
    ends: ['succeeded', 'succeeded'],
  },
  'where a streaming client has no common hour, it is never offered': {
    devices: [http(1)],
    more: { downloadWindows: [{ from: 11, until: 13 }], installWindows: [{ from: 2, until: 4 }], hopeless: true },
    ends: ['expired'],
  },
  'a campaign whose window never opens touches nobody': {
    devices: [lwm2m(1)],
    more: { ...noon, lastDay: 0, downloadWindows: [{ from: 3, until: 4 }], hopeless: true },
    ends: ['expired'],
  },
};

describe('the world', () => {
  for (const [title, { devices, more, ends }] of Object.entries(STORIES)) {
    test(title, async () => {
      const world = await (await World.open(given({ devices, ...more }))).run();
      expect(devices.map((device) => world.stateOf(device.imei))).toEqual(ends);
    });
  }

  test('an abort ends at once what waits, and lets an installation tell its outcome', async () => {
    const asleep = { ...lwm2m(2, 'queue-mode'), pace: { lifetimeSeconds: 28_800 } };
    const devices = [lwm2m(1, 'dies-in-install'), asleep];
    const open = { downloadWindows: [{ from: 11, until: 14 }], installWindows: [{ from: 11, until: 14 }] };
    const world = await (await World.open(given({ devices, ...open, abortAt: 1 }))).run();
    expect(devices.map((device) => world.stateOf(device.imei))).toEqual(['failed', 'aborted']);
    expect(world.devices.get(asleep.imei)?.report.bytes).toBe(0);
  });

  test('before its first opening a campaign is cancelled, not aborted', async () => {
    const devices = [lwm2m(1)];
    const world = await (await World.open(given({ devices, ...noon, abortAt: 1 }))).run();
    expect(world.stateOf(devices[0]!.imei)).toBe('cancelled');
  });

  test('attempts that we interrupt cost nothing', async () => {
    const devices = [lwm2m(1, 'push-only')];
    const world = await World.open(
      given({
        devices,
        trouble: { loss: 0.05, delayMax: 300, crash: 0.05, deafCustomer: 0 },
        chaosHours: 6,
        nodes: 1,
        seed: 3,
      }),
    );
    await world.run();
    expect(world.checks.updates.get(`${CAMPAIGN}/${devices[0]!.imei}`)).toMatchObject({
      attempts: 1,
      state: { name: 'succeeded' },
    });
  });
});
