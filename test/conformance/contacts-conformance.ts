/** How every store tells the contacts of many devices at once. */
import { describe, expect, test } from 'vitest';
import { ACCOUNT_LIMITS } from '../../src/accounts/index.ts';
import { instant } from '../../src/campaigns/index.ts';
import { ACCOUNT, deviceKey, imei, NOW, OTHER_ACCOUNT } from './given.ts';
import { type Open, withStore } from './open.ts';

export function contactsConformance(open: Open): void {
  const story = withStore(open);
  const checkIn = (number: number, after: number) => ({
    key: deviceKey(number),
    at: instant(NOW + after),
    client: 'HTTP' as const,
    result: 'succeeded' as const,
  });

  describe('contacts of many devices', () => {
    test(
      'are their newest check-ins, the newest first, and when each was seen last',
      story(async (store) => {
        await store.putCheckIns([checkIn(1, 1_000), checkIn(2, 2_000), checkIn(1, 3_000)]);
        await store.putLastSeen([
          { key: deviceKey(1), at: instant(NOW + 4_000) },
          { key: deviceKey(3), at: instant(NOW + 5_000) },
        ]);
        const told = await store.contactsOf(ACCOUNT, [imei(1), imei(2), imei(3), imei(4)]);
        expect([...told].toSorted(([one], [other]) => (one < other ? -1 : 1))).toEqual([
          [imei(1), { instants: [NOW + 3_000, NOW + 1_000], lastSeenAt: NOW + 4_000 }],
          [imei(2), { instants: [NOW + 2_000] }],
          [imei(3), { instants: [], lastSeenAt: NOW + 5_000 }],
        ]);
        expect(await store.contactsOf(OTHER_ACCOUNT, [imei(1)])).toEqual(new Map());
        expect(await store.contactsOf(ACCOUNT, [])).toEqual(new Map());
      }),
    );

    test(
      'are not more of one device than the limit allows',
      story(async (store) => {
        const many = ACCOUNT_LIMITS.contactsReadMax + 5;
        await store.putCheckIns(Array.from({ length: many }, (_, place) => checkIn(1, place * 1_000)));
        const told = await store.contactsOf(ACCOUNT, [imei(1)]);
        expect(told.get(imei(1))?.instants).toHaveLength(ACCOUNT_LIMITS.contactsReadMax);
        expect(told.get(imei(1))?.instants[0]).toBe(NOW + (many - 1) * 1_000);
      }),
    );
  });
}
