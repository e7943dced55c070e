// How operators steer a campaign that runs: pause, resume, approve, narrow its windows, change its pace; and why not.
import { fullArrivals } from './arrivals.ts';
import { type Campaign, type Hold, hasStarted, isOver, liveOf, startedAt, type Timetable } from './campaign.ts';
import type { Entry } from './change.ts';
import type { CommandResult } from './commands.ts';
import { timetableFacts } from './judged.ts';
import type { Rule } from './rules.ts';
import { withHold } from './steward.ts';
import type { Instant } from './time.ts';
import { hoursOf, invalid, type Refused, refused, TERMINAL, timetableWarnings } from './timetable.ts';

/** Who orders something, and what they say about it. */
export interface Order {
  readonly by: string;
  readonly reason?: string;
}

const state = (sentence: string): Refused => refused('CAMPAIGN_STATE_INVALID', sentence);

function steered(row: Campaign, entry: Entry, warnings: readonly string[] = []): CommandResult {
  return {
    ok: true,
    campaign: row,
    change: { writes: [{ op: 'replace-campaign', row }], entries: [entry], intents: [], rule: entry.rule },
    warnings,
  };
}

const entryOf = (
  { account, id }: Campaign,
  kind: Entry['kind'],
  rule: Rule,
  facts: NonNullable<Entry['facts']>,
  at: Instant,
): Entry => ({ account, campaign: id, at, kind, rule, facts });

/** Nothing more is offered, sent or ordered; installations under way go on. */
export function pause(
  campaign: Campaign,
  { by, reason }: Order,
  now: Instant,
  rule: Rule = 'campaign.paused',
): CommandResult {
  if (isOver(campaign.phase)) return TERMINAL(campaign);
  if (campaign.hold !== undefined)
    return state(`The campaign is ${campaign.hold.kind} already: ${campaign.hold.reason}`);
  const hold: Hold = { kind: 'paused', reason: reason ?? 'ordered by an operator', since: now, rule, by };
  const { row, entry } = withHold(campaign, hold);
  return steered(row, entry);
}

/** Withdrawn packages halt every campaign that uses them, whatever holds it already. */
export function haltWithdrawn(campaign: Campaign, { by, reason }: Order, now: Instant): CommandResult {
  if (isOver(campaign.phase)) return TERMINAL(campaign);
  const text = `The package "${campaign.package.name}" was withdrawn${reason === undefined ? '' : `: ${reason}`}.`;
  const { row, entry } = withHold(campaign, {
    kind: 'halted',
    reason: text,
    since: now,
    rule: 'campaign.halted-withdrawn',
    by,
  });
  return steered(row, entry);
}

/** Goes on after a pause or a halt. A halt asks for a reason and begins its score anew (engine.md §7). */
export function resume(
  campaign: Campaign,
  { by, reason, packageWithdrawn }: Order & { readonly packageWithdrawn: boolean },
  now: Instant,
): CommandResult {
  const { hold, ...rest } = campaign;
  if (isOver(campaign.phase)) return TERMINAL(campaign);
  if (hold === undefined) return state('The campaign is neither paused nor halted; there is nothing to resume.');
  if (hold.kind === 'undecided')
    return state(`The campaign is undecided: approve it to open its next step, or abort it. ${hold.reason}`);
  if (packageWithdrawn)
    return state(`The package "${campaign.package.name}" is withdrawn; reinstate it before the campaign is resumed.`);
  if (hold.kind === 'halted' && (reason ?? '').trim() === '')
    return invalid('reason: missing; a campaign that halted is resumed with a reason, which the ledger keeps.');
  const { score } = rest;
  const row: Campaign = {
    ...rest,
    ...(hold.kind === 'halted' && score !== undefined ? { score: { ...score, round: rest.ledger.length + 1 } } : {}),
    nextActionAt: now,
  };
  const facts = { hold: 'none', by, ...(reason === undefined ? {} : { reason }) };
  return steered(row, entryOf(campaign, 'hold', 'campaign.resumed', facts, now));
}

/** Somebody else than who ordered the campaign opens its next step, or takes an undecided canary for good. */
export function approve(campaign: Campaign, { by, reason }: Order, now: Instant): CommandResult {
  const { rollout, hold } = campaign;
  if (isOver(campaign.phase)) return TERMINAL(campaign);
  if (rollout === undefined) return state('The campaign has no rollout policy; nothing of it waits for an approval.');
  if (by === campaign.orderedBy)
    return state(`The campaign was ordered by "${by}"; its approval is for somebody else.`);
  const facts = { by, step: rollout.at + 1, ...(reason === undefined ? {} : { reason }) };
  const entry = entryOf(campaign, 'rollout', 'campaign.approved', facts, now);
  if (hold?.kind === 'undecided') {
    const { hold: _decided, ...rest } = campaign;
    const canary = rollout.steps[rollout.at]?.kind === 'canary';
    const score = rest.score === undefined || !canary ? {} : { score: { ...rest.score, canaryApproved: true } };
    const next = { ...rollout, doneAt: now, awaitsApproval: false, approvedBy: by };
    return steered({ ...rest, ...score, rollout: next, nextActionAt: now }, entry);
  }
  if (!rollout.awaitsApproval) return state('No step of the campaign waits for an approval.');
  if (hold !== undefined) return state(`The campaign is ${hold.kind}: ${hold.reason} Resume it first.`);
  const row: Campaign = {
    ...campaign,
    rollout: { ...rollout, awaitsApproval: false, approvedBy: by },
    nextActionAt: now,
  };
  return steered(row, entry);
}

