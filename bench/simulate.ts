/** 100,000 devices and 30 days are simulated: always-on, polling and sleeping ones, in windows at night, spread over waves. */
import { parseArgs } from 'node:util';
import {
  type AccountName,
  type CampaignId,
  type Day,
  DEFAULT_PROFILE,
  type Device,
  hours,
  type ImageHash,
  type Imei,
  instant,
  minutes,
  type NodeId,
  type RolloutPolicy,
  type ScheduleOrder,
  Simulation,
  type SimulationFacts,
  schedule,
  seededChance,
} from '../src/campaigns/index.ts';
import type { Target } from './target.ts';

const DEVICES = 100_000;
const ACCOUNT = '0000000001-00001' as AccountName;
const NOW = instant(Date.parse('2026-03-01T12:00:00Z'));
const SECONDS_MAX = 30;
/** As the server does. */
const SLICE = 100;
const TIMETABLE: ScheduleOrder['timetable'] = {
  startDate: '2026-03-02' as Day,
  endDate: '2026-03-31' as Day,
  downloadWindows: [],
  installWindows: [],
  zone: 'device',
  fallbackZone: 'UTC',
  rule: 'strict',
};
const ZONES = ['America/New_York', 'America/Chicago', 'America/Los_Angeles', 'Europe/Berlin'];

interface Case {
  readonly name: string;
  readonly transport: 'LWM2M' | 'HTTP';
  readonly order: Partial<ScheduleOrder>;
  device(number: number): Partial<Device>;
  readonly every: number;
}

const WAVES: RolloutPolicy = {
  canary: { devices: 200 },
  waves: [{ percent: 5 }, { percent: 25 }],
  soak: hours(12),
  advanceAtPercent: 95,
  onStepDeadline: 'hold',
  approval: 'none',
};
const NIGHT = [{ from: 1, until: 4 }];
const registration = (queueMode: boolean): NonNullable<Device['registration']> => ({
  node: 'node-1' as NodeId,
  location: '/rd/1',
  peer: '',
  endpoint: '',
  queueMode,
  version: '1.1',
  expiresAt: instant(NOW + hours(1_000)),
  since: NOW,
});

const CASES: readonly Case[] = [
  {
    name: 'always on',
    transport: 'LWM2M',
    order: {},
    device: () => ({ registration: registration(false) }),
    every: hours(24),
  },
  { name: 'polling in windows', transport: 'HTTP', order: timesOf(NIGHT), device: () => ({}), every: minutes(5) },
  {
    name: 'sleepers in waves',
    transport: 'LWM2M',
    order: { rollout: WAVES },
    device: () => ({ registration: registration(true) }),
    every: hours(6),
  },
  {
    name: 'few slots all month',
    transport: 'HTTP',
    order: { ...timesOf(NIGHT), slotsMax: 20 },
    device: () => ({}),
    every: minutes(5),
  },
];

function timesOf(windows: typeof NIGHT): Partial<ScheduleOrder> {
  return { timetable: { ...TIMETABLE, downloadWindows: windows, installWindows: windows } };
}

function factsOf(one: Case): SimulationFacts {
  const imeis = Array.from({ length: DEVICES }, (_, place) => String(350_000_000_000_000 + place) as Imei);
  const result = schedule(
    {
      account: ACCOUNT,
      id: '00000000-0000-4000-8000-000000000001' as CampaignId,
      generation: one.transport === 'LWM2M' ? 'v3' : 'v2',
      package: {
        kind: 'firmware',
        name: 'fw',
        from: ['1'],
        to: '2',
        make: 'Maker',
        model: 'M1',
        transports: [one.transport],
        image: { sha256: 'a'.repeat(64) as ImageHash, size: 500_000 },
      },
      from: '1',
      transport: one.transport,
      timetable: TIMETABLE,
      autoAssignLicense: false,
      autoAddDevices: false,
      checkDigits: false,
      imeis,
      ...one.order,
    },
    NOW,
  );
  if (!result.ok) throw new Error(result.sentence);
  const firmware = { value: '1', at: NOW, source: 'reported' } as const;
  const devices = imeis.map((imei, place) => ({
    device: {
      account: ACCOUNT,
      imei,
      revision: 0,
      make: 'Maker',
      model: 'M1',
      transport: one.transport,
      firmware,
      software: {},
      attributes: {},
      attributesAt: NOW,
      labels: { site: `s${place % 20}` },
      timeZone: ZONES[place % ZONES.length] ?? 'UTC',
      reachable: true,
      lastActionId: 0,
      ...one.device(place),
    } satisfies Device,
    profile: DEFAULT_PROFILE,
    contacts: { every: one.every as ReturnType<typeof minutes>, measuredOn: 0 },
  }));
  return { now: NOW, campaign: result.campaign, devices, nodes: 1, failureChance: 0.01, chanceOf: seededChance };
}

export async function run(say: (line: string) => void, args: readonly string[]): Promise<readonly Target[]> {
  const { values } = parseArgs({ args: [...args], options: { case: { type: 'string' } } });
  const targets: Target[] = [];
  for (const one of CASES.filter(({ name }) => values.case === undefined || values.case === name)) {
    const facts = factsOf(one);
    const begun = performance.now();
    let longest = 0;
    const simulation = new Simulation(facts);
    for (let done = false; !done; ) {
      const from = performance.now();
      done = simulation.advance(SLICE);
      longest = Math.max(longest, performance.now() - from);
    }
    const took = (performance.now() - begun) / 1_000;
    const { prediction } = simulation;
    const end = prediction?.finish === undefined ? 'never' : new Date(prediction.finish.p50).toISOString();
    const late = prediction?.late.map(({ devices, rule }) => `${devices} ${rule}`).join(', ');
    say(
      `${one.name}: ${prediction?.plays} plays, finish ${end}, ${prediction?.succeeded.devices} updated, late: ${late}; longest slice ${Math.round(longest)} ms`,
    );
    targets.push({
      what: `simulate: 100,000 devices, 30 days, ${one.name}`,
      value: took,
      unit: 's',
      most: SECONDS_MAX,
    });
  }
  return targets;
}
