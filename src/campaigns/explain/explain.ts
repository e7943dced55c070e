// Why is this device not updated: the whole explanation, from what is stored about it and by the rules that decide.
import { judgeCandidate } from '../admission.ts';
import { type Campaign, campaignEnd } from '../campaign.ts';
import type { Device } from '../device.ts';
import type { CampaignId } from '../ids.ts';
import { unreachable } from '../invariant.ts';
import { NOT_JUDGED, REJECT_REASONS, WHAT_TO_DO } from '../reasons.ts';
import { RULES } from '../rules.ts';
import { isFinal, type StateName } from '../update.ts';
import { type Here, momentText, spanText } from './clock-times.ts';
import {
  type ContactRhythm,
  type Earlier,
  EXPLAIN_LIMITS,
  type ExplainFacts,
  type Explanation,
  type Next,
  type Part,
  type Seen,
  type Verdict,
} from './explanation.ts';
import { nearestOf } from './nearest.ts';
import { type Prospect, prospectAfter, prospectOf } from './prospect.ts';
import { isOverdue, rhythmOf, type Sight, sightOf } from './sight.ts';
import { attemptText, type Standing, standingOf } from './standing.ts';
import { cutsText, unblockOf } from './why.ts';
import { reasonOf, runsAll, runsOf, runsText } from './words.ts';

type Facts<Is extends ExplainFacts['is']> = Extract<ExplainFacts, { readonly is: Is }>;

/** The explanation without its lines. */
type Parts = Omit<Explanation, 'text'>;

export function explain(facts: ExplainFacts): Explanation {
  switch (facts.is) {
    case 'update':
      return ofUpdate(facts);
    case 'idle':
      return ofIdle(facts);
    case 'listed':
      return ofListed(facts);
    case 'unknown':
      return ofUnknown(facts);
    default:
      return unreachable(facts);
  }
}

const verdictOf = (name: StateName): Verdict => name.toUpperCase() as Uppercase<StateName>;

function ofUpdate({ snapshot, seen, parts, now }: Facts<'update'>): Explanation {
  const sight = sightOf(snapshot, seen, now);
  const { update, campaign, device } = snapshot;
  const standing = standingOf(sight);
  const prospect = standing.waits ? prospectOf(sight) : undefined;
  const verdict = verdictOf(update.state.name);
  const attempt = attemptText(sight);
  const unblock = standing.unblock ?? unblockOf(standing.rule, sight, prospect);
  const ifMissed = isFinal(update.state) ? undefined : missedText(sight, standing, prospect);
  const sentence = [
    `${verdict}: ${standing.why}.`,
    nextText(sight, standing, prospect),
    cutsText(sight),
    attempt === undefined ? undefined : `Attempt ${attempt.number} of ${attempt.max}.`,
    unblock,
  ];
  const told: Parts = {
    imei: update.imei,
    campaign: update.campaign,
    runs: runsOf(device, campaign.package),
    verdict,
    sentence: sentence.filter((one) => one !== undefined).join(' '),
    rule: standing.rule,
    ...(prospect?.is === 'open' ? { next: prospect.next } : {}),
    ...(ifMissed === undefined ? {} : { ifMissed }),
    contact: sight.rhythm,
    unblock,
    ...(attempt === undefined ? {} : { attempt }),
    ...refusedOf(seen, sight),
    ...residueOf(device),
    earlier: earlierOf(parts.filter((part) => part.update.campaign !== update.campaign)),
    fits: [],
    nearest: [],
  };
  return withText(told, sight, standing.waits);
}

const contactWord = ({ snapshot }: Sight): string => (snapshot.device.transport === 'HTTP' ? 'poll' : 'contact');

/** `(usually every 15 min, last 14 min ago)`, as far as it is known. */
function rhythmText({ rhythm, awake, overdue, now }: Pick<Sight, 'rhythm' | 'awake' | 'overdue' | 'now'>): string {
  const { every, measuredOn, lastAt } = rhythm;
  const usual = awake
    ? 'it listens at any time'
    : every === undefined
      ? 'its interval is not known'
      : `${measuredOn > 0 ? 'usually' : 'assumed'} every ${spanText(every)}`;
  if (lastAt === undefined) return `${usual}, never heard of`;
  return overdue ? `${usual}, silent for ${spanText(now - lastAt)}` : `${usual}, last ${spanText(now - lastAt)} ago`;
}

