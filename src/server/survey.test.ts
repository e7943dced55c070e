// What one look over the campaigns shows, what a commit adds to the figures, and that a fresh answer is kept.
import { beforeEach, describe, expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../accounts/index.ts';
import {
  type AccountName,
  type Campaign,
  type CampaignId,
  type Change,
  type Day,
  fullArrivals,
  type ImageHash,
  type Imei,
  type Instant,
  NO_SCORE,
  NO_TALLIES,
  SCORE_TERMS,
  scorePlan,
} from '../campaigns/index.ts';
import { openMemoryStore, type Store } from '../store/index.ts';
import { counted } from './counted-store.ts';
import { kept } from './kept.ts';
import { SERVER_LIMITS } from './limits.ts';
import { openMetrics } from './metrics.ts';
import { Surveyor } from './survey.ts';

const START = Date.parse('2026-03-10T00:00:00Z') as Instant;
const ACCOUNT = '0000000001-00001' as AccountName;
const DEVICE = { account: ACCOUNT, campaign: 'c' as CampaignId, imei: '350000000000001' as Imei };

let store: Store;
let now: Instant;
const clock = { now: () => now };
beforeEach(async () => {
  store = openMemoryStore();
  now = START;
  await store.insertAccount(
    { name: ACCOUNT, revision: 0, createdAt: START, settings: DEFAULT_SETTINGS },
    { clientId: 'c', account: ACCOUNT, secretHash: '', createdAt: START, issue: 0 },
    { username: 'u', account: ACCOUNT, passwordHash: '', failures: 0 },
  );
});

const campaign = (id: string, more: Partial<Campaign> = {}): Campaign => ({
  account: ACCOUNT,
  id: id as CampaignId,
  revision: 0,
  generation: 'v3',
  package: {
    kind: 'firmware',
    name: 'fw',
    from: ['1'],
    to: '2',
    make: 'Acme',
    model: 'M1',
    transports: ['LWM2M'],
    image: { sha256: 'a'.repeat(64) as ImageHash, size: 5 },
  },
  from: '1',
  transport: 'LWM2M',
  timetable: {
    startDate: '2026-03-10' as Day,
    endDate: '2026-03-10' as Day,
    downloadWindows: [],
    installWindows: [],
    zone: 'UTC',
    fallbackZone: 'UTC',
    rule: 'strict',
  },
  createdAt: START,
  phase: { name: 'scheduled', since: START, rule: 'campaign.scheduled' },
  score: {
    plan: scorePlan(SCORE_TERMS, { devices: 10, strata: [], autoAddDevices: false }),
    round: 0,
    canaryApproved: false,
    guard: NO_SCORE,
    open: 0,
  },
  autoAssignLicense: false,
  autoAddDevices: false,
  checkDigits: false,
  slotsMax: 10,
  slotsOut: 5,
  strata: [''],
  arrivals: fullArrivals(10, START),
  intakePending: false,
  devicesTotal: 100,
  tallies: { ...NO_TALLIES, waiting: 90, downloading: 3, rejected: 7 },
  rejections: { busy: 7 },
  zones: [],
  sweepPending: false,
  ledger: { length: 12, head: '' },
  callbacks: { last: 0 },
  turn: 0,
  ...more,
});

const change = (more: Partial<Change>): Change => ({
  writes: [],
  entries: [],
  intents: [],
  rule: 'update.offered',
  ...more,
});
const put = (row: Campaign) => store.commit([change({ writes: [{ op: 'insert-campaign', row }] })], now);

describe('a look over the campaigns', () => {
  test('adds up those that are not over, and shows slots and who waits of those that run', async () => {
    await put(campaign('a'));
    await put(campaign('b', { hold: { kind: 'halted', reason: 'r', since: START, rule: 'campaign.halted-guard' } }));
    await put(campaign('c', { phase: { name: 'ended', since: START, rule: 'campaign.ended-done' } }));
    const survey = await new Surveyor({ store, clock }).look();
    expect(survey.states.get('waiting')).toBe(180);
    expect(survey.rejections).toEqual(new Map([['busy', 14]]));
    expect(survey.campaigns).toEqual(
      new Map([
        ['scheduled', 1],
        ['halted', 1],
      ]),
    );
    expect(survey.slots).toEqual({ used: 6, leased: 4, free: 10 });
    expect(survey.waiting).toBe(90);
    expect(survey.sightings.map(({ kind, is }) => [kind, is])).toEqual([
      ['will-miss-end', 'unsure'],
      ['halted', 'bad'],
      ['will-miss-end', 'unsure'],
    ]);
    expect(survey.largest[0]).toMatchObject({ id: 'a', devices: 100, entries: 12, halt: { score: 'guard', share: 0 } });
  });

  test('shows the largest campaigns by themselves, and no more than that', async () => {
    for (let number = 0; number < 2 * SERVER_LIMITS.campaignSeriesMax + 5; number += 1)
      await put(campaign(`c${number}`, { devicesTotal: number }));
    const { largest } = await new Surveyor({ store, clock }).look();
    expect(largest).toHaveLength(SERVER_LIMITS.campaignSeriesMax);
    expect(largest[0]?.devices).toBe(2 * SERVER_LIMITS.campaignSeriesMax + 4);
    expect(largest.at(-1)?.devices).toBe(SERVER_LIMITS.campaignSeriesMax + 5);
  });

  test('sees a campaign that is too slow for its end, from look to look', async () => {
    await put(campaign('a'));
    const surveyor = new Surveyor({ store, clock });
    for (let hour = 0; hour <= 3; hour += 1) {
      now = (START + hour * 3_600_000) as Instant;
      const row = {
        ...campaign('a'),
        revision: hour,
        tallies: { ...NO_TALLIES, waiting: 100 - hour, succeeded: hour },
      };
      await store.commit([change({ writes: [{ op: 'replace-campaign', row }] })], now);
      await surveyor.look();
    }
    const { sightings, largest } = await surveyor.look();
    expect(sightings).toMatchObject([{ kind: 'will-miss-end', is: 'bad', facts: { left: 97 } }]);
    expect(largest[0]?.finish).toBeGreaterThan(largest[0]?.end ?? 0);
  });
});

test('a fresh answer is kept, a failure is not', async () => {
  let asked = 0;
  const ask = kept(clock, 10, async () => {
    asked += 1;
    if (asked === 2) throw new Error('away');
    return asked;
  });
  expect([await ask(), await ask()]).toEqual([1, 1]);
  now = (START + 10) as Instant;
  await expect(ask()).rejects.toThrow('away');
  expect(await ask()).toBe(3);
});

test('commits are timed and counted by what they hold, and a broken promise is told', async () => {
  const metrics = openMetrics({
    surveyor: new Surveyor({ store, clock }),
    store,
    disks: async () => [{ what: 'data', free: 7, size: 9, used: 1 }],
    certificateEnds: () => START,
    clock,
    lwm2m: () => undefined,
    images: () => ({ checked: 0, damaged: 2 }),
    version: '1',
  });
  const told: string[] = [];
  const counting = counted(store, { metrics, breached: ({ kind }) => told.push(kind), stopwatch: () => 0 });
  const facts = { windowFrom: START, windowUntil: START + 10 };
  const offer = { ...DEVICE, at: START, kind: 'offer', rule: 'update.offered', facts } as const;
  const failed = {
    ...DEVICE,
    at: START,
    kind: 'state',
    rule: 'update.failed',
    move: { from: 'installing', to: 'failed' },
    facts: { reason: 'install-failed' },
  } as const;
  const odd = { ...failed, facts: { reason: "a device's own words" } };
  await counting.commit([change({ entries: [offer, failed, odd] })], now);
  await counting.commit([change({ entries: [{ ...offer, at: (START + 10) as Instant }] })], now);
  metrics.ruled('permit.open');
  await put(campaign('a'));
  const { text } = await metrics.read();
  expect(told).toEqual(['outside-window']);
  const lines = new Set(text.split('\n'));
  for (const line of [
    'campanile_offers_total 2',
    'campanile_violations_total 1',
    'campanile_commit_duration_seconds_count 2',
    'campanile_rules_total{rule="permit.open"} 1',
    'campanile_update_outcomes_total{state="failed",reason="install-failed"} 1',
    'campanile_update_outcomes_total{state="failed",reason=""} 1',
    'campanile_campaign_ledger_entries{campaign="a"} 12',
    'campanile_campaign_halt_score_ratio{campaign="a",score="guard"} 0',
    'campanile_slots{state="used"} 3',
    'campanile_disk_free_bytes{what="data"} 7',
    'campanile_images_damaged 2',
    `campanile_certificate_not_after_timestamp_seconds ${START / 1_000}`,
  ])
    expect(lines).toContain(line);
});
