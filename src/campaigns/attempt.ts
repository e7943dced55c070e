// The moves of an update that several decisions share: take a slot, suspend, fail or finish an attempt.
import { spend } from './arrivals.ts';
import { type Campaign, campaignEnd, isOver } from './campaign.ts';
import type { Change, Entry, EntryKind, Intent, Write } from './change.ts';
import type { Device, Evidence } from './device.ts';
import { EVIDENCES, isAwake } from './device.ts';
import type { Moment, Snapshot } from './input.ts';
import { invariant } from './invariant.ts';
import { LIMITS } from './limits.ts';
import { runningVersion } from './package.ts';
import { FAILURE_REASONS, type FailureReason, type WaitReason } from './reasons.ts';
import { placeOf } from './rollout.ts';
import type { Rule } from './rules.ts';
import { after, type Duration, earliest, type Instant } from './time.ts';
import {
  type Attempt,
  type AttemptOutcome,
  attemptOf,
  type Final,
  isFinal,
  isLive,
  mayHaveSent,
  UPDATE_MOVES,
  type Update,
  type UpdateState,
} from './update.ts';

/** What a step of an update says beyond its new state. */
export interface Step {
  readonly rule: Rule;
  readonly kind?: EntryKind;
  readonly facts?: Entry['facts'];
  readonly intents?: readonly Intent[];
  readonly device?: Device;
  readonly outcome?: AttemptOutcome;
  readonly attempts?: number;
  readonly lateResult?: Update['lateResult'];
  readonly refusedUntil?: Instant;
}

/** When a timer has to look at an update in this state; undefined: only the device or the steward moves it. */
export function nextActionOf(state: UpdateState, device: Device): Instant | undefined {
  const asks = device.transport === 'LWM2M' && device.reachable;
  switch (state.name) {
    case 'offered':
      return state.untilUntouched;
    case 'downloading':
      return state.idleDeadline;
    case 'downloaded':
      return asks ? state.askAt : undefined;
    case 'installing':
      return asks && state.order !== 'pending' ? earliest(state.askAt, state.deadline) : state.deadline;
    case 'verifying':
      return state.deadline;
    default:
      return undefined;
  }
}

/** States in which something would still have to be sent: nothing rests in them when the campaign is over (engine.md §2). */
const OPEN: readonly UpdateState['name'][] = ['waiting', 'offered', 'downloading', 'downloaded'];

export const overAt = (campaign: Campaign, now: Instant): boolean =>
  isOver(campaign.phase) || now >= campaignEnd(campaign.timetable);

export function closeInstead(snapshot: Snapshot, moment: Moment, step: Step): Change {
  const end = endedBy(snapshot.campaign);
  const name = end.name === 'cancelled' && isLive(snapshot.update.state) ? 'aborted' : end.name;
  const { intents: _unsent, ...told } = step;
  // What it had by then is told to the customer: a whole image that was not installed is another thing than nothing.
  const whole = attemptOf(snapshot.update)?.transfer?.completeAt !== undefined;
  const facts = whole ? { facts: { ...told.facts, reason: 'downloaded' } } : {};
  return finish(snapshot, { name, at: moment.now }, moment, { ...told, ...facts, rule: end.rule });
}

