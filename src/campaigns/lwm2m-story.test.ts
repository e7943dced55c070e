// Stories of one LwM2M device in one campaign, from the first question to the proof.
import { describe, expect, test } from 'vitest';
import { cleanedUp } from './inventory.ts';
import { END, NODE, object5, phase, Story, utc } from './testing/given.ts';
import { hours, minutes, seconds } from './time.ts';

const settledExecute = (is: 'delivered' | 'unknown' | 'no-answer' | 'withheld') =>
  ({ type: 'settled', intent: 'execute', attempt: 1, outcome: { is } }) as const;
const kinds = (change: ReturnType<Story['tell']>) => change.intents.map(({ kind }) => kind);

describe('an LwM2M device', () => {
  test('is asked, offered, served, ordered to install, and believed when its version is read', () => {
    const story = Story.lwm2m();
    expect(kinds(story.tell({ type: 'contact' }))).toEqual(['ask']);
    expect(kinds(story.reads({ firmware: '1.0', object5: object5('idle') }))).toEqual(['offer']);
    expect(story.snapshot.slots?.free).toBe(0);
    story.tell({ type: 'transfer-begin', offset: 0 });
    expect(story.attempt?.transfer).toMatchObject({ grantedAt: story.now, bytes: 0 });
    expect(kinds(story.tell({ type: 'transfer-end', bytes: 100_000, complete: true, took: 5_000 }))).toEqual(['ask']);
    expect(story.device.rate).toBe(20_000);
    const order = story.reads({ firmware: '1.0', object5: object5('downloaded') });
    expect(kinds(order)).toEqual(['execute']);
    expect(order.rule).toBe('update.executing');
    expect(story.state).toMatchObject({ name: 'installing', order: 'pending' });
    story.tell(settledExecute('delivered'));
    story.wait(minutes(2)).registers();
    story.reads({ firmware: '2.0', object5: object5('idle', 'success') });
    expect(story.state).toEqual({ name: 'succeeded', at: story.now, evidence: 'version', attempt: 1 });
    expect(story.device.liveCampaign).toBeUndefined();
    expect(story.device.residue).toBeUndefined();
    expect(story.snapshot.slots?.free).toBe(1);
    expect(story.update.history).toMatchObject([{ number: 1, outcome: 'succeeded', bytes: 100_000 }]);
  });

  test('is brought back to Idle first when something lies in its slot', () => {
    const story = Story.lwm2m();
    story.tell({ type: 'contact' });
    const change = story.reads({ firmware: '1.0', object5: object5('downloaded') });
    expect(change.intents).toMatchObject([{ kind: 'offer', reset: true, delivery: 'pull' }]);
  });

  test('is not offered anything while it installs something else', () => {
    const story = Story.lwm2m();
    story.tell({ type: 'contact' });
    expect(story.reads({ firmware: '1.0', object5: object5('updating') }).rule).toBe('update.device-busy');
    expect(story.state).toMatchObject({ name: 'waiting', askAt: story.now + minutes(2) });
  });

  test('is pushed the image where it cannot pull, and where pulling led nowhere', () => {
    const story = Story.lwm2m();
    story.tell({ type: 'contact' });
    story.reads({ firmware: '1.0', object5: { ...object5('idle'), canPull: false } });
    expect(story.attempt?.delivery).toBe('push');
    const deaf = Story.lwm2m();
    deaf.tell({ type: 'contact' });
    deaf.reads({ firmware: '1.0', object5: object5('idle') });
    expect(deaf.attempt?.delivery).toBe('pull');
    deaf.until(deaf.update.nextActionAt ?? deaf.now).tell({ type: 'due' });
    expect(deaf.update.rule).toBe('update.offer-untouched');
    deaf.wait(minutes(2)).reads({ firmware: '1.0', object5: object5('idle') });
    expect(deaf.attempt?.delivery).toBe('push');
  });

  test('waits while its version is not known, and is judged at first contact', () => {
    const story = Story.lwm2m();
    const { firmware: _unread, ...device } = story.device;
    story.snapshot = { ...story.snapshot, device };
    story.tell({ type: 'contact' });
    story.reads({ object5: object5('idle') });
    expect(story.state).toMatchObject({ name: 'waiting', reason: 'version-unknown' });
    story.reads({ firmware: '1.0', object5: object5('idle') });
    expect(story.state.name).toBe('offered');
  });

  test('is rejected with both versions when the fresh reading is another', () => {
    const story = Story.lwm2m();
    story.tell({ type: 'contact' });
    const change = story.reads({ firmware: '1.5', object5: object5('idle') });
    expect(story.state).toMatchObject({
      name: 'rejected',
      reason: 'wrong-from-version',
      detail: 'It runs "1.5", the package starts from "1.0".',
    });
    expect(change.entries[0]?.facts).toMatchObject({ runs: '1.5', wanted: '1.0', readAt: story.now });
    expect(change.rule).toBe('update.reading-mismatch');
  });

  test('that runs the target already is rejected for that reason', () => {
    const story = Story.lwm2m();
    story.tell({ type: 'contact' });
    expect(story.reads({ firmware: '2.0', object5: object5('idle') }).rule).toBe('update.reading-current');
    expect(story.state).toMatchObject({ name: 'rejected', reason: 'already-current' });
  });

  test('without a firmware update object is rejected', () => {
    const story = Story.lwm2m();
    story.tell({ type: 'contact' });
    story.reads({ firmware: '1.0', object5: 'absent' });
    expect(story.state).toMatchObject({ name: 'rejected', reason: 'not-capable' });
  });

  test('has failed after three attempts, each later than the one before', () => {
    const story = Story.lwm2m();
    const waits: number[] = [];
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      story.toInstalling();
      expect(story.attempt?.number).toBe(attempt);
      story.wait(minutes(1)).reads({ firmware: '1.0', object5: object5('idle', 'install-failed') });
      if (story.state.name !== 'waiting') break;
      waits.push(story.state.readyAt - story.now);
      expect(story.tell({ type: 'contact' }).rule).toBe('update.waiting-for-retry');
      story.until(story.state.readyAt);
    }
    expect(waits).toEqual([minutes(10), minutes(20)]);
    expect(story.state).toMatchObject({ name: 'failed', reason: 'install-failed', attempt: 3 });
    expect(story.update.history.map(({ number }) => number)).toEqual([1, 2, 3]);
  });

  test('has failed at once when another attempt cannot help', () => {
    const story = Story.lwm2m();
    story.tell({ type: 'contact' });
    story.reads({ firmware: '1.0', object5: object5('idle') });
    story.tell({ type: 'transfer-begin', offset: 0 });
    story.reads({ firmware: '1.0', object5: object5('idle', 'not-enough-storage') });
    expect(story.state).toMatchObject({ name: 'failed', reason: 'not-enough-storage', attempt: 1 });
    expect(story.device.residue).toMatchObject({ campaign: story.update.campaign });
  });

  test('that says success and runs the old version has failed', () => {
    const story = Story.lwm2m().toInstalling();
    story.wait(minutes(3)).registers();
    story.reads({ firmware: '1.0', object5: object5('idle', 'success') });
    expect(story.state).toMatchObject({ name: 'failed', reason: 'wrong-version', detail: 'it runs "1.0"' });
  });

  test('is believed after a restart only where that is enough', () => {
    const story = Story.lwm2m({ profile: { leastEvidence: 'restart' } });
    const { firmware: _unread, ...unreadable } = story.device;
    story.toInstalling();
    story.snapshot = { ...story.snapshot, device: unreadable };
    story.wait(minutes(3)).registers();
    story.reads({ object5: object5('idle', 'success') });
    expect(story.state).toMatchObject({ name: 'succeeded', evidence: 'restart' });
  });

  test('is silent after the order to install until its deadline, and has then failed', () => {
    const story = Story.lwm2m().toInstalling();
    story.wait(minutes(2)).tell({ type: 'due' });
    story.tell({ type: 'settled', intent: 'ask', outcome: { is: 'no-answer' } });
    expect(story.device.reachable).toBe(false);
    expect(story.update.nextActionAt).toBe(utc('2026-03-05T10:00:00Z'));
    story.until(utc('2026-03-05T10:00:00Z')).tell({ type: 'due' });
    expect(story.state).toMatchObject({ name: 'failed', reason: 'silent-after-install' });
  });
});

