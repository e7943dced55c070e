// Stories of one HTTP device (hawkBit DDI) in one campaign, and of what its polls show meanwhile.
import { describe, expect, test } from 'vitest';
import { ddiView } from './ddi-view.ts';
import { END, phase, Story, utc } from './testing/given.ts';
import { hours, minutes, seconds } from './time.ts';

const night = { downloadWindows: [{ from: 2, until: 4 }] };
const view = (story: Story) =>
  ddiView({ device: story.device, profile: story.snapshot.profile, live: story.snapshot }, story.now);
const report = (step: 'installed' | 'failed' | 'downloaded' | 'progress' | 'cancelled' | 'deferred', detail?: string) =>
  ({ type: 'report', report: { step, ...(detail === undefined ? {} : { detail }) } }) as const;

const never = (): never => {
  throw new Error('the story begins with slots');
};

describe('a streaming client', () => {
  test('polls, fetches, closes its action, and is believed when it tells the new version', () => {
    const story = Story.http();
    expect(story.tell({ type: 'contact' }).intents).toEqual([]);
    expect(view(story).action).toMatchObject({ download: 'forced', update: 'forced', maintenance: 'available' });
    story.tell({ type: 'acted' });
    story.tell({ type: 'transfer-begin', offset: 0 });
    story.tell({ type: 'transfer-end', bytes: 100_000, complete: true, took: 4_000 });
    expect(story.state).toMatchObject({ name: 'installing', order: 'sent' });
    expect(story.device.rate).toBe(25_000);
    story.wait(minutes(3)).tell(report('installed'));
    expect(story.state).toMatchObject({ name: 'verifying', word: 'reported' });
    expect(view(story)).toEqual({ wantsAttributes: true });
    story.wait(minutes(5)).attributes({ firmware: '2.0' });
    expect(story.state).toEqual({ name: 'succeeded', at: story.now, evidence: 'version', attempt: 1 });
    expect(view(story).wantsAttributes).toBe(false);
  });

  test('sees no link outside the window, and keeps none when it closes', () => {
    const story = Story.http({ timetable: night, now: utc('2026-03-02T01:59:59.999Z') });
    expect(story.tell({ type: 'contact' }).rule).toBe('permit.download-window');
    expect(view(story).action).toBeUndefined();
    story.until(utc('2026-03-02T02:00:00Z')).tell({ type: 'contact' });
    expect(view(story).action).toBeDefined();
    story.until(utc('2026-03-02T04:00:00Z'));
    expect(view(story).action).toBeUndefined();
  });

  test('that goes on telling the old version after its success has failed', () => {
    const story = Story.http().toFetched();
    story.tell(report('installed'));
    story.wait(minutes(5)).attributes({ firmware: '1.0' });
    expect(story.state).toMatchObject({ name: 'failed', reason: 'wrong-version', detail: 'it runs "1.0"' });
  });

  test('that told its version before it closed the action has to tell it again', () => {
    const story = Story.http().toFetched();
    story.attributes({ firmware: '2.0' });
    expect(story.state.name).toBe('installing');
    story.wait(seconds(1)).tell(report('installed'));
    expect(story.state.name).toBe('verifying');
    story.wait(minutes(1)).attributes({ firmware: '2.0' });
    expect(story.state.name).toBe('succeeded');
  });

  test('that closes without having fetched anything has closed that action only', () => {
    const story = Story.http();
    story.tell({ type: 'contact' });
    story.tell({ type: 'acted' });
    const first = story.attempt?.actionId ?? 0;
    expect(story.tell(report('installed')).rule).toBe('update.closed-without-bytes');
    expect(story.state).toMatchObject({ name: 'waiting', reason: 'retry' });
    story.wait(minutes(10)).tell({ type: 'contact' });
    expect(story.attempt?.number).toBe(2);
    expect(story.attempt?.actionId).toBeGreaterThan(first);
  });

  test('that is not confirmed before the deadline has failed, or is believed where its word is enough', () => {
    for (const [leastEvidence, state] of [
      ['version', { name: 'failed', reason: 'not-verified' }],
      ['reported', { name: 'succeeded', evidence: 'reported' }],
    ] as const) {
      const story = Story.http({ profile: { leastEvidence } }).toFetched();
      story.tell(report('installed'));
      story.wait(hours(24)).tell({ type: 'due' });
      expect(story.state).toMatchObject(state);
    }
  });

  test('is not offered anything before its version is known, and is asked for it', () => {
    const story = Story.http({ device: { attributes: {} } });
    story.tell({ type: 'contact' });
    expect(story.state).toMatchObject({ name: 'waiting', reason: 'version-unknown' });
    expect(view(story)).toEqual({ wantsAttributes: true });
    story.attributes({ firmware: '1.0' });
    expect(story.state.name).toBe('offered');
  });

  test('waits for something else once its version is known, also where nothing may be offered', () => {
    const story = Story.http({ device: { attributes: {} } });
    story.tell({ type: 'contact' });
    const { snapshot } = story;
    story.snapshot = { ...snapshot, slots: { ...(snapshot.slots ?? never()), free: 0 } };
    story.attributes({ firmware: '1.0' });
    expect(story.state).toMatchObject({ name: 'waiting', reason: 'ready' });
    expect(story.update.rule).toBe('update.version-known');
    expect(story.tell({ type: 'contact' }).writes).toEqual([]);
  });

  test('says in which step it failed', () => {
    const early = Story.http();
    early.tell({ type: 'contact' });
    early.tell(report('failed', 'no route'));
    expect(early.update.history).toMatchObject([{ outcome: 'download-failed' }]);
    const installing = Story.http().toFetched();
    installing.tell(report('failed', 'bad signature'));
    expect(installing.update.history).toMatchObject([{ outcome: 'install-failed' }]);
  });

  test('whose report of progress is late or doubled changes nothing', () => {
    const story = Story.http().toFetched();
    const { update } = story;
    story.tell(report('progress'));
    story.tell(report('downloaded'));
    story.tell({ type: 'acted' });
    story.tell(report('deferred'));
    expect(story.update).toEqual(update);
  });
});

