// How a device's words are read, and which of them come after its action was closed.
import { expect, test } from 'vitest';
import { DdiFeedback } from '../../contract/index.ts';
import { detailOf, reportOf } from './feedback.ts';
import { DDI_LIMITS } from './limits.ts';
import { Turns } from './turns.ts';

const told = (status: unknown) => DdiFeedback.parse({ status });

test.each([
  ['closed', 'success', 'installed'],
  ['closed', 'none', 'installed'],
  ['closed', 'failure', 'failed'],
  ['proceeding', 'none', 'progress'],
  ['scheduled', 'none', 'progress'],
  ['resumed', 'none', 'progress'],
  ['download', 'none', 'downloading'],
  ['downloaded', 'none', 'downloaded'],
  ['rejected', 'none', 'rejected'],
  ['canceled', 'none', 'cancelled'],
])('%s/%s means %s', (execution, finished, step) => {
  expect(reportOf(told({ execution, result: { finished } })).step).toBe(step);
});

test('of long details the end is kept', () => {
  const details = Array.from({ length: 200 }, (_, line) => `line ${line} of what went wrong`);
  const detail = detailOf(told({ execution: 'closed', details, code: 7 })) ?? '';
  expect(detail.length).toBe(DDI_LIMITS.detailLengthMax);
  expect(detail.endsWith('line 199 of what went wrong\ncode 7')).toBe(true);
  expect(detailOf(told({ execution: 'closed' }))).toBeUndefined();
});

test('the work of one device runs one after another, also after a failure', async () => {
  const turns = new Turns();
  const seen: string[] = [];
  const work = (name: string, fails = false) =>
    turns.take('device', async () => {
      seen.push(`${name} begins`);
      await Promise.resolve();
      seen.push(`${name} ends`);
      if (fails) throw new Error(name);
    });
  const results = await Promise.allSettled([work('a'), work('b', true), work('c')]);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(seen).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
});
