// What raises an event of the operator, what clears it, and that nothing flutters in between.
import { describe, expect, test } from 'vitest';
import type { AccountName, CampaignId, Instant } from '../campaigns/index.ts';
import {
  ALARM_LIMITS,
  certificateSighting,
  deadCallbackSighting,
  diskSighting,
  finishSighting,
  haltSighting,
  imageSighting,
  judgeAlarms,
  nodeSighting,
  type Sighting,
  violationSighting,
} from './alarms.ts';
import { cleared, type OperatorEvent, takenUp, toldOf } from './operator-event.ts';

const NOW = 1_800_000_000_000 as Instant;
const at = (milliseconds: number): Instant => (NOW + milliseconds) as Instant;
const CAMPAIGN = { account: '0000000001-00001' as AccountName, campaign: 'c' as CampaignId };
const MIB = 1024 * 1024;
const GIB = 1024 * MIB;
const nothing = (): boolean => false;

const disk = (free: number, size = 100 * GIB): Sighting => diskSighting({ host: 'h', what: 'data', free, size });
const raisedBy = (sighting: Sighting): OperatorEvent => {
  const [event] = judgeAlarms([], [sighting], nothing, NOW).raise;
  if (event === undefined) throw new Error('nothing was raised');
  return event;
};

describe('a cause', () => {
  test('that is bad is raised once, and is to be told at once', () => {
    const event = raisedBy(disk(GIB));
    expect(event).toMatchObject({ kind: 'disk-low', cause: 'disk-low h data', raisedAt: NOW, revision: 0 });
    expect(event.telling).toEqual({ what: 'raised', dueAt: NOW, tries: 0 });
    expect(judgeAlarms([event], [disk(GIB)], nothing, NOW)).toEqual({ raise: [], clear: [] });
    expect(judgeAlarms([], [disk(GIB), disk(GIB)], nothing, NOW).raise).toHaveLength(1);
  });

  test('that is well clears its event; one that is unsure changes nothing, and one that was never raised either', () => {
    const event = raisedBy(disk(GIB));
    expect(judgeAlarms([event], [disk(6 * GIB)], nothing, NOW)).toEqual({ raise: [], clear: [] });
    expect(judgeAlarms([event], [disk(8 * GIB)], nothing, NOW)).toEqual({ raise: [], clear: [event] });
    expect(judgeAlarms([], [disk(6 * GIB), disk(8 * GIB)], nothing, NOW)).toEqual({ raise: [], clear: [] });
  });

  test('that is no longer seen is over, where the look would have shown it', () => {
    const event = raisedBy(haltSighting(CAMPAIGN, { since: NOW, reason: 'r' }));
    expect(judgeAlarms([event], [], nothing, NOW).clear).toEqual([]);
    expect(judgeAlarms([event], [], ({ kind }) => kind === 'halted', NOW).clear).toEqual([event]);
  });
});

describe('how bad', () => {
  test('a second halt of a campaign is another cause', () => {
    const causes = [1, 2].map((since) => haltSighting(CAMPAIGN, { since: at(since), reason: 'r' }).cause);
    expect(new Set(causes).size).toBe(2);
  });

  test('a disk is low by its share and by its bytes, and well by both', () => {
    expect(disk(4 * GIB).is).toBe('bad');
    expect(disk(400 * MIB, GIB).is).toBe('bad');
    expect(disk(900 * MIB, 2 * GIB).is).toBe('unsure');
    expect(disk(0, 0).is).toBe('bad');
    expect(disk(2 * GIB, 4 * GIB).is).toBe('well');
  });

  test('a finish is late from an hour after the end, and in time from an hour before it', () => {
    const finish = (late: number) => finishSighting(CAMPAIGN, { predicted: at(late), end: NOW, left: 5 }).is;
    const { finishMargin } = ALARM_LIMITS;
    expect([finish(finishMargin + 1), finish(finishMargin)]).toEqual(['bad', 'unsure']);
    expect([finish(1 - finishMargin), finish(-finishMargin)]).toEqual(['unsure', 'well']);
  });

  test('a listener is dead while callbacks are given up; it is well when none is left, or none came for a day and it answers', () => {
    const listener = { account: CAMPAIGN.account, generation: 'v3' };
    const state = (given: Parameters<typeof deadCallbackSighting>[1]) => deadCallbackSighting(listener, given, NOW).is;
    expect(state({ dead: 1, deadAt: at(-1) })).toBe('bad');
    expect(state({ dead: 0, failingSince: NOW })).toBe('well');
    const old = at(-ALARM_LIMITS.faultsOver);
    expect(state({ dead: 1, deadAt: old })).toBe('well');
    expect(state({ dead: 1, deadAt: old, failingSince: old })).toBe('unsure');
  });

  test('a certificate expires within two weeks, and a renewed one is good for more', () => {
    const good = (milliseconds: number) => certificateSighting('h', at(milliseconds), NOW).is;
    expect(good(ALARM_LIMITS.certificateLow - 1)).toBe('bad');
    expect(good(ALARM_LIMITS.certificateLow)).toBe('unsure');
    expect(good(ALARM_LIMITS.certificateWell)).toBe('well');
  });

  test('a node is lost a minute after its lease is over, and back as soon as it has one', () => {
    const seen = (until: number) => nodeSighting('n', at(until), NOW).is;
    expect([seen(-ALARM_LIMITS.nodeLost - 1), seen(-1), seen(0), seen(5)]).toEqual(['bad', 'unsure', 'well', 'well']);
  });

  test('a broken promise stays an event for a day; a damaged image is one until it is whole', () => {
    expect(violationSighting('h', { at: NOW, text: 'x' }, at(5)).is).toBe('bad');
    expect(violationSighting('h', { at: NOW, text: 'x' }, at(ALARM_LIMITS.faultsOver)).is).toBe('well');
    expect(imageSighting('s', 'its file is missing')).toMatchObject({ is: 'bad', cause: 'image-damaged s' });
  });
});

describe('telling', () => {
  const event = raisedBy(disk(GIB));
  const telling = { what: 'raised', dueAt: NOW, tries: 0 } as const;

  test('of a clearing takes the place of what was not told of the raising', () => {
    expect(cleared(event, at(9))).toMatchObject({
      clearedAt: at(9),
      telling: { what: 'cleared', dueAt: at(9), tries: 0 },
    });
  });

  test('is taken up by one node for the length of a lease', () => {
    expect(takenUp(event, telling, NOW).telling).toEqual({ ...telling, dueAt: at(60_000) });
  });

  test('ends when it got through, and comes again when it did not', () => {
    const told = toldOf(event, at(1), {});
    expect([told.telling, told.told]).toEqual([undefined, { at: at(1) }]);
    const again = { ...telling, dueAt: at(5), tries: 1, since: NOW };
    const failed = toldOf(event, at(1), { error: 'answered 500', again });
    expect([failed.telling, failed.told]).toEqual([again, { at: at(1), error: 'answered 500' }]);
  });
});
