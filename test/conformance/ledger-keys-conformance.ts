/** What every store does with the keys that sign ledgers: each is kept as it came first, and none is ever forgotten. */
import { expect, test } from 'vitest';
import { instant, type LedgerKey } from '../../src/campaigns/index.ts';
import { NOW } from './given.ts';
import { type Open, withStore } from './open.ts';

const key = (keyId: string, since: number): LedgerKey => ({
  keyId,
  publicKey: `public ${keyId}`,
  since: instant(since),
});

export function ledgerKeysConformance(open: Open): void {
  const story = withStore(open);

  test(
    'the keys that sign ledgers are told from the oldest to the newest, and each is kept once',
    story(async (store) => {
      expect(await store.ledgerKeys()).toEqual([]);
      await store.keepLedgerKey(key('b', NOW + 1));
      await store.keepLedgerKey(key('c', NOW));
      await store.keepLedgerKey(key('a', NOW + 1));
      await store.keepLedgerKey({ ...key('c', NOW + 2), publicKey: 'another' });
      expect(await store.ledgerKeys()).toEqual([key('c', NOW), key('a', NOW + 1), key('b', NOW + 1)]);
      await store.forgetExpired(instant(NOW + 1e12));
      expect(await store.ledgerKeys()).toHaveLength(3);
    }),
  );
}
