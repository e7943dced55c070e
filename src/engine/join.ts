// Devices that became known while a campaign runs that adds such devices: whoever learned of them lets them join.
import {
  type AccountName,
  admitJoiners,
  type CampaignKey,
  type Change,
  type Device,
  fittingCampaign,
  type Imei,
  isOver,
  joins,
  LIMITS,
} from '../campaigns/index.ts';
import type { EngineParts, StewardSnapshot } from './ports.ts';

/**
 * Lets these devices of one account wait at the campaign that they fit; how many do. Calling it again changes nothing,
 * so that a crash in between is mended by the next import or reading.
 */
export async function joinFitting(
  parts: EngineParts,
  account: AccountName,
  devices: readonly Device[],
): Promise<number> {
  const free = devices.filter(({ liveCampaign }) => liveCampaign === undefined);
  const campaigns = free.length === 0 ? [] : await parts.store.addingCampaigns(account);
  if (campaigns.length === 0) return 0;
  const now = parts.clock.now();
  const fitting = new Map<CampaignKey['campaign'], Map<string, Change>>();
  for (const device of free) {
    const campaign = fittingCampaign(device, campaigns, now);
    if (campaign === undefined) continue;
    const changes = fitting.get(campaign.id) ?? new Map<string, Change>();
    fitting.set(campaign.id, changes.set(device.imei, joins(device, campaign, now)));
  }
  let joined = 0;
  for (const [campaign, changes] of fitting) joined += await storeNew(parts, { account, campaign }, changes);
  return joined;
}

/** A device has one part in a campaign; one that waits there already makes its change stale, and that is right. */
async function storeNew(parts: EngineParts, key: CampaignKey, changes: ReadonlyMap<string, Change>): Promise<number> {
  const all = [...changes.keys()];
  let joined = 0;
  for (let at = 0; at < all.length; at += LIMITS.batchMax) {
    const candidates = await parts.store.loadCandidates(key, all.slice(at, at + LIMITS.batchMax));
    const fresh = candidates.filter(({ present }) => !present).flatMap(({ imei }) => changes.get(imei) ?? []);
    const results = fresh.length === 0 ? [] : await parts.store.commit(fresh, parts.clock.now());
    joined += results.filter((result) => result === 'saved').length;
  }
  return joined;
}

/** The steward's duty: a batch of those who wait; undefined when nobody does. Nobody joins a halted campaign. */
export async function joining(
  parts: EngineParts,
  key: CampaignKey,
  { campaign }: Pick<StewardSnapshot, 'campaign'>,
): Promise<Change | undefined> {
  if (!campaign.autoAddDevices || (campaign.hold?.kind === 'halted' && !isOver(campaign.phase))) return undefined;
  const imeis: readonly Imei[] = await parts.store.loadJoiners(key, LIMITS.batchMax);
  if (imeis.length === 0) return undefined;
  const candidates = await parts.store.loadCandidates(key, imeis);
  const licensing = await parts.store.loadLicensing(key.account, imeis);
  return admitJoiners(campaign, candidates, parts.clock.now(), licensing);
}
