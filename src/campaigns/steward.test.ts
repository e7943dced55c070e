// The steward: counting and chaining entries, the walk through the phases, and what the customer is told.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CAMPAIGN_MOVES, type Campaign, hasStarted, type PhaseName, startedAt, type Tallies } from './campaign.ts';
import type { Change, Entry } from './change.ts';
import { hashOf, type Imei } from './ids.ts';
import { LIMITS } from './limits.ts';
import {
  admitPart,
  advance,
  fold,
  headText,
  nextTurn,
  opensAnywhere,
  swept,
  toPhase,
  type UnsealedEntry,
} from './steward.ts';
import {
  ACCOUNT,
  CAMPAIGN,
  day,
  END,
  givenCampaign,
  givenDevice,
  givenTimetable,
  IMEI,
  phase,
  START,
  Story,
  utc,
} from './testing/given.ts';

const digest = (text: string): string => hashOf(text).toString(16);
const folded = (campaign: Campaign, unsealed: readonly UnsealedEntry[]): Change =>
  fold({ campaign, unsealed, audience: [], gathered: [] }, { digest }, START);
const campaignOf = (change: Change): Campaign => {
  const write = change.writes.find(({ op }) => op === 'replace-campaign');
  if (write?.op !== 'replace-campaign') throw new Error('the campaign was not written');
  return write.row;
};
const NOBODY: Tallies = { ...givenCampaign().tallies, waiting: 0 };
const move = (
  id: number,
  from: NonNullable<Entry['move']>['from'],
  to: NonNullable<Entry['move']>['to'],
): UnsealedEntry => ({
  id,
  entry: {
    account: ACCOUNT,
    campaign: CAMPAIGN,
    imei: `${100_000_000_000_000 + id}` as Imei,
    at: START,
    kind: 'state',
    rule: 'update.no-change',
    move: { from, to },
  },
});

describe('folding', () => {
  test('counts what moved', () => {
    const before = givenCampaign({ tallies: { ...NOBODY, waiting: 3, installing: 1 }, slotsOut: 4 });
    const freed = move(3, 'installing', 'succeeded');
    const change = folded(before, [
      move(1, 'waiting', 'offered'),
      move(2, 'none', 'waiting'),
      { ...freed, entry: { ...freed.entry, slots: -1 } },
      move(4, 'waiting', 'gone'),
    ]);
    const row = campaignOf(change);
    expect(row.tallies).toEqual({ ...NOBODY, waiting: 2, offered: 1, succeeded: 1 });
    expect(row.slotsOut).toBe(3);
    expect(row.ledger.length).toBe(4);
  });

  test('counts a device that already runs the target apart from the rejected', () => {
    const story = Story.http({ device: { attributes: { firmware: '2.0' } } });
    const { entries } = story.tell({ type: 'contact' });
    const row = campaignOf(folded(givenCampaign(), [{ id: 1, entry: entries[0]! }]));
    expect(row.tallies).toEqual({ ...NOBODY, alreadyCurrent: 1 });
  });

  test('counts rejections of admission by reason', () => {
    const imeis = ['1', '2', '3'].map((imei) => ({ imei, present: false }));
    const { change } = admitPart(givenCampaign({ tallies: NOBODY }), 0, imeis, true, START);
    const unsealed = change.entries.map((entry, id) => ({ id, entry }));
    const row = campaignOf(folded(givenCampaign({ tallies: NOBODY }), unsealed));
    expect(row.rejections).toEqual({ 'imei-malformed': 3 });
    expect(row.tallies.rejected).toBe(3);
  });

  test('counts a late success beside the failure', () => {
    const entry: Entry = { ...move(1, 'none', 'waiting').entry, kind: 'late', facts: { result: 'succeeded' } };
    const { move: _none, ...late } = entry;
    const row = campaignOf(folded(givenCampaign({ tallies: { ...NOBODY, failed: 1 } }), [{ id: 1, entry: late }]));
    expect(row.tallies).toEqual({ ...NOBODY, failed: 1, succeededLate: 1 });
  });

  const anyEntries = fc
    .array(fc.constantFrom('waiting', 'offered', 'succeeded', 'failed', 'rejected') as fc.Arbitrary<'waiting'>, {
      minLength: 1,
      maxLength: 30,
    })
    .map((names) => names.map((name, id) => move(id, 'none', name)));

  test('gives the same chain and the same counts in whatever batches', () => {
    fc.assert(
      fc.property(anyEntries, fc.integer({ min: 1, max: 7 }), (entries, size) => {
        const empty = givenCampaign({ tallies: NOBODY });
        const whole = campaignOf(folded(empty, entries));
        let parts = empty;
        const texts: string[] = [];
        for (let at = 0; at < entries.length; at += size) {
          const change = folded(parts, entries.slice(at, at + size));
          for (const write of change.writes)
            if (write.op === 'seal') texts.push(...write.sealed.map(({ text }) => text));
          parts = campaignOf(change);
        }
        expect(parts.ledger).toEqual(whole.ledger);
        expect(parts.tallies).toEqual(whole.tallies);
        expect(texts).toHaveLength(entries.length);
        const previous = texts.map((text) => JSON.parse(text).previous);
        expect(previous).toEqual(['', ...texts.slice(0, -1).map(digest)]);
      }),
      { seed: 31, numRuns: 60 },
    );
  });

  test('signs the head, and tells with a phase the head that holds it', () => {
    const entry: Entry = { account: ACCOUNT, campaign: CAMPAIGN, at: START, kind: 'phase', rule: 'campaign.scheduled' };
    const told = [{ id: 1, entry: { ...entry, facts: { phase: 'scheduled' } } }];
    const signer = { keyId: 'k', sign: (text: string) => `signed ${text}` };
    const seen = { campaign: givenCampaign(), unsealed: told, audience: ['v3'], gathered: [] } as const;
    const change = fold(seen, { digest, signer }, START);
    const { ledger } = campaignOf(change);
    const signed = headText(CAMPAIGN, ledger, START);
    expect(ledger).toMatchObject({ length: 1, keyId: 'k', signedAt: START, signature: `signed ${signed}` });
    expect(change.intents).toMatchObject([{ kind: 'callback', event: { number: 1, ledgerHead: ledger } }]);
  });

  test('ends the process when more slots come back than were out', () => {
    const entry: Entry = { ...move(1, 'offered', 'waiting').entry, slots: -1 };
    expect(() => folded(givenCampaign({ slotsOut: 0 }), [{ id: 1, entry }])).toThrow('slots');
  });
});