describe('an order to install', () => {
  test('whose arrival is unknown is asked about and not given again', () => {
    const story = Story.lwm2m().toDownloaded();
    story.reads({ firmware: '1.0', object5: object5('downloaded') });
    expect(kinds(story.tell(settledExecute('unknown')))).toEqual(['ask']);
    expect(story.state).toMatchObject({ name: 'installing', order: 'unknown' });
    expect(kinds(story.wait(minutes(2)).tell({ type: 'due' }))).toEqual(['ask']);
    story.reads({ firmware: '1.0', object5: object5('updating') });
    expect(story.state).toMatchObject({ name: 'installing', order: 'sent' });
  });

  test('may be given again when the device still has the image', () => {
    const story = Story.lwm2m().toDownloaded();
    story.reads({ firmware: '1.0', object5: object5('downloaded') });
    story.tell(settledExecute('no-answer'));
    story.wait(minutes(2));
    expect(story.reads({ firmware: '1.0', object5: object5('downloaded') }).rule).toBe('update.execute-not-taken');
    expect(kinds(story.reads({ firmware: '1.0', object5: object5('downloaded') }))).toEqual(['execute']);
    expect(story.update.attempts).toBe(0);
  });

  test('waits for the install window', () => {
    const story = Story.lwm2m({ timetable: { installWindows: [{ from: 20, until: 22 }] } }).toDownloaded();
    expect(story.reads({ firmware: '1.0', object5: object5('downloaded') }).intents).toEqual([]);
    expect(story.state.name).toBe('downloaded');
    expect(story.update.nextActionAt).toBe(utc('2026-03-02T20:00:00Z'));
    expect(kinds(story.until(utc('2026-03-02T20:00:00Z')).tell({ type: 'due' }))).toEqual(['ask']);
    expect(kinds(story.reads({ firmware: '1.0', object5: object5('downloaded') }))).toEqual(['execute']);
  });

  test('that was held back because the window had closed goes back to the image on the device', () => {
    const story = Story.lwm2m().toDownloaded();
    story.reads({ firmware: '1.0', object5: object5('downloaded') });
    story.tell(settledExecute('withheld'));
    expect(story.state.name).toBe('downloaded');
    expect(story.update.attempts).toBe(0);
  });

  test('is not given for a package that is not ours', () => {
    const story = Story.lwm2m().toDownloaded();
    story.reads({ firmware: '1.0', object5: { ...object5('downloaded'), packageVersion: '9.9' } });
    expect(story.update.history).toMatchObject([{ outcome: 'integrity-failed' }]);
  });
});

