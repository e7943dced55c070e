// Whether a waiting update is offered its image now, and what exactly is offered.
import { admitAgain } from './admission.ts';
import { labelsHoldBack } from './arrivals.ts';
import { failAttempt, finish, leastEvidenceOf, moveTo, outcomeOf, succeed, suspend } from './attempt.ts';
import { hasStarted, isOver } from './campaign.ts';
import { type Change, type Intent, noChange } from './change.ts';
import { owesCleanUp } from './device.ts';
import type { FirmwareObject, Moment, Snapshot } from './input.ts';
import { invariant } from './invariant.ts';
import { allowedBy, refusedBy } from './judged.ts';
import { LIMITS } from './limits.ts';
import { judgeVersion, runningVersion } from './package.ts';
import { mayBeginTransfer, type Permit, zoneOf } from './permits.ts';
import { isStepOpen } from './rollout.ts';
import type { Rule } from './rules.ts';
import { after, type Duration, earliest, type Instant } from './time.ts';
import { type Attempt, attemptOf, mayHoldImage, type Update, type UpdateState } from './update.ts';
import { isZoneKnown } from './zones.ts';

type Waiting = Extract<UpdateState, { readonly name: 'waiting' }>;

const waitingState = (update: Update): Waiting => {
  invariant(update.state.name === 'waiting', 'only a waiting update can be offered');
  return update.state;
};

/** A slot for a live attempt and an arrival for its beginning; both are leased to the node. */
export const hasSlot = ({ slots }: Snapshot, moment: Pick<Moment, 'now'>): boolean =>
  slots !== undefined && slots.free > 0 && slots.arrivals > 0 && moment.now < slots.until;

/** Bytes that are still to be sent: what a suspended fetch has is resumed, not sent again. */
export function bytesToSend({ update, campaign }: Snapshot): number {
  const attempt = attemptOf(update);
  const sent = attempt?.delivery === 'pull' ? (attempt.transfer?.bytes ?? 0) : 0;
  return Math.max(0, campaign.package.image.size - sent);
}

interface Held {
  readonly rule: Rule;
  readonly permit?: Permit;
  /** A label of the device allows the next arrival then. */
  readonly allowedAt?: Instant;
}

/** Why nothing may be offered at the moment; undefined when it may. */
export function holdBack(snapshot: Snapshot, moment: Moment): Held | undefined {
  const state = waitingState(snapshot.update);
  if (isOver(snapshot.campaign.phase)) return { rule: 'permit.over' };
  if (owesCleanUp(snapshot.device, moment.now)) return { rule: 'update.clean-up-first' };
  if (moment.now < state.readyAt) return { rule: 'update.waiting-for-retry' };
  const permit = mayBeginTransfer(snapshot, bytesToSend(snapshot), moment.now);
  if (!permit.ok) return { rule: permit.rule, permit };
  if (!isStepOpen(snapshot.campaign, snapshot.update)) return { rule: 'update.step-closed' };
  if (!hasSlot(snapshot, moment)) return { rule: 'update.no-slot' };
  const allowedAt = labelsHoldBack(snapshot, moment.now);
  return allowedAt === undefined ? undefined : { rule: 'update.label-cap', allowedAt };
}

/** A device that we can speak to at any time is looked at again when its label allows it, each at a moment of its own. */
function putOff(snapshot: Snapshot, allowedAt: Instant, moment: Moment): Change {
  if (snapshot.device.transport !== 'LWM2M') return noChange('update.label-cap');
  const spread = (snapshot.update.hash % LIMITS.arrivalSpread) as Duration;
  const readyAt = Math.max(allowedAt, after(moment.now, spread)) as Instant;
  const change = moveTo(snapshot, { ...waitingState(snapshot.update), readyAt }, moment, { rule: 'update.label-cap' });
  return { ...change, entries: [] };
}

/**
 * The steward can do nothing with it at the moment: it is looked at again when that may have changed, unless it speaks
 * first, and until then others have their turn.
 */
