// Whether a device may download or install at this instant, and until when (engine.md §4, Permits).
import { type Campaign, campaignEnd, campaignStart, downloadFrom, installFrom, isOver } from './campaign.ts';
import type { Device, DeviceProfile } from './device.ts';
import { LIMITS } from './limits.ts';
import type { Rule } from './rules.ts';
import { after, type Duration, type Instant } from './time.ts';
import type { Transfer } from './update.ts';
import { type HourWindow, nextOpening, openingAt, windowsOverlap, type Zone } from './windows.ts';

export type Permit =
  | {
      readonly ok: true;
      readonly rule: Rule;
      /** Nothing is handed to a socket after this; ask again before it. */
      readonly until: Instant;
      /** When the opening itself ends: a transfer grant's `notAfter`. */
      readonly closesAt: Instant;
    }
  | { readonly ok: false; readonly rule: Rule; readonly nextEligibleAt?: Instant };

export interface PermitFacts {
  readonly campaign: Campaign;
  readonly device: Device;
  readonly profile: DeviceProfile;
}

export function zoneOf(campaign: Campaign, device: Pick<Device, 'timeZone'>): Zone {
  const { zone, fallbackZone } = campaign.timetable;
  return zone === 'device' ? (device.timeZone ?? fallbackZone) : zone;
}

/** Downloading is installing: both permits are needed for a byte (engine.md §3). */
export const installsAsItDownloads = ({ device, profile }: Pick<PermitFacts, 'device' | 'profile'>): boolean =>
  isOneStep(device.transport, profile);

export const isOneStep = (transport: Device['transport'], profile: DeviceProfile): boolean =>
  transport === 'HTTP' ? profile.ddiClient === 'streaming' : profile.autoInstalls;

const refuse = (rule: Rule, nextEligibleAt?: Instant): Permit =>
  nextEligibleAt === undefined ? { ok: false, rule } : { ok: false, rule, nextEligibleAt };

function judge(
  { campaign, device }: PermitFacts,
  asked: { readonly from: Instant; readonly windows: readonly HourWindow[]; readonly shut: Rule; readonly early: Rule },
  now: Instant,
): Permit {
  const end = campaignEnd(campaign.timetable);
  if (isOver(campaign.phase) || now >= end) return refuse('permit.over');
  const zone = zoneOf(campaign, device);
  const next = () => nextOpening(asked.windows, zone, Math.max(asked.from, now) as Instant, end)?.from;
  if (campaign.hold !== undefined) return refuse('permit.held');
  if (now < campaignStart(campaign.timetable) || campaign.phase.name !== 'scheduled') {
    return refuse('permit.not-started', next());
  }
  if (now < asked.from) return refuse(asked.early, next());
  const opening = openingAt(asked.windows, zone, now, end);
  if (opening === undefined) return refuse(asked.shut, next());
  const until = Math.min(opening.until, after(now, LIMITS.permitMax)) as Instant;
  return { ok: true, rule: 'permit.open', until, closesAt: opening.until };
}

const downloadJudge = (facts: PermitFacts, now: Instant): Permit => {
  const { timetable } = facts.campaign;
  const asked = { from: downloadFrom(timetable), windows: timetable.downloadWindows } as const;
  return judge(facts, { ...asked, shut: 'permit.download-window', early: 'permit.download-after' }, now);
};

/** Whether the installation may be started at `now`. */
export function mayInstall(facts: PermitFacts, now: Instant): Permit {
  const { timetable } = facts.campaign;
  const asked = { from: installFrom(timetable), windows: timetable.installWindows } as const;
  return judge(facts, { ...asked, shut: 'permit.install-window', early: 'permit.install-after' }, now);
}

/** Whether image bytes may be handed to the device at `now`. */
export function mayDownload(facts: PermitFacts, now: Instant): Permit {
  const download = downloadJudge(facts, now);
  if (!installsAsItDownloads(facts)) return download;
  const install = mayInstall(facts, now);
  if (download.ok && install.ok) {
    return {
      ...download,
      until: Math.min(download.until, install.until) as Instant,
      closesAt: Math.min(download.closesAt, install.closesAt) as Instant,
    };
  }
  return bothOpen(facts, download.ok ? install : download, now);
}

