// The bytes of an image: what is committed before the first and after the last one (engine.md §5, transfer grant).
import { labelsHoldBack } from './arrivals.ts';
import { moveTo, suspend } from './attempt.ts';
import { type Change, noChange } from './change.ts';
import { awaitsConfirmation } from './confirmation.ts';
import { owesCleanUp } from './device.ts';
import type { BytesSent, Moment, Snapshot } from './input.ts';
import { allowedBy } from './judged.ts';
import { LIMITS } from './limits.ts';
import { bytesToSend, hasSlot } from './offer.ts';
import { mayBeginTransfer, mayContinueTransfer, mayDownload, type Permit, transferEnd } from './permits.ts';
import { bytesFacts, hasDownloaded, sentFacts } from './report.ts';
import { after, type Instant } from './time.ts';
import { type Attempt, attemptOf, isLive, type LiveState, type Transfer, type UpdateState } from './update.ts';

/**
 * Whoever has been sent all bytes may fetch again, as long as its window is open: the last answer may have been lost, an
 * HTTP client may have restarted.
 */
const fetchesAgain = ({ update: { state }, device }: Snapshot): boolean =>
  state.name === 'downloaded'
    ? state.attempt.delivery === 'pull'
    : state.name === 'installing' && device.transport === 'HTTP';

/** Whether bytes may leave for this update at `now`; asked again whenever `until` has come. */
export function transferPermit(snapshot: Snapshot, now: Instant): Permit {
  const { state } = snapshot.update;
  const transfer = isLive(state) ? state.attempt.transfer : undefined;
  if (transfer !== undefined && (state.name === 'downloading' || fetchesAgain(snapshot))) {
    return mayContinueTransfer(snapshot, transfer, now);
  }
  // What a begin would have been refused for: the sender tells the device when to come again.
  const permit = mayBeginTransfer(snapshot, bytesToSend(snapshot), now);
  return permit.ok ? { ok: false, rule: 'update.no-change' } : permit;
}

/** The device asks for bytes, or a push begins: the grant is committed first. Also takes up a suspended attempt. */
export function onTransferBegin(snapshot: Snapshot, moment: Moment): Change {
  const { state } = snapshot.update;
  const attempt = attemptOf(snapshot.update);
  if (attempt === undefined) return noChange('update.no-change');
  if (state.name === 'downloading' || fetchesAgain(snapshot)) return renewGrant(snapshot, attempt, moment);
  if (state.name !== 'offered' && state.name !== 'waiting') return noChange('update.no-change');
  if (state.name === 'waiting') {
    if (!hasSlot(snapshot, moment)) return noChange('update.no-slot');
    if (owesCleanUp(snapshot.device, moment.now)) return noChange('update.clean-up-first');
    if (labelsHoldBack(snapshot, moment.now) !== undefined) return noChange('update.label-cap');
  }
  if (awaitsConfirmation(snapshot, attempt)) return noChange('update.not-confirmed');
  const permit = mayBeginTransfer(snapshot, bytesToSend(snapshot), moment.now);
  if (!permit.ok) return noChange(permit.rule);
  return grant(snapshot, attempt, permit.closesAt, moment);
}

function grant(snapshot: Snapshot, attempt: Attempt, closesAt: Instant, moment: Moment): Change {
  const { state } = snapshot.update;
  const notAfter = transferEnd(snapshot, closesAt);
  const { completeAt } = attempt.transfer ?? {};
  const granted: Attempt = {
    ...attempt,
    transfer: {
      grantedAt: moment.now,
      notAfter,
      bytes: attempt.transfer?.bytes ?? 0,
      ...(completeAt === undefined ? {} : { completeAt }),
    },
  };
  const downloading: UpdateState = { name: 'downloading', attempt: granted, idleDeadline: idleOf(attempt, moment.now) };
  const kept = state.name === 'installing' || state.name === 'downloaded';
  return moveTo(snapshot, kept ? { ...state, attempt: granted } : downloading, moment, {
    rule: 'update.transfer-granted',
    kind: 'transfer-grant',
    facts: { attempt: attempt.number, closesAt, notAfter, ...allowedBy(snapshot, 'download', moment) },
  });
}

/** Another answer under the same grant: from here on nobody knows again what was sent, until it ends. */
function begunAgain(snapshot: Snapshot, attempt: Attempt, moment: Moment): Change {
  const { state } = snapshot.update;
  if (!isLive(state) || attempt.transfer?.endedAt === undefined) return noChange('update.no-change');
  const { endedAt: _over, ...transfer } = attempt.transfer;
  const next = { ...state, attempt: { ...attempt, transfer } };
  return { ...moveTo(snapshot, next, moment, { rule: 'update.transfer-granted' }), entries: [] };
}

/** A grant that has run out is given anew when the next window is open: the device simply went on asking. */
function renewGrant(snapshot: Snapshot, attempt: Attempt, moment: Moment): Change {
  if (attempt.transfer !== undefined && moment.now < attempt.transfer.notAfter)
    return begunAgain(snapshot, attempt, moment);
  const permit = mayDownload(snapshot, moment.now);
  return permit.ok ? grant(snapshot, attempt, permit.closesAt, moment) : noChange(permit.rule);
}

