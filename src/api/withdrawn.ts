// Withdrawn packages: refused when a campaign is scheduled, and halted where one was scheduled in the same moment.
import type { Package } from '../accounts/index.ts';
import { type Campaign, haltWithdrawn } from '../campaigns/index.ts';
import type { ApiContext } from './call.ts';
import { type Refusal, refuse } from './refusal.ts';

export function refuseWithdrawn({ name, withdrawn }: Package): Refusal | undefined {
  return withdrawn === undefined ? undefined : refuse('PACKAGE_WITHDRAWN', { name, reason: withdrawn.reason });
}

/** To be asked after the commit: whoever withdraws looks at the campaigns that there are, and this one may be newer. */
export async function haltedIfWithdrawn(campaign: Campaign, { store, engine }: ApiContext): Promise<Campaign> {
  const { account, id, package: pack } = campaign;
  const withdrawn = (await store.package(account, pack.name))?.withdrawn;
  if (withdrawn === undefined) return campaign;
  const result = await engine.commands.order({ account, campaign: id }, (stored, now) =>
    haltWithdrawn(stored, withdrawn, now),
  );
  return result?.ok === true ? result.campaign : campaign;
}
