// Why a device of a played campaign is not updated: the rule, and a sentence that says what about it.
import type { Campaign } from '../campaign.ts';
import { mayBeginTransfer, mayDownload } from '../permits.ts';
import { stepOf } from '../rollout.ts';
import { RULES, type Rule } from '../rules.ts';
import type { Instant } from '../time.ts';
import { type Actor, contactFrom } from './actor.ts';
import type { Stage } from './stage.ts';

export interface Why {
  readonly rule: Rule;
  readonly sentence: string;
}

const because = (rule: Rule, sentence: string = RULES[rule]): Why => ({ rule, sentence });

/** Of a device that has not succeeded when the play is over. */
export function whyNot(actor: Actor, stage: Stage): Why {
  const { state, rule } = actor.update;
  if (state.name === 'failed') return because(rule, 'Every attempt is assumed to fail.');
  if (state.name === 'rejected') return because(rule);
  if (actor.silent) return because('update.unreachable', 'It has not been heard of for long and is not expected.');
  const { hold } = stage.campaign;
  if (hold !== undefined) return because('permit.held', `The campaign is ${hold.kind}: ${hold.reason}`);
  if (actor.held === 'update.version-unknown' || actor.held === 'permit.no-overlap') return because(actor.held);
  if (actor.held === 'update.waiting-for-retry') return because(actor.held);
  const step = stepOf(stage.campaign.rollout, actor.update);
  if (step !== undefined && step > (stage.campaign.rollout?.at ?? step))
    return because('update.step-closed', `Its step ${step + 1} is not opened before the campaign ends.`);
  const chance = firstChance(actor, stage);
  if (chance.is === 'never') return because(chance.rule, chance.sentence);
  if (actor.held === 'update.label-cap') return because(actor.held);
  if (actor.update.history.length > 0 || ('suspended' in state && state.suspended !== undefined))
    return because('update.suspended', 'Its transfer is cut by the end of the window or of the campaign.');
  return because('update.no-slot', 'Slots and arrivals are not enough to reach it before the campaign ends.');
}

type FirstChance = { readonly is: 'some' } | { readonly is: 'never'; readonly rule: Rule; readonly sentence: string };

const CONTACTS_MAX = 800;

/** Whether any contact of the device finds its window open, wide enough for the transfer. */
function firstChance(actor: Actor, stage: Stage): FirstChance {
  const campaign: Campaign = { ...stage.campaign, phase: { ...stage.campaign.phase, name: 'scheduled' } };
  const facts = { campaign, device: actor.device, profile: actor.given.profile };
  const { size } = campaign.package.image;
  let at = stage.parts.now;
  let tooShort = false;
  for (let looked = 0; looked < CONTACTS_MAX; looked += 1) {
    const contact: Instant = actor.awake ? at : contactFrom(actor, at);
    const permit = mayDownload(facts, contact);
    if (permit.ok) {
      const fits = mayBeginTransfer(facts, size, contact);
      if (fits.ok) return { is: 'some' };
      tooShort = true;
      at = permit.closesAt;
    } else if (permit.nextEligibleAt === undefined) break;
    else at = Math.max(contact + 1, permit.nextEligibleAt) as Instant;
  }
  return tooShort
    ? { is: 'never', rule: 'permit.does-not-fit', sentence: 'Its transfer fits into no window that is left to it.' }
    : { is: 'never', rule: 'permit.download-window', sentence: 'None of its contacts falls into an open window.' };
}