/** The next instant at which both are open: from opening to opening, until they meet or the campaign ends. */
function bothOpen(facts: PermitFacts, refusal: Permit, now: Instant): Permit {
  if (refusal.ok || refusal.nextEligibleAt === undefined) return refusal;
  const { timetable } = facts.campaign;
  const end = campaignEnd(timetable);
  const zone = zoneOf(facts.campaign, facts.device);
  let at = Math.max(now, downloadFrom(timetable), installFrom(timetable)) as Instant;
  for (;;) {
    const download = nextOpening(timetable.downloadWindows, zone, at, end);
    const install = nextOpening(timetable.installWindows, zone, at, end);
    if (download === undefined || install === undefined) {
      const common = windowsOverlap(timetable.downloadWindows, timetable.installWindows);
      return refuse(common ? refusal.rule : 'permit.no-overlap');
    }
    const from = Math.max(download.from, install.from) as Instant;
    if (from < download.until && from < install.until) return refuse(refusal.rule, from);
    at = Math.min(download.until, install.until) as Instant;
  }
}

/** Bytes a second: measured, else assumed. */
export const rateOf = (device: Pick<Device, 'rate' | 'transport'>): number =>
  device.rate ?? (device.transport === 'HTTP' ? LIMITS.assumedRateHttp : LIMITS.assumedRateLwm2m);

/** How long a window has to be open for so many bytes: one and a half times what they are expected to take (engine.md §3). */
export const timeForBytes = (device: Pick<Device, 'rate' | 'transport'>, size: number): Duration =>
  Math.ceil((size / rateOf(device)) * 1_500) as Duration;

/**
 * Whether a transfer may be begun: under rule `strict` only when one and a half times its expected time fits into the
 * rest of the window (engine.md §3). `size`: bytes that are still to be sent.
 */
export function mayBeginTransfer(facts: PermitFacts, size: number, now: Instant): Permit {
  const permit = mayDownload(facts, now);
  if (!permit.ok || facts.campaign.timetable.rule !== 'strict') return permit;
  if (now + timeForBytes(facts.device, size) <= permit.closesAt) return permit;
  const later = mayDownload(facts, permit.closesAt);
  return refuse('permit.does-not-fit', later.ok ? permit.closesAt : later.nextEligibleAt);
}

/** Of a transfer that was granted. */
type Granted = Pick<Transfer, 'grantedAt' | 'notAfter'>;

/**
 * Whether a transfer that was begun may go on. Rule `start-before-close` lets it finish after the close, bounded by
 * `overrunMax` and the campaign's end.
 */
export function mayContinueTransfer(facts: PermitFacts, granted: Granted, now: Instant): Permit {
  const { notAfter } = granted;
  const permit = mayDownload(facts, now);
  if (now >= notAfter) return permit.ok ? refuse('permit.grant-over', now) : permit;
  if (permit.ok) return { ...permit, until: Math.min(permit.until, notAfter) as Instant, closesAt: notAfter };
  const { campaign } = facts;
  const shut = permit.rule === 'permit.download-window' || permit.rule === 'permit.install-window';
  if (campaign.timetable.rule === 'strict' || !shut) return permit;
  const last = overrunsUntil(facts, granted);
  if (last === undefined || now >= last) return permit;
  const until = Math.min(last, after(now, LIMITS.permitMax)) as Instant;
  return { ok: true, rule: 'permit.overrun', until, closesAt: last };
}

/** By the hours as they are now: since it was granted some may have been taken away (engine.md §2). */
function overrunsUntil(facts: PermitFacts, { grantedAt, notAfter }: Granted): Instant | undefined {
  const begun = mayDownload(facts, grantedAt);
  return begun.ok ? (Math.min(notAfter, transferEnd(facts, begun.closesAt)) as Instant) : undefined;
}

/** The last instant at which a transfer begun under `permit` may send a byte: committed before the first one. */
export function transferEnd(facts: PermitFacts, closesAt: Instant): Instant {
  const end = campaignEnd(facts.campaign.timetable);
  if (facts.campaign.timetable.rule === 'strict') return closesAt;
  return Math.min(end, after(closesAt, LIMITS.overrunMax)) as Instant;
}

/** Whether a transfer that was granted may still move bytes, also after the close under rule `start-before-close`. */
export const transferStillOpen = (facts: PermitFacts, transfer: Granted | undefined, now: Instant): boolean =>
  transfer !== undefined && now < transfer.notAfter && mayContinueTransfer(facts, transfer, now).ok;
