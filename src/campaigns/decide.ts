// The centre: from what is stored and the one thing that has happened to what is stored next. Pure and synchronous.
import { type Change, noChange } from './change.ts';
import type { Moment, Snapshot, UpdateInput } from './input.ts';
import { unreachable } from './invariant.ts';
import { askOrHold } from './offer.ts';
import { onReading } from './reading.ts';
import { onActed, onAttributes, onLateVersion, onPoll, onReport } from './report.ts';
import { onSettled } from './settle.ts';
import { onDue, onOver, onSwept } from './timer.ts';
import { onInterrupted, onTransferBegin, onTransferEnd, onTransferProgress } from './transfer.ts';
import { isFinal } from './update.ts';

/** Decides one input of one update. The change is stored whole or not at all; a stale one is decided again. */
export function decide(snapshot: Snapshot, input: UpdateInput, moment: Moment): Change {
  const over = endsFirst(input) ? onOver(snapshot, moment) : undefined;
  if (over !== undefined) return over;
  switch (input.type) {
    case 'contact':
      return onContact(snapshot, moment);
    case 'reading':
      return isFinal(snapshot.update.state) ? onLateVersion(snapshot, moment) : onReading(snapshot, input, moment);
    case 'attributes':
      return onAttributes(snapshot, moment);
    case 'acted':
      return onActed(snapshot, moment);
    case 'report':
      return onReport(snapshot, input.report, moment);
    case 'transfer-begin':
      return onTransferBegin(snapshot, moment);
    case 'transfer-progress':
      return onTransferProgress(snapshot, input.bytes, moment);
    case 'transfer-end':
      return onTransferEnd(snapshot, input, moment);
    case 'interrupted':
      return onInterrupted(snapshot, input.sent, moment);
    case 'settled':
      return onSettled(snapshot, input, moment);
    case 'due':
      return onDue(snapshot, moment);
    case 'swept':
      return onSwept(snapshot, moment);
    default:
      return unreachable(input);
  }
}

// A device's own word about what it did is heard even when the campaign has just ended, and so is what was sent to it.
const endsFirst = (input: UpdateInput): boolean =>
  input.type === 'interrupted'
    ? input.sent === undefined
    : input.type !== 'report' &&
      input.type !== 'reading' &&
      input.type !== 'transfer-end' &&
      input.type !== 'attributes';

function onContact(snapshot: Snapshot, moment: Moment): Change {
  const { device, update } = snapshot;
  if (device.transport === 'HTTP') return onPoll(snapshot, moment);
  if (update.state.name === 'waiting') return askOrHold(snapshot, moment);
  if (isFinal(update.state)) return noChange('update.no-change');
  // Whatever was under way, the device may have restarted: it is asked.
  const ask = { kind: 'ask', device: { account: device.account, imei: device.imei } } as const;
  return { writes: [], entries: [], intents: [ask], rule: 'update.asked' };
}
