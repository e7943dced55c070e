// What became of something that was sent to a device: delivered, refused, unanswered, unknown, withheld.
import { failAttempt, moveTo } from './attempt.ts';
import { type Change, noChange } from './change.ts';
import type { Moment, SendOutcome, Snapshot, UpdateInput } from './input.ts';
import { LIMITS } from './limits.ts';
import { bytesToSend, withdraw } from './offer.ts';
import { mayBeginTransfer, mayInstall, type Permit } from './permits.ts';
import { after } from './time.ts';
import type { UpdateState } from './update.ts';
import { isLive } from './update.ts';

type Settled = Extract<UpdateInput, { readonly type: 'settled' }>;

/** Whether an intent that was committed may still be sent: a stale one is dropped, a shut window withholds it. */
export function judgeSend(
  snapshot: Snapshot,
  intent: { readonly kind: 'offer' | 'execute'; readonly attempt: number },
  moment: Moment,
): Permit {
  const { state } = snapshot.update;
  const current = isLive(state) && state.attempt.number === intent.attempt;
  if (intent.kind === 'offer') {
    if (!current || state.name !== 'offered') return { ok: false, rule: 'update.no-change' };
    return mayBeginTransfer(snapshot, bytesToSend(snapshot), moment.now);
  }
  if (!current || state.name !== 'installing' || state.order !== 'pending')
    return { ok: false, rule: 'update.no-change' };
  return mayInstall(snapshot, moment.now);
}

export function onSettled(snapshot: Snapshot, input: Settled, moment: Moment): Change {
  const { state } = snapshot.update;
  if (input.intent === 'ask') return onAskSettled(snapshot, input.outcome, moment);
  if (!isLive(state) || state.attempt.number !== input.attempt) return noChange('update.no-change');
  if (input.intent === 'offer') return onOfferSettled(snapshot, input.outcome, moment);
  return state.name === 'installing' && state.order === 'pending'
    ? onExecuteSettled(snapshot, state, input.outcome, moment)
    : noChange('update.no-change');
}

/** No answer: nothing more is asked until the device speaks; its timers rest (engine.md §4). */
function onAskSettled(snapshot: Snapshot, outcome: SendOutcome, moment: Moment): Change {
  if (outcome.is !== 'no-answer' && outcome.is !== 'unknown') return noChange('update.no-change');
  const { state } = snapshot.update;
  if (state.name === 'offered' && state.actedAt === undefined && outcome.is === 'no-answer')
    return withdraw(snapshot, moment, 'unreachable');
  if (!snapshot.device.reachable) return noChange('update.no-change');
  const device = { ...snapshot.device, reachable: false };
  return { ...moveTo(snapshot, state, moment, { rule: 'update.unreachable', device }), entries: [] };
}

function onOfferSettled(snapshot: Snapshot, outcome: SendOutcome, moment: Moment): Change {
  const { state } = snapshot.update;
  switch (outcome.is) {
    case 'refused':
      return failAttempt(snapshot, moment, { reason: 'offer-refused', detail: outcome.detail });
    case 'no-answer':
    case 'unknown':
      // It acted all the same: then the answer was lost, not the offer.
      if (state.name !== 'offered' || state.actedAt !== undefined) return noChange('update.no-change');
      return withdraw(snapshot, moment, 'unreachable');
    case 'withheld': {
      if (state.name !== 'offered') return noChange('update.no-change');
      const next: UpdateState = {
        name: 'waiting',
        reason: 'suspended',
        readyAt: outcome.until ?? moment.now,
        suspended: state.attempt,
      };
      return moveTo(snapshot, next, moment, { rule: 'update.suspended' });
    }
    default:
      if (state.name !== 'offered' || state.deliveredAt !== undefined) return noChange('update.no-change');
      return {
        ...moveTo(snapshot, { ...state, deliveredAt: moment.now }, moment, { rule: 'update.offered' }),
        entries: [],
      };
  }
}

/** A once-effect: when its outcome is not known, the device is asked and nothing is ordered again (engine.md §5). */
function onExecuteSettled(
  snapshot: Snapshot,
  state: Extract<UpdateState, { readonly name: 'installing' }>,
  outcome: SendOutcome,
  moment: Moment,
): Change {
  switch (outcome.is) {
    case 'delivered':
      return moveTo(snapshot, { ...state, order: 'sent', askAt: after(moment.now, LIMITS.askAgain) }, moment, {
        rule: 'update.executing',
      });
    case 'refused':
      return executeRefused(snapshot, state, outcome.detail, moment);
    case 'withheld': {
      const askAt = outcome.until ?? after(moment.now, LIMITS.askAgain);
      return moveTo(snapshot, { name: 'downloaded', attempt: state.attempt, since: moment.now, askAt }, moment, {
        rule: 'permit.install-window',
      });
    }
    default:
      return moveTo(snapshot, { ...state, order: 'unknown', askAt: after(moment.now, LIMITS.askAgain) }, moment, {
        rule: 'update.execute-unknown',
        intents: [{ kind: 'ask', device: { account: snapshot.device.account, imei: snapshot.device.imei } }],
      });
  }
}

/** 4.05 and the like: the device says that nothing was started. */
function executeRefused(
  snapshot: Snapshot,
  state: Extract<UpdateState, { readonly name: 'installing' }>,
  detail: string,
  moment: Moment,
): Change {
  const attempt = { ...state.attempt, executesRefused: state.attempt.executesRefused + 1 };
  if (attempt.executesRefused >= LIMITS.executeRefusalsMax) {
    const refusals = `it refused the order to install ${attempt.executesRefused} times: ${detail}`;
    return failAttempt(snapshot, moment, { reason: 'install-failed', detail: refusals });
  }
  const askAt = after(moment.now, LIMITS.askAgain);
  const next: UpdateState = { name: 'downloaded', attempt, since: moment.now, askAt };
  return moveTo(snapshot, next, moment, { rule: 'update.execute-not-taken', facts: { detail } });
}
