// Campaigns that add devices by themselves: which device fits, and how it joins while the campaign runs (contract.md §2, engine.md §2).
import { admissionChange, admit, admitAgain, type Candidate, judgeCandidate } from './admission.ts';
import { type Campaign, campaignEnd, isOver } from './campaign.ts';
import type { Change, Entry, Write } from './change.ts';
import type { Device } from './device.ts';
import type { Imei } from './ids.ts';
import type { Licensing } from './licence.ts';
import { LIMITS } from './limits.ts';
import { judgeVersion } from './package.ts';
import type { Instant } from './time.ts';

/** Only what is known counts: a device whose make, model or version is not known yet joins once it is. */
function fits(device: Device, campaign: Campaign, now: Instant): boolean {
  if (!campaign.autoAddDevices || isOver(campaign.phase) || now >= campaignEnd(campaign.timetable)) return false;
  if (device.make === undefined || device.model === undefined) return false;
  return admitAgain(device, campaign) === undefined && judgeVersion(device, campaign.package).is === 'from';
}

/** The campaign that this device joins: of those it fits, the one that was scheduled first. */
export function fittingCampaign(device: Device, campaigns: readonly Campaign[], now: Instant): Campaign | undefined {
  if (device.liveCampaign !== undefined) return undefined;
  const fitting = campaigns.filter((campaign) => fits(device, campaign, now));
  return fitting.toSorted((one, other) => one.createdAt - other.createdAt || (one.id < other.id ? -1 : 1))[0];
}

/** Written by whoever learned of the device: it touches no campaign row, and the entry wakes the steward (engine.md §4). */
export function joins(device: Device, campaign: Campaign, now: Instant): Change {
  const key = { account: device.account, campaign: campaign.id, imei: device.imei };
  const entry: Entry = { ...key, at: now, kind: 'admission', rule: 'admission.auto-added' };
  return { writes: [{ op: 'insert-joiner', key }], entries: [entry], intents: [], rule: 'admission.auto-added' };
}

/**
 * The steward's part: those who still fit become members, as many as the campaign may have, in its last wave; the others
 * are let go.
 */
export function admitJoiners(
  campaign: Campaign,
  candidates: readonly Candidate[],
  now: Instant,
  licensing?: Licensing,
): Change {
  const room = Math.max(0, LIMITS.campaignDevicesMax - campaign.devicesTotal);
  const fitting = candidates.filter(
    (one) =>
      !one.present &&
      judgeCandidate(one, campaign) === undefined &&
      one.device !== undefined &&
      fits(one.device, campaign, now),
  );
  const result = admit(fitting.slice(0, room), campaign, now, { licensing, joins: true });
  const row: Campaign = {
    ...campaign,
    zones: result.zones,
    strata: result.strata,
    devicesTotal: campaign.devicesTotal + result.entries.length,
    nextActionAt: now,
  };
  const more: Write[] = [
    ...(result.entries.length === 0 ? [] : [{ op: 'replace-campaign', row } as const]),
    ...candidates.map(({ imei }) => ({
      op: 'delete-joiner' as const,
      key: { account: campaign.account, campaign: campaign.id, imei: imei as Imei },
    })),
  ];
  return admissionChange(result, more, 'campaign.devices-joined');
}