/** The change that brings an update to `next`: row, device, slot and entry stay consistent here and nowhere else. */
export function moveTo(snapshot: Snapshot, next: UpdateState, moment: Moment, step: Step): Change {
  const { update } = snapshot;
  if (OPEN.includes(next.name) && overAt(snapshot.campaign, moment.now)) return closeInstead(snapshot, moment, step);
  const legal: readonly string[] = UPDATE_MOVES[update.state.name];
  invariant(legal.includes(next.name), `an update cannot go from ${update.state.name} to ${next.name}`);
  const device = step.device ?? snapshot.device;
  const { nextActionAt: _old, ...rest } = update;
  const dueAt = nextActionOf(next, device);
  const row: Update = {
    ...rest,
    state: next,
    awake: isAwake(device),
    rule: step.rule,
    changedAt: moment.now,
    attempts: step.attempts ?? update.attempts,
    history:
      step.outcome === undefined ? update.history : [...update.history, step.outcome].slice(-LIMITS.attemptHistoryMax),
    ...(dueAt === undefined ? {} : { nextActionAt: dueAt }),
    ...(step.lateResult === undefined ? {} : { lateResult: step.lateResult }),
    ...(step.refusedUntil === undefined ? {} : { refusedUntil: step.refusedUntil }),
  };
  const slots = slotMove(update.state, next);
  const writes: Write[] = [{ op: 'replace-update', row }];
  if (slots === 1) {
    invariant(snapshot.slots !== undefined && snapshot.slots.free > 0, 'a slot is taken that the node does not have');
    const { free, arrivals } = snapshot.slots;
    writes.push({
      op: 'replace-slots',
      row: { ...snapshot.slots, free: free - 1, arrivals: Math.max(0, arrivals - 1) },
    });
    writes.push(...spend(snapshot, moment.now));
  }
  if (step.device !== undefined) writes.push({ op: 'replace-device', row: step.device });
  return {
    writes,
    entries: [entryOf(snapshot, next, moment, step, slots)],
    intents: step.intents ?? [],
    rule: step.rule,
  };
}

function slotMove(from: UpdateState, to: UpdateState): 1 | -1 | undefined {
  if (isLive(from) === isLive(to)) return undefined;
  return isLive(to) ? 1 : -1;
}

function entryOf(snapshot: Snapshot, next: UpdateState, moment: Moment, step: Step, slots: 1 | -1 | undefined): Entry {
  const { account, campaign, imei, state } = snapshot.update;
  return {
    account,
    campaign,
    imei,
    at: moment.now,
    kind: step.kind ?? 'state',
    rule: step.rule,
    ...placeOf(snapshot.update),
    ...(state.name === next.name ? {} : { move: { from: state.name, to: next.name } }),
    ...(slots === undefined ? {} : { slots }),
    ...(step.facts === undefined ? {} : { facts: step.facts }),
  };
}

export const outcomeOf = (
  attempt: Attempt,
  outcome: AttemptOutcome['outcome'],
  rule: Rule,
  moment: Moment,
  closed = false,
): AttemptOutcome => ({
  number: attempt.number,
  offeredAt: attempt.offeredAt,
  endedAt: moment.now,
  outcome,
  transferred: mayHaveSent(attempt.transfer),
  closed,
  bytes: attempt.transfer?.bytes ?? 0,
  rule,
});

/** Back to waiting with the attempt kept: same number, token and action, nothing spent (engine.md §3). */
export function suspend(
  snapshot: Snapshot,
  moment: Moment,
  step: {
    readonly rule: Rule;
    readonly reason: WaitReason;
    readonly readyAt?: Instant;
    readonly device?: Device;
    readonly ours: boolean;
    readonly kind?: EntryKind;
    readonly facts?: Entry['facts'];
  },
): Change {
  const { state } = snapshot.update;
  invariant(isLive(state), 'only a live attempt can be suspended');
  const attempt: Attempt = step.ours
    ? { ...state.attempt, interruptedAt: moment.now, interruptions: state.attempt.interruptions + 1 }
    : state.attempt;
  const next: UpdateState = {
    name: 'waiting',
    reason: step.reason,
    readyAt: step.readyAt ?? moment.now,
    suspended: attempt,
  };
  return moveTo(snapshot, next, moment, {
    rule: step.rule,
    ...(step.device === undefined ? {} : { device: step.device }),
    ...(step.kind === undefined ? {} : { kind: step.kind }),
    ...(step.facts === undefined ? {} : { facts: step.facts }),
  });
}