export function passOver(snapshot: Snapshot, moment: Moment): Change {
  if (snapshot.update.state.name !== 'waiting') return noChange('update.no-change');
  const held = holdBack(snapshot, moment);
  const elsewhere = snapshot.device.registration?.node !== moment.node;
  // A slot comes back any moment.
  if (!elsewhere && (held === undefined || held.rule === 'update.no-slot')) return noChange('update.no-slot');
  const next = held?.permit?.ok === false ? held.permit.nextEligibleAt : undefined;
  const wait = held?.rule === 'update.clean-up-first' ? LIMITS.askAgain : LIMITS.arrivalSpread;
  const askAt = earliest(next, after(moment.now, wait)) ?? moment.now;
  const rule = held?.rule ?? 'update.no-slot';
  return { ...moveTo(snapshot, { ...waitingState(snapshot.update), askAt }, moment, { rule }), entries: [] };
}

/** What it waited for has come: its version. From now on it waits for the window, a slot or a wave. */
function knownMeanwhile({ update, device, campaign }: Snapshot): Waiting | undefined {
  const { state } = update;
  if (state.name !== 'waiting' || state.reason !== 'version-unknown') return undefined;
  return judgeVersion(device, campaign.package).is === 'unknown' ? undefined : { ...state, reason: 'ready' };
}

/** The first refusal of each closed period is written down, later ones are not (engine.md §8). */
function refusal(snapshot: Snapshot, moment: Moment, held: Held): Change {
  const { update } = snapshot;
  if (held.allowedAt !== undefined) return putOff(snapshot, held.allowedAt, moment);
  const zone = zoneOf(snapshot.campaign, snapshot.device);
  if (held.rule === 'update.no-slot' && !isZoneKnown(snapshot.campaign, zone))
    return moveTo(snapshot, update.state, moment, { rule: held.rule, facts: { zone } });
  const known = knownMeanwhile(snapshot);
  const next = held.permit?.ok === false ? held.permit.nextEligibleAt : undefined;
  const isWindow =
    held.rule === 'permit.download-window' ||
    held.rule === 'permit.install-window' ||
    held.rule === 'permit.does-not-fit';
  if (!isWindow || next === undefined || next === update.refusedUntil || !hasStarted(snapshot.campaign, moment.now))
    return known === undefined
      ? noChange(held.rule)
      : moveTo(snapshot, known, moment, { rule: 'update.version-known' });
  return moveTo(snapshot, known ?? update.state, moment, {
    rule: held.rule,
    kind: 'refusal',
    refusedUntil: next,
    facts: {
      nextEligibleAt: next,
      ...refusedBy(snapshot, held.rule === 'permit.install-window' ? 'install' : 'download', moment),
    },
  });
}

/** A suspended attempt whose image has reached the device completely: no byte of it is needed any more. */
export const imageIsThere = ({ state }: Update): boolean =>
  state.name === 'waiting' && state.suspended?.transfer?.completeAt !== undefined;

/** An LwM2M device spoke, or its turn has come: it is asked before anything is offered (engine.md §1). */
export function askOrHold(snapshot: Snapshot, moment: Moment): Change {
  const held = imageIsThere(snapshot.update) ? undefined : holdBack(snapshot, moment);
  if (held !== undefined) return refusal(snapshot, moment, held);
  const { account, imei } = snapshot.device;
  const state: Waiting = { ...waitingState(snapshot.update), askAt: after(moment.now, LIMITS.askAgain) };
  const change = moveTo(snapshot, state, moment, {
    rule: 'update.asked',
    intents: [{ kind: 'ask', device: { account, imei } }],
  });
  return { ...change, entries: [] };
}

/** The verdict on a device whose make, model and version were just told or read. */
function rejected(snapshot: Snapshot, moment: Moment): Change | undefined {
  const verdict = admitAgain(snapshot.device, snapshot.campaign);
  if (verdict === undefined) return undefined;
  // An attempt that was given up may have worked after all: then the new version is ours.
  const reading = runningVersion(snapshot.device, snapshot.campaign.package);
  const ours = verdict.reason === 'already-current' && mayHoldImage(snapshot.update);
  if (ours && reading?.source === 'reported') return succeed(snapshot, 'version', moment);
  const read = reading === undefined ? {} : { runs: reading.value, wanted: wantedText(snapshot), readAt: reading.at };
  const facts = { reason: verdict.reason, detail: verdict.detail, ...read };
  return finish(
    snapshot,
    { name: 'rejected', at: moment.now, reason: verdict.reason, detail: verdict.detail },
    moment,
    {
      rule: verdict.reason === 'already-current' ? 'update.reading-current' : 'update.reading-mismatch',
      kind: 'verification',
      facts,
    },
  );
}

