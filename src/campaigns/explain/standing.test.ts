// Each state of an update has its story: verdict, why it stands there, what becomes of it if the device stays silent.
import { describe, expect, test } from 'vitest';
import { finish } from '../attempt.ts';
import type { ImageToken } from '../ids.ts';
import { givenPackage, givenUpdate, NODE, object5, phase, Story, utc } from '../testing/given.ts';
import { tell } from '../testing/telling.ts';
import { minutes } from '../time.ts';
import type { Final, Update } from '../update.ts';

const NOW = utc('2026-03-03T21:41:00Z');
const NIGHT = [{ from: 2, until: 4 }];
const http = (): Story => Story.http({ now: NOW });
const lwm2m = (): Story => Story.lwm2m({ now: NOW });

describe('WAITING', () => {
  test('with nothing in its way', () => {
    expect(tell(http())).toMatchObject({
      verdict: 'WAITING',
      rule: 'update.offered',
      sentence:
        'WAITING: nothing of ours holds it back, it is offered the image when it can be spoken to. Next 21:42Z, at its next poll (usually every 15 min, last 14 min ago). Attempt 1 of 3. Nothing to do.',
    });
    expect(tell(lwm2m())).toMatchObject({ rule: 'update.asked' });
    expect(tell(lwm2m()).sentence).toContain(
      'it is asked and then offered the image when it can be spoken to. Next at once',
    );
  });

  test('for a device that did not answer', () => {
    const story = Story.lwm2m({
      now: NOW,
      device: { reachable: false },
      update: givenUpdate({ name: 'waiting', reason: 'unreachable', readyAt: NOW }),
    });
    expect(tell(story).sentence).toContain('WAITING: the device did not answer; waiting for its next contact; nothing');
    expect(tell(story).unblock).toBe('Check power and coverage of the device.');
  });

  test('for a device that will be rejected, by what is known', () => {
    const story = Story.lwm2m({ now: NOW, device: { model: 'M2' } });
    expect(tell(story).sentence).toContain('by what is known it is rejected then: Its model is "M2"');
    expect(tell(story).unblock).toContain("Choose a package of the device's model");
  });

  test('with the whole image on it', () => {
    const story = lwm2m().toDownloaded();
    const { state } = story.update;
    if (state.name !== 'downloaded') throw new Error('it should have the image');
    const waiting = { name: 'waiting', reason: 'suspended', readyAt: NOW, suspended: state.attempt } as const;
    story.snapshot = { ...story.snapshot, update: { ...story.update, state: waiting } };
    expect(tell(story).sentence).toContain('the image is on it already; it is taken up again at its next contact');
  });
});

test('OFFERED: what it did with the offer, and when that is withdrawn', () => {
  const story = http();
  story.tell({ type: 'contact' });
  const told = tell(story);
  expect(told).toMatchObject({ verdict: 'OFFERED', rule: 'update.offered', attempt: { number: 1, max: 3 } });
  expect(told.sentence).toBe('OFFERED: offered 21:41Z, it has not acted on it. Attempt 1 of 3. Nothing to do.');
  expect(told.ifMissed).toContain('Without any act the offer is withdrawn 23:11Z; that costs no attempt');
  story.tell({ type: 'acted' });
  expect(tell(story).sentence).toContain('it acted on it 21:41Z and has not begun to download');
  expect(
    tell(story.changeCampaign({ timetable: { ...story.snapshot.campaign.timetable, downloadWindows: NIGHT } })),
  ).toMatchObject({
    rule: 'permit.download-window',
    next: { at: utc('2026-03-04T02:12:00Z') },
  });
});

test('DOWNLOADING: how much of it, and until when it may stand still', () => {
  const story = http();
  story.tell({ type: 'contact' });
  story.tell({ type: 'transfer-begin', offset: 0 });
  story.tell({ type: 'transfer-progress', bytes: 25_000 });
  const told = tell(story.wait(minutes(1)));
  expect(told.verdict).toBe('DOWNLOADING');
  expect(told.sentence).toContain('DOWNLOADING: 25 kB of 100 kB sent since 21:41Z.');
  expect(told.ifMissed).toBe('A download without progress until 22:11Z is ended; another attempt may follow.');
});

