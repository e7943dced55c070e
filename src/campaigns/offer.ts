// Whether a waiting update is offered its image now, and what exactly is offered.
import { admitAgain } from './admission.ts';
import { failAttempt, finish, leastEvidenceOf, moveTo, succeed } from './attempt.ts';
import { hasStarted, isOver } from './campaign.ts';
import { type Change, type Intent, noChange } from './change.ts';
import type { FirmwareObject, Moment, Snapshot } from './input.ts';
import { invariant } from './invariant.ts';
import { LIMITS } from './limits.ts';
import { judgeVersion, runningVersion } from './package.ts';
import { mayBeginTransfer, type Permit } from './permits.ts';
import type { Rule } from './rules.ts';
import { after, seconds } from './time.ts';
import { type Attempt, mayHoldImage, type Update, type UpdateState } from './update.ts';

type Waiting = Extract<UpdateState, { readonly name: 'waiting' }>;

const waitingState = (update: Update): Waiting => {
  invariant(update.state.name === 'waiting', 'only a waiting update can be offered');
  return update.state;
};

const hasSlot = ({ slots }: Snapshot, moment: Moment): boolean =>
  slots !== undefined && slots.free > 0 && moment.now < slots.until;

/** Why nothing may be offered at the moment; undefined when it may. */
export function holdBack(
  snapshot: Snapshot,
  moment: Moment,
): { readonly rule: Rule; readonly permit?: Permit } | undefined {
  const state = waitingState(snapshot.update);
  if (isOver(snapshot.campaign.phase)) return { rule: 'permit.over' };
  if (snapshot.device.residue !== undefined) return { rule: 'update.clean-up-first' };
  if (moment.now < state.readyAt) return { rule: 'update.waiting-for-retry' };
  const permit = mayBeginTransfer(snapshot, snapshot.campaign.package.image.size, moment.now);
  if (!permit.ok) return { rule: permit.rule, permit };
  if (!hasSlot(snapshot, moment)) return { rule: 'update.no-slot' };
  return undefined;
}

/** The first refusal of each closed period is written down, later ones are not (engine.md §8). */
function refusal(snapshot: Snapshot, moment: Moment, held: { readonly rule: Rule; readonly permit?: Permit }): Change {
  const { update } = snapshot;
  const next = held.permit?.ok === false ? held.permit.nextEligibleAt : undefined;
  const isWindow =
    held.rule === 'permit.download-window' ||
    held.rule === 'permit.install-window' ||
    held.rule === 'permit.does-not-fit';
  if (!isWindow || next === undefined || next === update.refusedUntil || !hasStarted(snapshot.campaign, moment.now))
    return noChange(held.rule);
  return moveTo(snapshot, update.state, moment, {
    rule: held.rule,
    kind: 'refusal',
    refusedUntil: next,
    facts: { nextEligibleAt: next },
  });
}

/** An LwM2M device spoke, or its turn has come: it is asked before anything is offered (engine.md §1). */
export function askOrHold(snapshot: Snapshot, moment: Moment): Change {
  const held = holdBack(snapshot, moment);
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
  if (verdict.reason === 'already-current' && mayHoldImage(snapshot.update))
    return succeed(snapshot, 'version', moment);
  const reading = runningVersion(snapshot.device, snapshot.campaign.package);
  const facts = reading === undefined ? {} : { runs: reading.value, wanted: wantedText(snapshot), readAt: reading.at };
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
  if (judgeVersion(snapshot.device, snapshot.campaign.package).is === 'unknown')
    return versionUnknown(snapshot, moment);
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
  const held = holdBack(snapshot, moment);
  if (held !== undefined) return refusal(snapshot, moment, held);
  if (object5.state === 'updating') {
    return moveTo(snapshot, { ...state, askAt: after(moment.now, LIMITS.askAgain) }, moment, {
      rule: 'update.device-busy',
    });
  }
  const suspended = state.suspended;
  if (suspended !== undefined && object5.state === 'downloaded' && suspended.transfer !== undefined) {
    return takenUp(snapshot, suspended, moment);
  }
  const resume =
    suspended !== undefined &&
    object5.state !== 'downloaded' &&
    suspended.delivery === 'pull' &&
    suspended.transfer !== undefined;
  return offered(snapshot, moment, {
    delivery: wayOf(snapshot, object5),
    reset: object5.state !== 'idle' && !resume,
    resume,
  });
}

