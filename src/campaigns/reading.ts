// What an LwM2M device's answer means for its update: object 5 and the version, read together.
import { drained, failAttempt, isEnough, moveTo, succeed, suspend } from './attempt.ts';
import { type Change, type Intent, noChange } from './change.ts';
import type { FirmwareObject, Moment, Snapshot } from './input.ts';
import { allowedBy } from './judged.ts';
import { LIMITS } from './limits.ts';
import { offerLwm2m } from './offer.ts';
import { judgeVersion } from './package.ts';
import { mayInstall, type Permit } from './permits.ts';
import { FAILURE_REASONS, type FailureReason } from './reasons.ts';
import { after, type Instant, minutes } from './time.ts';
import { type Attempt, isFinal, mayHoldImage, type UpdateState } from './update.ts';

type State<Name extends UpdateState['name']> = Extract<UpdateState, { readonly name: Name }>;

interface Answer {
  readonly askedAt: Instant;
  readonly object5?: FirmwareObject | 'absent';
}

/** The device answered: `object5` as read, its inventory in the snapshot as just told. */
export function onReading(snapshot: Snapshot, { object5, askedAt }: Answer, moment: Moment): Change {
  const { state, changedAt } = snapshot.update;
  if (isFinal(state)) return noChange('update.late');
  if (askedAt < changedAt) return askAgain(snapshot);
  if (state.name === 'waiting') return offerLwm2m(snapshot, object5, moment);
  if (object5 === undefined || object5 === 'absent') return onVersionOnly(snapshot, moment);
  switch (state.name) {
    case 'offered':
    case 'downloading':
      return whileDownloading(snapshot, state, object5, moment);
    case 'downloaded':
      return whileDownloaded(snapshot, state, object5, moment);
    case 'installing':
      return whileInstalling(snapshot, state, object5, moment);
    case 'verifying':
      return whileVerifying(snapshot, state, moment);
    default:
      return noChange('update.no-change');
  }
}

/** The answer is older than what we have done since: it would be taken for the answer to that. */
const askAgain = ({ device: { account, imei } }: Snapshot): Change => ({
  writes: [],
  entries: [],
  intents: [{ kind: 'ask', device: { account, imei } }],
  rule: 'update.reading-too-old',
});

/** By the device's own word: what an operator has imported proves nothing. */
const runsTarget = (snapshot: Snapshot): boolean => {
  const verdict = judgeVersion(snapshot.device, snapshot.campaign.package);
  return verdict.is === 'to' && verdict.reading.source === 'reported';
};
const runsAnother = (snapshot: Snapshot): boolean => {
  const verdict = judgeVersion(snapshot.device, snapshot.campaign.package);
  return verdict.is === 'from' || verdict.is === 'other';
};

function onVersionOnly(snapshot: Snapshot, moment: Moment): Change {
  const { state } = snapshot.update;
  const installs = state.name === 'installing' || state.name === 'verifying';
  return installs && runsTarget(snapshot) ? succeed(snapshot, 'version', moment) : noChange('update.no-change');
}

const failureOf = (object5: FirmwareObject): FailureReason | undefined =>
  object5.result in FAILURE_REASONS ? (object5.result as FailureReason) : undefined;

function whileDownloading(
  snapshot: Snapshot,
  state: State<'offered' | 'downloading'>,
  object5: FirmwareObject,
  moment: Moment,
): Change {
  if (mayHoldImage(snapshot.update) && object5.state !== 'updating' && runsTarget(snapshot)) {
    return succeed(snapshot, 'version', moment);
  }
  switch (object5.state) {
    case 'updating':
      return installsByItself(snapshot, state, moment);
    case 'downloaded':
      return state.attempt.transfer === undefined
        ? noChange('update.no-change')
        : installNow(snapshot, state, object5, moment);
    case 'downloading':
      return acted(snapshot, state, moment);
    default:
      return whileIdle(snapshot, state, object5, moment);
  }
}