describe('the phases', () => {
  const walk = (campaign: Campaign, now: Campaign['createdAt']): readonly PhaseName[] => {
    const names: PhaseName[] = [];
    let row = campaign;
    for (let steps = 0; steps < 10; steps += 1) {
      const change = advance(row, now);
      if (change.writes.length === 0) break;
      const next = campaignOf(change);
      expect(CAMPAIGN_MOVES[row.phase.name] as readonly string[]).toContain(next.phase.name);
      row = next;
      names.push(row.phase.name);
    }
    return names;
  };
  const pending = (generation: 'v2' | 'v3', more: Partial<Campaign> = {}) =>
    givenCampaign({ generation, phase: phase('pending'), ...more });
  const before = utc('2026-03-01T23:59:59.999Z');

  test('of a firmware campaign are queued, prescheduled, and scheduled at 00:00Z of the start date', () => {
    expect(walk(pending('v3'), before)).toEqual(['queued', 'prescheduled']);
    expect(walk(pending('v3'), START)).toEqual(['queued', 'prescheduled', 'scheduled']);
  });

  test('of a software campaign know no prescheduled', () => {
    expect(walk(pending('v2'), before)).toEqual(['queued']);
    expect(walk(pending('v2'), START)).toEqual(['queued', 'scheduled']);
  });

  test('stand still until every device has been looked at', () => {
    expect(walk(pending('v3', { intakePending: true }), START)).toEqual([]);
  });

  test('end at once when all devices were rejected', () => {
    expect(walk(pending('v2', { tallies: { ...NOBODY, rejected: 2, alreadyCurrent: 1 } }), before)).toEqual(['failed']);
  });

  test('end at the end date, or when every device is accounted for', () => {
    expect(walk(givenCampaign(), END)).toEqual(['ended']);
    expect(walk(givenCampaign(), utc('2026-03-08T23:59:59.999Z'))).toEqual([]);
    const done = givenCampaign({ tallies: { ...NOBODY, succeeded: 4, failed: 1 } });
    expect(walk(done, START)).toEqual(['ended']);
    expect(advance(done, START).rule).toBe('campaign.ended-done');
    expect(walk({ ...done, autoAddDevices: true }, START)).toEqual([]);
  });

  test('leave a sweep behind when they end', () => {
    const { row } = toPhase(givenCampaign(), 'ended', 'campaign.ended-date', END);
    expect(row.sweepPending).toBe(true);
    expect(nextTurn(row, END)).toBe(END);
    expect(campaignOf(swept(row)).sweepPending).toBe(false);
    expect(nextTurn(campaignOf(swept(row)), END)).toBeUndefined();
  });

  test('cannot be left once they are over', () => {
    const ended = givenCampaign({ phase: phase('ended') });
    expect(walk(ended, END)).toEqual([]);
    expect(() => toPhase(ended, 'scheduled', 'campaign.scheduled', END)).toThrow('cannot go');
  });
});

