// What happens to an update when nobody speaks: deadlines, questions that are due, the end of its campaign.
import { closeInstead, endedBy, failAttempt, isEnough, moveTo, overAt, succeed, suspend } from './attempt.ts';
import { type Change, type Intent, noChange } from './change.ts';
import type { Moment, Snapshot } from './input.ts';
import { LIMITS } from './limits.ts';
import { bytesToSend, withdraw } from './offer.ts';
import { judgeVersion } from './package.ts';
import { mayBeginTransfer } from './permits.ts';
import { wrongVersion } from './reading.ts';
import { after, minutes } from './time.ts';
import { isFinal, type UpdateState } from './update.ts';

type State<Name extends UpdateState['name']> = Extract<UpdateState, { readonly name: Name }>;

const askOf = ({ device }: Snapshot): Intent => ({
  kind: 'ask',
  device: { account: device.account, imei: device.imei },
});

export function onDue(snapshot: Snapshot, moment: Moment): Change {
  const { state, nextActionAt } = snapshot.update;
  if (nextActionAt === undefined || moment.now < nextActionAt) return noChange('update.no-change');
  switch (state.name) {
    case 'offered':
      return withdraw(snapshot, moment, 'untouched');
    case 'downloading':
      return stalled(snapshot, state, moment);
    case 'downloaded':
      return silent(
        moveTo(snapshot, { ...state, askAt: after(moment.now, LIMITS.askAgain) }, moment, {
          rule: 'update.asked',
          intents: [askOf(snapshot)],
        }),
      );
    case 'installing':
      return installingDue(snapshot, state, moment);
    case 'verifying':
      return verifyingDue(snapshot, state, moment);
    default:
      return noChange('update.no-change');
  }
}

/** A push stands still because our process went down, a fetch outside the window because we closed it: our doing. */
function stalled(snapshot: Snapshot, state: State<'downloading'>, moment: Moment): Change {
  const shut = !mayBeginTransfer(snapshot, bytesToSend(snapshot), moment.now).ok;
  const grantOver = state.attempt.transfer !== undefined && moment.now >= state.attempt.transfer.notAfter;
  if (state.attempt.delivery === 'push' || shut || grantOver) {
    return suspend(snapshot, moment, { rule: 'update.suspended', reason: 'suspended', ours: true });
  }
  return failAttempt(snapshot, moment, { reason: 'download-stalled', rule: 'update.idle-download' });
}

/** A question is no event of the campaign: nothing for the steward to count. */
const silent = (change: Change): Change => ({ ...change, entries: [] });

function installingDue(snapshot: Snapshot, state: State<'installing'>, moment: Moment): Change {
  if (moment.now >= state.deadline) {
    return failAttempt(snapshot, moment, { reason: 'silent-after-install', rule: 'update.silent-install' });
  }
  return silent(
    moveTo(snapshot, { ...state, askAt: after(moment.now, minutes(10)) }, moment, {
      rule: 'update.asked',
      intents: [askOf(snapshot)],
    }),
  );
}

function verifyingDue(snapshot: Snapshot, state: State<'verifying'>, moment: Moment): Change {
  const verdict = judgeVersion(snapshot.device, snapshot.campaign.package);
  const freshlyRead =
    verdict.is !== 'unknown' && verdict.reading.source === 'reported' && verdict.reading.at >= state.since;
  if (freshlyRead && verdict.is !== 'to') return wrongVersion(snapshot, moment);
  if (isEnough(state.word, state.attempt.leastEvidence)) return succeed(snapshot, state.word, moment);
  return failAttempt(snapshot, moment, { reason: 'not-verified', rule: 'update.not-verified', closed: true });
}

/** The campaign is over for this update: it ends now, unless an installation is under way that has to tell its outcome. */
export function onOver(snapshot: Snapshot, moment: Moment): Change | undefined {
  const { campaign, update } = snapshot;
  if (!overAt(campaign, moment.now) || isFinal(update.state)) return undefined;
  // Also an order that is about to leave: it may have left already.
  if (update.state.name === 'verifying' || update.state.name === 'installing') return undefined;
  return closeInstead(snapshot, moment, { rule: endedBy(campaign).rule });
}

/** The sweep of an ended campaign: an installation's own deadline is cut to the drain (engine.md §2). */
export function onSwept(snapshot: Snapshot, moment: Moment): Change {
  return onOver(snapshot, moment) ?? noChange('update.no-change');
}
