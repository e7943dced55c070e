// The operator's operations on ledgers, as data.

import { LedgerHeadView, LedgerKeyPage, LedgerLine, LedgerQuery } from './ledger.ts';
import type { Operation } from './operation.ts';
import { OperatorCampaignParams } from './operator.ts';
import { FOR_VIEWERS } from './roles.ts';

const READING = { ...FOR_VIEWERS, tag: 'Ledger', method: 'GET' } as const;

const LEDGER = '/operator/v1/accounts/{accountName}/campaigns/{campaignId}/ledger';

export const LEDGER_OPERATIONS = {
  exportLedger: {
    ...READING,
    operationId: 'exportLedger',
    summary:
      'Export entries of a ledger, one a line with the exact text that was hashed, and the head as the last line.',
    path: LEDGER,
    params: OperatorCampaignParams,
    query: LedgerQuery,
    success: { status: 200, schema: LedgerLine, media: 'ndjson' },
  },
  getLedgerHead: {
    ...READING,
    operationId: 'getLedgerHead',
    summary: "Read the signed head of a campaign's ledger, to be kept elsewhere.",
    path: `${LEDGER}/head`,
    params: OperatorCampaignParams,
    success: { status: 200, schema: LedgerHeadView },
  },
  listLedgerKeys: {
    ...READING,
    operationId: 'listLedgerKeys',
    summary: 'List the public keys by which heads of ledgers were ever signed.',
    path: '/operator/v1/ledger-keys',
    success: { status: 200, schema: LedgerKeyPage },
  },
} as const satisfies Record<string, Operation>;
