// The devices of a campaign in the order of their ids, those included that admission has yet to look at.
import type { PageRequest } from '../accounts/ports.ts';
import type { Campaign, CampaignKey, Update } from '../campaigns/index.ts';
import { LIMITS } from '../contract/index.ts';
import type { ApiContext } from './call.ts';
import type { Member } from './literal-of.ts';

/** The list before the updates: a device that is admitted in between is in both, never in neither. */
export async function membersOf(
  campaign: Campaign,
  { after = '', max }: Omit<PageRequest, 'skip'>,
  { store }: ApiContext,
): Promise<readonly Member[]> {
  const key = { account: campaign.account, campaign: campaign.id };
  const listed = campaign.intakePending ? await store.loadIntakeAll(key) : [];
  const waiting = smallest(
    listed.map(({ imeis }) => imeis),
    after,
    max,
  );
  const updates = await updatesOf(key, { after, max }, store);
  // The order of the store is kept where there is nothing to mix.
  if (waiting.length === 0) return updates.map((update) => ({ imei: update.imei, update }));
  const members = new Map<string, Member>(waiting.map((imei) => [imei, { imei }]));
  for (const update of updates) members.set(update.imei, { imei: update.imei, update });
  return [...members.values()].sort((one, other) => (one.imei < other.imei ? -1 : 1)).slice(0, max);
}

/** More than a page of the store is read a page at a time. */
async function updatesOf(
  key: CampaignKey,
  { after, max }: { readonly after: string; readonly max: number },
  store: ApiContext['store'],
): Promise<readonly Update[]> {
  const found: Update[] = [];
  let last = after;
  for (;;) {
    const wanted = Math.min(LIMITS.pageSizeMax + 1, max - found.length);
    const page = await store.updates(key, { after: last, max: wanted });
    for (const update of page) found.push(update);
    last = page.at(-1)?.imei ?? last;
    if (page.length < wanted || found.length >= max) return found;
  }
}

/** Of a list that may be a million long only a page is put in order. */
function smallest(parts: readonly (readonly string[])[], after: string, max: number): readonly string[] {
  let kept: string[] = [];
  let largest: string | undefined;
  for (const part of parts) {
    for (const imei of part) if (imei > after && (largest === undefined || imei < largest)) kept.push(imei);
    if (kept.length <= max) continue;
    kept = kept.sort().slice(0, max);
    largest = kept.at(-1);
  }
  return kept.sort();
}
