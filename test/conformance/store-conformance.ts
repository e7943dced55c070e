/** What every store has to do, whatever it is made of. */
import { accountsConformance } from './accounts-conformance.ts';
import { callbacksConformance } from './callbacks-conformance.ts';
import { claimsConformance } from './claims-conformance.ts';
import { commitConformance } from './commit-conformance.ts';
import { contactsConformance } from './contacts-conformance.ts';
import { expiryConformance } from './expiry-conformance.ts';
import { ledgerKeysConformance } from './ledger-keys-conformance.ts';
import { loadConformance } from './load-conformance.ts';
import { neighboursConformance } from './neighbours-conformance.ts';
import type { Open } from './open.ts';
import { operatorEventsConformance } from './operator-events-conformance.ts';
import { operatorsConformance } from './operators-conformance.ts';
import { reportsConformance } from './reports-conformance.ts';
import { searchConformance } from './search-conformance.ts';

export function storeConformance(open: Open): void {
  commitConformance(open);
  claimsConformance(open);
  loadConformance(open);
  accountsConformance(open);
  expiryConformance(open);
  neighboursConformance(open);
  operatorsConformance(open);
  operatorEventsConformance(open);
  reportsConformance(open);
  callbacksConformance(open);
  searchConformance(open);
  ledgerKeysConformance(open);
  contactsConformance(open);
}