describe('the start', () => {
  const night = { downloadWindows: [{ from: 2, until: 4 }] };

  test('is the first instant at which one of the devices may be offered', () => {
    const campaign = givenCampaign({ timetable: givenTimetable(night) });
    expect(startedAt(campaign)).toBe(utc('2026-03-02T02:00:00Z'));
    expect(hasStarted(campaign, utc('2026-03-02T01:59:59.999Z'))).toBe(false);
    expect(hasStarted(campaign, utc('2026-03-02T02:00:00Z'))).toBe(true);
    expect(hasStarted({ ...campaign, phase: phase('queued') }, utc('2026-03-02T02:00:00Z'))).toBe(false);
  });

  test('waits for the day before which nothing is downloaded', () => {
    const timetable = givenTimetable({ ...night, downloadAfterDate: day('2026-03-04') });
    expect(startedAt(givenCampaign({ timetable }))).toBe(utc('2026-03-04T02:00:00Z'));
  });

  test('is that of the earliest zone where the hours are those of the devices', () => {
    const timetable = givenTimetable({ ...night, zone: 'device' });
    const zones = ['America/New_York', 'Asia/Tokyo'];
    expect(startedAt(givenCampaign({ timetable, zones }))).toBe(utc('2026-03-02T07:00:00Z'));
    expect(startedAt(givenCampaign({ timetable }))).toBe(utc('2026-03-02T02:00:00Z'));
    const open = givenCampaign({ timetable, zones });
    expect(opensAnywhere(open, utc('2026-03-02T17:30:00Z'))).toBe(true);
    expect(opensAnywhere(open, utc('2026-03-02T03:00:00Z'))).toBe(false);
  });

  test('never comes without an open hour', () => {
    const timetable = givenTimetable({ ...night, downloadAfterDate: day('2026-03-09') });
    expect(startedAt(givenCampaign({ timetable }))).toBeUndefined();
  });
});

describe('the next turn', () => {
  const timetable = givenTimetable({ downloadWindows: [{ from: 2, until: 4 }] });

  test('of a closed or held campaign is the next opening or the end, and nothing between', () => {
    const closed = givenCampaign({ timetable });
    expect(nextTurn(closed, utc('2026-03-02T12:00:00Z'))).toBe(utc('2026-03-03T02:00:00Z'));
    expect(nextTurn(closed, utc('2026-03-08T12:00:00Z'))).toBe(END);
    const held = {
      ...closed,
      hold: { kind: 'paused', reason: 'a look', since: START, rule: 'campaign.paused' },
    } as const;
    expect(nextTurn(held, utc('2026-03-02T12:00:00Z'))).toBe(END);
    expect(nextTurn({ ...closed, phase: phase('queued') }, utc('2026-02-27T00:00Z'))).toBe(START);
  });

  test('of an open one renews the slots', () => {
    const now = utc('2026-03-02T03:00:00Z');
    expect(nextTurn(givenCampaign({ timetable }), now)).toBe(now + LIMITS.slotLease / 2);
  });
});

describe('admission of a part', () => {
  test('takes the part away in the same commit', () => {
    const { liveCampaign: _free, ...device } = givenDevice();
    const intake = givenCampaign({ intakePending: true, phase: phase('pending') });
    const { change } = admitPart(intake, 4, [{ imei: IMEI, device, present: false }], false, START);
    expect(change.writes.map(({ op }) => op)).toEqual([
      'insert-update',
      'claim-device',
      'replace-campaign',
      'delete-intake',
    ]);
    expect(campaignOf(change).intakePending).toBe(true);
    expect(campaignOf(admitPart(intake, 5, [], true, START).change).intakePending).toBe(false);
  });
});
