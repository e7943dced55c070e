// What is explained is what is decided: on any snapshot the rule is the one a contact is answered by, and the chance is one.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decide } from '../decide.ts';
import type { CampaignId, ImageToken } from '../ids.ts';
import type { Snapshot } from '../input.ts';
import { newRollout } from '../rollout.ts';
import { day, type Given, givenPackage, givenUpdate, NODE, phase, Story, utc } from '../testing/given.ts';
import { after, type Duration, hours, type Instant, instant, minutes } from '../time.ts';
import { explain } from './explain.ts';
import type { Seen } from './explanation.ts';
import { isHeldBack } from './why.ts';

const SEED = 20_260_304;
const RUNS = 400;
const FROM = utc('2026-03-01T00:00:00Z');

const windows = fc.array(
  fc
    .tuple(fc.nat(23), fc.integer({ min: 1, max: 6 }))
    .map(([from, length]) => ({ from, until: Math.min(24, from + length) })),
  { maxLength: 2 },
);
const hold = { kind: 'paused', reason: 'r', since: FROM, rule: 'campaign.paused' } as const;
const steps = [0, 10].map((hash) => ({
  kind: 'wave' as const,
  size: 5,
  hashMax: [hash],
  tallies: { live: 0, succeeded: 0, failed: 0, other: 0 },
}));
const policy = {
  waves: [{ percent: 50 }],
  soak: hours(30),
  advanceAtPercent: 90,
  onStepDeadline: 'advance',
  approval: 'none',
} as const;
const rollout = { ...newRollout(policy), steps, at: 0 };

const SCHEDULED = ['scheduled', 'scheduled', 'scheduled', 'scheduled'] as const;

const rarely = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
  fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });

const situation = fc.record({
  at: fc.integer({ min: 0, max: 9 * 24 * 60 }),
  http: fc.boolean(),
  zone: fc.constantFrom('UTC', 'America/Chicago', 'Australia/Lord_Howe', 'device'),
  downloadWindows: windows,
  installWindows: windows,
  rule: fc.constantFrom('strict' as const, 'start-before-close' as const),
  installAfterDate: rarely(fc.constantFrom(day('2026-03-04'), day('2026-03-08'))),
  hold: rarely(fc.constant(hold)),
  rollout: rarely(fc.constantFrom(rollout, { ...rollout, doneAt: utc('2026-03-03T12:00:00Z') })),
  phase: fc.constantFrom(...SCHEDULED, 'prescheduled' as const, 'ended' as const),
  size: fc.constantFrom(1_000, 10_000_000, 300_000_000),
  residue: rarely(fc.constant({ campaign: 'z' as CampaignId, actionId: 1 })),
  version: fc.constantFrom('1.0', '1.0', '1.0', '2.0', '9', undefined),
  readyIn: fc.integer({ min: -600, max: 600 }),
  slots: fc.boolean(),
  every: fc.integer({ min: 1, max: 3 * 24 * 60 }),
  ago: fc.integer({ min: 0, max: 600 }),
  split: fc.boolean(),
});
type Situation = typeof situation extends fc.Arbitrary<infer Made> ? Made : never;

const optional = <Name extends string, Value>(name: Name, value: Value | undefined) =>
  (value === undefined ? {} : { [name]: value }) as Partial<Record<Name, Value>>;

