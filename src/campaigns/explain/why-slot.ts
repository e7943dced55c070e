// Why there is no slot: as many devices as allowed are under way, or as many as allowed have begun in this minute.
import { filled, wholeOf } from '../arrivals.ts';
import { liveOf } from '../campaign.ts';
import { slotsOf } from '../leases.ts';
import type { Sight } from './sight.ts';

export function whyNoSlot({ snapshot: { campaign, slots }, now }: Sight): string {
  const { arrivals, tallies } = campaign;
  const max = slotsOf(campaign);
  const live = liveOf(tallies);
  if (live >= max) return `all ${max} slots of the campaign are taken (${live} devices are under way)`;
  if ((slots !== undefined && slots.free > 0) || wholeOf(filled(arrivals, arrivals.perMinute, now)) === 0)
    return `as many devices as allowed have begun lately (${arrivals.perMinute} a minute)`;
  return `a slot is handed out in a moment (${live} of ${max} are taken)`;
}
