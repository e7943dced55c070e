// Where an update stands, in words: for each of its states why it is there, by which rule, and what may come of it.
import { admitAgain } from '../admission.ts';
import { isEnough, overAt } from '../attempt.ts';
import type { Evidence } from '../device.ts';
import { unreachable } from '../invariant.ts';
import { LIMITS } from '../limits.ts';
import { imageIsThere } from '../offer.ts';
import { WAIT_REASONS, WHAT_TO_DO } from '../reasons.ts';
import type { Rule } from '../rules.ts';
import { transferPermit } from '../transfer.ts';
import { attemptOf, type Final, isFinal, type UpdateState } from '../update.ts';
import { bytesText, momentText } from './clock-times.ts';
import { ruleOfContact, type Sight } from './sight.ts';
import { isHeldBack, whyOf } from './why.ts';
import { reasonOf } from './words.ts';

type State<Name extends UpdateState['name']> = Extract<UpdateState, { readonly name: Name }>;

export interface Standing {
  readonly rule: Rule;
  /** What follows the verdict and its colon, without a full stop. */
  readonly why: string;
  /** Something of ours is in its way: then there is a next chance to tell. */
  readonly waits: boolean;
  /** What happens if the device stays silent, where that is not another chance. */
  readonly ifSilent?: string;
  /** Absent: by its rule. */
  readonly unblock?: string;
}

const goesOn = ({ snapshot, now }: Sight): boolean => !overAt(snapshot.campaign, now);

export function standingOf(sight: Sight): Standing {
  const { state } = sight.snapshot.update;
  switch (state.name) {
    case 'waiting':
      return waiting(sight, state);
    case 'offered':
      return offered(sight, state);
    case 'downloading':
      return downloading(sight, state);
    case 'downloaded':
      return downloaded(sight);
    case 'installing':
      return installing(sight, state);
    case 'verifying':
      return verifying(sight, state);
    default:
      return final(sight, state);
  }
}

function waiting(sight: Sight, state: State<'waiting'>): Standing {
  const rule = ruleOfContact(sight);
  if (isHeldBack(rule)) return { rule, why: whyOf(rule, sight), waits: goesOn(sight) };
  if (imageIsThere(sight.snapshot.update))
    return { rule, why: 'the image is on it already; it is taken up again at its next contact', waits: true };
  const spoken = state.reason === 'unreachable' || state.reason === 'deferred' || state.reason === 'version-unknown';
  const before = spoken ? `${lowered(WAIT_REASONS[state.reason])}; ` : '';
  const offer = rule === 'update.asked' ? 'it is asked and then offered the image' : 'it is offered the image';
  const doubt = admitAgain(sight.snapshot.device, sight.snapshot.campaign);
  const then =
    doubt === undefined
      ? `${offer} when it can be spoken to`
      : `but by what is known it is rejected then: ${doubt.detail}`;
  return {
    rule,
    why: `${before}nothing of ours holds it back, ${then.replace(/\.$/, '')}`,
    waits: true,
    ...(doubt === undefined ? {} : { unblock: WHAT_TO_DO[`rejected.${doubt.reason}`] }),
    ...(doubt === undefined && spoken ? { unblock: WHAT_TO_DO[`waiting.${state.reason}`] } : {}),
  };
}

const lowered = (text: string): string => text.replace(/\.$/, '').replace(/^./, (first) => first.toLowerCase());

function offered(sight: Sight, state: State<'offered'>): Standing {
  const rule = ruleOfContact(sight);
  const at = momentText(state.attempt.offeredAt, sight);
  const acted =
    state.actedAt === undefined
      ? 'it has not acted on it'
      : `it acted on it ${momentText(state.actedAt, sight)} and has not begun to download`;
  const ifSilent = `Without any act the offer is withdrawn ${momentText(state.untilUntouched, sight)}; that costs no attempt, and it is offered again.`;
  if (isHeldBack(rule))
    return { rule, why: `offered ${at}, held back now: ${whyOf(rule, sight)}`, waits: goesOn(sight), ifSilent };
  return { rule: sight.snapshot.update.rule, why: `offered ${at}, ${acted}`, waits: false, ifSilent };
}