describe('a split client', () => {
  const split = { profile: { ddiClient: 'split' as const } };

  test('keeps the image until the install window opens', () => {
    const story = Story.http({ ...split, timetable: { installWindows: [{ from: 20, until: 22 }] } });
    story.tell({ type: 'contact' });
    expect(view(story).action).toMatchObject({ download: 'forced', update: 'skip', maintenance: 'unavailable' });
    story.toFetched();
    expect(story.state.name).toBe('downloaded');
    expect(story.tell({ type: 'contact' }).rule).toBe('permit.install-window');
    expect(view(story).action).toMatchObject({ download: 'skip', update: 'skip', maintenance: 'unavailable' });
    story.until(utc('2026-03-02T20:00:00Z'));
    expect(story.tell({ type: 'contact' }).rule).toBe('update.install-shown');
    expect(view(story).action).toMatchObject({ update: 'forced', maintenance: 'available' });
  });

  test('is told to wait inside an action that it has read', () => {
    const story = Story.http({ ...split, timetable: night, now: utc('2026-03-02T03:30:00Z') });
    story.tell({ type: 'contact' });
    story.tell({ type: 'acted' });
    story.until(utc('2026-03-02T04:00:00Z'));
    expect(view(story).action).toMatchObject({ download: 'skip', update: 'skip', maintenance: 'unavailable' });
  });
});

