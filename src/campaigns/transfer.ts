// The bytes of an image: what is committed before the first and after the last one (engine.md §5, transfer grant).
import { moveTo, suspend } from './attempt.ts';
import { type Change, noChange } from './change.ts';
import type { Moment, Snapshot } from './input.ts';
import { LIMITS } from './limits.ts';
import { mayBeginTransfer, mayContinueTransfer, mayDownload, type Permit, transferEnd } from './permits.ts';
import { hasDownloaded } from './report.ts';
import { after, type Instant } from './time.ts';
import { type Attempt, isLive, type UpdateState } from './update.ts';

/** Whether bytes may leave for this update at `now`; asked again whenever `until` has come. */
export function transferPermit(snapshot: Snapshot, now: Instant): Permit {
  const { state } = snapshot.update;
  if (state.name !== 'downloading' || state.attempt.transfer === undefined)
    return { ok: false, rule: 'update.no-change' };
  return mayContinueTransfer(snapshot, state.attempt.transfer.notAfter, now);
}

/** The device asks for bytes, or a push begins: the grant is committed first. Also takes up a suspended attempt. */
export function onTransferBegin(snapshot: Snapshot, offset: number, moment: Moment): Change {
  const { state } = snapshot.update;
  if (state.name === 'downloading') return renewGrant(snapshot, state, moment);
  const attempt = state.name === 'offered' ? state.attempt : state.name === 'waiting' ? state.suspended : undefined;
  if (attempt === undefined) return noChange('update.no-change');
  if (state.name === 'waiting') {
    const free = snapshot.slots !== undefined && snapshot.slots.free > 0 && moment.now < snapshot.slots.until;
    if (!free) return noChange('update.no-slot');
    if (snapshot.device.residue !== undefined) return noChange('update.clean-up-first');
  }
  const permit = mayBeginTransfer(snapshot, Math.max(0, snapshot.campaign.package.image.size - offset), moment.now);
  if (!permit.ok) return noChange(permit.rule);
  return grant(snapshot, attempt, permit.closesAt, moment);
}

function grant(snapshot: Snapshot, attempt: Attempt, closesAt: Instant, moment: Moment): Change {
  const notAfter = transferEnd(snapshot, closesAt);
  const granted: Attempt = {
    ...attempt,
    transfer: { grantedAt: moment.now, notAfter, bytes: attempt.transfer?.bytes ?? 0 },
  };
  const next: UpdateState = {
    name: 'downloading',
    attempt: granted,
    idleDeadline: idleOf(attempt, moment.now),
  };
  return moveTo(snapshot, next, moment, {
    rule: 'update.transfer-granted',
    kind: 'transfer-grant',
    facts: { attempt: attempt.number, closesAt, notAfter },
  });
}

/** A grant that has run out is given anew when the next window is open: the device simply went on asking. */
function renewGrant(
  snapshot: Snapshot,
  state: Extract<UpdateState, { readonly name: 'downloading' }>,
  moment: Moment,
): Change {
  const { transfer } = state.attempt;
  if (transfer !== undefined && moment.now < transfer.notAfter) return noChange('update.no-change');
  const permit = mayDownload(snapshot, moment.now);
  return permit.ok ? grant(snapshot, state.attempt, permit.closesAt, moment) : noChange(permit.rule);
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
function cut(snapshot: Snapshot, attempt: Attempt, moment: Moment): Change {
  const { state } = snapshot.update;
  if (attempt.delivery === 'push') {
    const device = { ...snapshot.device, reachable: false };
    return suspend(snapshot, moment, { rule: 'update.unreachable', reason: 'unreachable', device, ours: false });
  }
  return state.name === 'downloading'
    ? moveTo(snapshot, { ...state, attempt }, moment, { rule: 'update.progress' })
    : noChange('update.no-change');
}

/** The transfer ended. `bytes`: the sum that was sent for this attempt. */
export function onTransferEnd(
  snapshot: Snapshot,
  end: { readonly bytes: number; readonly complete: boolean; readonly took: number },
  moment: Moment,
): Change {
  const { state } = snapshot.update;
  if (!isLive(state) || state.attempt.transfer === undefined) return noChange('update.no-change');
  const transfer = {
    ...state.attempt.transfer,
    bytes: Math.max(end.bytes, state.attempt.transfer.bytes),
    ...(end.complete ? { completeAt: moment.now } : {}),
  };
  const attempt = { ...state.attempt, transfer };
  if (state.name !== 'downloading') return noChange('update.no-change');
  if (!end.complete) return cut(snapshot, attempt, moment);
  const rated =
    end.took >= 1_000
      ? { ...snapshot, device: { ...snapshot.device, rate: Math.max(1, Math.round((end.bytes * 1_000) / end.took)) } }
      : undefined;
  const seen = rated ?? snapshot;
  if (snapshot.device.transport === 'HTTP') {
    const change = hasDownloaded(snapshot, attempt, moment);
    return rated === undefined
      ? change
      : { ...change, writes: [...change.writes, { op: 'replace-device', row: seen.device }] };
  }
  const device = rated === undefined ? {} : { device: rated.device };
  const intents = [{ kind: 'ask', device: { account: snapshot.device.account, imei: snapshot.device.imei } } as const];
  return moveTo(snapshot, { ...state, attempt }, moment, {
    rule: 'update.transfer-complete',
    kind: 'last-byte',
    intents,
    facts: { bytes: transfer.bytes },
    ...device,
  });
}