function storyOf(made: Situation): { readonly story: Story; readonly seen: Seen } {
  const now = after(FROM, minutes(made.at));
  const { zone, downloadWindows, installWindows, rule, version } = made;
  const given: Given = {
    now,
    timetable: { zone, downloadWindows, installWindows, rule, ...optional('installAfterDate', made.installAfterDate) },
    campaign: {
      phase: phase(made.phase),
      package: givenPackage({ image: { ...givenPackage().image, size: made.size } }),
      ...optional('hold', made.hold),
      ...optional('rollout', made.rollout),
    },
    device: {
      timeZone: 'Asia/Kolkata',
      ...optional('residue', made.residue),
      ...(made.http ? { attributes: version === undefined ? {} : { firmware: version } } : {}),
    },
    profile: { ddiClient: made.split ? 'split' : 'streaming', autoInstalls: made.split },
    update: givenUpdate({
      name: 'waiting',
      reason: version === undefined || made.readyIn % 5 === 0 ? 'version-unknown' : 'ready',
      readyAt: after(now, minutes(made.readyIn)),
    }),
  };
  const story = made.http ? Story.http(given) : Story.lwm2m(given);
  if (!made.slots) {
    const { slots, ...rest } = story.snapshot;
    story.snapshot = rest;
  }
  const last = after(now, -minutes(made.ago) as Duration);
  const instants = [0, 1, 2].map((back) => instant(last - back * minutes(made.every)));
  return { story, seen: { instants, pollEvery: minutes(5) } };
}

const moment = (now: Instant) => ({ now, node: NODE, token: 'token' as ImageToken });

/** All that does not hang on the time of day goes its way: a slot is free, the device is clean and knows its version. */
function allElse(snapshot: Snapshot, http: boolean): Snapshot {
  const { residue: _clean, ...device } = snapshot.device;
  const { rollout: _open, ...campaign } = snapshot.campaign;
  const slots = { ...Story.lwm2m().snapshot.slots };
  return {
    ...snapshot,
    campaign: { ...campaign, phase: phase('scheduled') },
    device: http ? { ...device, attributes: { firmware: '1.0' } } : device,
    slots: slots as NonNullable<Snapshot['slots']>,
  };
}

test('the rule of an explanation is what decide answers a contact by', () => {
  let held = 0;
  fc.assert(
    fc.property(situation, (made) => {
      const { story, seen } = storyOf(made);
      const told = explain({ is: 'update', now: story.now, seen, parts: [], snapshot: story.snapshot });
      const first = story.tell({ type: 'contact' });
      // That its version is known is noted first; what else holds it back is answered to the contact after that.
      const answer = first.rule === 'update.version-known' ? story.tell({ type: 'contact' }) : first;
      expect(told.rule).toBe(answer.rule);
      if (isHeldBack(answer.rule)) held += 1;
    }),
    { numRuns: RUNS, seed: SEED },
  );
  expect(held).toBeGreaterThan(RUNS / 4);
});

test('at the chance that is told a contact is offered the image, if all else holds', () => {
  let told = 0;
  fc.assert(
    fc.property(situation, (made) => {
      const { story, seen } = storyOf(made);
      const { snapshot, now } = story;
      const { next } = explain({ is: 'update', now, seen, parts: [], snapshot });
      if (next === undefined) return;
      told += 1;
      expect(next.at).toBeGreaterThanOrEqual(now);
      const then = decide(allElse(snapshot, made.http), { type: 'contact' }, moment(next.at));
      expect(['update.offered', 'update.asked', 'update.version-known']).toContain(then.rule);
    }),
    { numRuns: RUNS, seed: SEED },
  );
  expect(told).toBeGreaterThan(RUNS / 4);
});

test('no earlier contact of a device that listens at any time would have been offered it', () => {
  fc.assert(
    fc.property(situation, fc.double({ min: 0, max: 1, noNaN: true }), (made, part) => {
      const { story, seen } = storyOf({ ...made, http: false, residue: undefined, rollout: undefined });
      const { snapshot, now } = story;
      const { next } = explain({ is: 'update', now, seen, parts: [], snapshot });
      const until = next?.at ?? utc('2026-03-09T00:00:00Z');
      const between = instant(now + (until - now) * part * 0.999);
      if (between >= until || between < now || story.snapshot.campaign.hold !== undefined) return;
      if (made.phase === 'ended') return;
      const then = decide(allElse(snapshot, false), { type: 'contact' }, moment(between));
      expect(['update.offered', 'update.asked']).not.toContain(then.rule);
    }),
    { numRuns: RUNS, seed: SEED },
  );
});
