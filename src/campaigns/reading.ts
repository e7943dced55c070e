// What an LwM2M device's answer means for its update: object 5 and the version, read together.
import { failAttempt, isEnough, moveTo, succeed, suspend } from './attempt.ts';
import { type Change, type Intent, noChange } from './change.ts';
import type { FirmwareObject, Moment, Snapshot } from './input.ts';
import { LIMITS } from './limits.ts';
import { offerLwm2m } from './offer.ts';
import { judgeVersion } from './package.ts';
import { mayInstall } from './permits.ts';
import { FAILURE_REASONS, type FailureReason } from './reasons.ts';
import { after, type Instant, minutes } from './time.ts';
import { isFinal, mayHoldImage, type UpdateState } from './update.ts';

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

const runsTarget = (snapshot: Snapshot): boolean =>
  judgeVersion(snapshot.device, snapshot.campaign.package).is === 'to';
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
  const { attempt } = state;
  const idleDeadline = after(moment.now, LIMITS.downloadIdleMax);
  if (mayHoldImage(snapshot.update) && object5.state !== 'updating' && runsTarget(snapshot))
    return succeed(snapshot, 'version', moment);
  if (object5.state === 'updating') return installsByItself(snapshot, state, moment);
  if (object5.state === 'downloaded') {
    // Object 5 was brought to Idle before the transfer, so a complete image is this attempt's.
    if (attempt.transfer === undefined) return noChange('update.no-change');
    const complete = {
      ...attempt,
      transfer: { ...attempt.transfer, completeAt: attempt.transfer.completeAt ?? moment.now },
    };
    const next: UpdateState = { name: 'downloaded', attempt: complete, since: moment.now, askAt: moment.now };
    return installNow({ ...snapshot, update: { ...snapshot.update, state: next } }, next, object5, moment, snapshot);
  }
  if (object5.state === 'downloading') {
    if (state.name === 'offered')
      return moveTo(
        snapshot,
        { ...state, actedAt: state.actedAt ?? moment.now, untilUntouched: idleDeadline },
        moment,
        { rule: 'update.acted' },
      );
    return noChange('update.no-change');
  }
  const failure = failureOf(object5);
  if (failure !== undefined) return failAttempt(snapshot, moment, { reason: failure });
  if (object5.result === 'deferred' || object5.result === 'cancelled') return putOff(snapshot, moment);
  if (state.name === 'downloading' && attempt.transfer?.completeAt === undefined && attempt.delivery === 'pull') {
    // Idle in the middle of a download: it restarted and forgot.
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
    deadline: after(moment.now, LIMITS.installDeadline),
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
  if (object5.state === 'downloaded') return installNow(snapshot, state, object5, moment, snapshot);
  const failure = failureOf(object5);
  return failAttempt(snapshot, moment, { reason: failure ?? 'connection-lost' });
}

/** Execute only if the image is complete, the package is ours, the version is still right and the window is open (engine.md §5). */
function installNow(
  snapshot: Snapshot,
  state: State<'downloaded'>,
  object5: FirmwareObject,
  moment: Moment,
  before: Snapshot,
): Change {
  const { account, campaign, imei } = snapshot.update;
  const target = snapshot.campaign.package.reports?.to ?? snapshot.campaign.package.to;
  if (object5.packageVersion !== undefined && object5.packageVersion !== '' && object5.packageVersion !== target) {
    return failAttempt(before, moment, {
      reason: 'integrity-failed',
      detail: `the slot holds "${object5.packageVersion}", not "${target}"`,
    });
  }
  if (judgeVersion(snapshot.device, snapshot.campaign.package).is === 'other') {
    return failAttempt(before, moment, {
      reason: 'wrong-version',
      detail: 'it changed its version while it had our image',
    });
  }
  const permit = mayInstall(snapshot, moment.now);
  if (!permit.ok) {
    const askAt = permit.nextEligibleAt ?? after(moment.now, LIMITS.installDeadline);
    return moveTo(before, { ...state, askAt }, moment, {
      rule: before.update.state.name === 'downloaded' ? permit.rule : 'update.downloaded',
    });
  }
  const execute: Intent = { kind: 'execute', update: { account, campaign, imei }, attempt: state.attempt.number };
  return moveTo(before, installing(snapshot, state, moment, 'pending'), moment, {
    rule: 'update.executing',
    kind: 'execute',
    intents: [execute],
    facts: { attempt: state.attempt.number, closesAt: permit.closesAt },
  });
}

const restarted = (snapshot: Snapshot, state: State<'installing' | 'verifying'>): boolean => {
  const since = snapshot.device.registration?.since;
  return since !== undefined && since !== state.attempt.registrationSince && since >= state.since;
};

function whileInstalling(
  snapshot: Snapshot,
  state: State<'installing'>,
  object5: FirmwareObject,
  moment: Moment,
): Change {
  if (object5.state !== 'updating' && runsTarget(snapshot)) return succeed(snapshot, 'version', moment);
  if (state.order === 'pending' && object5.state !== 'updating') return noChange('update.no-change');
  if (object5.state === 'updating') {
    return moveTo(snapshot, { ...state, order: 'sent', askAt: after(moment.now, minutes(10)) }, moment, {
      rule: 'update.progress',
    });
  }
  const failure = failureOf(object5);
  if (failure !== undefined)
    return failAttempt(snapshot, moment, { reason: failure === 'connection-lost' ? 'install-failed' : failure });
  if (object5.state === 'downloaded') return orderNotTaken(snapshot, state, moment);
  if (object5.result === 'deferred') return putOff(snapshot, moment);
  if (object5.result === 'success') return reportsSuccess(snapshot, state, moment);
  if (restarted(snapshot, state))
    return failAttempt(snapshot, moment, { reason: 'install-failed', detail: 'it restarted without the image' });
  return noChange('update.no-change');
}

/** State 2 still: when the order was lost this is proof; when it was answered the device may just be slow to begin. */
function orderNotTaken(snapshot: Snapshot, state: State<'installing'>, moment: Moment): Change {
  if (state.order === 'sent' && moment.now < after(state.since, minutes(10))) return noChange('update.no-change');
  const next: UpdateState = { name: 'downloaded', attempt: state.attempt, since: moment.now, askAt: moment.now };
  return moveTo(snapshot, next, moment, { rule: 'update.execute-not-taken', kind: 'report' });
}

function reportsSuccess(snapshot: Snapshot, state: State<'installing'>, moment: Moment): Change {
  const word = restarted(snapshot, state) ? 'restart' : 'reported';
  if (word === 'restart' && runsAnother(snapshot)) return wrongVersion(snapshot, moment);
  const wait = word === 'restart' ? LIMITS.verifyDeadline : LIMITS.restartWait;
  const next: UpdateState = {
    name: 'verifying',
    attempt: state.attempt,
    since: moment.now,
    deadline: after(moment.now, wait),
    word,
  };
  if (word === 'restart' && isEnough('restart', state.attempt.leastEvidence))
    return succeed(snapshot, 'restart', moment);
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
  });
}
