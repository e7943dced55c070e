// What an operator may order and when, and the sentence of every refusal (contract.md §3.3, §9).
import { describe, expect, test } from 'vitest';
import type { Campaign, Timetable } from './campaign.ts';
import {
  abort,
  append,
  type CommandResult,
  cancel,
  changeDates,
  mayChangeDevices,
  remove,
  type ScheduleOrder,
  schedule,
} from './commands.ts';
import {
  ACCOUNT,
  CAMPAIGN,
  day,
  givenCampaign,
  givenDevice,
  givenPackage,
  givenTimetable,
  givenUpdate,
  IMEI,
  phase,
  START,
  utc,
} from './testing/given.ts';

const NOW = utc('2026-03-02T10:00:00Z');
const order = (more: Partial<ScheduleOrder> = {}, timetable: Partial<Timetable> = {}): ScheduleOrder => ({
  account: ACCOUNT,
  id: CAMPAIGN,
  generation: 'v3',
  package: givenPackage(),
  from: '1.0',
  transport: 'LWM2M',
  timetable: givenTimetable(timetable),
  autoAssignLicense: false,
  autoAddDevices: false,
  checkDigits: false,
  imeis: [IMEI],
  ...more,
});
const accepted = (result: CommandResult) => {
  if (!result.ok) throw new Error(result.sentence);
  return result;
};
const sentenceOf = (result: CommandResult): string => (result.ok ? 'accepted' : result.sentence);

describe('scheduling', () => {
  test('stores the campaign with its whole list, without repeats, in parts', () => {
    const imeis = Array.from({ length: 1_201 }, (_, at) => `${100_000_000_000_000 + at}`);
    const { campaign, change } = accepted(schedule(order({ imeis: [...imeis, ...imeis] }), NOW));
    expect(campaign).toMatchObject({ phase: { name: 'pending' }, devicesTotal: 1_201, intakePending: true });
    const intake = change.writes.find(({ op }) => op === 'insert-intake');
    expect(intake?.op === 'insert-intake' && intake.parts.map((part) => part.length)).toEqual([
      250, 250, 250, 250, 201,
    ]);
    expect(change.entries).toMatchObject([{ kind: 'phase', rule: 'campaign.accepted', facts: { phase: 'pending' } }]);
  });

  test('takes one day, today, and yesterday, which means now', () => {
    expect(schedule(order({}, { startDate: day('2026-03-02'), endDate: day('2026-03-02') }), NOW).ok).toBe(true);
    expect(schedule(order({}, { startDate: day('2026-03-01') }), NOW).ok).toBe(true);
  });

  test.each<readonly [string, Partial<Timetable>, string]>([
    [
      'a start before yesterday',
      { startDate: day('2026-02-28') },
      'startDate: given 2026-02-28, accepted: today (UTC 2026-03-02) or later; yesterday means now.',
    ],
    [
      'an end before the start',
      { startDate: day('2026-03-05'), endDate: day('2026-03-04') },
      'endDate: given 2026-03-04, accepted: 2026-03-05 (startDate) or later.',
    ],
    [
      'an end in the past',
      { startDate: day('2026-03-01'), endDate: day('2026-03-01') },
      'endDate: given 2026-03-01, accepted: today (UTC 2026-03-02) or later.',
    ],
    [
      'an end beyond the horizon',
      { endDate: day('2028-01-01') },
      'endDate: given 2028-01-01, accepted: at most 366 days from today (UTC 2026-03-02).',
    ],
    [
      'a download date after the end',
      { downloadAfterDate: day('2026-03-09') },
      'downloadAfterDate: given 2026-03-09, accepted: 2026-03-08 (endDate) or earlier.',
    ],
    [
      'an install date after the end',
      { installAfterDate: day('2026-03-09') },
      'installAfterDate: given 2026-03-09, accepted: 2026-03-08 (endDate) or earlier.',
    ],
  ])('refuses %s', (_, timetable, sentence) => {
    expect(schedule(order({}, timetable), NOW)).toEqual({ ok: false, code: 'INVALID_PARAMETER', sentence });
  });

  test('lets the install date precede the download date', () => {
    const dates = { downloadAfterDate: day('2026-03-05'), installAfterDate: day('2026-03-03') };
    expect(schedule(order({}, dates), NOW).ok).toBe(true);
  });

  test('refuses more devices than a campaign may have', () => {
    const imeis = Array.from({ length: 1_000_001 }, (_, at) => `${at}`);
    expect(sentenceOf(schedule(order({ imeis }), NOW))).toBe(
      'deviceList: given 1000001 devices, accepted: at most 1000000.',
    );
  });

  test('warns of windows without a common hour, and of a campaign without an open hour', () => {
    const apart = { downloadWindows: [{ from: 1, until: 2 }], installWindows: [{ from: 3, until: 4 }] };
    expect(accepted(schedule(order({ transport: 'HTTP' }, apart), NOW)).warnings).toHaveLength(1);
    expect(accepted(schedule(order({}, apart), NOW)).warnings).toEqual([]);
    const tooLate = { endDate: day('2026-03-02'), downloadWindows: [{ from: 1, until: 2 }] };
    expect(accepted(schedule(order({}, tooLate), NOW)).warnings.join()).toContain('no open download hour in UTC');
  });
});

