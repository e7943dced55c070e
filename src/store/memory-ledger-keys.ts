// The keys by which heads of ledgers were signed, in memory.
import type { LedgerKeyStore } from '../accounts/ports.ts';
import type { MemoryRows } from './memory-rows.ts';
import { byText } from './memory-table.ts';

export const memoryLedgerKeys = (rows: MemoryRows): LedgerKeyStore => ({
  keepLedgerKey: async (key) => {
    rows.ledgerKeys.insert(key.keyId, key);
  },
  ledgerKeys: async () =>
    rows.ledgerKeys
      .all()
      .toSorted(byText(({ keyId }) => keyId))
      .toSorted((one, other) => one.since - other.since),
});