/** Kept at most once a minute, so that the idle deadline follows the bytes. */
export function onTransferProgress(snapshot: Snapshot, bytes: number, moment: Moment): Change {
  const { state } = snapshot.update;
  if (state.name !== 'downloading' || state.attempt.transfer === undefined) return noChange('update.no-change');
  const attempt = {
    ...state.attempt,
    transfer: { ...state.attempt.transfer, bytes: Math.max(bytes, state.attempt.transfer.bytes) },
  };
  return moveTo(snapshot, { ...state, attempt, idleDeadline: idleOf(attempt, moment.now) }, moment, {
    rule: 'update.progress',
  });
}

/** How long a download may stand still: a device that fetches may come back, a push of ours that stands still is dead. */
const idleOf = (attempt: Attempt, now: Instant): Instant =>
  after(now, attempt.delivery === 'push' ? LIMITS.pushIdleMax : LIMITS.downloadIdleMax);

/** A push that the device stopped answering is over; a fetch may be taken up by the device itself. */
function cut(
  snapshot: Snapshot,
  state: Extract<UpdateState, { readonly name: 'downloading' }>,
  sent: BytesSent,
  moment: Moment,
): Change {
  const told = { kind: 'last-byte', facts: bytesFacts(state.attempt, sent) } as const;
  if (state.attempt.delivery === 'pull') return moveTo(snapshot, state, moment, { rule: 'update.progress', ...told });
  const device = { ...snapshot.device, reachable: false };
  const counted = { ...snapshot, update: { ...snapshot.update, state } };
  return suspend(counted, moment, { rule: 'update.unreachable', reason: 'unreachable', device, ours: false, ...told });
}

export interface TransferEnd extends BytesSent {
  readonly complete: boolean;
  /** Milliseconds for the whole image, where it went in one. */
  readonly took: number;
}

/** Below this a measured throughput says more about our buffers than about the device. */
const MEASURED_MS_MIN = 1_000;

const withEnd = (
  attempt: Attempt,
  transfer: Transfer,
  end: Pick<TransferEnd, 'bytes' | 'complete'>,
  { now }: Moment,
): Attempt => ({
  ...attempt,
  transfer: {
    ...transfer,
    bytes: Math.max(end.bytes, transfer.bytes),
    endedAt: now,
    ...(end.complete ? { completeAt: now } : {}),
  },
});

export function onTransferEnd(snapshot: Snapshot, end: TransferEnd, moment: Moment): Change {
  const { state } = snapshot.update;
  if (!isLive(state) || state.attempt.transfer === undefined) return sentBefore(snapshot, end, moment);
  const attempt = withEnd(state.attempt, state.attempt.transfer, end, moment);
  if (state.name === 'downloading' && !end.complete) return cut(snapshot, { ...state, attempt }, end, moment);
  const early = state.name === 'downloading' || state.name === 'downloaded';
  if (!early || !end.complete) return noted(snapshot, { ...state, attempt }, end, moment);
  const measured = end.took >= MEASURED_MS_MIN;
  const rate = Math.max(1, Math.round((end.bytes * 1_000) / Math.max(1, end.took)));
  return hasDownloaded(snapshot, attempt, moment, {
    sent: end,
    ...(measured ? { device: { ...snapshot.device, rate } } : {}),
  });
}

/** The device is further already, or fetches a part once more: what was sent is written down, nothing else changes. */
const noted = (
  snapshot: Snapshot,
  state: LiveState,
  sent: BytesSent & { readonly complete?: boolean },
  moment: Moment,
): Change =>
  moveTo(snapshot, state, moment, {
    rule: sent.complete === true ? 'update.transfer-complete' : 'update.progress',
    kind: 'last-byte',
    facts: bytesFacts(state.attempt, sent),
  });

/** The update has been given up or has ended while bytes were on their way: the ledger has to know of them all the same. */
function sentBefore({ update }: Snapshot, sent: BytesSent & { readonly complete?: boolean }, moment: Moment): Change {
  const number = attemptOf(update)?.number ?? update.history.at(-1)?.number;
  if (sent.lastByteAt === undefined || number === undefined) return noChange('update.no-change');
  const { account, campaign, imei } = update;
  const rule = sent.complete === true ? 'update.transfer-complete' : 'update.progress';
  const facts = sentFacts(number, sent.bytes, sent.complete === true, sent);
  return {
    writes: [],
    entries: [{ account, campaign, imei, at: moment.now, kind: 'last-byte', rule, facts }],
    intents: [],
    rule,
  };
}

/** The permit ended in the middle of a transfer: the attempt is kept (engine.md §3). */
export function onInterrupted(snapshot: Snapshot, sent: BytesSent | undefined, moment: Moment): Change {
  const { state } = snapshot.update;
  const told = { rule: 'update.suspended', reason: 'suspended', ours: true } as const;
  if (sent === undefined)
    return state.name === 'downloading' ? suspend(snapshot, moment, told) : noChange('update.no-change');
  if (!isLive(state) || state.attempt.transfer === undefined) return sentBefore(snapshot, sent, moment);
  const attempt = withEnd(state.attempt, state.attempt.transfer, { ...sent, complete: false }, moment);
  if (state.name !== 'downloading') return noted(snapshot, { ...state, attempt }, sent, moment);
  const counted = { ...snapshot, update: { ...snapshot.update, state: { ...state, attempt } } };
  return suspend(counted, moment, { ...told, kind: 'last-byte', facts: bytesFacts(attempt, sent) });
}
