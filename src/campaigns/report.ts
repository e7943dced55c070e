// What an HTTP device's words mean for its update: hawkBit DDI feedback and attributes, read as "at least here".
import { drained, failAttempt, isEnough, leastEvidenceOf, moveTo, succeed } from './attempt.ts';
import { type Change, type Entry, type Intent, noChange } from './change.ts';
import type { Device } from './device.ts';
import type { BytesSent, Moment, Report, Snapshot } from './input.ts';
import { cleanedUp } from './inventory.ts';
import { allowedBy } from './judged.ts';
import { LIMITS } from './limits.ts';
import { offerHttp } from './offer.ts';
import { judgeVersion } from './package.ts';
import { installsAsItDownloads, mayInstall } from './permits.ts';
import { wrongVersion } from './reading.ts';
import type { FailureReason } from './reasons.ts';
import { after, type Instant, minutes } from './time.ts';
import {
  type Attempt,
  isFinal,
  isLive,
  type LiveState,
  mayHaveSent,
  mayHoldImage,
  type UpdateState,
} from './update.ts';
import { withViolation } from './violation.ts';

type Installing = Extract<UpdateState, { readonly name: 'installing' }>;

/** The state of a device that nobody orders to install: it was only allowed to. */
const installingAlready = (snapshot: Snapshot, attempt: Attempt, now: Instant): Installing => {
  const deadline = drained(snapshot, after(now, LIMITS.installDeadline));
  return { name: 'installing', attempt, since: now, deadline, order: 'sent', askAt: deadline };
};

/** The device polls: it is offered the image, or allowed to install what it has. */
export function onPoll(snapshot: Snapshot, moment: Moment): Change {
  const { state } = snapshot.update;
  if (state.name === 'waiting') return offerHttp(snapshot, moment);
  if (state.name === 'downloaded') {
    const permit = mayInstall(snapshot, moment.now);
    if (!permit.ok) return noChange(permit.rule);
    return moveTo(snapshot, installingAlready(snapshot, state.attempt, moment.now), moment, {
      rule: 'update.install-shown',
      kind: 'execute',
      facts: { attempt: state.attempt.number, closesAt: permit.closesAt, ...allowedBy(snapshot, 'install', moment) },
    });
  }
  return noChange('update.no-change');
}

/** A device that reads its offer again is still at it; noted this often at most. */
const ACTED_AGAIN = minutes(5);

/** The device has read the offer: from here on its deadlines count (engine.md §4). */
export function onActed(snapshot: Snapshot, moment: Moment): Change {
  const { state } = snapshot.update;
  if (state.name !== 'offered') return noChange('update.no-change');
  const { actedAt } = state;
  if (actedAt !== undefined && moment.now < after(actedAt, ACTED_AGAIN)) return noChange('update.no-change');
  const untilUntouched = after(moment.now, LIMITS.downloadIdleMax);
  const change = moveTo(snapshot, { ...state, actedAt: moment.now, untilUntouched }, moment, { rule: 'update.acted' });
  return actedAt === undefined ? change : { ...change, entries: [] };
}

export function onReport(snapshot: Snapshot, report: Report, moment: Moment): Change {
  const change = withViolation(judged(snapshot, report, moment), snapshot, report, moment);
  return CLOSING.includes(report.step) ? closedThere(change, snapshot, moment) : change;
}

const CLOSING: readonly Report['step'][] = ['failed', 'installed', 'cancelled', 'rejected'];

/** What the device has closed by itself need not be cancelled on it any more. */
function closedThere(change: Change, { device, update }: Snapshot, { now }: Moment): Change {
  if (device.residue?.campaign !== update.campaign) return change;
  const cleaned = cleanedUp(device, now, 'the device closed it');
  const writes = change.writes.map((write) => {
    if (write.op !== 'replace-device') return write;
    const { residue: _closed, ...row } = write.row;
    return { ...write, row };
  });
  const isWritten = writes.some(({ op }) => op === 'replace-device');
  return {
    ...change,
    writes: isWritten ? writes : [...writes, ...cleaned.writes],
    entries: [...change.entries, ...cleaned.entries],
  };
}

