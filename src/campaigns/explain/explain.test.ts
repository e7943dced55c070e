// One explanation as it is read: its sentence byte for byte, all of its lines in their order, what is beside an update.
import { describe, expect, test } from 'vitest';
import type { CampaignId, Imei } from '../ids.ts';
import {
  givenCampaign,
  givenDevice,
  givenHttpDevice,
  givenPackage,
  givenUpdate,
  phase,
  Story,
  utc,
} from '../testing/given.ts';
import { everyQuarter, tell } from '../testing/telling.ts';
import { days, hours, instant, minutes } from '../time.ts';
import { explain } from './explain.ts';
import { EXPLAIN_LIMITS } from './explanation.ts';

const NOW = utc('2026-03-03T21:41:00Z');
const EARLIER = 'campaign-z' as CampaignId;
const earlier = {
  campaign: givenCampaign({ id: EARLIER, from: '0.9', package: givenPackage({ from: ['0.9'], to: '1.0' }) }),
  update: givenUpdate(
    { name: 'failed', at: utc('2026-02-01T10:00:00Z'), reason: 'install-failed', attempt: 3, detail: 'flash error 7' },
    { campaign: EARLIER },
  ),
};

describe('a device that polls outside its install hours', () => {
  const story = Story.http({
    now: NOW,
    timetable: { zone: 'America/Chicago', installWindows: [{ from: 2, until: 4 }] },
  });

  test('is told of in one sentence', () => {
    expect(tell(story).sentence).toBe(
      'WAITING: install window 02-04 America/Chicago (now 15:41 there). Next 08:12Z = 02:12 local, at its next poll (usually every 15 min, last 14 min ago). Attempt 1 of 3. Nothing to do.',
    );
  });

  test('is told of in lines, in their order', () => {
    expect(tell(story, { parts: [earlier] }).text.split('\n')).toEqual([
      'Runs firmware 1.0 (told by the device 2026-03-01 12:00Z = 06:00 local).',
      tell(story).sentence,
      'Rule permit.install-window: The install window is closed.',
      'Next eligible: 08:12Z = 02:12 local, when it is expected to contact us.',
      'If it misses it: That window closes 10:00Z = 04:00 local; the next chance is 2026-03-05 08:12Z = 02:12 local. In the end the campaign ends 2026-03-09 00:00Z = 2026-03-08 19:00 local, and the update expires.',
      'Last contact 21:27Z = 15:27 local, usually every 15 min (measured on 3).',
      'To unblock it: Nothing to do.',
      'Earlier: base 0.9 to 1.0, failed 2026-02-01 10:00Z = 04:00 local (The installation failed. flash error 7.) in campaign campaign-z.',
    ]);
  });

  test('is told of in parts', () => {
    expect(tell(story, { parts: [earlier] })).toMatchObject({
      verdict: 'WAITING',
      rule: 'permit.install-window',
      runs: [{ what: 'firmware', value: '1.0', source: 'reported' }],
      next: { at: utc('2026-03-04T08:12:00Z'), zone: 'America/Chicago', is: 'contact' },
      contact: { lastAt: utc('2026-03-03T21:27:00Z'), every: minutes(15), measuredOn: 3 },
      attempt: { number: 1, max: 3 },
      earlier: [{ campaign: EARLIER, state: 'failed' }],
    });
  });
});

describe('what is known of its contacts decides what is foretold', () => {
  const story = Story.http({ now: NOW, timetable: { downloadWindows: [{ from: 2, until: 4 }] } });
  const seen = everyQuarter(NOW);

  test('never heard of: from the opening on', () => {
    const told = tell(story, { seen: { instants: [], pollEvery: minutes(5) } });
    expect(told.sentence).toContain(
      'Next from 02:00Z on, at its next poll then (assumed every 5 min, never heard of).',
    );
    expect(told.next).toMatchObject({ is: 'opening', at: utc('2026-03-04T02:00:00Z') });
  });

  test('silent for long: its next contact is not foretold', () => {
    const told = tell(story, { seen: { ...seen, instants: seen.instants.map((at) => instant(at - days(3))) } });
    expect(told.sentence).toContain(
      'Next from 02:00Z on, at its next poll then (usually every 15 min, silent for 3 d).',
    );
    expect(told.unblock).toBe('Check power and coverage of the device.');
    expect(told.text).toContain('usually every 15 min (measured on 3); it is overdue.');
  });

  test('never awake inside the window: that is said', () => {
    const noons = [1, 2, 3].map((back) => instant(utc('2026-03-03T12:00:00Z') - (back - 1) * days(1)));
    const told = tell(story, { seen: { instants: noons, pollEvery: minutes(5) } });
    expect(told.sentence).toContain('but none of its usual polls falls into an open window (usually every 24 h');
    expect(told.next).toMatchObject({ is: 'opening', at: utc('2026-03-04T02:00:00Z') });
    expect(told.unblock).toContain('contact us more often');
  });

  test('listening at any time: at the opening itself', () => {
    const awake = Story.lwm2m({ now: NOW, timetable: { downloadWindows: [{ from: 2, until: 4 }] } });
    expect(tell(awake).sentence).toContain('Next 02:00Z (it listens at any time, last 14 min ago).');
  });

  test('an LwM2M sleeper of which nobody knows the rhythm', () => {
    const { registration } = givenDevice();
    const asleep = Story.lwm2m({
      now: NOW,
      ...(registration && { device: { registration: { ...registration, queueMode: true } } }),
    });
    const told = tell(asleep, { seen: { instants: [], lastSeenAt: instant(NOW - hours(2)), pollEvery: minutes(5) } });
    expect(told.sentence).toContain('Next at its next contact (its interval is not known, last 2 h ago).');
    expect(told.contact).toEqual({ measuredOn: 0, lastAt: instant(NOW - hours(2)) });
  });

  test('turned away at the door: that is told', () => {
    const refused = { at: instant(NOW - minutes(1)), why: 'its token is wrong' };
    expect(tell(story, { seen: { ...seen, refused } }).text).toContain(
      'It came 21:40Z and was turned away: its token is wrong',
    );
  });
});