/** Also on a campaign that runs: hours may be taken away; what the FOTA API may not (engine.md §2). */
export function narrowWindows(
  campaign: Campaign,
  windows: Pick<Timetable, 'downloadWindows' | 'installWindows'>,
  { by, reason }: Order,
  now: Instant,
): CommandResult {
  if (isOver(campaign.phase)) return TERMINAL(campaign);
  const problem =
    narrower('downloadWindows', campaign.timetable.downloadWindows, windows.downloadWindows) ??
    narrower('installWindows', campaign.timetable.installWindows, windows.installWindows);
  if (problem !== undefined) return problem;
  const timetable = { ...campaign.timetable, ...windows };
  const facts = {
    by,
    ...timetableFacts(timetable),
    ...(reason === undefined ? {} : { reason }),
  };
  const entry = entryOf(campaign, 'phase', 'campaign.windows-narrowed', facts, now);
  return steered(
    { ...campaign, ...startOf(campaign, now), timetable, nextActionAt: now },
    entry,
    timetableWarnings(timetable, now, campaign.transport),
  );
}

/** What has started stays so: the hours that are left may all be later. */
function startOf(campaign: Campaign, now: Instant): Pick<Campaign, 'began'> {
  const began = hasStarted(campaign, now) ? startedAt(campaign) : undefined;
  return began === undefined ? {} : { began };
}

function narrower(
  field: string,
  stored: Timetable['downloadWindows'],
  given: Timetable['downloadWindows'],
): Refused | undefined {
  const more = hoursOf(given).find((hour) => !hoursOf(stored).includes(hour));
  if (more === undefined) return undefined;
  return invalid(
    `${field}: the hour ${more}-${more + 1} is not open today; accepted: hours that are open already. More hours are given by changing the dates.`,
  );
}

export interface PaceChange {
  readonly arrivalsPerMinute?: number;
  readonly slots?: number;
  readonly endWhenDone?: boolean;
}

/** How fast it goes, and whether it ends by itself. */
export function changePace(campaign: Campaign, pace: PaceChange, { by }: Order, now: Instant): CommandResult {
  if (isOver(campaign.phase)) return TERMINAL(campaign);
  const { arrivalsPerMinute, slots, endWhenDone } = pace;
  const row: Campaign = {
    ...campaign,
    ...(arrivalsPerMinute === undefined ? {} : { arrivals: { ...fullArrivals(arrivalsPerMinute, now), level: 0 } }),
    ...(slots === undefined ? {} : { slotsMax: slots }),
    ...(endWhenDone === undefined ? {} : { endWhenDone }),
    nextActionAt: now,
  };
  return steered(row, entryOf(campaign, 'phase', 'campaign.settings-changed', { by, ...pace }, now));
}

/** What an order stops, and what goes on all the same; told before it is given. */
export interface Consequences {
  /** Devices that were going to be offered the image, and offers and transfers under way. */
  readonly stops: {
    readonly waiting: number;
    readonly offered: number;
    readonly downloading: number;
    readonly downloaded: number;
  };
  /** Installations cannot be taken back; their outcome is still told. */
  readonly goesOn: { readonly installing: number; readonly verifying: number };
  readonly live: number;
  readonly sentence: string;
}

const SENTENCES = {
  pause:
    'No offer, byte or order to install leaves any more; transfers under way are suspended within 5 seconds and taken up again after a resume, at no cost.',
  halt: 'No offer, byte or order to install leaves any more; transfers under way are suspended within 5 seconds. The campaign halts until it is resumed with a reason.',
  narrow:
    'Hours are taken away: what is under way in one of them is suspended at its close, at no cost, and taken up again in the next open hour.',
  abort:
    'The campaign is over: everything that is not installing ends now, what was left on devices is removed at their next contact.',
} as const;

export function consequencesOf({ tallies }: Campaign, order: keyof typeof SENTENCES): Consequences {
  const { waiting, offered, downloading, downloaded, installing, verifying } = tallies;
  return {
    stops: { waiting, offered, downloading, downloaded },
    goesOn: { installing, verifying },
    live: liveOf(tallies),
    sentence: `${SENTENCES[order]} ${installing + verifying} installations go on and their outcome will be told.`,
  };
}
