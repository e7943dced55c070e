// The sentence that is confirmed.
import { expect, test } from 'vitest';
import type { PredictionView } from '../../../sdk/operator.ts';
import { newDraft } from './draft.ts';
import { confirmingSentence } from './sentence.ts';

const draft = {
  ...newDraft(Date.parse('2030-05-01T10:00:00Z'), ['490154203237518', '356938035643809']),
  from: '1.4.2',
};
const PACKAGE = { name: 'modem', to: '1.5.0' };

test('tells before the simulation what will be left out', () => {
  expect(confirmingSentence(draft, PACKAGE, undefined)).toBe(
    '2 devices go 1.4.2 → 1.5.0 (modem); devices that already run it, run another version or are busy are left out; from 2030-05-01 to 2030-05-08 (UTC days), at any hour. It halts by itself when more installations fail than is usual.',
  );
});

test('tells after it how many, and when', () => {
  const played = {
    devices: 1,
    refused: [{ reason: 'already-current', reasonText: 'It runs it.', devices: 1, named: [] }],
    firstInstall: { at: '2030-05-01T10:01:00Z', zone: 'UTC', local: '10:01', basis: 'assumed' },
    halfDone: { p50: '2030-05-01T10:05:00Z', p90: '2030-05-01T10:06:00Z', basis: 'assumed' },
  } as unknown as PredictionView;
  expect(confirmingSentence(draft, PACKAGE, played)).toContain(
    '1 of 2 devices goes 1.4.2 → 1.5.0 (modem); 1 already run it; from 2030-05-01 to 2030-05-08 (UTC days), at any hour; first install 10:01 in UTC; half done by 1 May 2030, 10:05 UTC.',
  );
});
