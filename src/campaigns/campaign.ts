// A campaign: the order to bring many devices from one version to another, and the moves its phase may make.
import type { Transport } from './device.ts';
import type { CampaignScore } from './guard.ts';
import type { HaltEvidence } from './halt.ts';
import type { AccountName, CampaignId } from './ids.ts';
import { LIMITS } from './limits.ts';
import type { PackageFacts } from './package.ts';
import type { RejectReason } from './reasons.ts';
import type { Rollout } from './rollout.ts';
import type { Rule } from './rules.ts';
import type { ScoreTerms } from './score.ts';
import { type Day, type Duration, earliest, endOfDay, type Instant, startOfDay } from './time.ts';
import { type HourWindow, nextOpening, type Zone } from './windows.ts';

/** The API generation it was scheduled by: `v2` software, `v3` firmware. */
export const GENERATIONS = ['v2', 'v3'] as const;
export type Generation = (typeof GENERATIONS)[number];

/** Legal moves of a campaign's phase; every transition seen in tests is compared with this table (engine.md §2). */
export const CAMPAIGN_MOVES = {
  pending: ['queued', 'failed', 'cancelled'],
  queued: ['pending', 'prescheduled', 'scheduled', 'cancelled'],
  prescheduled: ['queued', 'pending', 'scheduled', 'cancelled'],
  scheduled: ['queued', 'pending', 'ended', 'aborted', 'cancelled'],
  failed: [],
  cancelled: [],
  aborted: [],
  ended: [],
} as const satisfies Record<string, readonly string[]>;
export type PhaseName = keyof typeof CAMPAIGN_MOVES;

export interface Phase {
  readonly name: PhaseName;
  readonly since: Instant;
  readonly rule: Rule;
}

export const OVER: readonly PhaseName[] = ['failed', 'cancelled', 'aborted', 'ended'];
export const isOver = (phase: Phase): boolean => OVER.includes(phase.name);

/** When the devices of a campaign may download and install. Days are UTC days, hours are hours of the zone. */
export interface Timetable {
  readonly startDate: Day;
  readonly endDate: Day;
  readonly downloadAfterDate?: Day;
  readonly installAfterDate?: Day;
  readonly downloadWindows: readonly HourWindow[];
  readonly installWindows: readonly HourWindow[];
  /** `device`: each device's own zone. Frozen at creation (engine.md §3). */
  readonly zone: Zone | 'device';
  /** For `device` where a device names none. */
  readonly fallbackZone: Zone;
  readonly rule: 'strict' | 'start-before-close';
}

/** How many updates stand where; folded from entries by the steward, never counted from rows. */
export interface Tallies {
  readonly waiting: number;
  readonly offered: number;
  readonly downloading: number;
  readonly downloaded: number;
  readonly installing: number;
  readonly verifying: number;
  readonly succeeded: number;
  readonly succeededLate: number;
  readonly failed: number;
  readonly rejected: number;
  readonly alreadyCurrent: number;
  readonly cancelled: number;
  readonly aborted: number;
  readonly expired: number;
}
export const NO_TALLIES: Tallies = {
  waiting: 0,
  offered: 0,
  downloading: 0,
  downloaded: 0,
  installing: 0,
  verifying: 0,
  succeeded: 0,
  succeededLate: 0,
  failed: 0,
  rejected: 0,
  alreadyCurrent: 0,
  cancelled: 0,
  aborted: 0,
  expired: 0,
};

/** Updates with a live attempt. */
export const liveOf = (tallies: Tallies): number =>
  tallies.offered + tallies.downloading + tallies.downloaded + tallies.installing + tallies.verifying;

/** Updates that are not final. */
export const openOf = (tallies: Tallies): number => tallies.waiting + liveOf(tallies);

/**
 * Why nothing more is granted for the time being. `paused`: an operator's order. `halted`: the image fails too often, or
 * the package was withdrawn. `undecided`: the canary has ended between the bounds of its test (engine.md §7).
 */
export interface Hold {
  readonly kind: 'paused' | 'halted' | 'undecided';
  readonly reason: string;
  readonly since: Instant;
  readonly rule: Rule;
  /** Who ordered it; absent: the campaign itself. */
  readonly by?: string;
  /** Of a halt by the score: what it saw. */
  readonly evidence?: HaltEvidence;
}

/** How many devices may begin an update in a time (engine.md §4): a bucket that fills evenly. */
export interface Arrivals {
  readonly perMinute: number;
  /** Thousandths of an arrival that the bucket held at `at`. */
  readonly level: number;
  readonly at: Instant;
}

/** The head of the chain of a campaign's entries, and who vouches for it (engine.md §8). */
export interface Ledger {
  readonly length: number;
  /** Hash of the last sealed entry. */
  readonly head: string;
  readonly signedAt?: Instant;
  /** Ed25519 over the head's text, base64url. */
  readonly signature?: string;
  /** Which of our keys. */
  readonly keyId?: string;
}

