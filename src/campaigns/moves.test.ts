// Any inputs in any order: only legal moves, slots in balance, nothing offered or ordered outside its window.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nextActionOf } from './attempt.ts';
import type { Phase } from './campaign.ts';
import type { Change } from './change.ts';
import { EVIDENCES } from './device.ts';
import type { DeviceReading, SendOutcome, UpdateInput } from './input.ts';
import { FAILURE_REASONS, type FailureReason } from './reasons.ts';
import { RULES } from './rules.ts';
import { judgeSend } from './settle.ts';
import { CAMPAIGN, END, type Given, NODE, object5, phase, START, Story, utc } from './testing/given.ts';
import { type Instant, after as later, minutes, seconds } from './time.ts';
import { isFinal, isLive, UPDATE_MOVES } from './update.ts';

const DOWNLOAD = [
  { from: 1, until: 5 },
  { from: 12, until: 20 },
];
const INSTALL = [
  { from: 2, until: 7 },
  { from: 14, until: 23 },
];

type Step =
  | { readonly do: 'wait'; readonly minutes: number }
  /** To the next hour in which both windows are open. */
  | { readonly do: 'opening' }
  /** What a good device does next. */
  | { readonly do: 'onward'; readonly version: string }
  | { readonly do: 'tell'; readonly input: UpdateInput }
  | { readonly do: 'read'; readonly reading: DeviceReading }
  | { readonly do: 'attributes'; readonly version: string }
  | { readonly do: 'register' }
  | { readonly do: 'hold'; readonly on: boolean }
  | { readonly do: 'over'; readonly name: Phase['name'] };

const REASONS = Object.keys(FAILURE_REASONS) as FailureReason[];
const anyVersion = fc.oneof(
  { weight: 12, arbitrary: fc.constant('1.0') },
  { weight: 2, arbitrary: fc.constant('2.0') },
  fc.constant('1.5'),
);
const anyObject5 = fc.oneof(fc.constant('absent' as const), {
  weight: 20,
  arbitrary: fc
    .tuple(
      fc.constantFrom('idle' as const, 'downloading' as const, 'downloaded' as const, 'updating' as const),
      fc.oneof(
        { weight: 6, arbitrary: fc.constant('initial' as const) },
        fc.constantFrom('success' as const, 'deferred' as const, 'cancelled' as const, ...REASONS),
      ),
    )
    .map(([state, result]) => object5(state, result)),
});
const anyOutcome: fc.Arbitrary<SendOutcome> = fc.constantFrom<SendOutcome>(
  { is: 'delivered' },
  { is: 'refused', detail: '4.05' },
  { is: 'no-answer' },
  { is: 'unknown' },
  { is: 'withheld' },
);
const anyInput: fc.Arbitrary<UpdateInput> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<UpdateInput>({ type: 'contact' }) },
  { weight: 3, arbitrary: fc.constant<UpdateInput>({ type: 'due' }) },
  fc.constant<UpdateInput>({ type: 'acted' }),
  fc.constant<UpdateInput>({ type: 'interrupted' }),
  {
    weight: 3,
    arbitrary: fc.constantFrom(0, 50_000).map((offset): UpdateInput => ({ type: 'transfer-begin', offset })),
  },
  fc.constant<UpdateInput>({ type: 'transfer-progress', bytes: 60_000 }),
  {
    weight: 2,
    arbitrary: fc
      .boolean()
      .map((complete): UpdateInput => ({ type: 'transfer-end', bytes: complete ? 100_000 : 7, complete, took: 2_000 })),
  },
  fc
    .constantFrom('progress', 'downloading', 'downloaded', 'installed', 'deferred', 'cancelled', 'rejected', 'failed')
    .map((step): UpdateInput => ({ type: 'report', report: { step: step as 'progress' } })),
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        fc.constantFrom('ask' as const, 'offer' as const, 'execute' as const),
        anyOutcome,
        fc.integer({ min: 1, max: 3 }),
      )
      .map(([intent, outcome, attempt]): UpdateInput => ({ type: 'settled', intent, attempt, outcome })),
  },
  fc.constant<UpdateInput>({ type: 'swept' }),
);
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom('2.0', '2.0', '1.0').map((version): Step => ({ do: 'onward', version })) },
  { weight: 2, arbitrary: fc.constant<Step>({ do: 'opening' }) },
  { weight: 8, arbitrary: anyInput.map((input): Step => ({ do: 'tell', input })) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.option(anyVersion, { nil: undefined }), fc.option(anyObject5, { nil: undefined, freq: 9 }))
      .map(
        ([firmware, object]): Step => ({
          do: 'read',
          reading: {
            ...(firmware === undefined ? {} : { firmware }),
            ...(object === undefined ? {} : { object5: object }),
          },
        }),
      ),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(1, 1, 11, 11, 40, 95, 300).map((minutes): Step => ({ do: 'wait', minutes })),
  },
  { weight: 2, arbitrary: anyVersion.map((version): Step => ({ do: 'attributes', version })) },
  fc.constant<Step>({ do: 'register' }),
  fc.constantFrom(true, false, false).map((on): Step => ({ do: 'hold', on })),
);
const anyEnd = fc.constantFrom<Step>({ do: 'over', name: 'ended' }, { do: 'over', name: 'aborted' });

