// Stories of attempts that were given up or asked about too late, and of devices that had worked after all.
import { describe, expect, test } from 'vitest';
import { ddiView } from './ddi-view.ts';
import { object5, Story } from './testing/given.ts';
import { minutes, seconds } from './time.ts';

const installed = { type: 'report', report: { step: 'installed' } } as const;
const wantsAttributes = ({ device, snapshot, now }: Story): boolean =>
  ddiView({ device, profile: snapshot.profile, live: snapshot }, now).wantsAttributes;

describe('an attempt that was given up', () => {
  test('has succeeded when the device then runs the target', () => {
    const story = Story.lwm2m().toInstalling();
    story.wait(minutes(1)).reads({ firmware: '1.0', object5: object5('idle', 'install-failed') });
    expect(story.state).toMatchObject({ name: 'waiting', reason: 'retry' });
    story.wait(minutes(11)).tell({ type: 'contact' });
    story.reads({ firmware: '2.0', object5: object5('idle', 'success') });
    expect(story.state).toEqual({ name: 'succeeded', at: story.now, evidence: 'version', attempt: 1 });
  });

  test('without a byte has not: then the target is there by other means', () => {
    const story = Story.lwm2m();
    story.tell({ type: 'contact' });
    story.reads({ firmware: '1.0', object5: object5('idle') });
    story.wait(minutes(90)).tell({ type: 'due' });
    story.wait(minutes(2)).reads({ firmware: '2.0', object5: object5('idle') });
    expect(story.state).toMatchObject({ name: 'rejected', reason: 'already-current' });
  });

  test('of an HTTP device is followed by the question what it runs now', () => {
    const story = Story.http().toFetched();
    story.wait(minutes(1)).tell({ type: 'report', report: { step: 'failed' } });
    expect(story.state).toMatchObject({ name: 'waiting', reason: 'retry' });
    expect(wantsAttributes(story)).toBe(true);
    story.wait(minutes(1)).attributes({ firmware: '2.0' });
    expect(story.state).toMatchObject({ name: 'succeeded', evidence: 'version', attempt: 1 });
  });

  test('by our interruption is believed by the version that the device tells', () => {
    const story = Story.http();
    story.tell({ type: 'contact' });
    story.tell({ type: 'transfer-begin', offset: 0 });
    story.tell({ type: 'interrupted' });
    story.wait(minutes(1)).tell(installed);
    expect(story.state.name).toBe('waiting');
    story.wait(minutes(1)).attributes({ firmware: '2.0' });
    expect(story.state).toMatchObject({ name: 'succeeded', evidence: 'version' });
  });
});

describe('an answer', () => {
  test('that is older than our last step is not taken for the answer to it', () => {
    const story = Story.lwm2m();
    story.tell({ type: 'contact' });
    const askedAt = story.now;
    story.wait(seconds(1)).reads({ firmware: '1.0', object5: object5('idle', 'install-failed') });
    expect(story.state.name).toBe('offered');
    const late = story.wait(seconds(1)).reads({ firmware: '1.0', object5: object5('idle', 'install-failed') }, askedAt);
    expect(late).toMatchObject({ rule: 'update.reading-too-old', writes: [], intents: [{ kind: 'ask' }] });
    expect(story.state.name).toBe('offered');
    expect(story.update.attempts).toBe(0);
  });
});
