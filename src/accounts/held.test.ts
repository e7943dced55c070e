// Unknown devices that are held for approval.
import { expect, test } from 'vitest';
import type { AccountName, Imei, Instant } from '../campaigns/index.ts';
import { noList } from './account-list.ts';
import { HELD_LIMITS, hold, refuseHeld, type Stranger, withoutHeld } from './held.ts';

const ACCOUNT = '0000000001-00001' as AccountName;
const imeiOf = (number: number): Imei => String(350_000_000_000_000 + number) as Imei;
const stranger = (number: number, at: number, token?: string): Stranger => ({
  account: ACCOUNT,
  imei: imeiOf(number),
  at: at as Instant,
  proof: token === undefined ? 'none' : 'token',
  ...(token === undefined ? {} : { token }),
});
const NONE = noList(ACCOUNT, 'held');

test('a stranger is held once, and its next polls are no reason to write', () => {
  const list = hold(NONE, [stranger(1, 10, 'a'), stranger(2, 10)]);
  expect(list.devices.map(({ imei }) => imei)).toEqual([imeiOf(1), imeiOf(2)]);
  expect(hold(list, [stranger(1, 20, 'a')])).toBe(list);
  const later = 10 + HELD_LIMITS.heldSeenEvery;
  expect(hold(list, [stranger(1, later, 'a')]).devices[0]).toMatchObject({ firstSeenAt: 10, lastSeenAt: later });
});

test('the first token stays, and another one is noted once', () => {
  const list = hold(NONE, [stranger(1, 10, 'a')]);
  const disputed = hold(list, [stranger(1, 11, 'b')]);
  expect(disputed.devices).toMatchObject([{ token: 'a', disputed: true }]);
  expect(hold(disputed, [stranger(1, 12, 'c')])).toBe(disputed);
});

test('the list has a bound, and those that are in it stay', () => {
  const many = Array.from({ length: HELD_LIMITS.heldDevicesMax + 5 }, (_, number) => stranger(number, 1));
  const list = hold(NONE, many);
  expect(list.devices).toHaveLength(HELD_LIMITS.heldDevicesMax);
  expect(list.devices[0]?.imei).toBe(imeiOf(0));
});

test('a refused device is remembered until it is forgotten', () => {
  const list = refuseHeld(hold(NONE, [stranger(1, 10)]), imeiOf(1));
  expect(hold(list, [stranger(1, 20)])).toBe(list);
  expect(list.devices).toMatchObject([{ refused: true }]);
  expect(withoutHeld(list, imeiOf(1)).devices).toEqual([]);
});
