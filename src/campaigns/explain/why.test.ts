// Every rule that can hold a device back has its story: the rule that decides is the rule that is told.
import { describe, expect, test } from 'vitest';
import { fullArrivals, type LabelBudget } from '../arrivals.ts';
import { NO_TALLIES } from '../campaign.ts';
import type { CampaignId } from '../ids.ts';
import { newRollout, type Rollout, type RolloutPolicy } from '../rollout.ts';
import type { Rule } from '../rules.ts';
import { ACCOUNT, day, END, type Given, givenPackage, givenUpdate, phase, Story, utc } from '../testing/given.ts';
import { tell } from '../testing/telling.ts';
import { hours, minutes } from '../time.ts';
import { HOLDS_BACK } from './why.ts';

const NOW = utc('2026-03-03T21:41:00Z');
const NIGHT = [{ from: 2, until: 4 }];
const http = (given: Given = {}): Story => Story.http({ now: NOW, ...given });
const hold = {
  kind: 'paused',
  reason: 'waiting for the lab.',
  since: NOW,
  rule: 'campaign.paused',
  by: 'ada',
} as const;

const POLICY: RolloutPolicy = {
  waves: [{ percent: 50 }],
  soak: hours(24),
  advanceAtPercent: 95,
  onStepDeadline: 'advance',
  approval: 'none',
};
const tallies = { live: 0, succeeded: 30, failed: 2, other: 2 };
const rollout = (more: Partial<Rollout> = {}): Rollout => ({
  ...newRollout(POLICY),
  steps: [
    { kind: 'wave', size: 100, hashMax: [0], tallies },
    { kind: 'wave', size: 100, hashMax: [10], tallies: { ...tallies, succeeded: 0 } },
  ],
  at: 0,
  ...more,
});

const failed = givenUpdate(
  { name: 'waiting', reason: 'retry', readyAt: utc('2026-03-03T21:50:00Z') },
  {
    attempts: 1,
    history: [
      {
        number: 1,
        offeredAt: NOW,
        endedAt: NOW,
        outcome: 'install-failed',
        transferred: false,
        closed: true,
        bytes: 0,
        rule: 'update.attempt-failed',
      },
    ],
  },
);

const cap: LabelBudget = {
  row: { account: ACCOUNT, scope: 'cell=7', revision: 0, level: 0, at: NOW },
  perMinute: 6,
};
const withBudgets = (story: Story): Story => {
  story.snapshot = { ...story.snapshot, budgets: [cap] };
  return story;
};
const withoutSlot = (story: Story): Story => {
  const { slots, ...rest } = story.snapshot;
  story.snapshot = rest;
  return story;
};

function downloading(): Story {
  const story = http();
  story.tell({ type: 'contact' });
  story.tell({ type: 'transfer-begin', offset: 0 });
  return story;
}

interface Held {
  readonly story: () => Story;
  readonly says: string;
  readonly unblock?: string;
  /** When it goes on; absent: nobody knows. */
  readonly next?: string;
}

const SLOW = { rate: 10 };
const IMAGE = { package: givenPackage({ image: { ...givenPackage().image, size: 60_000 } }) };