function acted(snapshot: Snapshot, state: State<'offered' | 'downloading'>, moment: Moment): Change {
  if (state.name === 'downloading' || state.actedAt !== undefined) return noChange('update.no-change');
  const untilUntouched = after(moment.now, LIMITS.downloadIdleMax);
  return moveTo(snapshot, { ...state, actedAt: moment.now, untilUntouched }, moment, { rule: 'update.acted' });
}

/** Idle although it was offered an image: it gave up, or it has not begun. */
function whileIdle(
  snapshot: Snapshot,
  state: State<'offered' | 'downloading'>,
  object5: FirmwareObject,
  moment: Moment,
): Change {
  const { attempt } = state;
  // Before it has the offer, and while nothing has moved, its Result is that of an earlier attempt.
  const early = state.name === 'offered' && state.deliveredAt === undefined && state.actedAt === undefined;
  const lingers = attempt.transfer === undefined && object5.result === attempt.resultBefore;
  if (early || lingers) return noChange('update.no-change');
  const failure = failureOf(object5);
  if (failure !== undefined) return failAttempt(snapshot, moment, { reason: failure });
  if (object5.result === 'deferred' || object5.result === 'cancelled') return putOff(snapshot, moment);
  if (object5.result === 'success' && attempt.transfer !== undefined && restarted(snapshot, state)) {
    return reportsSuccess(snapshot, { attempt, since: attempt.transfer.grantedAt }, moment);
  }
  // Idle in the middle of a fetch: it restarted and forgot.
  if (state.name === 'downloading' && attempt.delivery === 'pull') {
    return failAttempt(snapshot, moment, { reason: 'connection-lost' });
  }
  return noChange('update.no-change');
}

function putOff(snapshot: Snapshot, moment: Moment): Change {
  return suspend(snapshot, moment, {
    rule: 'update.deferred',
    reason: 'deferred',
    readyAt: after(moment.now, LIMITS.retryWait),
    ours: false,
  });
}

/** State 3 without our Execute: the device installs as soon as it has the image. */
function installsByItself(
  snapshot: Snapshot,
  state: State<'offered' | 'downloading' | 'downloaded'>,
  moment: Moment,
): Change {
  return moveTo(snapshot, installing(snapshot, state, moment, 'sent'), moment, {
    rule: 'update.progress',
    kind: 'report',
    facts: { autoInstalls: true },
  });
}

function installing(
  snapshot: Snapshot,
  state: { readonly attempt: State<'installing'>['attempt'] },
  moment: Moment,
  order: State<'installing'>['order'],
): State<'installing'> {
  const since = snapshot.device.registration?.since;
  const attempt = { ...state.attempt, ...(since === undefined ? {} : { registrationSince: since }) };
  return {
    name: 'installing',
    attempt,
    since: moment.now,
    deadline: drained(snapshot, after(moment.now, LIMITS.installDeadline)),
    order,
    askAt: after(moment.now, minutes(10)),
  };
}

function whileDownloaded(
  snapshot: Snapshot,
  state: State<'downloaded'>,
  object5: FirmwareObject,
  moment: Moment,
): Change {
  if (object5.state === 'updating') return installsByItself(snapshot, state, moment);
  if (runsTarget(snapshot)) return succeed(snapshot, 'version', moment);
  if (object5.state === 'downloaded') return installNow(snapshot, state, object5, moment);
  // It has all bytes and still looks at them.
  if (object5.state === 'downloading') return noChange('update.no-change');
  const failure = failureOf(object5);
  if (failure !== undefined) return failAttempt(snapshot, moment, { reason: failure });
  if (object5.result === 'deferred' || object5.result === 'cancelled') return putOff(snapshot, moment);
  if (object5.result === 'success') return reportsSuccess(snapshot, state, moment);
  return failAttempt(snapshot, moment, { reason: 'connection-lost' });
}

const targetOf = ({ campaign }: Snapshot): string => campaign.package.reports?.to ?? campaign.package.to;