describe('an attempt that we interrupt', () => {
  const interrupted = () => {
    const story = Story.lwm2m();
    story.tell({ type: 'contact' });
    story.reads({ firmware: '1.0', object5: object5('idle') });
    story.tell({ type: 'transfer-begin', offset: 0 });
    const { attempt } = story;
    story.wait(minutes(5)).tell({ type: 'interrupted' });
    return { story, attempt };
  };

  test('keeps its number and token and costs nothing', () => {
    const { story, attempt } = interrupted();
    expect(story.state).toMatchObject({ name: 'waiting', reason: 'suspended' });
    expect(story.update.attempts).toBe(0);
    expect(story.snapshot.slots?.free).toBe(1);
    story.tell({ type: 'contact' });
    story.reads({ firmware: '1.0', object5: object5('downloading') });
    expect(story.state.name).toBe('offered');
    expect(story.attempt).toMatchObject({ number: attempt?.number, token: attempt?.token, interruptions: 1 });
  });

  test('is taken up when the device simply goes on asking, if a slot is free', () => {
    const { story } = interrupted();
    story.tell({ type: 'transfer-begin', offset: 40_000 });
    expect(story.state.name).toBe('downloading');
    const { story: other } = interrupted();
    other.snapshot = { ...other.snapshot, slots: { ...other.snapshot.slots!, free: 0 } };
    expect(other.tell({ type: 'transfer-begin', offset: 40_000 }).rule).toBe('update.no-slot');
  });

  test('is not charged with a failure within ten minutes, and with one after them', () => {
    for (const [wait, attempts] of [
      [minutes(9), 0],
      [minutes(10), 1],
    ] as const) {
      const { story } = interrupted();
      story.tell({ type: 'transfer-begin', offset: 40_000 });
      story.wait(wait).reads({ firmware: '1.0', object5: object5('idle', 'connection-lost') });
      expect(story.update.attempts).toBe(attempts);
    }
  });
});