const openByHand = (windows: typeof DOWNLOAD, { snapshot: { campaign } }: Story, at: Instant): boolean => {
  const hour = new Date(at).getUTCHours();
  const inside = windows.some(({ from, until }) => from <= hour && hour < until);
  return inside && at >= START && at < END && campaign.phase.name === 'scheduled' && campaign.hold === undefined;
};

const tell = (input: UpdateInput): Step => ({ do: 'tell', input });
const sent = { bytes: 100_000, complete: true, took: 2_000 } as const;

function onward({ state, attempt, device: { transport } }: Story, version: string): readonly Step[] {
  const read = (firmware: string, object: ReturnType<typeof object5>): Step => ({
    do: 'read',
    reading: { firmware, object5: object },
  });
  const done = read('1.0', object5('downloaded'));
  const restarted: readonly Step[] = [{ do: 'register' }, read(version, object5('idle', 'success'))];
  const lwm2m = transport === 'LWM2M';
  switch (state.name) {
    case 'waiting':
      return lwm2m ? [tell({ type: 'contact' }), read('1.0', object5('idle'))] : [tell({ type: 'contact' })];
    case 'offered':
      return [tell({ type: 'transfer-begin', offset: 0 })];
    case 'downloading':
      return attempt?.transfer?.completeAt === undefined ? [tell({ type: 'transfer-end', ...sent })] : [done];
    case 'downloaded':
      return [lwm2m ? done : tell({ type: 'contact' })];
    case 'installing':
      if (!lwm2m) return [tell({ type: 'report', report: { step: 'installed' } })];
      if (state.order !== 'pending') return restarted;
      return [
        tell({ type: 'settled', intent: 'execute', attempt: state.attempt.number, outcome: { is: 'delivered' } }),
      ];
    case 'verifying':
      return lwm2m ? restarted : [{ do: 'attributes', version }];
    default:
      return [];
  }
}

/** What is remembered of the story to judge its next change. */
class Watch {
  readonly #story: Story;
  #slots = 0;
  /** Attempts that were ordered to install and gave no proof since that they did not. */
  readonly #ordered = new Set<string>();

  constructor(story: Story) {
    this.#story = story;
  }

  step(step: Step): void {
    const story = this.#story;
    switch (step.do) {
      case 'wait':
        story.wait(minutes(step.minutes));
        return;
      case 'opening':
        while (!openByHand(DOWNLOAD, story, story.now) || !openByHand(INSTALL, story, story.now)) {
          story.wait(minutes(30));
          if (story.now >= END || story.snapshot.campaign.hold !== undefined) return;
        }
        return;
      case 'onward':
        for (const next of onward(story, step.version)) this.step(next);
        return;
      case 'hold': {
        const { hold: _hold, ...campaign } = story.snapshot.campaign;
        const hold = { kind: 'paused', reason: 'a look', since: story.now, rule: 'campaign.paused' } as const;
        story.snapshot = { ...story.snapshot, campaign: step.on ? { ...campaign, hold } : campaign };
        return;
      }
      case 'over':
        story.changeCampaign({ phase: phase(step.name, story.now) });
        this.#tell(step, () => story.tell({ type: 'swept' }));
        return;
      case 'register':
        if (story.device.registration !== undefined) this.#tell(step, () => story.registers());
        return;
      case 'read':
        if (story.device.transport === 'LWM2M') this.#tell(step, () => story.reads(step.reading));
        return;
      case 'attributes':
        if (story.device.transport === 'HTTP') this.#tell(step, () => story.attributes({ firmware: step.version }));
        return;
      default:
        this.#tell(step, () => story.tell(step.input));
    }
  }

