// The zones that a campaign's devices live in, where hours are the device's: the steward looks for openings in these.
import type { Campaign } from './campaign.ts';
import type { Entry } from './change.ts';
import { LIMITS } from './limits.ts';
import type { Zone } from './windows.ts';

/** Whether slots are granted by the hours of this zone; one too many is not looked at. */
export const isZoneKnown = ({ timetable, zones }: Campaign, zone: Zone): boolean =>
  timetable.zone !== 'device' || zones.includes(zone) || zones.length >= LIMITS.zonesMax;

/** A device that told its zone, or moved, after it was admitted: the first refusal names the zone. */
export function zonesTold(campaign: Campaign, entries: readonly Entry[]): readonly Zone[] {
  let { zones } = campaign;
  for (const { imei, facts } of entries) {
    const zone = facts?.['zone'];
    if (imei !== undefined && typeof zone === 'string' && !isZoneKnown({ ...campaign, zones }, zone))
      zones = [...zones, zone];
  }
  return zones;
}