function nextText(sight: Sight, { rule }: Standing, prospect: Prospect | undefined): string | undefined {
  if (prospect === undefined) return undefined;
  const rhythm = rhythmText(sight);
  if (prospect.is === 'barred')
    return prospect.rule === rule ? undefined : `After that it is still held back: ${RULES[prospect.rule]}`;
  const { next, missesAll } = prospect;
  const at = momentText(next.at, sight);
  const word = contactWord(sight);
  if (missesAll) return `Next from ${at} on, but none of its usual ${word}s falls into an open window (${rhythm}).`;
  if (sight.awake) return `Next ${next.at === sight.now ? 'at once' : at} (${rhythm}).`;
  if (next.is === 'contact') return `Next ${at}, at its next ${word} (${rhythm}).`;
  return next.at === sight.now
    ? `Next at its next ${word} (${rhythm}).`
    : `Next from ${at} on, at its next ${word} then (${rhythm}).`;
}

/** What becomes of it when the device lets the chance pass. */
function missedText(sight: Sight, { ifSilent }: Standing, prospect: Prospect | undefined): string | undefined {
  if (ifSilent !== undefined) return ifSilent;
  const end = momentText(campaignEnd(sight.snapshot.campaign.timetable), sight);
  const expires = `the campaign ends ${end}, and the update expires`;
  if (prospect === undefined) return undefined;
  if (prospect.is === 'barred') return `If it stays like this: ${expires}.`;
  const { closesAt } = prospect;
  if (closesAt === undefined || closesAt >= campaignEnd(sight.snapshot.campaign.timetable))
    return `It has until then: ${expires}.`;
  const later = prospectAfter(sight, closesAt);
  const closes = `That window closes ${momentText(closesAt, sight)}`;
  return later?.is === 'open'
    ? `${closes}; the next chance is ${momentText(later.next.at, sight)}. In the end ${expires}.`
    : `${closes}, and there is no other: ${expires}.`;
}

const refusedOf = ({ refused }: Seen, here: Here): { readonly refused?: string } =>
  refused === undefined
    ? {}
    : { refused: `It came ${momentText(refused.at, here)} and was turned away: ${refused.why}` };

const residueOf = ({ residue }: Device): { readonly residue?: string } =>
  residue === undefined
    ? {}
    : {
        residue: `Campaign ${residue.campaign} left something on it (action ${residue.actionId}): that is removed at its next contact, before anything is offered.`,
      };

const earlierOf = (parts: readonly Part[]): readonly Earlier[] =>
  parts
    .toSorted((one, other) => other.update.changedAt - one.update.changedAt)
    .slice(0, EXPLAIN_LIMITS.earlierMax)
    .map(({ update, campaign }) => ({
      campaign: campaign.id,
      package: `${campaign.package.name} ${campaign.from} to ${campaign.package.to}`,
      state: update.state.name,
      at: isFinal(update.state) ? update.state.at : update.changedAt,
      reason: reasonOf(update),
    }));

function ofIdle({ device, seen, parts, now, asked, others }: Facts<'idle'>): Explanation {
  const rhythm = rhythmOf(device, seen);
  const here: Here = { now, zone: device.timeZone ?? 'UTC' };
  const fits = asked === undefined ? others.filter((one) => wouldTake(one, device)) : [];
  const shown = fits.slice(0, EXPLAIN_LIMITS.fitsMax).map(({ id }) => id);
  const verdict = 'NOT IN A CAMPAIGN';
  const { why, unblock } = asked === undefined ? ofNone(shown, others.length) : ofOther(device, asked);
  const told: Parts = {
    imei: device.imei,
    ...(asked === undefined ? {} : { campaign: asked.id }),
    runs: runsAll(device),
    verdict,
    sentence: `${verdict}: ${why}. ${unblock}`,
    contact: rhythm,
    unblock,
    ...refusedOf(seen, here),
    ...residueOf(device),
    earlier: earlierOf(parts),
    fits: shown,
    nearest: [],
  };
  return withText(told, here);
}

const wouldTake = (campaign: Campaign, device: Device): boolean =>
  judgeCandidate({ imei: device.imei, device, present: false }, campaign) === undefined;

function ofNone(fits: readonly CampaignId[], running: number): { readonly why: string; readonly unblock: string } {
  if (fits.length === 0)
    return {
      why: running === 0 ? 'no campaign of the account runs' : `none of the ${running} campaigns that run fits it`,
      unblock: 'Schedule it in a campaign whose package starts from the version that it runs.',
    };
  return {
    why: `it takes part in none; it would fit ${fits.join(', ')}`,
    unblock: 'Add it to one of them before that starts, or schedule it in a new one.',
  };
}

