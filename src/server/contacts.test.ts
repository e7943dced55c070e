// Stories of contacts that were refused.
import { expect, test } from 'vitest';
import { type AccountName, type Imei, instant } from '../campaigns/index.ts';
import { ContactNotes } from './contacts.ts';
import { SERVER_LIMITS } from './limits.ts';

const key = (imei: number) => ({ account: 'a' as AccountName, imei: String(imei) as Imei });

test('the last refusal of a device is told; contacts are passed on', () => {
  const seen: unknown[] = [];
  const notes = new ContactNotes({ seen: (...told) => seen.push(told) });
  notes.refused(key(1), instant(1), 'first');
  notes.refused(key(1), instant(2), 'second');
  notes.seen(key(2), instant(3));
  expect(notes.refusalOf(key(1))).toEqual({ at: 2, why: 'second' });
  expect(notes.refusalOf(key(2))).toBeUndefined();
  expect(seen).toEqual([[key(2), 3]]);
});

test('only so many are kept, those of the latest refusals', () => {
  const notes = new ContactNotes({ seen: () => undefined });
  const max = SERVER_LIMITS.refusedContactsMax;
  for (let device = 0; device < max; device += 1) notes.refused(key(device), instant(1), 'why');
  notes.refused(key(0), instant(2), 'again');
  notes.refused(key(max), instant(3), 'why');
  expect([notes.refusalOf(key(0))?.why, notes.refusalOf(key(1))]).toEqual(['again', undefined]);
});
