// Permits: nothing outside the windows, never longer than five seconds, and a reason with every refusal.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  mayBeginTransfer,
  mayContinueTransfer,
  mayDownload,
  mayInstall,
  type Permit,
  type PermitFacts,
  transferEnd,
  zoneOf,
} from './permits.ts';
import {
  day,
  END,
  type Given,
  givenCampaign,
  givenDevice,
  givenHttpDevice,
  givenTimetable,
  phase,
  START,
  utc,
} from './testing/given.ts';
import { hours, type Instant, instant, after as later, minutes, seconds } from './time.ts';

const night = [{ from: 2, until: 4 }];

const facts = (given: Given & { readonly http?: boolean } = {}): PermitFacts => ({
  campaign: givenCampaign({ timetable: givenTimetable(given.timetable), ...given.campaign }),
  device: given.http === true ? givenHttpDevice(given.device) : givenDevice(given.device),
  profile: { ddiClient: 'streaming', autoInstalls: false, ...given.profile },
});
const granted = (permit: Permit) => {
  if (!permit.ok) throw new Error(`refused by ${permit.rule}`);
  return permit;
};

describe('a permit', () => {
  test('is given inside the window for five seconds at a time', () => {
    const now = utc('2026-03-02T03:00:00Z');
    const permit = granted(mayDownload(facts({ timetable: { downloadWindows: night } }), now));
    expect(permit).toEqual({
      ok: true,
      rule: 'permit.open',
      until: later(now, seconds(5)),
      closesAt: utc('2026-03-02T04:00:00Z'),
    });
  });

  test('ends with the window', () => {
    const permit = granted(mayDownload(facts({ timetable: { downloadWindows: night } }), utc('2026-03-02T03:59:58Z')));
    expect(permit.until).toBe(utc('2026-03-02T04:00:00Z'));
  });

  test('ends with the campaign', () => {
    const permit = granted(mayInstall(facts(), later(END, -2_000 as ReturnType<typeof seconds>)));
    expect(permit.until).toBe(END);
    expect(permit.closesAt).toBe(END);
  });

  test('is refused outside the window, with the next opening', () => {
    const shut = facts({ timetable: { downloadWindows: night, installWindows: [{ from: 5, until: 6 }] } });
    const now = utc('2026-03-02T04:00:00Z');
    const next = utc('2026-03-03T02:00:00Z');
    expect(mayDownload(shut, now)).toEqual({ ok: false, rule: 'permit.download-window', nextEligibleAt: next });
    expect(mayInstall(shut, now)).toMatchObject({ ok: false, rule: 'permit.install-window' });
  });

  test('is refused without a next opening when no window follows before the end', () => {
    const shut = facts({ timetable: { downloadWindows: night } });
    expect(mayDownload(shut, utc('2026-03-08T04:00:00Z'))).toEqual({ ok: false, rule: 'permit.download-window' });
  });

  test('waits for the day before which nothing may be downloaded or installed', () => {
    const late = facts({ timetable: { downloadAfterDate: day('2026-03-04'), installAfterDate: day('2026-03-05') } });
    const now = utc('2026-03-03T12:00:00Z');
    expect(mayDownload(late, now)).toEqual({
      ok: false,
      rule: 'permit.download-after',
      nextEligibleAt: utc('2026-03-04T00:00:00Z'),
    });
    expect(mayInstall(late, utc('2026-03-04T23:59:59.999Z'))).toMatchObject({ rule: 'permit.install-after' });
    expect(mayInstall(late, utc('2026-03-05T00:00:00Z')).ok).toBe(true);
  });

  test('is refused before the start, after the end, and while the campaign is held', () => {
    const before = utc('2026-03-01T23:59:59.999Z');
    expect(mayDownload(facts(), before)).toEqual({ ok: false, rule: 'permit.not-started', nextEligibleAt: START });
    expect(mayDownload(facts({ campaign: { phase: phase('queued') } }), START).ok).toBe(false);
    expect(mayDownload(facts(), END)).toEqual({ ok: false, rule: 'permit.over' });
    expect(mayInstall(facts({ campaign: { phase: phase('aborted') } }), START)).toMatchObject({ rule: 'permit.over' });
    const hold = { kind: 'paused', reason: 'a look', since: START, rule: 'campaign.paused' } as const;
    expect(mayInstall(facts({ campaign: { hold } }), START)).toEqual({ ok: false, rule: 'permit.held' });
  });

  test('goes by the hours of the device only where the campaign says so', () => {
    const tokyo = { timeZone: 'Asia/Tokyo' };
    const noon = { downloadWindows: [{ from: 12, until: 13 }] };
    const now = utc('2026-03-03T03:30:00Z');
    expect(mayDownload(facts({ device: tokyo, timetable: { ...noon, zone: 'device' } }), now).ok).toBe(true);
    expect(mayDownload(facts({ device: tokyo, timetable: noon }), now).ok).toBe(false);
    const unknown = facts({ timetable: { ...noon, zone: 'device', fallbackZone: 'America/New_York' } });
    expect(zoneOf(unknown.campaign, unknown.device)).toBe('America/New_York');
  });
});

