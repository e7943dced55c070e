// Operator API: the ledger of a campaign line by line, its signed head, and the keys that signed.
import { type CampaignKey, rfc3339, type ShownHead, shownHead } from '../campaigns/index.ts';
import type { LedgerLine } from '../contract/index.ts';
import type { ApiContext, Handler } from './call.ts';
import { Lines } from './lines.ts';
import { campaignOf } from './operator-campaigns.ts';
import { Refusal } from './refusal.ts';

/** Entries that are read from the store at a time. */
const READ_AT_ONCE = 250;

const exportLedger: Handler<'exportLedger'> = async ({ params, query }, context) => {
  const campaign = await campaignOf(params, context);
  if (campaign instanceof Refusal) return campaign;
  const head = shownHead(campaign);
  const key = { account: campaign.account, campaign: campaign.id };
  // What was sealed since the head was read is left to the next export: a head stands for all that is before it.
  const last = Math.min(query.after + query.limit, head.length);
  return new Lines(linesOf(key, { from: query.after + 1, last, head }, context));
};

async function* linesOf(
  key: CampaignKey,
  { from, last, head }: { readonly from: number; readonly last: number; readonly head: ShownHead },
  { store }: ApiContext,
): AsyncGenerator<LedgerLine> {
  for (let next = from; next <= last; ) {
    const page = await store.ledger(key, next, Math.min(READ_AT_ONCE, last - next + 1));
    for (const { hash, text } of page) yield { hash, text };
    if (page.length === 0) break;
    next += page.length;
  }
  yield { head };
}

const getLedgerHead: Handler<'getLedgerHead'> = async ({ params }, context) => {
  const campaign = await campaignOf(params, context);
  return campaign instanceof Refusal ? campaign : shownHead(campaign);
};

const listLedgerKeys: Handler<'listLedgerKeys'> = async (_call, { store }) => {
  const keys = await store.ledgerKeys();
  return { items: keys.map(({ keyId, publicKey, since }) => ({ keyId, publicKey, since: rfc3339(since) })) };
};

export const LEDGER_HANDLERS = { exportLedger, getLedgerHead, listLedgerKeys } as const;