const wantedText = ({ campaign }: Snapshot): string =>
  campaign.package.from === '*' ? '*' : (campaign.package.reports?.from ?? campaign.package.from).join(', ');

/**
 * Whether the device's version has to be told (again) before it is offered anything: it is not known, or image bytes may
 * have reached it since it was told. A device that never tells its attributes is believed as it was imported.
 */
export function wantsFreshVersion({ device, update, campaign }: Snapshot): boolean {
  if (judgeVersion(device, campaign.package).is === 'unknown') return true;
  const last = update.history.findLast((past) => past.transferred);
  return last !== undefined && device.attributesAt !== undefined && device.attributesAt < last.endedAt;
}

/** DDI: the device polls, its last told version counts; the offer is what its next answers show. */
export function offerHttp(snapshot: Snapshot, moment: Moment): Change {
  if (wantsFreshVersion(snapshot)) return versionUnknown(snapshot, moment);
  const no = rejected(snapshot, moment);
  if (no !== undefined) return no;
  const held = holdBack(snapshot, moment);
  if (held !== undefined) return refusal(snapshot, moment, held);
  return offered(snapshot, moment, { delivery: 'pull', reset: false, resume: false });
}

function versionUnknown(snapshot: Snapshot, moment: Moment): Change {
  const state = waitingState(snapshot.update);
  if (state.reason === 'version-unknown') return noChange('update.version-unknown');
  return moveTo(snapshot, { ...state, reason: 'version-unknown' }, moment, { rule: 'update.version-unknown' });
}

/** LwM2M: the device was just asked, `object5` is its answer. */
export function offerLwm2m(snapshot: Snapshot, object5: FirmwareObject | 'absent' | undefined, moment: Moment): Change {
  const state = waitingState(snapshot.update);
  const no = rejected(snapshot, moment);
  if (no !== undefined) return no;
  if (judgeVersion(snapshot.device, snapshot.campaign.package).is === 'unknown')
    return versionUnknown(snapshot, moment);
  if (object5 === 'absent') {
    return finish(snapshot, { name: 'rejected', at: moment.now, reason: 'not-capable' }, moment, {
      rule: 'update.not-capable',
    });
  }
  if (object5 === undefined) return noChange('update.no-change');
  if (object5.state === 'downloaded' && imageIsThere(snapshot.update)) return takenUp(snapshot, moment);
  const held = holdBack(snapshot, moment);
  if (held !== undefined) return refusal(snapshot, moment, held);
  if (object5.state === 'updating') {
    return moveTo(snapshot, { ...state, askAt: after(moment.now, LIMITS.askAgain) }, moment, {
      rule: 'update.device-busy',
    });
  }
  const begun = state.suspended?.delivery === 'pull' && state.suspended.transfer !== undefined;
  const resume = begun && object5.state !== 'downloaded' && object5.canPull;
  const reset = object5.state !== 'idle' && !resume;
  const delivery = resume ? 'pull' : wayOf(snapshot, object5);
  return offered(snapshot, moment, { delivery, reset, resume, resultBefore: object5.result });
}

/** A suspended attempt whose image is complete on the device goes on where it was; it only needs a slot. */
function takenUp(snapshot: Snapshot, moment: Moment): Change {
  const { suspended } = waitingState(snapshot.update);
  invariant(suspended !== undefined, 'nothing is suspended that could be taken up');
  if (owesCleanUp(snapshot.device, moment.now)) return noChange('update.clean-up-first');
  if (!hasSlot(snapshot, moment)) return noChange('update.no-slot');
  const next: UpdateState = { name: 'downloaded', attempt: suspended, since: moment.now, askAt: moment.now };
  const ask: Intent = { kind: 'ask', device: { account: snapshot.device.account, imei: snapshot.device.imei } };
  return moveTo(snapshot, next, moment, { rule: 'update.downloaded', intents: [ask] });
}

/** Push where the device says so, where the profile says so, or where pulling was tried and led nowhere (devices.md). */
function wayOf(snapshot: Snapshot, object5: FirmwareObject): 'pull' | 'push' {
  if (snapshot.profile.delivery !== undefined) return snapshot.profile.delivery;
  if (!object5.canPull) return 'push';
  if (!object5.canPush) return 'pull';
  const pullFailed = snapshot.update.history.some(
    (past) => past.outcome === 'untouched' || past.outcome === 'invalid-uri' || past.outcome === 'unsupported-protocol',
  );
  return pullFailed ? 'push' : 'pull';
}