describe('a device that installs as it downloads', () => {
  const twoLists = { downloadWindows: [{ from: 1, until: 4 }], installWindows: [{ from: 3, until: 6 }] };

  test('may download only while it may also install', () => {
    const streaming = facts({ http: true, timetable: twoLists });
    expect(mayDownload(streaming, utc('2026-03-02T02:00:00Z'))).toEqual({
      ok: false,
      rule: 'permit.install-window',
      nextEligibleAt: utc('2026-03-02T03:00:00Z'),
    });
    const permit = granted(mayDownload(streaming, utc('2026-03-02T03:30:00Z')));
    expect(permit.closesAt).toBe(utc('2026-03-02T04:00:00Z'));
    const byItself = facts({ profile: { autoInstalls: true }, timetable: twoLists });
    expect(mayDownload(byItself, utc('2026-03-02T02:00:00Z')).ok).toBe(false);
    const waits = facts({ http: true, profile: { ddiClient: 'split' }, timetable: twoLists });
    expect(mayDownload(waits, utc('2026-03-02T02:00:00Z')).ok).toBe(true);
  });

  test('is told so when the windows never overlap', () => {
    const apart = { downloadWindows: [{ from: 1, until: 2 }], installWindows: [{ from: 3, until: 4 }] };
    const permit = mayDownload(facts({ http: true, timetable: apart }), utc('2026-03-02T01:30:00Z'));
    expect(permit).toEqual({ ok: false, rule: 'permit.no-overlap' });
  });

  test('waits for the install date too', () => {
    const late = facts({ http: true, timetable: { installAfterDate: day('2026-03-05') } });
    expect(mayDownload(late, utc('2026-03-03T00:00:00Z'))).toEqual({
      ok: false,
      rule: 'permit.install-after',
      nextEligibleAt: utc('2026-03-05T00:00:00Z'),
    });
  });
});

describe('a transfer', () => {
  const strict = { timetable: { downloadWindows: night } };
  const now = utc('2026-03-02T03:58:00Z');

  test('is begun only if one and a half times its expected time fits', () => {
    // 8 KiB a second are assumed of an LwM2M device: 80 s of bytes need two minutes.
    expect(mayBeginTransfer(facts(strict), 80 * 8_192, now).ok).toBe(true);
    expect(mayBeginTransfer(facts(strict), 80 * 8_192 + 8, now)).toEqual({
      ok: false,
      rule: 'permit.does-not-fit',
      nextEligibleAt: utc('2026-03-03T02:00:00Z'),
    });
    const measured = facts({ ...strict, device: { rate: 1_000_000 } });
    expect(mayBeginTransfer(measured, 50_000_000, now).ok).toBe(true);
  });

  test('may overrun the close under rule start-before-close, but not the bound and not the end', () => {
    const lenient = facts({ timetable: { downloadWindows: night, rule: 'start-before-close' } });
    const permit = granted(mayBeginTransfer(lenient, 100_000_000, now));
    const notAfter = transferEnd(lenient, permit.closesAt);
    expect(notAfter).toBe(utc('2026-03-02T05:00:00Z'));
    const late = utc('2026-03-02T04:59:58Z');
    expect(mayContinueTransfer(lenient, { grantedAt: now, notAfter }, late)).toEqual({
      ok: true,
      rule: 'permit.overrun',
      until: notAfter,
      closesAt: notAfter,
    });
    expect(mayContinueTransfer(lenient, { grantedAt: now, notAfter }, notAfter).ok).toBe(false);
    expect(transferEnd(lenient, END)).toBe(END);
  });

  test('does not outlive hours that were taken away since it was granted', () => {
    const wide = { downloadWindows: [{ from: 2, until: 10 }], rule: 'start-before-close' } as const;
    const transfer = { grantedAt: now, notAfter: utc('2026-03-02T11:00:00Z') };
    const shut = utc('2026-03-02T05:30:00Z');
    expect(mayContinueTransfer(facts({ timetable: wide }), transfer, shut).ok).toBe(true);
    const narrow = facts({ timetable: { ...wide, downloadWindows: night } });
    expect(granted(mayContinueTransfer(narrow, transfer, utc('2026-03-02T04:30:00Z'))).closesAt).toBe(
      utc('2026-03-02T05:00:00Z'),
    );
    expect(mayContinueTransfer(narrow, transfer, shut)).toMatchObject({ ok: false, rule: 'permit.download-window' });
    const gone = facts({ timetable: { ...wide, downloadWindows: [{ from: 8, until: 10 }] } });
    expect(mayContinueTransfer(gone, transfer, utc('2026-03-02T03:59:00Z')).ok).toBe(false);
  });

  test('does not overrun a pause, an abort or the strict close', () => {
    const notAfter = utc('2026-03-02T05:00:00Z');
    const late = utc('2026-03-02T04:30:00Z');
    const timetable = { downloadWindows: night, rule: 'start-before-close' } as const;
    const hold = { kind: 'halted', reason: 'bricks', since: START, rule: 'campaign.paused' } as const;
    expect(mayContinueTransfer(facts({ timetable, campaign: { hold } }), { grantedAt: now, notAfter }, late).ok).toBe(
      false,
    );
    const aborted = facts({ timetable, campaign: { phase: phase('aborted') } });
    expect(mayContinueTransfer(aborted, { grantedAt: now, notAfter }, late).ok).toBe(false);
    expect(transferEnd(facts(strict), utc('2026-03-02T04:00:00Z'))).toBe(utc('2026-03-02T04:00:00Z'));
    expect(mayContinueTransfer(facts(strict), { grantedAt: now, notAfter }, late).ok).toBe(false);
  });
});