function judged(snapshot: Snapshot, report: Report, moment: Moment): Change {
  const { state } = snapshot.update;
  if (isFinal(state)) return onLate(snapshot, report, moment);
  if (!isLive(state)) return whileWaiting(snapshot, report, moment);
  switch (report.step) {
    case 'progress':
    case 'downloading':
      return onProgress(snapshot, state, moment);
    case 'downloaded':
      return onDownloaded(snapshot, state, moment);
    case 'installed':
      return onInstalled(snapshot, state, moment);
    case 'deferred':
      return noChange('update.no-change');
    case 'rejected':
      return failAttempt(snapshot, moment, { reason: 'offer-refused', closed: true, ...detailOf(report) });
    case 'cancelled':
      return failAttempt(snapshot, moment, { reason: 'cancelled-by-device', closed: true, ...detailOf(report) });
    default:
      return failAttempt(snapshot, moment, {
        reason: hasImage(state) ? 'install-failed' : 'download-failed',
        closed: true,
        ...detailOf(report),
      });
  }
}

const detailOf = (report: Report): { readonly detail?: string } =>
  report.detail === undefined ? {} : { detail: report.detail };

const hasImage = (state: LiveState): boolean =>
  state.name === 'downloaded' ||
  state.name === 'installing' ||
  state.name === 'verifying' ||
  state.attempt.transfer?.completeAt !== undefined;

function onProgress(snapshot: Snapshot, state: LiveState, moment: Moment): Change {
  if (state.name === 'offered') return onActed(snapshot, moment);
  if (state.name === 'downloading') {
    return moveTo(snapshot, { ...state, idleDeadline: after(moment.now, LIMITS.downloadIdleMax) }, moment, {
      rule: 'update.progress',
    });
  }
  return noChange('update.no-change');
}

function onDownloaded(snapshot: Snapshot, state: LiveState, moment: Moment): Change {
  const early = state.name === 'offered' || state.name === 'downloading';
  if (!early || state.attempt.transfer === undefined) return noChange('update.no-change');
  const attempt = {
    ...state.attempt,
    transfer: { ...state.attempt.transfer, completeAt: state.attempt.transfer.completeAt ?? moment.now },
  };
  return hasDownloaded(snapshot, attempt, moment);
}

/** Of an answer that has ended, for the ledger: what was sent for the attempt, and between which instants. */
export const bytesFacts = ({ number, transfer }: Attempt, sent: BytesSent | undefined): NonNullable<Entry['facts']> =>
  sentFacts(number, transfer?.bytes ?? 0, transfer?.completeAt !== undefined, sent);

export const sentFacts = (
  attempt: number,
  bytes: number,
  complete: boolean,
  sent: BytesSent | undefined,
): NonNullable<Entry['facts']> => ({
  attempt,
  bytes,
  complete,
  ...(sent?.firstByteAt === undefined ? {} : { firstByteAt: sent.firstByteAt }),
  ...(sent?.lastByteAt === undefined ? {} : { lastByteAt: sent.lastByteAt }),
});

/**
 * The whole image is on the device: who installs as it downloads does so now, the others wait to be allowed. An LwM2M
 * device is asked what it has made of it.
 */
export function hasDownloaded(
  snapshot: Snapshot,
  attempt: Attempt,
  moment: Moment,
  { device, sent }: { readonly device?: Device; readonly sent?: BytesSent } = {},
): Change {
  const { account, imei, transport } = snapshot.device;
  const intents: readonly Intent[] = transport === 'LWM2M' ? [{ kind: 'ask', device: { account, imei } }] : [];
  const next: UpdateState = installsAsItDownloads(snapshot)
    ? installingAlready(snapshot, attempt, moment.now)
    : { name: 'downloaded', attempt, since: moment.now, askAt: after(moment.now, LIMITS.askAgain) };
  const told = {
    rule: 'update.downloaded',
    kind: 'last-byte',
    intents,
    facts: bytesFacts(attempt, sent),
  } as const;
  return moveTo(snapshot, next, moment, device === undefined ? told : { ...told, device });
}