/** Execute only if the image is complete, the package is ours, the version is still right and the window is open (engine.md §5). */
function installNow(
  snapshot: Snapshot,
  state: State<'offered' | 'downloading' | 'downloaded'>,
  object5: FirmwareObject,
  moment: Moment,
): Change {
  const { attempt } = state;
  const target = targetOf(snapshot);
  const shown = object5.packageVersion === '' ? undefined : object5.packageVersion;
  if (shown !== undefined && shown !== target) {
    const detail = `the slot holds "${shown}", not "${target}"`;
    return failAttempt(snapshot, moment, { reason: 'integrity-failed', detail });
  }
  if (judgeVersion(snapshot.device, snapshot.campaign.package).is === 'other') {
    const detail = 'it changed its version while it had our image';
    return failAttempt(snapshot, moment, { reason: 'wrong-version', detail });
  }
  if (attempt.transfer?.completeAt === undefined && shown === undefined) return unproven(snapshot, state, moment);
  const permit = mayInstall(snapshot, moment.now);
  if (!permit.ok) return holds(snapshot, state, permit, moment);
  const { account, campaign, imei } = snapshot.update;
  const execute: Intent = { kind: 'execute', update: { account, campaign, imei }, attempt: attempt.number };
  return moveTo(snapshot, installing(snapshot, state, moment, 'pending'), moment, {
    rule: 'update.executing',
    kind: 'execute',
    intents: [execute],
    facts: { attempt: attempt.number, closesAt: permit.closesAt, ...allowedBy(snapshot, 'install', moment) },
  });
}

/** It has the image and may not install it yet. */
function holds(
  snapshot: Snapshot,
  state: State<'offered' | 'downloading' | 'downloaded'>,
  permit: Permit & { readonly ok: false },
  moment: Moment,
): Change {
  // Nobody tells the device when a hold is over.
  const wait = permit.rule === 'permit.held' ? minutes(10) : LIMITS.installDeadline;
  const askAt = permit.nextEligibleAt ?? after(moment.now, wait);
  const since = state.name === 'downloaded' ? state.since : moment.now;
  const next: UpdateState = { name: 'downloaded', attempt: state.attempt, since, askAt };
  const change = moveTo(snapshot, next, moment, {
    rule: state.name === 'downloaded' ? permit.rule : 'update.downloaded',
  });
  return state.name === 'downloaded' ? { ...change, entries: [] } : change;
}

/**
 * The device has an image that names no version, and the end of our transfer is not on record: the record may be about
 * to come, or was lost with a process. It is waited for; then the image is sent again.
 */
function unproven(snapshot: Snapshot, state: State<'offered' | 'downloading' | 'downloaded'>, moment: Moment): Change {
  const rule = 'update.transfer-unproven';
  if (state.name !== 'downloaded') {
    const askAt = after(moment.now, LIMITS.askAgain);
    return moveTo(snapshot, { name: 'downloaded', attempt: state.attempt, since: moment.now, askAt }, moment, { rule });
  }
  if (moment.now < after(state.since, LIMITS.askAgain)) return noChange(rule);
  const { transfer: _unproven, ...attempt } = state.attempt;
  const next: UpdateState = { name: 'waiting', reason: 'suspended', readyAt: moment.now, suspended: attempt };
  return moveTo(snapshot, next, moment, { rule });
}

/** Since when a restart would be the result of this attempt. */
const sinceOf = (state: UpdateState): Instant | undefined =>
  'since' in state
    ? state.since
    : 'attempt' in state && typeof state.attempt === 'object'
      ? state.attempt.transfer?.grantedAt
      : undefined;

const restarted = (snapshot: Snapshot, state: UpdateState & { readonly attempt: Attempt }): boolean => {
  const registered = snapshot.device.registration?.since;
  const since = sinceOf(state);
  if (registered === undefined || since === undefined) return false;
  return registered !== state.attempt.registrationSince && registered >= since;
};

