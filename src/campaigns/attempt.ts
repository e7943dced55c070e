// The moves of an update that several decisions share: take a slot, suspend, fail or finish an attempt.
import { type Campaign, campaignEnd, isOver } from './campaign.ts';
import type { Change, Entry, EntryKind, Intent, Write } from './change.ts';
import type { Device, Evidence } from './device.ts';
import { EVIDENCES } from './device.ts';
import type { Moment, Snapshot } from './input.ts';
import { invariant } from './invariant.ts';
import { LIMITS } from './limits.ts';
import { runningVersion } from './package.ts';
import { FAILURE_REASONS, type FailureReason, type WaitReason } from './reasons.ts';
import type { Rule } from './rules.ts';
import { after, type Duration, earliest, type Instant } from './time.ts';
import {
  type Attempt,
  type AttemptOutcome,
  type Final,
  isFinal,
  isLive,
  type LiveState,
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

/** The change that brings an update to `next`: row, device, slot and entry stay consistent here and nowhere else. */
export function moveTo(snapshot: Snapshot, next: UpdateState, moment: Moment, step: Step): Change {
  const { update } = snapshot;
  const legal: readonly string[] = UPDATE_MOVES[update.state.name];
  invariant(legal.includes(next.name), `an update cannot go from ${update.state.name} to ${next.name}`);
  const device = step.device ?? snapshot.device;
  const { nextActionAt: _old, ...rest } = update;
  const dueAt = nextActionOf(next, device);
  const row: Update = {
    ...rest,
    state: next,
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
    writes.push({ op: 'replace-slots', row: { ...snapshot.slots, free: snapshot.slots.free - 1 } });
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
    ...(state.name === next.name ? {} : { move: { from: state.name, to: next.name } }),
    ...(slots === undefined ? {} : { slots }),
    ...(step.facts === undefined ? {} : { facts: step.facts }),
  };
}

export const outcomeOf = (
  attempt: Attempt,
  outcome: AttemptOutcome['outcome'],
  rule: Rule,
  now: Instant,
): AttemptOutcome => ({
  number: attempt.number,
  offeredAt: attempt.offeredAt,
  endedAt: now,
  outcome,
  transferred: attempt.transfer !== undefined,
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
  });
}

const backOff = (attempts: number): Duration =>
  Math.min(LIMITS.retryWait * 2 ** Math.max(0, attempts - 1), LIMITS.retryWaitMax) as Duration;

/** The attempt ended badly: another one after a wait, or the update has failed. */
export function failAttempt(
  snapshot: Snapshot,
  moment: Moment,
  failure: { readonly reason: FailureReason; readonly rule?: Rule; readonly detail?: string },
): Change {
  const { state, update } = { state: snapshot.update.state, update: snapshot.update };
  invariant(isLive(state), 'only a live attempt can fail');
  const { attempt } = state;
  if (attempt.interruptedAt !== undefined && moment.now < after(attempt.interruptedAt, LIMITS.interruptionGrace)) {
    return suspend(snapshot, moment, { rule: 'update.suspended', reason: 'suspended', ours: false });
  }
  const attempts = update.attempts + 1;
  const rule = failure.rule ?? 'update.attempt-failed';
  const outcome = outcomeOf(attempt, failure.reason, rule, moment.now);
  const over = isOver(snapshot.campaign.phase) || moment.now >= campaignEnd(snapshot.campaign.timetable);
  const facts = {
    reason: failure.reason,
    attempt: attempt.number,
    ...(failure.detail === undefined ? {} : { detail: failure.detail }),
  };
  if (FAILURE_REASONS[failure.reason].retry && attempts < LIMITS.attemptsMax && !over) {
    const next: UpdateState = { name: 'waiting', reason: 'retry', readyAt: after(moment.now, backOff(attempts)) };
    return moveTo(snapshot, next, moment, { rule, kind: 'report', outcome, attempts, facts });
  }
  const final: Final = {
    name: 'failed',
    at: moment.now,
    reason: failure.reason,
    attempt: attempt.number,
    ...(failure.detail === undefined ? {} : { detail: failure.detail }),
  };
  return finish(snapshot, final, moment, {
    rule: rule === 'update.attempt-failed' ? 'update.failed' : rule,
    kind: 'verification',
    outcome,
    attempts,
    facts,
  });
}

/** Whether the device still holds something of ours when the update ends in this state. */
function leavesResidue(state: UpdateState, final: Final): boolean {
  if (final.name === 'succeeded') return false;
  if (state.name === 'waiting') return state.suspended !== undefined;
  return isLive(state);
}

/** The end of an update: final state, slot and device set free, clean-up owed where something was left (engine.md §2). */
export function finish(snapshot: Snapshot, final: Final, moment: Moment, step: Step): Change {
  const { update } = snapshot;
  invariant(!isFinal(update.state), 'a final update never changes');
  const base = step.device ?? snapshot.device;
  const attempt =
    'attempt' in update.state
      ? (update.state as LiveState).attempt
      : update.state.name === 'waiting'
        ? update.state.suspended
        : undefined;
  const { liveCampaign, ...freed } = base;
  const device: Device = {
    ...(liveCampaign === update.campaign ? freed : base),
    ...(attempt !== undefined && leavesResidue(update.state, final)
      ? { residue: { campaign: update.campaign, actionId: attempt.actionId } }
      : {}),
  };
  const outcome =
    step.outcome ??
    (attempt === undefined
      ? undefined
      : outcomeOf(attempt, final.name === 'succeeded' ? 'succeeded' : 'campaign-over', step.rule, moment.now));
  return moveTo(snapshot, final, moment, { ...step, device, ...(outcome === undefined ? {} : { outcome }) });
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
  const { state, attempts } = snapshot.update;
  const current = isLive(state) ? state.attempt : state.name === 'waiting' ? state.suspended : undefined;
  const number = current?.number ?? Math.max(1, attempts);
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
