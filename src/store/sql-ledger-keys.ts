// The keys by which heads of ledgers were signed, in SQL.
import type { LedgerKeyStore } from '../accounts/ports.ts';
import type { LedgerKey } from '../campaigns/index.ts';
import type { Sql } from './sql.ts';
import { rowsOf, stored } from './sql-accounts.ts';

export const sqlLedgerKeys = (store: Sql): LedgerKeyStore => ({
  keepLedgerKey: async (key) => {
    const row = { key_id: key.keyId, since: key.since, body: JSON.stringify(key) };
    const query = store.write.insertInto('ledger_keys').values(row);
    await stored(
      store,
      query.onConflict((conflict) => conflict.doNothing()),
    );
  },
  ledgerKeys: async () => {
    const query = store.read.selectFrom('ledger_keys').select('body').orderBy('since').orderBy('key_id');
    return rowsOf<LedgerKey>(await query.execute());
  },
});
