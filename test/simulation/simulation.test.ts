/** A campaign is predicted, and then it is run in earnest: the prediction has to come true. */
import { describe, expect, test } from 'vitest';
import {
  type Contacts,
  DEFAULT_PROFILE,
  type Device,
  type Duration,
  hours,
  type Instant,
  instant,
  minutes,
  type Prediction,
  type ScheduleOrder,
  type SimulatedDevice,
  schedule,
  seconds,
  seededChance,
  simulate,
} from '../../src/campaigns/index.ts';
import { device, order, range } from '../engine/desk.ts';
import { type Habit, Reality, registration } from './reality.ts';

const NOW = instant(Date.parse('2027-03-01T22:00:00Z'));
const UNTIL = instant(Date.parse('2027-03-21T00:00:00Z'));
const SIZE = 400_000;

interface Scenario {
  readonly devices: number;
  readonly every: Duration;
  readonly rate: number;
  readonly installs: Duration;
  readonly device: (number: number) => Partial<Device>;
  readonly order: Partial<ScheduleOrder>;
}

const timetable = (more: Partial<ScheduleOrder['timetable']>): ScheduleOrder['timetable'] => ({
  ...order().timetable,
  ...more,
});

function habitsOf({ devices, every, rate, installs, device: more }: Scenario): readonly Habit[] {
  const chance = seededChance(4711);
  return range(devices).map((number) => ({
    device: device(number, { reachable: true, rate, ...more(number) }),
    every,
    phase: Math.floor(chance() * every),
    // No two devices are alike.
    rate: Math.round(rate * (0.9 + 0.2 * chance())),
    installs: Math.round(installs * (0.9 + 0.2 * chance())),
  }));
}

function predicted({ order: given, installs }: Scenario, habits: readonly Habit[], plays?: number): Prediction {
  const scheduled = schedule(orderOf(given, habits), NOW);
  if (!scheduled.ok) throw new Error(scheduled.sentence);
  const devices = habits.map(({ device: one, every, phase }): SimulatedDevice => {
    const lastAt = (Math.floor(NOW / every) * every + phase - every) as Instant;
    const contacts: Contacts = { every: every as Duration, lastAt, measuredOn: 49 };
    return { device: one, profile: DEFAULT_PROFILE, contacts, install: { time: installs, measuredOn: 100 } };
  });
  return simulate({
    now: NOW,
    campaign: scheduled.campaign,
    devices,
    nodes: 1,
    failureChance: 0,
    chanceOf: (play) => seededChance(play + 1),
    ...(plays === undefined ? {} : { plays }),
  });
}

const orderOf = (given: Partial<ScheduleOrder>, habits: readonly Habit[]): ScheduleOrder => {
  const { package: pack, ...rest } = order(given);
  const transport = habits[0]?.device.transport ?? 'LWM2M';
  return {
    ...rest,
    transport,
    package: { ...pack, transports: [transport], image: { ...pack.image, size: SIZE } },
    imeis: habits.map(({ device: one }) => one.imei),
  };
};

async function cameTrue(scenario: Scenario): Promise<{ readonly real: number; readonly told: number }> {
  const habits = habitsOf(scenario);
  const prediction = predicted(scenario, habits);
  const reality = new Reality(NOW, habits, SIZE);
  await reality.run(orderOf(scenario.order, habits), UNTIL);
  // From the first instant at which anything may be offered.
  const start = Date.parse('2027-03-02T00:00:00Z');
  expect(prediction.late).toEqual([]);
  return { real: (await reality.finishedAt()) - start, told: (prediction.finish?.p50 ?? 0) - start };
}

const ALWAYS_ON: Scenario = {
  devices: 300,
  every: hours(1),
  rate: 8_192,
  installs: minutes(3),
  device: (number) => ({ registration: registration(`e${number}`, NOW, false) }),
  order: { slotsMax: 20 },
};

const POLLING: Scenario = {
  devices: 400,
  every: minutes(10),
  rate: 20_000,
  installs: minutes(5),
  device: () => ({ transport: 'HTTP', attributes: { firmware: '1' }, attributesAt: NOW }),
  order: {
    slotsMax: 15,
    timetable: timetable({
      downloadWindows: [{ from: 1, until: 3 }],
      installWindows: [{ from: 1, until: 3 }],
      zone: 'America/Chicago',
    }),
  },
};

const SLEEPERS: Scenario = {
  devices: 250,
  every: hours(4),
  rate: 8_192,
  installs: seconds(100),
  device: (number) => ({ registration: registration(`e${number}`, NOW, true) }),
  order: {
    rollout: {
      canary: { devices: 50 },
      waves: [{ percent: 20 }],
      soak: hours(6),
      advanceAtPercent: 90,
      onStepDeadline: 'hold',
      approval: 'none',
    },
  },
};

describe('what is predicted comes true, within ten percent of the time it takes', () => {
  test.each([
    ['devices that are always on, on twenty slots', ALWAYS_ON],
    ['devices that poll, with windows at night', POLLING],
    ['devices that sleep, in a canary and waves', SLEEPERS],
  ])('%s', async (_name, scenario) => {
    const { real, told } = await cameTrue(scenario);
    expect(Math.abs(told - real) / real, `told ${told / 1_000} s, real ${real / 1_000} s`).toBeLessThan(0.1);
  });
});