function downloading(sight: Sight, state: State<'downloading'>): Standing {
  const { snapshot, now } = sight;
  const permit = transferPermit(snapshot, now);
  const { transfer } = state.attempt;
  const done = `${bytesText(transfer?.bytes ?? 0)} of ${bytesText(snapshot.campaign.package.image.size)}`;
  const since = transfer === undefined ? '' : ` since ${momentText(transfer.grantedAt, sight)}`;
  const way = state.attempt.delivery === 'push' ? 'pushed to it' : 'sent';
  const why = `${done} ${way}${since}`;
  const ifSilent = `A download without progress until ${momentText(state.idleDeadline, sight)} is ended; another attempt may follow.`;
  if (permit.ok) return { rule: snapshot.update.rule, why, waits: false, ifSilent };
  return {
    rule: permit.rule,
    why: `${why}, held back now: ${whyOf(permit.rule, sight)}`,
    waits: goesOn(sight),
    ifSilent,
  };
}

function downloaded(sight: Sight): Standing {
  const rule = ruleOfContact(sight);
  if (isHeldBack(rule)) return { rule, why: `it has the image; ${whyOf(rule, sight)}`, waits: goesOn(sight) };
  return { rule, why: 'it has the image and may install it when it can be spoken to', waits: true };
}

const ORDERS = {
  pending: 'the order to install is about to leave',
  sent: 'it has been installing',
  unknown:
    'the order to install was sent, and whether it arrived is not known; the device is asked, not ordered again,',
} as const;

function installing({ snapshot: { update }, ...here }: Sight, state: State<'installing'>): Standing {
  const deadline = momentText(state.deadline, here);
  return {
    rule: update.rule,
    why: `${ORDERS[state.order]} since ${momentText(state.since, here)}; its word is awaited until ${deadline}`,
    waits: false,
    ifSilent: `Silent until ${deadline}, the update has failed; what it tells later is shown beside that.`,
    unblock: WHAT_TO_DO.installing,
  };
}

const WORDS: Readonly<Record<Evidence, string>> = {
  version: 'its version says so',
  restart: 'it restarted and reports success',
  reported: 'it says that it has installed the image',
};

function verifying({ snapshot: { update }, ...here }: Sight, state: State<'verifying'>): Standing {
  const deadline = momentText(state.deadline, here);
  const isGood = isEnough(state.word, state.attempt.leastEvidence);
  return {
    rule: update.rule,
    why: `${WORDS[state.word]} (${momentText(state.since, here)}); its version is to prove it until ${deadline}`,
    waits: false,
    ifSilent: isGood
      ? `Without its version by ${deadline} its word counts: the update has succeeded.`
      : `Without its version by ${deadline} the update has failed; a proof that comes later is shown beside that.`,
    unblock: WHAT_TO_DO.verifying,
  };
}

const PROOFS: Readonly<Record<Evidence, string>> = {
  version: 'its running version shows it',
  restart: 'it restarted after the installation and reports success; its version was not read',
  reported: 'by its own word; its version cannot be read',
};

function final(sight: Sight, state: Final): Standing {
  const { update } = sight.snapshot;
  const at = momentText(state.at, sight);
  const late = lateText(sight);
  const told = { rule: update.rule, waits: false };
  switch (state.name) {
    case 'succeeded':
      return { ...told, why: `${PROOFS[state.evidence]} (${at})`, unblock: WHAT_TO_DO.succeeded };
    case 'failed':
      return {
        ...told,
        why: `${lowered(reasonOf(update))} (${at})${late}`,
        unblock: WHAT_TO_DO[`failed.${state.reason}`],
      };
    case 'rejected':
      return { ...told, why: `${lowered(reasonOf(update))} (${at})`, unblock: WHAT_TO_DO[`rejected.${state.reason}`] };
    case 'cancelled':
    case 'aborted':
    case 'expired':
      return { ...told, why: `${lowered(reasonOf(update))} (${at})${late}`, unblock: WHAT_TO_DO[state.name] };
    default:
      return unreachable(state);
  }
}

function lateText(sight: Sight): string {
  const { lateResult } = sight.snapshot.update;
  if (lateResult === undefined) return '';
  const detail = lateResult.detail === undefined ? '' : `, ${lateResult.detail}`;
  return `; later (${momentText(lateResult.at, sight)}) it told that it ${lateResult.result}${detail}`;
}

/** Which attempt it is, or would be. */
export function attemptText({ snapshot: { update, campaign } }: Sight):
  | {
      readonly number: number;
      readonly max: number;
    }
  | undefined {
  const { state, attempts } = update;
  const max = campaign.attemptsMax ?? LIMITS.attemptsMax;
  if (state.name === 'rejected') return undefined;
  if (state.name === 'succeeded' || state.name === 'failed') return { number: state.attempt, max };
  if (isFinal(state)) return attempts === 0 ? undefined : { number: attempts, max };
  return { number: attemptOf(update)?.number ?? attempts + 1, max };
}