/** 21:42 is its next poll. */
const HELD: Readonly<Partial<Record<Rule, Held>>> = {
  'permit.not-started': {
    story: () => http({ campaign: { phase: phase('prescheduled') }, timetable: { startDate: day('2026-03-05') } }),
    says: 'WAITING: the campaign starts 2026-03-05 00:00Z. Next 2026-03-05 00:12Z, at its next poll',
    unblock: 'Nothing to do.',
    next: '2026-03-05T00:12:00Z',
  },
  'permit.held': {
    story: () => http({ campaign: { hold } }),
    says: 'WAITING: the campaign is paused, by ada, since 21:41Z: waiting for the lab. Attempt 1 of 3.',
    unblock: 'Resume the campaign.',
  },
  'permit.download-after': {
    story: () => http({ timetable: { downloadAfterDate: day('2026-03-05') } }),
    says: 'WAITING: nothing may be downloaded before 2026-03-05 00:00Z.',
    next: '2026-03-05T00:12:00Z',
  },
  'permit.install-after': {
    story: () => http({ timetable: { installAfterDate: day('2026-03-05') } }),
    says: 'WAITING: nothing may be installed before 2026-03-05 00:00Z.',
    next: '2026-03-05T00:12:00Z',
  },
  'permit.download-window': {
    story: () => http({ timetable: { downloadWindows: NIGHT } }),
    says: 'WAITING: download window 02-04 UTC (now 21:41). Next 02:12Z, at its next poll',
    next: '2026-03-04T02:12:00Z',
  },
  'permit.install-window': {
    story: () => http({ timetable: { installWindows: NIGHT } }),
    says: 'WAITING: install window 02-04 UTC (now 21:41).',
    next: '2026-03-04T02:12:00Z',
  },
  'permit.no-overlap': {
    story: () => http({ timetable: { downloadWindows: NIGHT, installWindows: [{ from: 20, until: 22 }] } }),
    says: 'it installs as it downloads, and the download window 02-04 UTC and the install window 20-22 never overlap',
    unblock: 'Give the campaign download and install windows that have hours in common.',
  },
  'permit.does-not-fit': {
    story: () => http({ device: SLOW, campaign: IMAGE, timetable: { downloadWindows: [{ from: 20, until: 24 }] } }),
    says: '60 kB need 3 h at its measured throughput, and the window closes 00:00Z.',
    next: '2026-03-04T20:12:00Z',
  },
  'permit.grant-over': {
    story: () => {
      const story = downloading();
      const { state } = story.update;
      if (state.name !== 'downloading' || state.attempt.transfer === undefined) throw new Error('it should download');
      const attempt = { ...state.attempt, transfer: { ...state.attempt.transfer, notAfter: NOW } };
      story.snapshot = { ...story.snapshot, update: { ...story.update, state: { ...state, attempt } } };
      return story;
    },
    says: 'held back now: the time of its transfer is over; it has to ask for the image again',
    next: '2026-03-03T21:42:00Z',
  },
  'update.no-slot': {
    story: () => withoutSlot(http({ campaign: { tallies: { ...NO_TALLIES, downloading: 10 } } })),
    says: 'all 10 slots of the campaign are taken (10 devices are under way)',
    unblock: 'Nothing to do; it goes faster with more slots or arrivals for the campaign.',
    next: '2026-03-03T21:42:00Z',
  },
  'update.step-closed': {
    story: () => http({ campaign: { rollout: rollout() } }),
    says: 'it belongs to step 2 of 2 (a wave of 100); step 1 is open (34 of 100 devices have an outcome); the next one opens at 95, then soaks 24 h.',
    unblock: 'Nothing to do; it follows when the steps before it have shown enough.',
  },
  'update.label-cap': {
    story: () => withBudgets(http()),
    says: 'as many devices with its label as allowed have begun lately (cell=7: 6 a minute)',
    next: '2026-03-03T21:42:00Z',
  },
  'update.waiting-for-retry': {
    story: () => http({ update: failed }),
    says: 'attempt 1 ended 21:41Z (The installation failed); the next one not before 21:50Z. Next 21:57Z, at its next poll (usually every 15 min, last 14 min ago). Attempt 2 of 3.',
    next: '2026-03-03T21:57:00Z',
  },
  'update.version-unknown': {
    story: () => http({ device: { attributes: {} } }),
    says: 'its version is not known; it is asked for it when it polls',
    unblock: 'Let the device connect once, or import the version that it runs.',
    next: '2026-03-03T21:57:00Z',
  },
  'update.clean-up-first': {
    story: () => http({ device: { residue: { campaign: 'campaign-z' as CampaignId, actionId: 3 } } }),
    says: 'what was left on it is removed first, at its next contact',
    next: '2026-03-03T21:57:00Z',
  },
  'update.not-confirmed': {
    story: () => {
      const story = http({ profile: { confirms: true } });
      story.tell({ type: 'contact' });
      return story;
    },
    says: 'OFFERED: offered 21:41Z, held back now: its user has not agreed to the installation yet.',
    unblock: 'The user of the device agrees, or the device is told to agree by itself.',
    next: '2026-03-03T21:42:00Z',
  },
  'update.reading-mismatch': {
    story: () => http({ device: { attributes: { firmware: '9' } } }),
    says: 'it will be rejected at its next contact: It runs "9", the package starts from "1.0".',
    unblock: 'Choose a package that starts from the version that the device runs.',
    next: '2026-03-03T21:42:00Z',
  },
  'update.reading-current': {
    story: () => http({ device: { attributes: { firmware: '2.0' } } }),
    says: 'it runs the target already, which is settled at its next contact',
    next: '2026-03-03T21:42:00Z',
  },
  'update.transfer-unproven': {
    story: () => {
      const story = Story.lwm2m({ now: NOW }).toDownloaded();
      const { state } = story.update;
      if (state.name !== 'downloaded') throw new Error('it should have the image');
      const { transfer: _lost, ...attempt } = state.attempt;
      story.snapshot = { ...story.snapshot, update: { ...story.update, state: { ...state, attempt } } };
      return story;
    },
    says: 'it has the image; it has an image whose transfer was not seen to be complete; it is asked again first',
    next: '2026-03-03T21:41:00Z',
  },
  'update.campaign-ended': {
    story: () => http().until(END),
    says: 'WAITING: the campaign is over since 00:00Z. Attempt 1 of 3. Nothing to do.',
  },
  'update.campaign-aborted': {
    story: () => http({ campaign: { phase: phase('aborted', NOW) } }),
    says: 'WAITING: the campaign is over since 21:41Z.',
  },
  'update.campaign-cancelled': {
    story: () => http({ campaign: { phase: phase('cancelled', NOW) } }),
    says: 'WAITING: the campaign is over since 21:41Z.',
  },
  'permit.over': {
    story: () => downloading().changeCampaign({ phase: phase('ended', NOW) }),
    says: 'held back now: the campaign is over since 21:41Z',
    unblock: 'Nothing to do.',
  },
};