describe('a device in no campaign', () => {
  const device = givenHttpDevice();
  const { liveCampaign: _none, ...free } = {
    ...device,
    software: { app: { value: '3', at: NOW, source: 'import' as const } },
  };
  const facts = { is: 'idle', now: NOW, seen: everyQuarter(NOW), parts: [earlier], device: free } as const;
  const running = givenCampaign({ transport: 'HTTP' });

  test('shows what it runs, which campaigns fit it, and the earlier ones', () => {
    const others = [running, givenCampaign({ id: 'campaign-b' as CampaignId, transport: 'LWM2M' })];
    const told = explain({ ...facts, others });
    expect(told).toMatchObject({
      verdict: 'NOT IN A CAMPAIGN',
      fits: ['campaign-a'],
      earlier: [{ campaign: EARLIER }],
    });
    expect(told.text).toContain(
      'Runs app 3 (imported, not told by the device 21:41Z), firmware 1.0 (told by the device',
    );
    expect(told.text).toContain('NOT IN A CAMPAIGN: it takes part in none; it would fit campaign-a.');
    expect(told.text).not.toContain('Next eligible');
  });

  test('that fits none', () => {
    expect(explain({ ...facts, others: [] }).sentence).toContain('no campaign of the account runs');
    const other = givenCampaign({ transport: 'HTTP', package: givenPackage({ model: 'M2' }) });
    expect(explain({ ...facts, others: [other] }).sentence).toContain('none of the 1 campaigns that run fits it');
  });

  test('names at most so many campaigns, the newest of the earlier ones first', () => {
    const many = Array.from({ length: 30 }, (_, place) => `campaign-${place}` as CampaignId);
    const parts = many.map((id, place) => ({
      campaign: givenCampaign({ id }),
      update: givenUpdate(
        { name: 'expired', at: instant(NOW + place) },
        { campaign: id, changedAt: instant(NOW + place) },
      ),
    }));
    const told = explain({ ...facts, parts, others: many.map((id) => givenCampaign({ id, transport: 'HTTP' })) });
    expect(told.fits).toHaveLength(EXPLAIN_LIMITS.fitsMax);
    expect(told.earlier).toHaveLength(EXPLAIN_LIMITS.earlierMax);
    expect(told.earlier[0]?.campaign).toBe('campaign-29');
  });

  test('asked about in a campaign that it is not in', () => {
    const asked = givenCampaign({ transport: 'HTTP', package: givenPackage({ model: 'M2' }) });
    expect(explain({ ...facts, others: [], asked }).sentence).toBe(
      'NOT IN A CAMPAIGN: it is not in this one, which it would not fit: The model is not that of the package. Its model is "M1", the package is for "M2". ' +
        "Choose a package of the device's model, or correct the model of the device.",
    );
    expect(explain({ ...facts, others: [], asked: running }).sentence).toContain('which it would fit');
    const busy = { ...free, liveCampaign: EARLIER };
    expect(explain({ ...facts, device: busy, others: [], asked: running }).sentence).toContain(
      'it takes part in campaign-z',
    );
  });

  test('with something left on it says so', () => {
    const residue = { campaign: EARLIER, actionId: 7 };
    expect(explain({ ...facts, device: { ...free, residue }, others: [] }).text).toContain(
      'Campaign campaign-z left something on it (action 7)',
    );
  });
});

test('a device on the list of a request that is still being looked at', () => {
  const campaign = givenCampaign({ phase: phase('pending'), intakePending: true });
  expect(explain({ is: 'listed', now: NOW, imei: '015399000000011', campaign })).toMatchObject({
    verdict: 'WAITING',
    rule: 'campaign.accepted',
    sentence:
      'WAITING: accepted with the request; whether the device can be updated is not yet known. Wait: every device of the request is looked at.',
  });
});

describe('an IMEI that the account does not have', () => {
  const known = ['015399000000011' as Imei];

  test('is answered with those that may be meant', () => {
    const told = explain({ is: 'unknown', now: NOW, imei: '015399000000101', known });
    expect(told.verdict).toBe('UNKNOWN DEVICE');
    expect(told.sentence).toBe(
      'UNKNOWN DEVICE: the account has no device 015399000000101. Did you mean 015399000000011 (digits 13 and 14 are swapped)? Else import the device.',
    );
    expect(explain({ is: 'unknown', now: NOW, imei: 'x', known: [] }).unblock).toContain('Import the device');
  });

  test('in a campaign that rejected it keeps that verdict', () => {
    const update = givenUpdate(
      { name: 'rejected', at: NOW, reason: 'device-unknown' },
      { rule: 'admission.device-unknown' },
    );
    const part = { update, campaign: givenCampaign() };
    expect(explain({ is: 'unknown', now: NOW, imei: '015399000000012', part, known })).toMatchObject({
      verdict: 'REJECTED',
      rule: 'admission.device-unknown',
      nearest: [{ imei: '015399000000011' }],
    });
  });
});