describe('changing dates before the start', () => {
  const later = (generation: 'v2' | 'v3', name: Campaign['phase']['name']) =>
    givenCampaign({
      generation,
      phase: phase(name),
      timetable: givenTimetable({ startDate: day('2026-03-04'), downloadWindows: [{ from: 2, until: 4 }] }),
    });
  const freely = { startDate: day('2026-03-03'), downloadWindows: [{ from: 5, until: 6 }] };

  test('replaces dates and windows freely and walks the phases again', () => {
    for (const [generation, name, back] of [
      ['v2', 'queued', 'pending'],
      ['v2', 'pending', 'pending'],
      ['v3', 'prescheduled', 'queued'],
      ['v3', 'queued', 'queued'],
      ['v3', 'pending', 'pending'],
      ['v2', 'scheduled', 'pending'],
    ] as const) {
      const campaign = later(generation, name);
      const result = accepted(changeDates(campaign, { ...campaign.timetable, ...freely }, NOW));
      expect(result.campaign.phase.name).toBe(back);
      expect(result.campaign.timetable).toMatchObject(freely);
      expect(result.change.entries).toMatchObject([{ rule: 'campaign.dates-changed', facts: { phase: back } }]);
    }
  });

  test('does not take the stored start for one in the past', () => {
    const timetable = givenTimetable({ startDate: day('2026-02-20'), downloadWindows: [{ from: 2, until: 4 }] });
    const campaign = givenCampaign({ phase: phase('queued'), timetable });
    expect(changeDates(campaign, { ...timetable, endDate: day('2026-03-10') }, NOW).ok).toBe(true);
    expect(changeDates(campaign, { ...timetable, startDate: day('2026-02-21') }, NOW).ok).toBe(false);
  });
});

describe('changing dates after the start', () => {
  const v2 = givenCampaign({
    generation: 'v2',
    timetable: givenTimetable({ downloadWindows: [{ from: 2, until: 6 }] }),
  });
  const v3 = { ...v2, generation: 'v3' } as const;
  const change = (campaign: Campaign, more: Partial<Timetable>) =>
    changeDates(campaign, { ...campaign.timetable, ...more }, NOW);

  test('moves the end, and the campaign stays scheduled', () => {
    const result = accepted(change(v3, { endDate: day('2026-03-20') }));
    expect(result.campaign.phase.name).toBe('scheduled');
    expect(result.campaign.timetable.endDate).toBe('2026-03-20');
    expect(change(v3, { endDate: day('2026-03-03') }).ok).toBe(true);
  });

  test('needs an end that is a day away', () => {
    expect(change(v2, { endDate: day('2026-03-02') })).toMatchObject({
      code: 'CAMPAIGN_STATE_INVALID',
      sentence:
        'endDate: given 2026-03-02, accepted: a day that ends at least 24 hours from now (2026-03-02T10:00:00.000Z), because the campaign has started.',
    });
  });

  test('leaves start and first days where they are', () => {
    expect(sentenceOf(change(v3, { startDate: day('2026-03-03') }))).toBe(
      'startDate: given 2026-03-03, accepted: 2026-03-02, because the campaign has started.',
    );
    expect(sentenceOf(change(v3, { installAfterDate: day('2026-03-03') }))).toContain('cannot be changed');
    expect(sentenceOf(change(v2, { downloadAfterDate: day('2026-03-03') }))).toContain('cannot be changed');
  });

  test('of a software campaign adds windows and takes none away', () => {
    const added = [
      { from: 2, until: 6 },
      { from: 20, until: 22 },
    ];
    expect(change(v2, { downloadWindows: added }).ok).toBe(true);
    expect(change(v2, { downloadWindows: [{ from: 1, until: 7 }] }).ok).toBe(true);
    expect(sentenceOf(change(v2, { downloadWindows: [{ from: 3, until: 6 }] }))).toBe(
      'downloadTimeWindowList: the hour 2-3 is missing; once the campaign has started windows may be added, not removed.',
    );
    expect(sentenceOf(change(v2, { installWindows: [{ from: 3, until: 6 }] }))).toContain(
      'installTimeWindowList: the hour 0-1',
    );
  });

  test('of a firmware campaign leaves the windows as they are', () => {
    expect(change(v3, { downloadWindows: [{ from: 2, until: 6 }] }).ok).toBe(true);
    expect(sentenceOf(change(v3, { downloadWindows: [{ from: 2, until: 7 }] }))).toContain('campaignTimeWindowList');
  });
});