describe('a device that is held back by', () => {
  test('anything has a story here', () => {
    expect(Object.keys(HELD).toSorted()).toEqual(Object.keys(HOLDS_BACK).toSorted());
  });

  test.each(Object.entries(HELD))('%s', (rule, { story, says, unblock, next }) => {
    const told = tell(story());
    expect(told.rule).toBe(rule);
    expect(told.sentence).toContain(says);
    expect(told.sentence.endsWith(told.unblock)).toBe(true);
    if (unblock !== undefined) expect(told.unblock).toBe(unblock);
    expect(told.next?.at).toBe(next === undefined ? undefined : utc(next));
  });
});

describe('a campaign that is held', () => {
  test('by its halt says by what, and what resumes it', () => {
    const halted = {
      ...hold,
      kind: 'halted',
      rule: 'campaign.halted-guard',
      reason: 'Too many failures: 5 of 9.',
    } as const;
    const { by: _itself, ...itself } = halted;
    const told = tell(http({ campaign: { hold: itself } }));
    expect(told.sentence).toContain('the campaign is halted, by itself, since 21:41Z: Too many failures: 5 of 9.');
    expect(told.unblock).toContain('resume the campaign with a reason');
    const withdrawn = tell(http({ campaign: { hold: { ...halted, rule: 'campaign.halted-withdrawn' } } }));
    expect(withdrawn.unblock).toContain('Reinstate the package');
    expect(tell(http({ campaign: { hold: { ...halted, kind: 'undecided' } } })).unblock).toContain(
      'Approve the canary',
    );
  });
});