const backOff = ({ retryWait = LIMITS.retryWait }: Campaign, attempts: number): Duration =>
  Math.min(retryWait * 2 ** Math.max(0, attempts - 1), Math.max(retryWait, LIMITS.retryWaitMax)) as Duration;

export interface Failure {
  readonly reason: FailureReason;
  readonly rule?: Rule;
  readonly detail?: string;
  /** HTTP: the device itself closed the action. */
  readonly closed?: boolean;
}

/** A failure soon after we cut the transfer belongs to the cut; once all bytes were there it is the image's own. */
const isOurs = (attempt: Attempt, now: Instant): boolean =>
  attempt.interruptedAt !== undefined &&
  attempt.transfer?.completeAt === undefined &&
  now < after(attempt.interruptedAt, LIMITS.interruptionGrace);

/** The attempt, live or suspended, ended badly: another one after a wait, or the update has failed. */
export function failAttempt(snapshot: Snapshot, moment: Moment, failure: Failure): Change {
  const { update } = snapshot;
  const attempt = attemptOf(update);
  invariant(attempt !== undefined, 'only an attempt can fail');
  if (isOurs(attempt, moment.now)) return forgiven(snapshot, attempt, moment, failure);
  const attempts = update.attempts + 1;
  const rule = failure.rule ?? 'update.attempt-failed';
  const outcome = outcomeOf(attempt, failure.reason, rule, moment, failure.closed);
  const detail = failure.detail === undefined ? {} : { detail: failure.detail };
  const facts = { reason: failure.reason, attempt: attempt.number, ...detail };
  const again =
    FAILURE_REASONS[failure.reason].retry && attempts < (snapshot.campaign.attemptsMax ?? LIMITS.attemptsMax);
  if (again && !overAt(snapshot.campaign, moment.now)) {
    const next: UpdateState = {
      name: 'waiting',
      reason: 'retry',
      readyAt: after(moment.now, backOff(snapshot.campaign, attempts)),
    };
    return moveTo(snapshot, next, moment, {
      rule,
      kind: 'report',
      outcome,
      attempts,
      facts,
      ...leftOpen(snapshot, attempt, moment, failure),
    });
  }
  const final: Final = { name: 'failed', at: moment.now, reason: failure.reason, attempt: attempt.number, ...detail };
  const last = rule === 'update.attempt-failed' ? 'update.failed' : rule;
  return finish(snapshot, final, moment, { rule: last, kind: 'verification', outcome, attempts, facts });
}

/** HTTP: an action that the device has read and not closed is cancelled before the next one is offered. */
function leftOpen(
  { update, device }: Snapshot,
  { actionId }: Attempt,
  moment: Moment,
  { closed = false }: Failure,
): { readonly device?: Device } {
  const { state } = update;
  const unread = state.name === 'offered' && state.actedAt === undefined;
  if (device.transport !== 'HTTP' || closed || unread) return {};
  const residue = { campaign: update.campaign, actionId, until: after(moment.now, LIMITS.cancelWait) };
  return { device: { ...device, residue } };
}

/** Nothing is spent. What the device has closed needs a new action; otherwise the attempt is kept. */
function forgiven(snapshot: Snapshot, attempt: Attempt, moment: Moment, { closed = false }: Failure): Change {
  const { state } = snapshot.update;
  if (!closed && isLive(state)) {
    return suspend(snapshot, moment, { rule: 'update.suspended', reason: 'suspended', ours: false });
  }
  const readyAt = state.name === 'waiting' ? state.readyAt : moment.now;
  const outcome = outcomeOf(attempt, 'suspended', 'update.suspended', moment, closed);
  const next: UpdateState = { name: 'waiting', reason: 'suspended', readyAt };
  return moveTo(snapshot, next, moment, { rule: 'update.suspended', kind: 'report', outcome });
}

