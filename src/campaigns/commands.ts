// What an operator may order: schedule, change dates, add and remove devices, cancel, abort; and why not.
import { type Admitted, admit, type Candidate } from './admission.ts';
import { fullArrivals } from './arrivals.ts';
import {
  type Campaign,
  type Generation,
  hasStarted,
  isOver,
  NO_TALLIES,
  type PhaseName,
  startedAt,
  type Timetable,
} from './campaign.ts';
import type { Change, Entry, Write } from './change.ts';
import type { Transport } from './device.ts';
import type { AccountName, CampaignId } from './ids.ts';
import { timetableFacts } from './judged.ts';
import type { Licensing } from './licence.ts';
import { LIMITS } from './limits.ts';
import type { PackageFacts } from './package.ts';
import { newRollout, type RolloutPolicy, sizeOf } from './rollout.ts';
import { canaryLeast, SCORE_TERMS, type ScoreTerms, scorePlan } from './score.ts';
import { toPhase } from './steward.ts';
import { after, type Duration, endOfDay, hours, type Instant, rfc3339 } from './time.ts';
import { checkTimetable, hoursOf, invalid, type Refused, refused, TERMINAL, timetableWarnings } from './timetable.ts';
import type { Update } from './update.ts';
import type { HourWindow } from './windows.ts';

export interface Accepted {
  readonly ok: true;
  readonly change: Change;
  readonly campaign: Campaign;
  readonly warnings: readonly string[];
}
export type CommandResult = Accepted | Refused;

export interface ScheduleOrder {
  readonly account: AccountName;
  readonly id: CampaignId;
  readonly generation: Generation;
  readonly name?: string;
  readonly package: PackageFacts;
  readonly from: string;
  readonly transport: Transport;
  readonly timetable: Timetable;
  readonly autoAssignLicense: boolean;
  readonly autoAddDevices: boolean;
  readonly checkDigits: boolean;
  readonly imeis: readonly string[];
  readonly rollout?: RolloutPolicy;
  readonly haltTerms?: ScoreTerms;
  readonly orderedBy?: string;
  readonly retryOf?: CampaignId;
  readonly attemptsMax?: number;
  readonly retryWait?: Duration;
  readonly arrivalsPerMinute?: number;
  readonly slotsMax?: number;
  readonly endWhenDone?: boolean;
}

/** The accepting commit: the campaign and its whole list, de-duplicated, as intake (engine.md §10). */
export function schedule(order: ScheduleOrder, now: Instant): CommandResult {
  const problem = checkTimetable(order.timetable, now);
  if (problem !== undefined) return problem;
  const { imeis, from, rollout, arrivalsPerMinute = LIMITS.campaignArrivalsPerMinute, ...facts } = order;
  const unique = [...new Set(imeis)];
  if (unique.length > LIMITS.campaignDevicesMax) {
    return invalid(`deviceList: given ${unique.length} devices, accepted: at most ${LIMITS.campaignDevicesMax}.`);
  }
  const campaign: Campaign = {
    ...facts,
    from,
    revision: 0,
    createdAt: now,
    phase: { name: 'pending', since: now, rule: 'campaign.accepted' },
    slotsMax: order.slotsMax ?? LIMITS.campaignSlotsMax,
    slotsOut: 0,
    strata: [],
    arrivals: fullArrivals(arrivalsPerMinute, now),
    ...(rollout === undefined ? {} : { rollout: newRollout(rollout) }),
    intakePending: true,
    devicesTotal: unique.length,
    tallies: NO_TALLIES,
    rejections: {},
    zones: [],
    sweepPending: false,
    ledger: { length: 0, head: '' },
    callbacks: { last: 0 },
    nextActionAt: now,
    turn: 0,
  };
  const { account, id } = order;
  const parts: string[][] = [];
  for (let at = 0; at < unique.length; at += LIMITS.intakePartMax)
    parts.push(unique.slice(at, at + LIMITS.intakePartMax));
  if (parts.length === 0) parts.push([]);
  const entry: Entry = {
    account,
    campaign: id,
    at: now,
    kind: 'phase',
    rule: 'campaign.accepted',
    facts: { phase: 'pending', devices: unique.length, ...timetableFacts(order.timetable) },
  };
  const writes: Write[] = [
    { op: 'insert-campaign', row: campaign },
    { op: 'insert-intake', account, campaign: id, parts },
  ];
  return {
    ok: true,
    campaign,
    change: { writes, entries: [entry], intents: [], rule: 'campaign.accepted' },
    warnings: [...timetableWarnings(order.timetable, now, order.transport), ...canaryWarnings(order, unique.length)],
  };
}