describe('DOWNLOADED', () => {
  test('waits for its install window', () => {
    const story = Story.lwm2m({ now: NOW, timetable: { installWindows: NIGHT } }).toDownloaded();
    story.reads({ firmware: '1.0', object5: object5('downloaded') });
    expect(tell(story)).toMatchObject({
      verdict: 'DOWNLOADED',
      rule: 'permit.install-window',
      next: { at: utc('2026-03-04T02:00:00Z'), is: 'contact' },
    });
    expect(tell(story).sentence).toContain('it has the image; install window 02-04 UTC (now 21:41).');
  });

  test('of a polling client that splits the two', () => {
    const story = Story.http({ now: NOW, profile: { ddiClient: 'split' }, timetable: { installWindows: NIGHT } });
    story.tell({ type: 'contact' });
    story.tell({ type: 'transfer-begin', offset: 0 });
    story.tell({ type: 'transfer-end', bytes: 100_000, complete: true, took: 5_000 });
    story.tell({ type: 'report', report: { step: 'downloaded' } });
    expect(tell(story)).toMatchObject({ verdict: 'DOWNLOADED', rule: 'permit.install-window' });
    const open = story.until(utc('2026-03-04T03:00:00Z'));
    expect(tell(open)).toMatchObject({ rule: 'update.install-shown' });
    expect(tell(open).sentence).toContain('it has the image and may install it when it can be spoken to');
  });
});

test('INSTALLING: since when, and until when its word is awaited', () => {
  const told = tell(lwm2m().toInstalling());
  expect(told.verdict).toBe('INSTALLING');
  expect(told.sentence).toContain('it has been installing since 21:41Z; its word is awaited until 2026-03-06 21:41Z.');
  expect(told.ifMissed).toContain('Silent until 2026-03-06 21:41Z, the update has failed');
  expect(told.unblock).toBe('Leave the device powered.');
});

test('VERIFYING: by which proof, and what its silence means', () => {
  const story = lwm2m().toInstalling();
  story.reads({ object5: object5('idle', 'success') });
  expect(tell(story)).toMatchObject({
    verdict: 'VERIFYING',
    unblock: 'Leave the device connected until it has told its version.',
  });
  expect(tell(story).sentence).toContain(
    'it says that it has installed the image (21:41Z); its version is to prove it until 22:11Z',
  );
  expect(tell(story).ifMissed).toContain('the update has failed; a proof that comes later is shown');
  const { state } = story.update;
  if (state.name !== 'verifying') throw new Error('it should be verifying');
  const lenient = { ...state, attempt: { ...state.attempt, leastEvidence: 'reported' as const } };
  story.snapshot = { ...story.snapshot, update: { ...story.update, state: lenient } };
  expect(tell(story).ifMissed).toContain('its word counts: the update has succeeded');
});

describe('a final state', () => {
  const ended = (state: Final, more: Partial<Update> = {}) => {
    const story = lwm2m();
    const done = finish(
      story.snapshot,
      state,
      { now: NOW, node: NODE, token: '' as ImageToken },
      { rule: 'update.failed' },
    );
    const [update] = done.writes.flatMap((write) => (write.op === 'replace-update' ? [write.row] : []));
    if (update === undefined) throw new Error('the update should be written');
    story.snapshot = { ...story.snapshot, update: { ...update, ...more } };
    return tell(story);
  };

  test.each([
    [
      'SUCCEEDED',
      { name: 'succeeded', evidence: 'version', attempt: 2 },
      'its running version shows it (21:41Z). Attempt 2 of 3.',
    ],
    [
      'FAILED',
      { name: 'failed', reason: 'install-failed', attempt: 3, detail: 'error 7' },
      'the installation failed. error 7 (21:41Z). Attempt 3 of 3.',
    ],
    [
      'REJECTED',
      { name: 'rejected', reason: 'wrong-model', detail: 'Its model is "M2".' },
      'the model is not that of the package. Its model is "M2" (21:41Z). Choose',
    ],
    ['CANCELLED', { name: 'cancelled' }, 'CANCELLED: '],
    ['ABORTED', { name: 'aborted' }, 'ABORTED: '],
    ['EXPIRED', { name: 'expired' }, 'EXPIRED: '],
  ] as const)('%s is told with its reason and what to do', (verdict, state, says) => {
    const told = ended({ ...state, at: NOW } as Final);
    expect(told.verdict).toBe(verdict);
    expect(told.sentence).toContain(says);
    expect(told.next).toBeUndefined();
    expect(told.ifMissed).toBeUndefined();
    expect(told.unblock).not.toBe('');
  });

  test('shows what the device told later', () => {
    const lateResult = { at: NOW, result: 'succeeded' } as const;
    const told = ended({ name: 'expired', at: NOW }, { lateResult });
    expect(told.sentence).toContain('later (21:41Z) it told that it succeeded');
  });
});

test('an image that installs as it is pushed is told of as pushed', () => {
  const story = Story.lwm2m({
    now: NOW,
    profile: { delivery: 'push' },
    campaign: { package: givenPackage(), phase: phase('scheduled') },
  });
  story.tell({ type: 'contact' });
  story.reads({ firmware: '1.0', object5: object5('idle') });
  story.tell({ type: 'transfer-begin', offset: 0 });
  expect(tell(story).sentence).toContain('0 B of 100 kB pushed to it since 21:41Z');
});