/** Whether the device still holds something of ours when the update ends in this state. */
function leavesResidue({ update, device }: Snapshot, final: Final, outcome: AttemptOutcome | undefined): boolean {
  if (final.name === 'succeeded' || final.name === 'rejected') return false;
  const last = outcome ?? update.history.at(-1);
  return last !== undefined && !(device.transport === 'HTTP' && last.closed);
}

/** The end of an update: final state, slot and device set free, clean-up owed where something was left (engine.md §2). */
export function finish(snapshot: Snapshot, final: Final, moment: Moment, step: Step): Change {
  const { update } = snapshot;
  invariant(!isFinal(update.state), 'a final update never changes');
  const base = step.device ?? snapshot.device;
  const attempt = attemptOf(update);
  const how = final.name === 'succeeded' ? 'succeeded' : 'campaign-over';
  const outcome = step.outcome ?? (attempt === undefined ? undefined : outcomeOf(attempt, how, step.rule, moment));
  const { liveCampaign, ...freed } = base;
  const residue = { campaign: update.campaign, actionId: attempt?.actionId ?? base.lastActionId };
  const owner = withoutOwnResidue(liveCampaign === update.campaign ? freed : base, update);
  const device: Device = {
    ...owner,
    ...(final.name === 'succeeded' && base.transport === 'HTTP' ? { installed: residue } : {}),
    ...(leavesResidue(snapshot, final, outcome) ? { residue } : {}),
  };
  return moveTo(snapshot, final, moment, { ...step, device, ...(outcome === undefined ? {} : { outcome }) });
}

/** An attempt that was given up before has nothing of its own to clean up once the update is over. */
function withoutOwnResidue(device: Device, { campaign }: Update): Device {
  const { residue, ...clean } = device;
  return residue?.campaign === campaign ? clean : device;
}

/** The update is over because its campaign is: what cannot be undone is waited for, the rest ends now (engine.md §2). */
export function endedBy(campaign: Campaign): {
  readonly name: 'cancelled' | 'aborted' | 'expired';
  readonly rule: Rule;
} {
  if (campaign.phase.name === 'cancelled') return { name: 'cancelled', rule: 'update.campaign-cancelled' };
  if (campaign.phase.name === 'aborted') return { name: 'aborted', rule: 'update.campaign-aborted' };
  return { name: 'expired', rule: 'update.campaign-ended' };
}

export const isEnough = (evidence: Evidence, least: Evidence): boolean =>
  EVIDENCES.indexOf(evidence) <= EVIDENCES.indexOf(least);

const SUCCESS_RULES = {
  version: 'update.verified',
  restart: 'update.verified-restart',
  reported: 'update.verified-reported',
} as const;

/** Also from `waiting`: an attempt that we had given up may have worked after all. */
export function succeed(snapshot: Snapshot, evidence: Evidence, moment: Moment): Change {
  const { attempts } = snapshot.update;
  const number = attemptOf(snapshot.update)?.number ?? Math.max(1, attempts);
  const final: Final = { name: 'succeeded', at: moment.now, evidence, attempt: number };
  return finish(snapshot, final, moment, {
    rule: SUCCESS_RULES[evidence],
    kind: 'verification',
    attempts: Math.max(attempts, number),
    facts: { evidence, attempt: number },
  });
}

/** The least that proves an update of this device, where no attempt has settled it. */
export const leastEvidenceOf = (snapshot: Snapshot): Evidence =>
  snapshot.profile.leastEvidence ??
  (runningVersion(snapshot.device, snapshot.campaign.package)?.source === 'reported' ? 'version' : 'reported');

/**
 * No installation is waited for longer than the drain after the campaign's end, whether its date or an order ended it
 * (engine.md §2).
 */
export function drained({ campaign: { phase, timetable } }: Snapshot, deadline: Instant): Instant {
  const end = campaignEnd(timetable);
  const over = isOver(phase) ? (Math.min(phase.since, end) as Instant) : end;
  return Math.min(deadline, after(over, LIMITS.installDeadline)) as Instant;
}
