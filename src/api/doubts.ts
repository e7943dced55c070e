// What is known not to go with a campaign before it is accepted: told as warnings, or refused where somebody asks for that.
import { type Package, profileOf } from '../accounts/index.ts';
import {
  checkTimetable,
  type Device,
  feasibilityWarnings,
  type Imei,
  LIMITS,
  parseImei,
  seconds,
  type Timetable,
  type Transport,
} from '../campaigns/index.ts';
import type { ApiContext } from './call.ts';
import { type Refusal, refuse, refuseOrder } from './refusal.ts';
import type { ScheduleRequest } from './schedule.ts';

/** Sentences about what will not go; with `strict` they are the refusal. */
export async function doubtsAbout(
  { account, imeis, protocol, strict = false }: ScheduleRequest,
  pack: Package,
  timetable: Timetable,
  context: ApiContext,
): Promise<readonly string[] | Refusal> {
  const { settings, name } = account;
  const now = context.clock.now();
  const wrong = checkTimetable(timetable, now);
  if (wrong !== undefined) return refuseOrder(wrong);
  const known = imeis
    .slice(0, LIMITS.feasibilityDevicesMax)
    .map(parseImei)
    .filter((imei): imei is Imei => imei !== undefined);
  const devices: ReadonlyMap<Imei, Device> = await context.store.devicesByImei(name, known);
  const plan = {
    timetable,
    transport: protocol as Transport,
    size: pack.image.size,
    profile: profileOf(settings, pack),
    poll: seconds(settings.pollSeconds),
  };
  const warnings = feasibilityWarnings(plan, [...devices.values()], now);
  if (!strict || warnings.length === 0) return warnings;
  return refuse('CAMPAIGN_NOT_FEASIBLE', { sentence: warnings.join(' ') });
}