/** A suspended attempt whose image is complete on the device goes on where it was. */
function takenUp(snapshot: Snapshot, attempt: Attempt, moment: Moment): Change {
  const offer: UpdateState = { name: 'offered', attempt, untilUntouched: after(moment.now, LIMITS.offerWait) };
  const ask: Intent = { kind: 'ask', device: { account: snapshot.device.account, imei: snapshot.device.imei } };
  return moveTo(snapshot, offer, moment, {
    rule: 'update.offered',
    kind: 'offer',
    intents: [ask],
    facts: { attempt: attempt.number, resumed: true },
  });
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
  };
}

function offered(snapshot: Snapshot, moment: Moment, how: How): Change {
  const { suspended } = waitingState(snapshot.update);
  const kept = suspended === undefined ? freshAttempt(snapshot, moment, how) : { ...suspended, delivery: how.delivery };
  const { transfer, ...untransferred } = kept;
  const attempt: Attempt = how.resume || snapshot.device.transport === 'HTTP' ? kept : untransferred;
  const { account, imei, campaign } = snapshot.update;
  const untilUntouched = after(moment.now, how.resume ? LIMITS.downloadIdleMax : LIMITS.offerWait);
  const offer: Intent = {
    kind: 'offer',
    update: { account, campaign, imei },
    attempt: attempt.number,
    token: attempt.token,
    delivery: attempt.delivery,
    reset: how.reset,
  };
  const permit = mayBeginTransfer(snapshot, snapshot.campaign.package.image.size, moment.now);
  return moveTo(snapshot, { name: 'offered', attempt, untilUntouched }, moment, {
    rule: 'update.offered',
    kind: 'offer',
    intents: snapshot.device.transport === 'LWM2M' ? [offer] : [],
    facts: {
      attempt: attempt.number,
      delivery: attempt.delivery,
      resumed: how.resume,
      ...(permit.ok ? { closesAt: permit.closesAt } : {}),
    },
    ...(attempt.actionId > snapshot.device.lastActionId
      ? { device: { ...snapshot.device, lastActionId: attempt.actionId } }
      : {}),
  });
}

/** An offer that nobody acted on goes back; it costs no attempt, but it is remembered (devices.md: a URI that is ignored). */
export function withdraw(snapshot: Snapshot, moment: Moment, reason: 'untouched' | 'unreachable'): Change {
  const { state } = snapshot.update;
  invariant(state.name === 'offered', 'only an offer can be withdrawn');
  if (state.actedAt !== undefined)
    return failAttempt(snapshot, moment, { reason: 'download-stalled', rule: 'update.idle-download' });
  const rule: Rule = reason === 'untouched' ? 'update.offer-untouched' : 'update.unreachable';
  const next: UpdateState = {
    name: 'waiting',
    reason: reason === 'unreachable' ? 'unreachable' : 'ready',
    readyAt: after(moment.now, reason === 'unreachable' ? seconds(0) : LIMITS.askAgain),
    suspended: state.attempt,
  };
  const outcome = {
    number: state.attempt.number,
    offeredAt: state.attempt.offeredAt,
    endedAt: moment.now,
    outcome: reason,
    transferred: false,
    bytes: 0,
    rule,
  };
  const device = reason === 'unreachable' ? { device: { ...snapshot.device, reachable: false } } : {};
  return moveTo(snapshot, next, moment, { rule, outcome, ...device });
}
