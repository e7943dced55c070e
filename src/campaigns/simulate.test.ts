// Stories of simulated campaigns: what is told about those that are updated, those that are not, and why.
import { describe, expect, test } from 'vitest';
import { schedule } from './commands.ts';
import type { Device } from './device.ts';
import { DEFAULT_PROFILE } from './device.ts';
import type { Imei } from './ids.ts';
import type { RolloutPolicy } from './rollout.ts';
import { simulate } from './simulate.ts';
import { seededChance } from './simulation/chance.ts';
import { compareOutcomes } from './simulation/compare.ts';
import type { SimulatedDevice, SimulationFacts } from './simulation/facts.ts';
import { contactsOf, InstallTimes } from './simulation/patterns.ts';
import { ACCOUNT, CAMPAIGN, day, givenHttpDevice, givenPackage, givenTimetable, utc } from './testing/given.ts';
import { after, type Duration, days, hours, minutes } from './time.ts';

const NOW = utc('2026-03-01T12:00:00Z');

interface Given {
  readonly devices: number;
  readonly device?: (number: number) => Partial<Device>;
  readonly contacts?: Partial<SimulatedDevice['contacts']>;
  readonly timetable?: Parameters<typeof givenTimetable>[0];
  readonly order?: { readonly rollout?: RolloutPolicy; readonly slotsMax?: number };
  readonly facts?: Partial<SimulationFacts>;
}

function factsOf({ devices: count, device = () => ({}), contacts, timetable, order, facts }: Given): SimulationFacts {
  const imeis = Array.from({ length: count }, (_, number) => String(350_000_000_000_000 + number) as Imei);
  const result = schedule(
    {
      account: ACCOUNT,
      id: CAMPAIGN,
      generation: 'v2',
      package: givenPackage(),
      from: '1.0',
      transport: 'HTTP',
      timetable: givenTimetable(timetable),
      autoAssignLicense: false,
      autoAddDevices: false,
      checkDigits: false,
      imeis,
      ...order,
    },
    NOW,
  );
  if (!result.ok) throw new Error(result.sentence);
  const devices = imeis.map((imei, number): SimulatedDevice => {
    const { liveCampaign: _none, ...own } = givenHttpDevice({ imei });
    return {
      device: { ...own, ...device(number) },
      profile: DEFAULT_PROFILE,
      contacts: { every: minutes(10), measuredOn: 0, ...contacts },
    };
  });
  return {
    now: NOW,
    campaign: result.campaign,
    devices,
    nodes: 2,
    failureChance: 0,
    chanceOf: seededChance,
    ...facts,
  };
}

const predict = (given: Given) => simulate(factsOf(given));

const WAVES: RolloutPolicy = {
  canary: { devices: 60 },
  waves: [{ percent: 50 }],
  soak: hours(6),
  advanceAtPercent: 90,
  onStepDeadline: 'hold',
  approval: 'every-step',
};

