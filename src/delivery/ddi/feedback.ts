// What a device's feedback says in the engine's words, and whether it still belongs to an open action.
import { type Device, type FailureReason, isLive, type Report, type Update } from '../../campaigns/index.ts';
import type { DdiFeedback } from '../../contract/index.ts';
import { DDI_LIMITS } from './limits.ts';

type Step = Report['step'];

/** hawkBit's `execution` and `finished`; closed without a result counts as success there, and the version decides here. */
export function reportOf(feedback: DdiFeedback): Report {
  const detail = detailOf(feedback);
  return { step: stepOf(feedback), ...(detail === undefined ? {} : { detail }) };
}

function stepOf({ execution, finished }: DdiFeedback): Step {
  switch (execution) {
    case 'closed':
      return finished === 'failure' ? 'failed' : 'installed';
    case 'canceled':
      return 'cancelled';
    case 'rejected':
      return 'rejected';
    case 'download':
      return 'downloading';
    case 'downloaded':
      return 'downloaded';
    default:
      return 'progress';
  }
}

/** Whether the device closes its action by this. */
export const closes = ({ execution }: DdiFeedback): boolean =>
  execution === 'closed' || execution === 'canceled' || execution === 'rejected';

/** The end of what was told: the reason of a failure stands in its last lines. */
export function detailOf({ details, code }: DdiFeedback): string | undefined {
  const lines = code === undefined ? details : [...details, `code ${code}`];
  const text = lines.join('\n');
  const max = DDI_LIMITS.detailLengthMax;
  if (text === '') return undefined;
  return text.length <= max ? text : `…${text.slice(1 - max)}`;
}

/** `take`: for the engine. `repeat`: it closed the action with this word already. `gone`: the action is closed. */
export type Verdict = 'take' | 'repeat' | 'gone' | 'unknown';

export function judgeFeedback(device: Device, update: Update | undefined, actionId: number, step: Step): Verdict {
  if (actionId > device.lastActionId) return 'unknown';
  const open = update === undefined ? undefined : openAction(update);
  if (update === undefined || actionId !== (open ?? device.lastActionId)) return 'gone';
  const word = closingWord(update);
  if (word === undefined) return 'take';
  return word === step ? 'repeat' : 'gone';
}

/** The action of the current or the suspended attempt. */
export function openAction({ state }: Update): number | undefined {
  if (isLive(state)) return state.attempt.actionId;
  return state.name === 'waiting' ? state.suspended?.actionId : undefined;
}

/** Reasons that are the device's own closing word; the others are our judgement of an action it has not closed. */
const WORDS: Partial<Record<FailureReason, Step>> = {
  'install-failed': 'failed',
  'download-failed': 'failed',
  'offer-refused': 'rejected',
  'cancelled-by-device': 'cancelled',
  'closed-without-bytes': 'installed',
  'wrong-version': 'installed',
  'not-verified': 'installed',
};

/** With which word the device closed its last action; undefined: it did not. */
function closingWord(update: Update): Step | undefined {
  const { state } = update;
  switch (state.name) {
    case 'verifying':
    case 'succeeded':
      return 'installed';
    case 'failed':
      return WORDS[state.reason] ?? lateWord(update);
    case 'waiting': {
      const outcome = state.suspended === undefined ? update.history.at(-1)?.outcome : undefined;
      return outcome === undefined ? undefined : (WORDS as Partial<Record<string, Step>>)[outcome];
    }
    case 'aborted':
    case 'expired':
    case 'cancelled':
    case 'rejected':
      return lateWord(update);
    default:
      return undefined;
  }
}

function lateWord({ lateResult }: Update): Step | undefined {
  if (lateResult === undefined) return undefined;
  return lateResult.result === 'succeeded' ? 'installed' : 'failed';
}