interface How {
  readonly delivery: 'pull' | 'push';
  readonly reset: boolean;
  readonly resume: boolean;
  readonly resultBefore?: string;
}

// Action ids rise for ever, even when a device is deleted and imported again: seconds since 2025 are a floor below 2^31.
const ACTION_EPOCH = 1_735_689_600_000;

function freshAttempt(snapshot: Snapshot, moment: Moment, how: How): Attempt {
  const floor = Math.floor((moment.now - ACTION_EPOCH) / 1_000);
  return {
    number: snapshot.update.attempts + 1,
    token: moment.token,
    actionId: Math.max(snapshot.device.lastActionId + 1, floor),
    offeredAt: moment.now,
    leastEvidence: leastEvidenceOf(snapshot),
    delivery: how.delivery,
    interruptions: 0,
    executesRefused: 0,
  };
}

function offered(snapshot: Snapshot, moment: Moment, how: How): Change {
  const { suspended } = waitingState(snapshot.update);
  const kept = suspended === undefined ? freshAttempt(snapshot, moment, how) : { ...suspended, delivery: how.delivery };
  const { transfer, resultBefore: _earlier, ...untransferred } = kept;
  const resumed = how.resume || snapshot.device.transport === 'HTTP';
  const attempt: Attempt = {
    ...untransferred,
    ...(resumed && transfer !== undefined ? { transfer } : {}),
    ...(how.resultBefore === undefined ? {} : { resultBefore: how.resultBefore }),
  };
  const { account, imei, campaign } = snapshot.update;
  const permit = mayBeginTransfer(snapshot, bytesToSend(snapshot), moment.now);
  const wait = after(moment.now, how.resume ? LIMITS.downloadIdleMax : LIMITS.offerWait);
  // Ninety minutes or the close, whichever is first (engine.md §4).
  const untilUntouched = permit.ok ? (Math.min(wait, permit.closesAt) as Instant) : wait;
  const offer: Intent = {
    kind: 'offer',
    update: { account, campaign, imei },
    attempt: attempt.number,
    token: attempt.token,
    delivery: attempt.delivery,
    reset: how.reset,
  };
  const { residue: _waitedFor, ...device } = snapshot.device;
  return moveTo(snapshot, { name: 'offered', attempt, untilUntouched }, moment, {
    rule: 'update.offered',
    kind: 'offer',
    intents: snapshot.device.transport === 'LWM2M' ? [offer] : [],
    facts: {
      attempt: attempt.number,
      delivery: attempt.delivery,
      resumed: how.resume,
      ...(permit.ok ? { closesAt: permit.closesAt } : {}),
      ...allowedBy(snapshot, 'download', moment),
    },
    ...(attempt.actionId > snapshot.device.lastActionId
      ? { device: { ...device, lastActionId: attempt.actionId, lastCampaign: campaign } }
      : {}),
  });
}

/** An offer that nobody acted on goes back; it costs no attempt, but it is remembered (devices.md: a URI that is ignored). */
export function withdraw(snapshot: Snapshot, moment: Moment, reason: 'untouched' | 'unreachable'): Change {
  const { state } = snapshot.update;
  invariant(state.name === 'offered', 'only an offer can be withdrawn');
  const { attempt } = state;
  const shut = !mayBeginTransfer(snapshot, bytesToSend(snapshot), moment.now).ok;
  // The window or the campaign closed before it was done: that is our doing, not the device's.
  if (shut)
    return suspend(snapshot, moment, {
      rule: 'update.suspended',
      reason: 'suspended',
      ours: state.actedAt !== undefined,
    });
  if (state.actedAt !== undefined) {
    return failAttempt(snapshot, moment, { reason: 'download-stalled', rule: 'update.idle-download' });
  }
  const rule: Rule = reason === 'untouched' ? 'update.offer-untouched' : 'update.unreachable';
  const readyAt = reason === 'unreachable' ? moment.now : after(moment.now, LIMITS.askAgain);
  const why = reason === 'unreachable' ? 'unreachable' : 'ready';
  const device = reason === 'unreachable' ? { device: { ...snapshot.device, reachable: false } } : {};
  const next: UpdateState = { name: 'waiting', reason: why, readyAt, suspended: attempt };
  const outcome = outcomeOf(attempt, reason, rule, moment);
  return moveTo(snapshot, next, moment, { rule, outcome, ...device });
}
