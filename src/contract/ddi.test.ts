// hawkBit DDI as real clients speak it: whatever they send has a reading, what we send is strict.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DdiConfigData, DdiDeployment, DdiFeedback, DdiPoll, ddiSleep } from './index.ts';

const status = (execution: unknown, finished: unknown = 'none', more: object = {}): object => ({
  execution,
  result: { finished, ...more },
});

describe('feedback', () => {
  test.each([
    [
      { id: '17', time: '20261122T205529', status: status('closed', 'success') },
      { id: 17, finished: 'success' },
    ],
    [
      { id: 17, status: status('proceeding') },
      { id: 17, execution: 'proceeding' },
    ],
    [{ status: status('CLOSED', 'FAILURE') }, { id: undefined, execution: 'closed', finished: 'failure' }],
    [
      { id: 'x', status: status('download', 'maybe') },
      { id: undefined, finished: 'none' },
    ],
    [{ status: status('proceeding', 'none', { progress: { cnt: 0, of: 0 } }) }, { progress: undefined }],
    [{ status: status('proceeding', 'none', { progress: { cnt: 2, of: 5 } }) }, { progress: { cnt: 2, of: 5 } }],
    [{ status: { execution: 'closed', details: 'one line' } }, { details: ['one line'], finished: 'none' }],
    [{ status: { execution: 'closed', details: ['a', 5, 'b'] } }, { details: ['a', 'b'] }],
  ])('%j', (body, expected) => {
    expect(DdiFeedback.parse(body)).toMatchObject(expected);
  });

  test('only an unknown execution and what is no object are refused', () => {
    expect(DdiFeedback.safeParse({ id: 1, status: status('finished') }).success).toBe(false);
    expect(DdiFeedback.safeParse({}).success).toBe(false);
    expect(DdiFeedback.safeParse([]).success).toBe(false);
  });

  test('nothing makes it throw', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (body, inner) => {
        DdiFeedback.safeParse(body);
        expect(DdiFeedback.safeParse({ id: body, time: inner, status: status('closed', inner) }).success).toBe(true);
        DdiConfigData.safeParse({ mode: body, data: inner });
      }),
      { numRuns: 300 },
    );
  });
});

test('attributes are texts, whatever they were, and the mode is merge unless said otherwise', () => {
  expect(DdiConfigData.parse({ data: { version: 7, on: true, nested: {} } })).toEqual({
    mode: 'merge',
    data: { version: '7', on: 'true' },
  });
  expect(DdiConfigData.parse({ mode: 'REPLACE', data: {} }).mode).toBe('replace');
  expect(DdiConfigData.safeParse({ mode: 'merge' }).success).toBe(false);
});

test('answers are strict: an unknown field or a text for an action id is a fault of ours', () => {
  const poll = { config: { polling: { sleep: ddiSleep(90) } }, _links: { configData: { href: 'http://x' } } };
  expect(DdiPoll.parse(poll)).toEqual(poll);
  expect(DdiPoll.safeParse({ ...poll, extra: 1 }).success).toBe(false);
  const deployment = { download: 'forced', update: 'forced', chunks: [] };
  expect(DdiDeployment.safeParse({ id: '12', deployment }).success).toBe(true);
  expect(DdiDeployment.safeParse({ id: 'c-12', deployment }).success).toBe(false);
});

test('a poll interval is written as hours, minutes, seconds, under a day', () => {
  expect([90, 0, 3_600, 86_399, 1e9].map(ddiSleep)).toEqual([
    '00:01:30',
    '00:00:01',
    '01:00:00',
    '23:59:59',
    '23:59:59',
  ]);
});
