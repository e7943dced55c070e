// What a query for devices looks for, and when a device that was found should be heard again.
import type { Account, DeviceSearch, DeviceSight } from '../accounts/index.ts';
import type { CampaignId, Device, Instant, Transport } from '../campaigns/index.ts';
import type { DeviceSearchQuery } from '../contract/index.ts';

const DAY_MS = 86_400_000;

export function searchOf(query: DeviceSearchQuery, now: Instant): DeviceSearch {
  const { imeiBegins, imeiEnds, make, model, transport, version, versionUnknown } = query;
  const { label, campaign, state, silentDays, neverSeen } = query;
  const cut = label?.indexOf('=') ?? 0;
  return {
    ...(imeiBegins === undefined ? {} : { begins: imeiBegins }),
    ...(imeiEnds === undefined ? {} : { ends: imeiEnds }),
    ...(make === undefined ? {} : { make }),
    ...(model === undefined ? {} : { model }),
    ...(transport === undefined ? {} : { transport }),
    ...(version === undefined ? {} : { version }),
    ...(versionUnknown === undefined ? {} : { versionUnknown }),
    ...(label === undefined ? {} : { label: { name: label.slice(0, cut), value: label.slice(cut + 1) } }),
    ...(campaign === undefined ? {} : { campaign: campaign as CampaignId }),
    ...(state === undefined ? {} : { state }),
    ...(silentDays === undefined ? {} : { silentSince: (now - silentDays * DAY_MS) as Instant }),
    ...(neverSeen === undefined ? {} : { neverSeen }),
  };
}

/** HTTP devices poll; LwM2M devices let their registration not run out. Undefined where nothing is expected. */
export function nextContactBy(
  { transport, registration }: Device,
  { lastSeen }: DeviceSight,
  { settings }: Account,
): Instant | undefined {
  const by: Readonly<Record<Transport, Instant | undefined>> = {
    HTTP: lastSeen === undefined ? undefined : ((lastSeen + settings.pollSeconds * 1_000) as Instant),
    LWM2M: registration?.expiresAt,
  };
  return by[transport];
}