/** A canary that is too small to be accepted, however well it goes (engine.md §7). */
function canaryWarnings({ rollout, haltTerms = SCORE_TERMS }: ScheduleOrder, devices: number): readonly string[] {
  if (rollout?.canary === undefined) return [];
  const least = canaryLeast(scorePlan(haltTerms, { devices, strata: [], autoAddDevices: false }));
  const size = sizeOf(rollout.canary, devices);
  if (size >= least) return [];
  return [
    `The canary has ${size} devices; at least ${least} must succeed before it is accepted, so somebody will have to approve or abort when it has ended.`,
  ];
}

/** New dates and windows; what is absent in the request has been filled in with what is stored. */
export function changeDates(campaign: Campaign, timetable: Timetable, now: Instant): CommandResult {
  if (isOver(campaign.phase)) return TERMINAL(campaign);
  const started = hasStarted(campaign, now);
  const problem =
    checkTimetable(timetable, now, campaign.timetable) ??
    (started ? checkStarted(campaign, timetable, now) : undefined);
  if (problem !== undefined) return problem;
  const back: PhaseName | undefined = started ? undefined : campaign.generation === 'v2' ? 'pending' : 'queued';
  const changed: Campaign = { ...campaign, timetable, nextActionAt: now };
  const again = back === undefined || campaign.phase.name === back || campaign.phase.name === 'pending';
  const moved = again ? undefined : toPhase(changed, back, 'campaign.dates-changed', now);
  const row = moved?.row ?? changed;
  const entry: Entry = {
    account: campaign.account,
    campaign: campaign.id,
    at: now,
    kind: 'phase',
    rule: 'campaign.dates-changed',
    facts: {
      phase: row.phase.name,
      startDate: timetable.startDate,
      endDate: timetable.endDate,
      ...timetableFacts(timetable),
    },
  };
  return {
    ok: true,
    campaign: row,
    change: {
      writes: [{ op: 'replace-campaign', row }],
      entries: [entry],
      intents: [],
      rule: 'campaign.dates-changed',
    },
    warnings: timetableWarnings(timetable, now, campaign.transport),
  };
}

/** After the start only the end may move, and windows may be added (contract.md §3.3). */
function checkStarted(campaign: Campaign, timetable: Timetable, now: Instant): Refused | undefined {
  const stored = campaign.timetable;
  const state = (sentence: string) => refused('CAMPAIGN_STATE_INVALID', sentence);
  if (timetable.startDate !== stored.startDate) {
    return state(
      `startDate: given ${timetable.startDate}, accepted: ${stored.startDate}, because the campaign has started.`,
    );
  }
  if (
    timetable.zone !== stored.zone ||
    timetable.fallbackZone !== stored.fallbackZone ||
    timetable.rule !== stored.rule
  ) {
    return state('timeZone and rule cannot be changed, because the campaign has started.');
  }
  if (
    timetable.downloadAfterDate !== stored.downloadAfterDate ||
    timetable.installAfterDate !== stored.installAfterDate
  ) {
    return state('downloadAfterDate and installAfterDate cannot be changed, because the campaign has started.');
  }
  if (timetable.endDate !== stored.endDate && endOfDay(timetable.endDate) < after(now, hours(24))) {
    return state(
      `endDate: given ${timetable.endDate}, accepted: a day that ends at least 24 hours from now (${rfc3339(now)}), because the campaign has started.`,
    );
  }
  return (
    checkWindows('download', stored.downloadWindows, timetable.downloadWindows, campaign) ??
    checkWindows('install', stored.installWindows, timetable.installWindows, campaign)
  );
}

const same = (one: readonly HourWindow[], other: readonly HourWindow[]): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

function checkWindows(
  which: string,
  stored: readonly HourWindow[],
  given: readonly HourWindow[],
  campaign: Campaign,
): Refused | undefined {
  if (same(stored, given)) return undefined;
  if (campaign.generation === 'v3') {
    return refused(
      'CAMPAIGN_STATE_INVALID',
      'campaignTimeWindowList: the windows of a firmware campaign cannot be changed once it has started; only endDate can.',
    );
  }
  const lost = hoursOf(stored).find((hour) => given.length === 0 || !hoursOf(given).includes(hour));
  if (lost === undefined) return undefined;
  return refused(
    'CAMPAIGN_STATE_INVALID',
    `${which}TimeWindowList: the hour ${lost}-${lost + 1} is missing; once the campaign has started windows may be added, not removed.`,
  );
}