/** The campaign that is asked about, and why it does not have this device. */
function ofOther(device: Device, campaign: Campaign): { readonly why: string; readonly unblock: string } {
  const rejection = judgeCandidate({ imei: device.imei, device, present: false }, campaign);
  const own = device.liveCampaign;
  if (own !== undefined && own !== campaign.id)
    return { why: `it is not in this one, it takes part in ${own}`, unblock: WHAT_TO_DO['rejected.busy'] };
  if (rejection === undefined)
    return { why: 'it is not in this one, which it would fit', unblock: 'Add it before the campaign starts.' };
  return {
    why: `it is not in this one, which it would not fit: ${REJECT_REASONS[rejection.reason]} ${rejection.detail}`.replace(
      /\.$/,
      '',
    ),
    unblock: WHAT_TO_DO[`rejected.${rejection.reason}`],
  };
}

function ofListed({ imei, campaign, now }: Facts<'listed'>): Explanation {
  const unblock = WHAT_TO_DO.intake;
  const told: Parts = {
    imei,
    campaign: campaign.id,
    runs: [],
    verdict: 'WAITING',
    sentence: `WAITING: ${NOT_JUDGED.replace(/^A/, 'a')} ${unblock}`,
    rule: 'campaign.accepted',
    unblock,
    earlier: [],
    fits: [],
    nearest: [],
  };
  return withText(told, { now, zone: 'UTC' });
}

function ofUnknown({ imei, part, known, now }: Facts<'unknown'>): Explanation {
  const nearest = nearestOf(imei, known, EXPLAIN_LIMITS.nearestMax);
  const verdict = part === undefined ? 'UNKNOWN DEVICE' : verdictOf(part.update.state.name);
  const meant = nearest.map((one) => `${one.imei} (${one.how})`).join(', ');
  const unblock =
    nearest.length === 0 ? WHAT_TO_DO['rejected.device-unknown'] : `Did you mean ${meant}? Else import the device.`;
  const why = part === undefined ? `the account has no device ${imei}` : reasonOf(part.update).replace(/\.$/, '');
  const told: Parts = {
    imei,
    ...(part === undefined ? {} : { campaign: part.campaign.id, rule: part.update.rule }),
    runs: [],
    verdict,
    sentence: `${verdict}: ${why}. ${unblock}`,
    unblock,
    earlier: [],
    fits: [],
    nearest,
  };
  return withText(told, { now, zone: 'UTC' });
}

function contactText(rhythm: ContactRhythm, here: Here): string {
  const { lastAt, every, measuredOn } = rhythm;
  const last = lastAt === undefined ? 'It was never heard of' : `Last contact ${momentText(lastAt, here)}`;
  const measured =
    measuredOn > 0 ? `usually every ${every === undefined ? '' : spanText(every)} (measured on ${measuredOn})` : '';
  const assumed = every === undefined ? 'its interval is not known' : `assumed every ${spanText(every)}`;
  const overdue = isOverdue(rhythm, here.now) ? '; it is overdue' : '';
  return `${last}, ${measuredOn > 0 ? measured : assumed}${overdue}.`;
}

const nextLine = (next: Next | undefined, here: Here): string =>
  next === undefined
    ? 'Next eligible: no time can be told.'
    : `Next eligible: ${momentText(next.at, here)}${next.is === 'contact' ? ', when it is expected to contact us' : ', whenever it contacts us from then on'}.`;

/** All of it as lines, in one fixed order; `waits`: something of ours is in its way. */
function withText(told: Parts, here: Here, waits = false): Explanation {
  const isKnown = told.contact !== undefined;
  const lines = [
    isKnown ? runsText(told.runs, here) : undefined,
    told.sentence,
    told.rule === undefined ? undefined : `Rule ${told.rule}: ${RULES[told.rule]}`,
    waits ? nextLine(told.next, here) : undefined,
    told.ifMissed === undefined ? undefined : `If it misses it: ${told.ifMissed}`,
    told.contact === undefined ? undefined : contactText(told.contact, here),
    told.refused,
    told.residue,
    `To unblock it: ${told.unblock}`,
    ...told.earlier.map(
      ({ campaign, state, at, reason, ...one }) =>
        `Earlier: ${one.package}, ${state} ${momentText(at, here)} (${reason}) in campaign ${campaign}.`,
    ),
  ];
  return { ...told, text: lines.filter((line) => line !== undefined).join('\n') };
}