function whileInstalling(
  snapshot: Snapshot,
  state: State<'installing'>,
  object5: FirmwareObject,
  moment: Moment,
): Change {
  if (object5.state !== 'updating' && runsTarget(snapshot)) return succeed(snapshot, 'version', moment);
  if (object5.state === 'updating') return stillInstalling(snapshot, { ...state, order: 'sent' }, moment);
  if (state.order === 'pending') return noChange('update.no-change');
  const failure = failureOf(object5);
  if (failure !== undefined) {
    return failAttempt(snapshot, moment, { reason: failure === 'connection-lost' ? 'install-failed' : failure });
  }
  if (object5.state === 'downloaded') return orderNotTaken(snapshot, state, moment);
  if (object5.result === 'deferred') return putOff(snapshot, moment);
  if (object5.result === 'success') return reportsSuccess(snapshot, state, moment);
  if (restarted(snapshot, state)) {
    return failAttempt(snapshot, moment, { reason: 'install-failed', detail: 'it restarted without the image' });
  }
  return stillInstalling(snapshot, state, moment);
}

/** It is asked again in a while: its timer rested while it could not be reached. */
function stillInstalling(snapshot: Snapshot, state: State<'installing'>, moment: Moment): Change {
  const next = { ...state, askAt: after(moment.now, minutes(10)) };
  return { ...moveTo(snapshot, next, moment, { rule: 'update.progress' }), entries: [] };
}

/** State 2 still: when the order was lost this is proof; when it was answered the device may just be slow to begin. */
function orderNotTaken(snapshot: Snapshot, state: State<'installing'>, moment: Moment): Change {
  if (state.order === 'sent' && moment.now < after(state.since, minutes(10))) {
    return stillInstalling(snapshot, state, moment);
  }
  const next: UpdateState = { name: 'downloaded', attempt: state.attempt, since: moment.now, askAt: moment.now };
  return moveTo(snapshot, next, moment, { rule: 'update.execute-not-taken', kind: 'report' });
}

function reportsSuccess(
  snapshot: Snapshot,
  state: { readonly attempt: Attempt; readonly since: Instant },
  moment: Moment,
): Change {
  const registered = snapshot.device.registration?.since;
  const again = registered !== undefined && registered >= state.since && registered !== state.attempt.registrationSince;
  const word = again ? 'restart' : 'reported';
  if (word === 'restart' && runsAnother(snapshot)) return wrongVersion(snapshot, moment);
  if (word === 'restart' && isEnough('restart', state.attempt.leastEvidence)) {
    return succeed(snapshot, 'restart', moment);
  }
  const wait = word === 'restart' ? LIMITS.verifyDeadline : LIMITS.restartWait;
  const deadline = drained(snapshot, after(moment.now, wait));
  const next: UpdateState = { name: 'verifying', attempt: state.attempt, since: moment.now, deadline, word };
  return moveTo(snapshot, next, moment, { rule: 'update.reported-installed', kind: 'report', facts: { word } });
}

function whileVerifying(snapshot: Snapshot, state: State<'verifying'>, moment: Moment): Change {
  if (runsTarget(snapshot)) return succeed(snapshot, 'version', moment);
  if (!restarted(snapshot, state)) return noChange('update.no-change');
  if (runsAnother(snapshot)) return wrongVersion(snapshot, moment);
  return isEnough('restart', state.attempt.leastEvidence)
    ? succeed(snapshot, 'restart', moment)
    : noChange('update.no-change');
}

export function wrongVersion(snapshot: Snapshot, moment: Moment): Change {
  const verdict = judgeVersion(snapshot.device, snapshot.campaign.package);
  const runs = verdict.is === 'unknown' ? 'an unknown version' : `"${verdict.reading.value}"`;
  return failAttempt(snapshot, moment, {
    reason: 'wrong-version',
    rule: 'update.wrong-version',
    detail: `it runs ${runs}`,
    closed: snapshot.device.transport === 'HTTP',
  });
}