describe('an attempt that we interrupt', () => {
  const interrupted = () => {
    const story = Story.http();
    story.tell({ type: 'contact' });
    story.tell({ type: 'acted' });
    story.tell({ type: 'transfer-begin', offset: 0 });
    story.wait(minutes(5)).tell({ type: 'interrupted' });
    return story;
  };

  test('keeps its action and resumes where the device asks on', () => {
    const story = interrupted();
    const { attempt } = story;
    story.tell({ type: 'transfer-begin', offset: 60_000 });
    expect(story.state.name).toBe('downloading');
    expect(story.attempt).toMatchObject({ actionId: attempt?.actionId, token: attempt?.token });
  });

  test('that the device then closes as failed costs nothing, and the next one has another action', () => {
    const story = interrupted();
    const { attempt } = story;
    story.wait(minutes(1)).tell(report('failed', 'connection reset'));
    expect(story.update.attempts).toBe(0);
    story.tell({ type: 'contact' });
    expect(view(story).wantsAttributes).toBe(true);
    story.attributes({ firmware: '1.0' });
    expect(story.attempt?.number).toBe(1);
    expect(story.attempt?.actionId).not.toBe(attempt?.actionId);
  });

  test('is not taken up before what an earlier campaign left is gone', () => {
    const story = interrupted();
    const residue = { campaign: story.update.campaign, actionId: 3 };
    story.snapshot = { ...story.snapshot, device: { ...story.device, residue } };
    expect(story.tell({ type: 'transfer-begin', offset: 1 }).rule).toBe('update.clean-up-first');
    expect(view(story)).toEqual({ cancel: residue, wantsAttributes: false });
  });
});

describe('a device that closes with success', () => {
  const begun = () => {
    const story = Story.http();
    story.tell({ type: 'contact' });
    story.tell({ type: 'acted' });
    story.tell({ type: 'transfer-begin', offset: 0 });
    return story;
  };

  test('after an answer that ended without a byte has fetched nothing', () => {
    const story = begun();
    story.tell({ type: 'transfer-end', bytes: 0, complete: false, took: 1 });
    story.tell(report('installed'));
    expect(story.update.history.at(-1)).toMatchObject({ outcome: 'closed-without-bytes', transferred: false });
  });

  test('while another answer is under way may have fetched something', () => {
    const story = begun();
    story.tell({ type: 'transfer-end', bytes: 0, complete: false, took: 1 });
    story.tell({ type: 'transfer-begin', offset: 0 });
    story.tell(report('installed'));
    expect(story.state.name).toBe('verifying');
  });

  test('is asked for its version when nobody knows what it was sent', () => {
    const story = begun();
    story.tell(report('installed'));
    expect(story.state.name).toBe('verifying');
    expect(view(story).wantsAttributes).toBe(true);
  });
});

describe('after the end', () => {
  test('an open action is to be cancelled', () => {
    const story = Story.http();
    story.tell({ type: 'contact' });
    const actionId = story.attempt?.actionId;
    story.until(END).tell({ type: 'contact' });
    expect(story.state.name).toBe('expired');
    expect(view(story).cancel).toEqual({ campaign: story.update.campaign, actionId });
  });

  test('a success that comes late is kept beside the outcome, the first of them', () => {
    const story = Story.http().toFetched();
    story.until(utc('2026-03-05T10:00:00Z')).tell({ type: 'due' });
    expect(story.state).toMatchObject({ name: 'failed', reason: 'silent-after-install' });
    const { state } = story;
    const late = story.wait(hours(1)).tell(report('installed'));
    expect(late.entries).toMatchObject([
      { kind: 'late', facts: { result: 'succeeded' } },
      { rule: 'update.cleaned-up' },
    ]);
    expect(late.entries[0]?.move).toBeUndefined();
    story.wait(hours(1)).tell(report('failed'));
    expect(story.state).toEqual(state);
    expect(story.update.lateResult).toEqual({ at: utc('2026-03-05T11:00:00Z'), result: 'succeeded' });
  });

  test("a device's word about an installation is heard when the campaign has just ended", () => {
    const story = Story.http().toFetched().until(END);
    story.changeCampaign({ phase: phase('ended', END) });
    story.tell(report('installed'));
    story.wait(hours(1)).attributes({ firmware: '2.0' });
    expect(story.state).toMatchObject({ name: 'succeeded', evidence: 'version' });
  });
});
