// What is known beforehand not to go: windows shorter than a poll interval or a transfer, devices without an open hour.
import { campaignEnd, downloadFrom, installFrom, type Timetable } from './campaign.ts';
import type { Device, DeviceProfile, Transport } from './device.ts';
import { LIMITS } from './limits.ts';
import { isOneStep, rateOf, timeForBytes } from './permits.ts';
import { after, type Duration, days, type Instant } from './time.ts';
import { timetableWarnings } from './timetable.ts';
import { type HourWindow, nextOpening, type Zone } from './windows.ts';

/** What is known of a campaign before it is accepted. */
export interface Plan {
  readonly timetable: Timetable;
  readonly transport: Transport;
  /** Bytes of the image. */
  readonly size: number;
  readonly profile: DeviceProfile;
  /** How often HTTP devices are told to poll. */
  readonly poll: Duration;
}

/** Windows are the same every day but for changes of the zone's offset: the first days show them all. */
const DAYS_SEEN = days(3);

interface Hours {
  readonly windows: readonly (readonly HourWindow[])[];
  readonly from: Instant;
}

function hoursOf({ timetable, transport, profile }: Plan, now: Instant): Hours {
  const { downloadWindows, installWindows } = timetable;
  const both = isOneStep(transport, profile);
  const starts = [now, downloadFrom(timetable), ...(both ? [installFrom(timetable)] : [])];
  return {
    windows: both ? [downloadWindows, installWindows] : [downloadWindows],
    from: Math.max(...starts) as Instant,
  };
}

/** The longest time that bytes may flow without a break in this zone; undefined: there is no open hour. */
export function longestOpening(plan: Plan, zone: Zone, now: Instant): Duration | undefined {
  const { windows, from } = hoursOf(plan, now);
  const end = campaignEnd(plan.timetable);
  let longest: number | undefined;
  let at = from;
  let firstAt: Instant | undefined;
  while (at < end && (firstAt === undefined || at < after(firstAt, DAYS_SEEN))) {
    const openings = windows.map((list) => nextOpening(list, zone, at, end));
    if (openings.some((one) => one === undefined)) break;
    const known = openings.filter((one) => one !== undefined);
    const begin = Math.max(...known.map((one) => one.from));
    const close = Math.min(...known.map((one) => one.until));
    if (begin < close) {
      longest = Math.max(longest ?? 0, close - begin);
      firstAt ??= begin as Instant;
    }
    at = close as Instant;
  }
  return longest as Duration | undefined;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const inWords = (length: number): string =>
  length >= 2 * HOUR ? `${Math.round(length / HOUR)} hours` : `${Math.max(1, Math.round(length / MINUTE))} minutes`;

/**
 * `devices`: those of its list that were looked at, for their zones and measured throughput. Each sentence says whether it
 * was measured or assumed.
 */
export function feasibilityWarnings(plan: Plan, devices: readonly Device[], now: Instant): readonly string[] {
  const { timetable, transport, poll } = plan;
  const common = timetable.zone === 'device' ? timetable.fallbackZone : timetable.zone;
  const warnings = [...timetableWarnings(timetable, now, transport)];
  if (timetable.zone === 'device') warnings.push(...withoutHours(plan, devices, now));
  const longest = longestOpening(plan, common, now);
  if (longest === undefined) return warnings;
  if (transport === 'HTTP' && poll > longest)
    warnings.push(
      `Devices are told to poll every ${inWords(poll)}, and the longest time that is open is ${inWords(longest)}: some will not come while it is open.`,
    );
  if (timetable.rule === 'strict') warnings.push(...tooSlow(plan, devices, longest));
  return warnings;
}

function withoutHours(plan: Plan, devices: readonly Device[], now: Instant): readonly string[] {
  const zones = new Map<Zone, number>();
  for (const { timeZone } of devices) {
    if (timeZone === undefined || timeZone === plan.timetable.fallbackZone) continue;
    zones.set(timeZone, (zones.get(timeZone) ?? 0) + 1);
  }
  const shut = [...zones].slice(0, LIMITS.zonesMax).filter(([zone]) => longestOpening(plan, zone, now) === undefined);
  return shut.map(
    ([zone, count]) => `There is no open hour in ${zone} between start and end: ${count} devices are there.`,
  );
}

function tooSlow({ size, transport }: Plan, devices: readonly Device[], longest: Duration): readonly string[] {
  const measured = devices.filter(({ rate }) => rate !== undefined);
  const slow = measured.filter((device) => timeForBytes(device, size) > longest);
  const assumed = timeForBytes({ transport }, size);
  const warnings: string[] = [];
  if (slow.length > 0)
    warnings.push(
      `For ${slow.length} of ${measured.length} devices whose throughput was measured, a transfer of ${size} bytes is longer than the longest time that is open (${inWords(longest)}): it would never be begun.`,
    );
  if (assumed > longest && measured.length < Math.max(1, devices.length))
    warnings.push(
      `A transfer of ${size} bytes takes ${inWords(assumed)} with its reserve at the ${rateOf({ transport })} bytes a second that are assumed of a device, longer than the longest time that is open (${inWords(longest)}): it would never be begun.`,
    );
  return warnings;
}