describe('a simulation', () => {
  test('tells the same from the same seed', () => {
    expect(predict({ devices: 40 })).toEqual(predict({ devices: 40 }));
  });

  test('updates everybody where nothing stands in the way, not before the start', () => {
    const told = predict({ devices: 40 });
    expect(told).toMatchObject({ devices: 40, succeeded: { devices: 40 }, late: [], plays: 9 });
    expect(told.finish?.p50).toBeGreaterThan(utc('2026-03-02T00:00:00Z'));
    expect(told.finish?.p90).toBeGreaterThanOrEqual(told.finish?.p50 ?? 0);
    expect(told.hours.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(40 * 100_000);
  });

  test('sends no byte outside the windows of each device', () => {
    const told = predict({
      devices: 60,
      device: (number) => ({ timeZone: number % 2 === 0 ? 'America/Chicago' : 'Europe/Berlin' }),
      timetable: {
        zone: 'device',
        downloadWindows: [{ from: 2, until: 4 }],
        installWindows: [{ from: 2, until: 4 }],
      },
    });
    expect(told.succeeded.devices).toBe(60);
    const open = new Set([1, 2, 8, 9]);
    for (const { from } of told.hours) expect(open).toContain(new Date(from).getUTCHours());
    expect(told.firstInstall).toMatchObject({ zone: 'Europe/Berlin' });
    expect(told.firstInstall?.local).toMatch(/^2026-03-02 02:/);
  });

  test('names those whose contacts never fall into a window', () => {
    const told = predict({
      devices: 30,
      contacts: { every: days(1), lastAt: utc('2026-03-01T11:30:00Z'), measuredOn: 9 },
      timetable: { downloadWindows: [{ from: 2, until: 4 }], installWindows: [{ from: 2, until: 4 }] },
      facts: { plays: 1 },
    });
    expect(told.late).toMatchObject([{ rule: 'permit.download-window', devices: 30 }]);
    expect(told.late[0]?.named).toHaveLength(30);
    expect(told.finish).toBeUndefined();
  });

  test('names those whose transfer fits into no window', () => {
    const told = predict({
      devices: 3,
      device: () => ({ rate: 20 }),
      timetable: { downloadWindows: [{ from: 2, until: 4 }], installWindows: [{ from: 2, until: 4 }] },
    });
    expect(told.late).toMatchObject([{ rule: 'permit.does-not-fit', devices: 3 }]);
  });

  test('says that slots are not enough', () => {
    const told = predict({
      devices: 300,
      order: { slotsMax: 1 },
      timetable: { endDate: day('2026-03-02'), downloadWindows: [{ from: 2, until: 3 }] },
    });
    expect(told.late).toMatchObject([{ rule: 'update.no-slot' }]);
    expect(told.succeeded.devices + (told.late[0]?.devices ?? 0)).toBe(300);
  });

  test('does not expect devices that have been silent for long', () => {
    const told = predict({ devices: 4, contacts: { lastAt: utc('2026-01-01T00:00:00Z'), measuredOn: 9 } });
    expect(told.late).toMatchObject([{ rule: 'update.unreachable', devices: 4 }]);
    expect(told.notes).toContain('4 devices have been silent for long and are not expected to come');
  });

  test('opens step after step, approvals taken as given', () => {
    const told = predict({ devices: 200, order: { rollout: WAVES } });
    expect(told.steps.map(({ kind, devices }) => [kind, devices])).toEqual([
      ['canary', 60],
      ['wave', 100],
      ['wave', 40],
    ]);
    const [first, second, third] = told.steps.map(({ opens }) => opens?.p50 ?? 0);
    expect((second ?? 0) - (first ?? 0)).toBeGreaterThan(hours(6));
    expect((third ?? 0) - (second ?? 0)).toBeGreaterThan(hours(6));
    expect(told.notes).toContain('approvals are assumed to be given at once');
  });

  test('halts as the campaign would, and says what is left', () => {
    const told = predict({ devices: 400, facts: { failureChance: 0.5 } });
    expect(told.hold?.kind).toBe('halted');
    expect(told.late).toMatchObject([{ rule: 'permit.held' }]);
  });

  test('keeps the cap of a label: no more begin in an hour than it allows', () => {
    const told = predict({
      devices: 200,
      device: () => ({ labels: { cell: 'c1' } }),
      facts: { labelCaps: { cell: 1 } },
    });
    expect(told.succeeded.devices).toBe(200);
    // The bucket holds ten at the start, and one more comes each minute.
    for (const { transfers } of told.hours) expect(transfers).toBeLessThanOrEqual(70);
    expect(told.labels.map(({ name }) => name)).toEqual(['cell=c1']);
  });

  test('a sample stands for the whole: counts are scaled, and it says so', () => {
    const told = predict({ devices: 100, facts: { sampledOf: 1_000 } });
    expect(told).toMatchObject({ devices: 1_000, succeeded: { devices: 1_000 }, sampled: { played: 100, of: 1_000 } });
    expect(told.notes).toContain('sampled 100 of 1,000 devices; counts are scaled up');
  });
});

describe('what is learnt from the past', () => {
  test('the usual interval is the median of the pauses between contacts', () => {
    const at = [0, 10, 20, 20.1, 35].map((minute) => after(NOW, minutes(minute) as Duration));
    const told = contactsOf(givenHttpDevice(), { instants: at.toReversed() }, minutes(5));
    expect(told).toEqual({ every: minutes(10), measuredOn: 3, lastAt: at[4] });
    expect(contactsOf(givenHttpDevice(), { instants: [] }, minutes(5))).toEqual({ every: minutes(5), measuredOn: 0 });
  });

  test('an installation lasts from its start to the word of it', () => {
    const times = new InstallTimes();
    const line = (imei: string, at: number, from: string, to: string) =>
      times.add(JSON.stringify({ sequence: 1, previous: '', entry: { imei, at, move: { from, to } } }));
    expect(times.usual).toBeUndefined();
    line('a', 1_000, 'downloading', 'installing');
    line('b', 2_000, 'downloaded', 'installing');
    line('a', 61_000, 'installing', 'verifying');
    line('b', 9_000, 'installing', 'failed');
    expect(times.usual).toEqual({ time: 60_000, measuredOn: 1 });
  });

  test('two futures are compared device by device', () => {
    const facts = factsOf({ devices: 4 });
    const told = compareOutcomes(facts, Float64Array.of(1, Number.NaN, 5, 7), Float64Array.of(Number.NaN, 3, 4, 9));
    expect(told).toMatchObject({ gains: { devices: 1 }, loses: { devices: 1 }, sooner: 1, later: 1 });
    expect(told.gains.named).toEqual([facts.devices[1]?.device.imei]);
  });
});
