// Steps of a rollout: every device belongs to exactly one, sizes are exact, and who joins later is in the last one.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { admit } from './admission.ts';
import type { Campaign } from './campaign.ts';
import { changeDates } from './commands.ts';
import type { Imei } from './ids.ts';
import {
  cutSteps,
  type HashesByStratum,
  isStepOpen,
  JOINED_HASH,
  newRollout,
  openHashes,
  type Rollout,
  type RolloutPolicy,
  type Share,
  stepOf,
} from './rollout.ts';
import { prepare } from './stages.ts';
import { nextTurn } from './steward.ts';
import { day, givenCampaign, givenDevice, givenTimetable, START, utc } from './testing/given.ts';
import { type Duration, hours } from './time.ts';

const POLICY: RolloutPolicy = {
  waves: [],
  soak: 0 as Duration,
  advanceAtPercent: 100,
  onStepDeadline: 'hold',
  approval: 'none',
};

const rolloutOf = (policy: RolloutPolicy, hashes: HashesByStratum): Rollout => ({
  ...newRollout(policy),
  steps: cutSteps(policy, hashes),
});

/** How many devices of these belong to each step. */
function membersOf(rollout: Rollout, hashes: HashesByStratum): readonly number[] {
  const counts = rollout.steps.map(() => 0);
  for (const [stratum, list] of hashes.entries())
    for (const hash of list) {
      const step = stepOf(rollout, { stratum, hash }) ?? -1;
      counts[step] = (counts[step] ?? 0) + 1;
    }
  return counts;
}

/** Hashes 1, 2, 3 … so many for each stratum. */
const strataOf = (sizes: readonly number[]): HashesByStratum =>
  sizes.map((size) => Array.from({ length: size }, (_, at) => at + 1));

describe('cutting', () => {
  const share = fc.oneof(
    fc.integer({ min: 1, max: 40 }).map((devices): Share => ({ devices })),
    fc.integer({ min: 1, max: 100 }).map((percent): Share => ({ percent })),
  );

  test('every step has as many devices as it says, whatever the strata: else it would never be done', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(60), { minLength: 1, maxLength: 6 }),
        fc.option(share, { nil: undefined }),
        fc.array(share, { maxLength: 6 }),
        fc.nat(5),
        (sizes, canary, waves, joined) => {
          const policy = { ...POLICY, waves, ...(canary === undefined ? {} : { canary }) };
          const [first = [], ...others] = strataOf(sizes);
          const hashes = [[...first, ...Array(joined).fill(JOINED_HASH)], ...others];
          const rollout = rolloutOf(policy, hashes);
          expect(membersOf(rollout, hashes)).toEqual(rollout.steps.map(({ size }) => size));
        },
      ),
      { numRuns: 400 },
    );
  });

  test('who joined before the steps were cut is in the last wave, never in the canary', () => {
    const hashes = [[...Array(10).fill(JOINED_HASH), 1, 2]];
    const rollout = rolloutOf({ ...POLICY, canary: { devices: 4 } }, hashes);
    expect(rollout.steps.map(({ kind, size }) => [kind, size])).toEqual([
      ['canary', 2],
      ['wave', 10],
    ]);
    expect(stepOf(rollout, { stratum: 0, hash: JOINED_HASH })).toBe(1);
  });
});

describe('joining while the campaign runs', () => {
  const policy: RolloutPolicy = { ...POLICY, canary: { devices: 2 }, stratifyBy: 'label:site' };
  const cut = { ...rolloutOf(policy, [[1, 2, 3, 4]]), at: 0 };

  test('a device of a stratum that nobody was in waits for the last wave', () => {
    const campaign: Campaign = givenCampaign({ rollout: cut, autoAddDevices: true });
    const candidate = {
      imei: '015399000000029',
      device: givenDevice({ imei: '015399000000029' as Imei, labels: { site: 'north' } }),
      present: false,
    };
    const { liveCampaign: _free, ...free } = candidate.device;
    const { writes, strata } = admit([{ ...candidate, device: free }], campaign, START, { joins: true });
    expect(strata).toEqual(['', 'north']);
    const [row] = writes.flatMap((write) => (write.op === 'insert-update' ? [write.row] : []));
    if (row === undefined) throw new Error('it was not admitted');
    expect(stepOf(cut, row)).toBe(1);
    expect(isStepOpen(campaign, row)).toBe(false);
  });

  test('when the last wave is open the devices of such a stratum are granted too', () => {
    const campaign = givenCampaign({ rollout: { ...cut, at: 1 }, strata: ['', 'north'] });
    expect(openHashes(campaign)).toEqual([JOINED_HASH, JOINED_HASH]);
    expect(openHashes({ ...campaign, rollout: cut })).toEqual([2, -1]);
  });
});

describe('dates that go back before the start', () => {
  test('a rollout begins anew: no deadline of a step that is closed again calls the steward for ever', () => {
    const policy: RolloutPolicy = { ...POLICY, approval: 'every-step', stepDeadline: hours(1) };
    const timetable = givenTimetable({ downloadWindows: [{ from: 20, until: 22 }] });
    const opened: Campaign = givenCampaign({
      timetable,
      rollout: { ...rolloutOf(policy, [[1, 2]]), at: 0, openedAt: START, awaitsApproval: true, approvedBy: 'bob' },
    });
    const now = utc('2026-03-02T10:00:00Z');
    const moved = changeDates(opened, { ...timetable, startDate: day('2026-03-03') }, now);
    if (!moved.ok) throw new Error(moved.sentence);
    expect(moved.campaign.rollout).toEqual(newRollout(policy));
    const later = utc('2026-03-03T00:00:00Z');
    const again = { ...moved.campaign, phase: { ...opened.phase, since: later } };
    const [row] = prepare(again, [[1, 2]], later).writes.flatMap((write) =>
      write.op === 'replace-campaign' ? [write.row] : [],
    );
    if (row === undefined) throw new Error('it was not prepared');
    expect(nextTurn(row, later)).toBeGreaterThan(later);
  });
});