describe('ending', () => {
  const windows = { downloadWindows: [{ from: 12, until: 14 }] };

  test('cancels until the first device may be offered something', () => {
    for (const campaign of [
      givenCampaign({ phase: phase('pending') }),
      givenCampaign({ phase: phase('queued') }),
      givenCampaign({ phase: phase('prescheduled') }),
      givenCampaign({ timetable: givenTimetable(windows) }),
    ]) {
      const result = accepted(cancel(campaign, false, NOW));
      expect(result.campaign).toMatchObject({ phase: { name: 'cancelled', since: NOW }, sweepPending: true });
      expect(accepted(abort(campaign, NOW)).campaign.phase.name).toBe('cancelled');
    }
  });

  test('refuses to cancel afterwards and names the abort', () => {
    const result = cancel(givenCampaign(), false, NOW);
    expect(result).toMatchObject({ ok: false, code: 'CAMPAIGN_STATE_INVALID' });
    expect(sentenceOf(result)).toBe(
      `The campaign has already started (2026-03-02T00:00:00.000Z) and cannot be cancelled. To stop it, call POST /operator/v1/accounts/${ACCOUNT}/campaigns/${CAMPAIGN}/abort, or set the account's abortOnDelete.`,
    );
  });

  test('aborts on DELETE where the account wants it, and by the abort call', () => {
    expect(accepted(cancel(givenCampaign(), true, NOW)).campaign.phase.name).toBe('aborted');
    expect(accepted(abort(givenCampaign(), NOW)).change.entries).toMatchObject([
      { kind: 'phase', rule: 'campaign.aborted', facts: { phase: 'aborted' } },
    ]);
  });

  test('of what is over is refused, like every other change', () => {
    for (const name of ['failed', 'cancelled', 'aborted', 'ended'] as const) {
      const campaign = givenCampaign({ phase: phase(name) });
      const results = [
        cancel(campaign, true, NOW),
        abort(campaign, NOW),
        changeDates(campaign, campaign.timetable, NOW),
      ];
      for (const result of [...results, mayChangeDevices(campaign)]) {
        expect(result).toMatchObject({ ok: false, code: 'CAMPAIGN_STATE_INVALID' });
        expect(result?.ok === false && result.sentence).toContain(`(${name} since 2026-03-02T00:00:00.000Z)`);
      }
    }
  });
});

describe('the device list', () => {
  const { liveCampaign: _free, ...device } = givenDevice();
  const queued = givenCampaign({ phase: phase('queued') });

  test('may be changed until the campaign is scheduled', () => {
    for (const name of ['pending', 'queued', 'prescheduled'] as const)
      expect(mayChangeDevices(givenCampaign({ phase: phase(name) }))).toBeUndefined();
    expect(mayChangeDevices(givenCampaign())?.sentence).toContain('until the campaign is scheduled');
  });

  test('takes devices in and tells what became of each', () => {
    const candidates = [
      { imei: IMEI, device, present: false },
      { imei: '111111111111111', present: false },
      { imei: '222222222222222', present: true },
    ];
    const { change, results } = append(queued, candidates, START);
    expect(results.map(({ outcome }) => outcome)).toEqual(['added', 'rejected', 'already-member']);
    expect(results[1]?.rejection?.reason).toBe('device-unknown');
    expect(change.writes.at(-1)).toMatchObject({
      op: 'replace-campaign',
      row: { devicesTotal: 3, nextActionAt: START },
    });
  });

  test('lets devices go, frees them, and tells who was no member', () => {
    const member = givenDevice();
    const leavers = [
      { imei: IMEI, update: givenUpdate(), device: member, inIntake: false },
      { imei: '111111111111111', inIntake: true },
      { imei: '222222222222222', inIntake: false },
    ];
    const { change, results } = remove({ ...queued, devicesTotal: 5 }, leavers, [], START);
    expect(results.map(({ outcome }) => outcome)).toEqual(['removed', 'removed', 'not-a-member']);
    expect(change.entries).toMatchObject([{ move: { from: 'waiting', to: 'gone' } }]);
    expect(change.writes.map(({ op }) => op)).toEqual(['delete-update', 'claim-device', 'replace-campaign']);
    const freed = change.writes[1];
    expect(freed?.op === 'claim-device' && freed.row.liveCampaign).toBeUndefined();
    expect(change.writes[2]).toMatchObject({ row: { devicesTotal: 3 } });
  });
});