  #tell(step: Step, tell: () => Change): void {
    const story = this.#story;
    const old = story.update;
    const attempt = story.attempt;
    const change = tell();
    const { state } = story;
    expect(UPDATE_MOVES[old.state.name] as readonly string[]).toContain(state.name);
    if (isFinal(old.state)) expect(state).toEqual(old.state);
    expect(RULES).toHaveProperty([change.rule]);
    this.#slotsBalance(change);
    this.#entriesTellTheMoves(change, old.state.name);
    this.#timersStandWhereNeeded(change);
    if (isFinal(state)) expect(story.device.liveCampaign).toBeUndefined();
    else expect(story.device.liveCampaign).toBe(CAMPAIGN);
    if (state.name === 'succeeded' && old.state.name !== 'succeeded' && attempt !== undefined) {
      expect(EVIDENCES.indexOf(state.evidence)).toBeLessThanOrEqual(EVIDENCES.indexOf(attempt.leastEvidence));
    }
    expect(story.update.attempts).toBeGreaterThanOrEqual(old.attempts);
    expect(story.update.attempts).toBeLessThanOrEqual(3);
    this.#intentsArePermitted(change, step);
  }

  #slotsBalance(change: Change): void {
    for (const { slots } of change.entries) this.#slots += slots ?? 0;
    expect(this.#slots).toBe(isLive(this.#story.state) ? 1 : 0);
  }

  #entriesTellTheMoves(change: Change, from: string): void {
    const { name } = this.#story.state;
    const moves = change.entries.flatMap(({ move }) => (move === undefined ? [] : [move]));
    expect(moves).toEqual(from === name ? [] : [{ from, to: name }]);
  }

  #timersStandWhereNeeded(change: Change): void {
    const { update, device } = this.#story;
    if (!change.writes.some(({ op }) => op === 'replace-update')) return;
    expect(update.nextActionAt).toBe(nextActionOf(update.state, device));
    if (isFinal(update.state) || update.state.name === 'waiting') expect(update.nextActionAt).toBeUndefined();
    else if (update.state.name !== 'downloaded') expect(update.nextActionAt).toBeDefined();
  }

  #intentsArePermitted(change: Change, step: Step): void {
    const story = this.#story;
    const { now, snapshot } = story;
    const token = story.attempt?.token;
    for (const intent of change.intents) {
      if (intent.kind === 'offer') expect(openByHand(DOWNLOAD, story, now)).toBe(true);
      if (intent.kind !== 'execute') continue;
      expect(openByHand(INSTALL, story, now)).toBe(true);
      expect(step).toMatchObject({ do: 'read', reading: { object5: { state: 'downloaded' } } });
      expect(story.attempt?.transfer?.completeAt).toBeDefined();
      expect(this.#ordered.has(token ?? '')).toBe(false);
      this.#ordered.add(token ?? '');
      const moment = { now, node: NODE, token: token! };
      expect(judgeSend(snapshot, intent, moment).ok).toBe(true);
      const shut = later(now, minutes(60 * 12));
      if (!openByHand(INSTALL, story, shut))
        expect(judgeSend(snapshot, intent, { ...moment, now: shut }).ok).toBe(false);
    }
    const { state } = story;
    // Held back, refused, deferred, or State 2 once more: the device said that it did not begin.
    if (state.name === 'downloaded' || state.name === 'waiting') this.#ordered.delete(token ?? '');
  }
}

const anyStory = (given: Given) =>
  fc.record({
    first: fc.array(anyStep, { minLength: 5, maxLength: 45 }),
    end: fc.option(anyEnd, { nil: undefined }),
    rest: fc.array(anyStep, { maxLength: 10 }),
    given: fc.constant(given),
    hour: fc.constantFrom(0, 3, 14, 15, 16, 22),
  });
const timetable = { downloadWindows: DOWNLOAD, installWindows: INSTALL };

const kinds: readonly (readonly [name: string, make: 'lwm2m' | 'http', given: Given])[] = [
  ['an LwM2M device', 'lwm2m', {}],
  ['an LwM2M device that installs by itself', 'lwm2m', { profile: { autoInstalls: true } }],
  ['an LwM2M device of which a restart is enough', 'lwm2m', { profile: { leastEvidence: 'restart' } }],
  ['a streaming HTTP client', 'http', {}],
  ['a split HTTP client', 'http', { profile: { ddiClient: 'split' } }],
  ['an HTTP client whose word is enough', 'http', { profile: { leastEvidence: 'reported' } }],
];

describe('whatever happens, in whatever order', () => {
  test.each(kinds)('%s makes only legal moves and is offered nothing outside its windows', (_, make, given) => {
    fc.assert(
      fc.property(anyStory({ ...given, timetable }), ({ first, end, rest, given, hour }) => {
        const story = Story[make]({ ...given, now: later(START, minutes(60 * hour)) });
        const watch = new Watch(story);
        for (const step of [...first, ...(end === undefined ? [] : [end]), ...rest]) watch.step(step);
      }),
      { seed: 21, numRuns: 200 },
    );
  });

  test('an update is final some days after the end, if its timers are looked at', () => {
    fc.assert(
      fc.property(anyStory({ timetable }), fc.constantFrom('lwm2m' as const, 'http' as const), (drawn, make) => {
        const story = Story[make]({ ...drawn.given, now: utc('2026-03-02T13:00:00Z') });
        const watch = new Watch(story);
        for (const step of drawn.first) watch.step(step);
        story.until(later(END, seconds(1)));
        watch.step({ do: 'over', name: 'ended' });
        for (let turn = 0; turn < 800 && story.update.nextActionAt !== undefined; turn += 1) {
          if (story.update.nextActionAt > story.now) story.until(story.update.nextActionAt);
          story.tell({ type: 'due' });
        }
        expect(isFinal(story.state)).toBe(true);
        expect(story.now).toBeLessThanOrEqual(later(END, minutes(60 * 97)));
      }),
      { seed: 22, numRuns: 120 },
    );
  });
});