/** Cancels before the start; afterwards refuses, or aborts where the account wants DELETE to do so. */
export function cancel(campaign: Campaign, abortOnDelete: boolean, now: Instant): CommandResult {
  if (isOver(campaign.phase)) return TERMINAL(campaign);
  if (!hasStarted(campaign, now)) return over(campaign, 'cancelled', now);
  if (abortOnDelete) return abort(campaign, now);
  const start = startedAt(campaign);
  return refused(
    'CAMPAIGN_STATE_INVALID',
    `The campaign has already started${start === undefined ? '' : ` (${rfc3339(start)})`} and cannot be cancelled. To stop it, call POST /operator/v1/accounts/${campaign.account}/campaigns/${campaign.id}/abort, or set the account's abortOnDelete.`,
  );
}

/** Stops a campaign at once; installations under way still tell their outcome. `order`: who, and why, where it is known. */
export function abort(
  campaign: Campaign,
  now: Instant,
  order: { readonly by?: string; readonly reason?: string } = {},
): CommandResult {
  if (isOver(campaign.phase)) return TERMINAL(campaign);
  return over(campaign, hasStarted(campaign, now) ? 'aborted' : 'cancelled', now, order);
}

function over(
  campaign: Campaign,
  name: 'cancelled' | 'aborted',
  now: Instant,
  order: { readonly by?: string; readonly reason?: string } = {},
): CommandResult {
  const rule = name === 'cancelled' ? 'campaign.cancelled' : 'campaign.aborted';
  const moved = toPhase(campaign, name, rule, now);
  const { row } = moved;
  const entry: Entry = { ...moved.entry, facts: { ...moved.entry.facts, ...order } };
  return {
    ok: true,
    campaign: row,
    change: { writes: [{ op: 'replace-campaign', row }], entries: [entry], intents: [], rule },
    warnings: [],
  };
}

export function mayChangeDevices(campaign: Campaign): Refused | undefined {
  if (isOver(campaign.phase)) return TERMINAL(campaign);
  if (campaign.phase.name === 'scheduled') {
    return refused(
      'CAMPAIGN_STATE_INVALID',
      'Devices can be added and removed only until the campaign is scheduled (00:00 UTC of its start date).',
    );
  }
  return undefined;
}

export interface MembershipResult {
  readonly change: Change;
  readonly results: readonly (Admitted & {
    readonly outcome: 'added' | 'already-member' | 'rejected' | 'removed' | 'not-a-member';
  })[];
}

/** Adds devices, looking at each at once. */
export function append(
  campaign: Campaign,
  candidates: readonly Candidate[],
  now: Instant,
  licensing?: Licensing,
): MembershipResult {
  const { writes, entries, results, zones, strata } = admit(candidates, campaign, now, { licensing });
  const present = new Set(candidates.filter((candidate) => candidate.present).map((candidate) => candidate.imei));
  const added = entries.length;
  const row: Campaign = { ...campaign, zones, strata, devicesTotal: campaign.devicesTotal + added, nextActionAt: now };
  return {
    change: {
      writes: [...writes, { op: 'replace-campaign', row }],
      entries,
      intents: [],
      rule: 'campaign.devices-added',
    },
    results: results.map((one) => ({
      ...one,
      outcome: present.has(one.imei) ? 'already-member' : one.rejection === undefined ? 'added' : 'rejected',
    })),
  };
}

/** One device of a removal: its row, if admission has looked at it, and whether the intake still holds it. */
export interface Leaver {
  readonly imei: string;
  readonly update?: Update;
  readonly device?: Candidate['device'];
  readonly inIntake: boolean;
}

/** Removes devices; their rows go, the entries tell that they were there. */
export function remove(
  campaign: Campaign,
  leavers: readonly Leaver[],
  intake: readonly Write[],
  now: Instant,
): MembershipResult {
  const writes: Write[] = [];
  const entries: Entry[] = [];
  for (const { imei, update, device } of leavers) {
    if (update === undefined) continue;
    writes.push({ op: 'delete-update', row: update });
    entries.push({
      account: campaign.account,
      campaign: campaign.id,
      imei: update.imei,
      at: now,
      kind: 'state',
      rule: 'campaign.devices-removed',
      move: { from: update.state.name, to: 'gone' },
      facts: { imei, ...(update.state.name === 'rejected' ? { reason: update.state.reason } : {}) },
    });
    if (device?.liveCampaign === campaign.id) {
      const { liveCampaign: _gone, ...freed } = device;
      writes.push({ op: 'claim-device', row: freed });
    }
  }
  const left = leavers.filter(({ update, inIntake }) => update !== undefined || inIntake);
  const row: Campaign = { ...campaign, devicesTotal: campaign.devicesTotal - left.length, nextActionAt: now };
  return {
    change: {
      writes: [...writes, ...intake, { op: 'replace-campaign', row }],
      entries,
      intents: [],
      rule: 'campaign.devices-removed',
    },
    results: leavers.map((one) => ({ imei: one.imei, outcome: left.includes(one) ? 'removed' : 'not-a-member' })),
  };
}