describe('whatever the timetable', () => {
  const anyWindows = fc.array(
    fc.tuple(fc.nat(22), fc.integer({ min: 1, max: 6 })).map(([from, length]) => ({
      from,
      until: Math.min(24, from + length),
    })),
    { maxLength: 2 },
  );
  const anyDay = fc.option(fc.constantFrom(day('2026-03-01'), day('2026-03-04'), day('2026-03-07')), {
    nil: undefined,
  });
  const anyCase = fc.record({
    downloadWindows: anyWindows,
    installWindows: anyWindows,
    downloadAfterDate: anyDay,
    installAfterDate: anyDay,
    rule: fc.constantFrom('strict' as const, 'start-before-close' as const),
    http: fc.boolean(),
    minute: fc.integer({ min: -600, max: 11_000 }),
    size: fc.constantFrom(1_000, 10_000_000, 400_000_000),
  });

  const openByHand = (windows: readonly { from: number; until: number }[], first: string | undefined, at: number) => {
    const hour = new Date(at).getUTCHours();
    const inside = windows.length === 0 || windows.some((window) => window.from <= hour && hour < window.until);
    const begun = first === undefined || at >= Date.parse(first);
    return inside && begun && at >= START && at < END;
  };

  test('no permit reaches outside, and each refusal names an instant that is truly open', () => {
    fc.assert(
      fc.property(anyCase, ({ minute, http, size, downloadAfterDate, installAfterDate, ...rest }) => {
        const now = instant(START + minutes(minute));
        const timetable = {
          ...rest,
          ...(downloadAfterDate === undefined ? {} : { downloadAfterDate }),
          ...(installAfterDate === undefined ? {} : { installAfterDate }),
        };
        const seen = facts({ http, timetable });
        const install = (at: Instant) => openByHand(rest.installWindows, installAfterDate, at);
        const download = (at: Instant) =>
          openByHand(rest.downloadWindows, downloadAfterDate, at) && (!http || install(at));
        for (const [permit, open] of [
          [mayDownload(seen, now), download],
          [mayInstall(seen, now), install],
        ] as const) {
          expect(permit.ok).toBe(open(now));
          if (!permit.ok) {
            if (permit.nextEligibleAt === undefined) continue;
            expect(permit.nextEligibleAt).toBeGreaterThan(now);
            expect(open(permit.nextEligibleAt)).toBe(true);
            expect(open((permit.nextEligibleAt - 1) as Instant)).toBe(false);
            continue;
          }
          expect(permit.until).toBeGreaterThan(now);
          expect(permit.until).toBe(Math.min(permit.closesAt, later(now, seconds(5))));
          expect(open((permit.closesAt - 1) as Instant)).toBe(true);
          expect(open(permit.closesAt)).toBe(false);
        }
        const begin = mayBeginTransfer(seen, size, now);
        if (begin.ok) expect(download(now)).toBe(true);
      }),
      { seed: 11, numRuns: 300 },
    );
  });

  test('a refusal without a next opening means that none comes before the end', () => {
    fc.assert(
      fc.property(anyWindows, fc.integer({ min: 0, max: 10_079 }), (installWindows, minute) => {
        const now = instant(START + minutes(minute));
        const permit = mayInstall(facts({ timetable: { installWindows } }), now);
        if (permit.ok || permit.nextEligibleAt !== undefined) return;
        for (let at = now; at < END; at = later(at, hours(1)))
          expect(openByHand(installWindows, undefined, at)).toBe(false);
      }),
      { seed: 12, numRuns: 100 },
    );
  });
});