describe('an offer', () => {
  const offered = () => {
    const story = Story.lwm2m();
    story.tell({ type: 'contact' });
    story.reads({ firmware: '1.0', object5: object5('idle') });
    return story;
  };

  test('that nobody acts on is withdrawn and costs no attempt', () => {
    const story = offered();
    expect(story.update.nextActionAt).toBe(story.now + minutes(90));
    story.wait(minutes(90)).tell({ type: 'due' });
    expect(story.state).toMatchObject({ name: 'waiting', reason: 'ready', suspended: { number: 1 } });
    expect(story.update.attempts).toBe(0);
    expect(story.snapshot.slots?.free).toBe(1);
  });

  test('that is not answered waits for the next contact', () => {
    const story = offered();
    story.tell({ type: 'settled', intent: 'offer', attempt: 1, outcome: { is: 'no-answer' } });
    expect(story.state).toMatchObject({ name: 'waiting', reason: 'unreachable' });
    expect(story.device.reachable).toBe(false);
    expect(story.update.attempts).toBe(0);
  });

  test('needs a slot of the node that decides, while its lease lasts', () => {
    const story = Story.lwm2m();
    story.snapshot = { ...story.snapshot, slots: { ...story.snapshot.slots!, until: story.now } };
    expect(story.tell({ type: 'contact' }).rule).toBe('update.no-slot');
    const { slots: _none, ...without } = story.snapshot;
    story.snapshot = without;
    expect(story.tell({ type: 'contact' }).rule).toBe('update.no-slot');
  });

  test('waits until what an earlier campaign left is removed', () => {
    const story = Story.lwm2m();
    const residue = { campaign: story.update.campaign, actionId: 7 };
    story.snapshot = { ...story.snapshot, device: { ...story.device, residue } };
    expect(story.tell({ type: 'contact' }).rule).toBe('update.clean-up-first');
    const change = cleanedUp(story.device, story.now, 'reset');
    expect(change.writes).toMatchObject([{ op: 'replace-device' }]);
    expect(change.writes[0]).not.toHaveProperty('row.residue');
    const { residue: _gone, ...clean } = story.device;
    expect(cleanedUp(clean, story.now, 'reset').rule).toBe('update.no-change');
  });
});

describe('a refusal', () => {
  test('is written down once for each closed period', () => {
    const story = Story.lwm2m({
      timetable: { downloadWindows: [{ from: 2, until: 4 }] },
      now: utc('2026-03-02T05:00Z'),
    });
    const contact = () => story.tell({ type: 'contact' });
    // Before anybody could be offered anything the campaign has not started, and nothing is noted.
    story.until(utc('2026-03-02T01:00Z'));
    expect(contact().entries).toEqual([]);
    story.until(utc('2026-03-02T05:00Z'));
    expect(contact().entries).toMatchObject([{ kind: 'refusal', rule: 'permit.download-window' }]);
    expect(contact().entries).toEqual([]);
    story.until(utc('2026-03-03T05:00Z'));
    expect(contact().entries).toHaveLength(1);
  });
});

describe('the end of the campaign', () => {
  test('ends an update that waits, and one that downloads, which then owes a clean-up', () => {
    const waiting = Story.lwm2m().until(END);
    waiting.tell({ type: 'swept' });
    expect(waiting.state.name).toBe('expired');
    expect(waiting.device.residue).toBeUndefined();
    const downloading = Story.lwm2m().toDownloaded().until(END);
    const actionId = downloading.attempt?.actionId;
    downloading.tell({ type: 'swept' });
    expect(downloading.state.name).toBe('expired');
    expect(downloading.device.residue).toEqual({ campaign: downloading.update.campaign, actionId });
    expect(downloading.snapshot.slots?.free).toBe(1);
  });

  test('waits for an installation under way, which then tells its true outcome', () => {
    const story = Story.lwm2m().toInstalling();
    story.changeCampaign({ phase: phase('aborted', story.now) });
    expect(story.tell({ type: 'swept' }).rule).toBe('update.no-change');
    story.wait(minutes(5)).registers();
    story.reads({ firmware: '2.0', object5: object5('idle', 'success') });
    expect(story.state.name).toBe('succeeded');
  });

  test('is not followed by another attempt', () => {
    const story = Story.lwm2m().toInstalling();
    story.changeCampaign({ phase: phase('aborted', story.now) });
    story.wait(minutes(5)).reads({ firmware: '1.0', object5: object5('idle', 'install-failed') });
    expect(story.state).toMatchObject({ name: 'failed', reason: 'install-failed', attempt: 1 });
  });

  test('by abort and by cancellation has names of its own', () => {
    for (const [name, state] of [
      ['aborted', 'aborted'],
      ['cancelled', 'cancelled'],
      ['ended', 'expired'],
    ] as const) {
      const story = Story.lwm2m().changeCampaign({ phase: phase(name) });
      story.tell({ type: 'swept' });
      expect(story.state.name).toBe(state);
    }
  });

  test('is final: a late success stands beside it', () => {
    const story = Story.lwm2m().toDownloaded().until(END);
    story.tell({ type: 'swept' });
    const { state } = story;
    story.wait(hours(5)).reads({ firmware: '2.0', object5: object5('idle', 'success') });
    expect(story.state).toEqual(state);
    expect(story.update.lateResult).toMatchObject({ result: 'succeeded', at: story.now });
    expect(story.wait(seconds(1)).reads({ firmware: '2.0' }).rule).toBe('update.late');
    expect(story.tell({ type: 'due' }).rule).toBe('update.no-change');
    expect(story.device.registration?.node).toBe(NODE);
  });
});