export interface Campaign {
  readonly account: AccountName;
  readonly id: CampaignId;
  readonly revision: number;
  readonly generation: Generation;
  readonly name?: string;
  readonly package: PackageFacts;
  /** The version strings of the request, as they are answered. */
  readonly from: string;
  readonly transport: Transport;
  readonly timetable: Timetable;
  readonly createdAt: Instant;
  readonly phase: Phase;
  /** When it started, where its windows were narrowed since and would tell another time. */
  readonly began?: Instant;
  readonly hold?: Hold;
  /** Who scheduled it, for the approval by a second person. */
  readonly orderedBy?: string;
  /** The campaign whose failed and expired devices it takes up again. */
  readonly retryOf?: CampaignId;
  /** The policy by which it spreads over its devices; absent: all at once, guarded. */
  readonly rollout?: Rollout;
  /** What it tolerates, where that is not the usual. */
  readonly haltTerms?: ScoreTerms;
  /** Absent until its devices are known and nothing has been granted. */
  readonly score?: CampaignScore;
  /** Names of the strata that its devices belong to; an update holds the place of its own. The first is everybody else. */
  readonly strata: readonly string[];
  /** Ends when every update is final although it adds devices by itself. */
  readonly endWhenDone?: boolean;
  readonly attemptsMax?: number;
  readonly retryWait?: Duration;
  readonly arrivals: Arrivals;
  readonly autoAssignLicense: boolean;
  readonly autoAddDevices: boolean;
  readonly checkDigits: boolean;
  readonly slotsMax: number;
  /** Devices that were asked before an offer and have not answered: each may take a slot when it does. */
  readonly asking?: { readonly count: number; readonly until: Instant };
  /** Slots in use or leased to nodes; the steward's figure. */
  readonly slotsOut: number;
  /** Intake parts that admission has not looked at yet. */
  readonly intakePending: boolean;
  /** Devices were added or dates changed: phases are walked again. */
  readonly devicesTotal: number;
  readonly tallies: Tallies;
  readonly rejections: Readonly<Partial<Record<RejectReason, number>>>;
  /** Zones of its devices, when hours are the device's. */
  readonly zones: readonly Zone[];
  /** Rows of an ended campaign that are not final yet. */
  readonly sweepPending: boolean;
  readonly ledger: Ledger;
  readonly callbacks: {
    /** Number of the last callback. */
    readonly last: number;
    /** When device events were told last. */
    readonly toldAt?: Instant;
    /** When the device events that have been gathered are told; absent: none wait. */
    readonly dueAt?: Instant;
  };
  readonly nextActionAt?: Instant;
  /** Turns of the slot lease; decides which node is served first. */
  readonly turn: number;
}

export const campaignStart = (timetable: Timetable): Instant => startOfDay(timetable.startDate);
export const campaignEnd = (timetable: Timetable): Instant => endOfDay(timetable.endDate);

const dayStart = (day: Day | undefined, floor: Instant): Instant =>
  day === undefined ? floor : (Math.max(startOfDay(day), floor) as Instant);

/** First instant at which downloading is not forbidden by a date. */
export const downloadFrom = (timetable: Timetable): Instant =>
  dayStart(timetable.downloadAfterDate, campaignStart(timetable));
/** First instant at which installing is not forbidden by a date. */
export const installFrom = (timetable: Timetable): Instant =>
  dayStart(timetable.installAfterDate, campaignStart(timetable));

/**
 * The first instant at which one of its devices may be offered; until then it may be cancelled and changed freely
 * (engine.md §2). Undefined when no device ever has an open hour.
 */
export function startedAt(
  campaign: Pick<Campaign, 'timetable' | 'zones' | 'createdAt' | 'began'>,
): Instant | undefined {
  const { timetable, began } = campaign;
  if (began !== undefined) return began;
  // Hours that were over before it was ordered are none of its hours.
  const from = Math.max(downloadFrom(timetable), campaign.createdAt) as Instant;
  const zones =
    timetable.zone !== 'device'
      ? [timetable.zone]
      : campaign.zones.length > 0
        ? campaign.zones
        : [timetable.fallbackZone];
  const openings = zones
    .slice(0, LIMITS.zonesMax)
    .map((zone) => nextOpening(timetable.downloadWindows, zone, from, campaignEnd(timetable))?.from);
  return earliest(...openings);
}

/** Whether it has started at `now`: before, DELETE cancels; after, it is refused or aborts. */
export function hasStarted(campaign: Campaign, now: Instant): boolean {
  const start = startedAt(campaign);
  return campaign.phase.name === 'scheduled' && start !== undefined && now >= start;
}