function onInstalled(snapshot: Snapshot, state: LiveState, moment: Moment): Change {
  if (state.name === 'verifying') return noChange('update.no-change');
  if (!mayHaveSent(state.attempt.transfer)) {
    return failAttempt(snapshot, moment, {
      reason: 'closed-without-bytes',
      rule: 'update.closed-without-bytes',
      closed: true,
    });
  }
  const next: UpdateState = {
    name: 'verifying',
    attempt: state.attempt,
    since: moment.now,
    deadline: drained(snapshot, after(moment.now, LIMITS.verifyDeadline)),
    word: 'reported',
  };
  return moveTo(snapshot, next, moment, {
    rule: 'update.reported-installed',
    kind: 'report',
    facts: { word: 'reported' },
  });
}

/**
 * The device talks about an attempt that we suspended or gave up. What it closed is closed: the next try needs a new
 * action, and before that its version is asked for, because it may have installed the image after all.
 */
function whileWaiting(snapshot: Snapshot, report: Report, moment: Moment): Change {
  const { state } = snapshot.update;
  if (state.name !== 'waiting' || !CLOSING.includes(report.step)) return noChange('update.no-change');
  if (report.step === 'installed' && believesWord(snapshot)) return succeed(snapshot, 'reported', moment);
  if (state.suspended === undefined) return noChange('update.no-change');
  return failAttempt(snapshot, moment, {
    reason: SUSPENDED_END[report.step] ?? 'download-failed',
    closed: true,
    ...detailOf(report),
  });
}

const SUSPENDED_END: Partial<Record<Report['step'], FailureReason>> = {
  rejected: 'offer-refused',
  cancelled: 'cancelled-by-device',
  // It says that it has installed what we did not see it fetch completely; its version will tell.
  installed: 'closed-without-bytes',
};

/** It got the image, it never tells its version, and its word is enough here. */
const believesWord = (snapshot: Snapshot): boolean =>
  mayHoldImage(snapshot.update) &&
  snapshot.device.attributesAt === undefined &&
  isEnough('reported', leastEvidenceOf(snapshot));

/** After the end: evidence beside the outcome, never instead of it (engine.md §1). */
function onLate(snapshot: Snapshot, report: Report, moment: Moment): Change {
  const { update } = snapshot;
  if (update.lateResult !== undefined || (report.step !== 'installed' && report.step !== 'failed'))
    return noChange('update.late');
  const result = report.step === 'installed' ? 'succeeded' : 'failed';
  return moveTo(snapshot, update.state, moment, {
    rule: 'update.late',
    kind: 'late',
    lateResult: { at: moment.now, result, ...detailOf(report) },
    facts: { result },
  });
}

/** The device told its attributes: while its success is to be proven, the newer word decides (engine.md §6). */
export function onAttributes(snapshot: Snapshot, moment: Moment): Change {
  const { state } = snapshot.update;
  if (state.name === 'waiting') return offerHttp(snapshot, moment);
  if (!isLive(state)) return onLateVersion(snapshot, moment);
  if (state.name !== 'verifying') return noChange('update.no-change');
  const verdict = judgeVersion(snapshot.device, snapshot.campaign.package);
  if (verdict.is === 'unknown' || verdict.reading.source !== 'reported' || verdict.reading.at < state.since)
    return noChange('update.no-change');
  return verdict.is === 'to' ? succeed(snapshot, 'version', moment) : wrongVersion(snapshot, moment);
}

/** The update is final and the device shows what it runs now. */
export function onLateVersion(snapshot: Snapshot, moment: Moment): Change {
  const { state, lateResult } = snapshot.update;
  const open = state.name === 'failed' || state.name === 'expired' || state.name === 'aborted';
  const verdict = judgeVersion(snapshot.device, snapshot.campaign.package);
  if (!open || lateResult !== undefined || verdict.is !== 'to' || verdict.reading.source !== 'reported')
    return noChange('update.late');
  return moveTo(snapshot, state, moment, {
    rule: 'update.late',
    kind: 'late',
    lateResult: { at: moment.now, result: 'succeeded', detail: `it runs "${verdict.reading.value}"` },
    facts: { result: 'succeeded' },
  });
}