describe('a closed step', () => {
  const at = (more: Partial<Rollout>, policy: Partial<RolloutPolicy> = {}) =>
    tell(http({ campaign: { orderedBy: 'ada', rollout: { ...rollout(more), policy: { ...POLICY, ...policy } } } }));

  test('whose predecessor soaks opens at a time that is known', () => {
    const told = at({ doneAt: utc('2026-03-03T12:00:00Z') });
    expect(told.sentence).toContain('step 1 is done; the next one opens after a soak until 12:00Z');
    expect(told.next?.at).toBe(utc('2026-03-04T12:12:00Z'));
    expect(told.unblock).toBe('Nothing to do.');
  });

  test('that waits for an approval says whose', () => {
    const told = at({ doneAt: NOW, awaitsApproval: true });
    expect(told.sentence).toContain('the next one waits for an approval');
    expect(told.unblock).toBe('Somebody other than ada approves the next step.');
    expect(at({ at: -1, awaitsApproval: true }).sentence).toContain('the first one waits for an approval');
    expect(at({ at: -1 }).sentence).toContain('the first one is opened in a moment');
  });

  test('behind a canary waits for its acceptance', () => {
    const [first, second] = rollout().steps;
    if (first === undefined || second === undefined) throw new Error('there should be two steps');
    const told = at({ steps: [{ ...first, kind: 'canary' }, second] });
    expect(told.sentence).toContain(
      'step 1 is open (30 succeeded, 2 failed); the next one opens once the canary is accepted',
    );
  });

  test('before steps are cut', () => {
    expect(at({ steps: [], at: -1 }).sentence).toContain('not divided into its steps yet');
  });
});

describe('no slot', () => {
  const arrivals = { ...fullArrivals(6, NOW), level: 0 };

  test('because too many have begun in this minute', () => {
    expect(tell(withoutSlot(http({ campaign: { arrivals } }))).sentence).toContain(
      'as many devices as allowed have begun lately (6 a minute)',
    );
  });

  test('because none has been handed out yet', () => {
    expect(tell(withoutSlot(http())).sentence).toContain('a slot is handed out in a moment (0 of 10 are taken)');
  });
});

describe('cuts', () => {
  const cut = (times: number): Story => {
    const story = http({ timetable: { downloadWindows: [{ from: 20, until: 24 }] } });
    for (let time = 0; time < times; time += 1) {
      story.tell({ type: 'contact' });
      story.tell({ type: 'transfer-begin', offset: 0 });
      story.tell({ type: 'interrupted' });
    }
    return story.wait(minutes(150));
  };

  test('one is told of', () => {
    expect(tell(cut(1)).sentence).toContain('We cut its transfer once; it is taken up again and costs no attempt.');
  });

  test('after two the transfer does not fit', () => {
    const told = tell(cut(2));
    expect(told.sentence).toContain('We cut its transfer 2 times: it does not fit into its windows (');
    expect(told.unblock).toBe('Widen the windows until the transfer fits.');
  });
});

describe('no chance is left', () => {
  test('when no window is wide enough before the end', () => {
    const story = http({ device: { rate: 1 }, campaign: IMAGE, timetable: { downloadWindows: NIGHT } });
    const told = tell(story);
    expect(told.sentence).toContain('After that it is still held back: The transfer would not be finished');
    expect(told.unblock).toBe('Widen the windows until the transfer fits, or extend the campaign.');
    expect(told.ifMissed).toBe('If it stays like this: the campaign ends 2026-03-09 00:00Z, and the update expires.');
  });

  test('when the last window has passed', () => {
    const told = tell(http({ timetable: { downloadWindows: NIGHT } }).until(utc('2026-03-08T05:00:00Z')));
    expect(told.unblock).toBe('Extend the campaign or widen its windows: no window of it is left.');
  });

  test('when this was the last one', () => {
    const told = tell(http({ timetable: { downloadWindows: NIGHT } }).until(utc('2026-03-07T22:00:00Z')));
    expect(told.ifMissed).toBe(
      'That window closes 04:00Z, and there is no other: the campaign ends 2026-03-09 00:00Z, and the update expires.',
    );
  });
});

test('a campaign of a year is looked through to its end', () => {
  const story = http({
    timetable: { downloadWindows: NIGHT, endDate: day('2027-03-01') },
    device: { rate: 1 },
    campaign: IMAGE,
  });
  expect(tell(story).next).toBeUndefined();
  expect(tell(story).ifMissed).toContain(`ends 2027-03-02 00:00Z`);
});
