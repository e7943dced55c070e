// When it goes on: the same judgements that decide, asked for later instants, until one of the device's contacts passes.
import { type Campaign, campaignStart, isOver } from '../campaign.ts';
import { owesCleanUp } from '../device.ts';
import type { Snapshot } from '../input.ts';
import { bytesToSend, holdBack, imageIsThere, wantsFreshVersion } from '../offer.ts';
import { mayBeginTransfer, mayDownload, mayInstall, type Permit } from '../permits.ts';
import { nextRolloutLook, openStep, type Rollout, stepOf } from '../rollout.ts';
import type { Rule } from '../rules.ts';
import { type Instant, instant } from '../time.ts';
import type { Update } from '../update.ts';
import { EXPLAIN_LIMITS, type Next } from './explanation.ts';
import { contactFrom, momentAt, type Sight } from './sight.ts';

export type Prospect =
  | {
      readonly is: 'open';
      readonly next: Next;
      /** When the opening closes that `next` lies in. */
      readonly closesAt?: Instant;
      /** None of its usual contacts falls into an opening that is left. */
      readonly missesAll: boolean;
    }
  /** Not by time alone, or never again. */
  | { readonly is: 'barred'; readonly rule: Rule };

/** What stands in the way at an instant, and when it is gone, as far as time alone decides that. */
interface Bar {
  readonly rule: Rule;
  readonly until?: Instant;
}

interface Judge {
  readonly barAt: (at: Instant) => Bar | undefined;
  readonly permitAt: (at: Instant) => Permit;
}

/** When the update's step is opened, where that is only a matter of time. */
export function stepOpensAt({ rollout }: Pick<Campaign, 'rollout'>, update: Update): Instant | undefined {
  const step = stepOf(rollout, update);
  const isNext = rollout !== undefined && step === rollout.at + 1 && rollout.doneAt !== undefined;
  return isNext ? nextRolloutLook(rollout) : undefined;
}

const FOREVER = instant(8_640_000_000_000_000);

/** What is left when all that goes by itself is gone: a slot is free, the device is clean, the campaign has come so far. */
function allElseHolding(snapshot: Snapshot, at: Instant): Snapshot {
  const { residue: _cleaned, ...device } = snapshot.device;
  const { account, campaign } = snapshot.update;
  const { node } = momentAt(at);
  const slots = { account, campaign, node, revision: 0, free: 1, arrivals: 1, until: FOREVER };
  return {
    ...snapshot,
    device,
    slots,
    campaign: withStepOpened(withStarted(snapshot.campaign, at), snapshot.update, at),
  };
}

function withStarted(campaign: Campaign, at: Instant): Campaign {
  const { phase, timetable } = campaign;
  if (isOver(phase) || at < campaignStart(timetable)) return campaign;
  return { ...campaign, phase: { ...phase, name: 'scheduled' } };
}

function withStepOpened(campaign: Campaign, update: Update, at: Instant): Campaign {
  const { rollout } = campaign;
  const opensAt = stepOpensAt(campaign, update);
  if (rollout === undefined || opensAt === undefined || at < opensAt) return campaign;
  const opened: Rollout = openStep(rollout, rollout.at + 1, opensAt);
  return { ...campaign, rollout: opened };
}

const barOf = (permit: Permit): Bar | undefined =>
  permit.ok
    ? undefined
    : { rule: permit.rule, ...(permit.nextEligibleAt === undefined ? {} : { until: permit.nextEligibleAt }) };

function barOfOffer(snapshot: Snapshot, at: Instant): Bar | undefined {
  const held = holdBack(allElseHolding(snapshot, at), momentAt(at));
  if (held === undefined) return undefined;
  const { state } = snapshot.update;
  if (held.permit !== undefined) return barOf(held.permit);
  const until =
    held.rule === 'update.waiting-for-retry' && state.name === 'waiting'
      ? state.readyAt
      : held.rule === 'update.step-closed'
        ? stepOpensAt(snapshot.campaign, snapshot.update)
        : held.allowedAt;
  return { rule: held.rule, ...(until === undefined ? {} : { until }) };
}

/** Whose judgement its next step waits for; undefined: it waits for no permit of ours. */
function judgeOf(snapshot: Snapshot): Judge | undefined {
  const { update } = snapshot;
  const download = (at: Instant): Permit => mayDownload(allElseHolding(snapshot, at), at);
  const install = (at: Instant): Permit => mayInstall(allElseHolding(snapshot, at), at);
  const begin = (at: Instant): Permit => mayBeginTransfer(allElseHolding(snapshot, at), bytesToSend(snapshot), at);
  switch (update.state.name) {
    case 'waiting':
      if (imageIsThere(update)) return { barAt: (at) => barOf(install(at)), permitAt: install };
      return { barAt: (at) => barOfOffer(snapshot, at), permitAt: download };
    case 'offered':
      return { barAt: (at) => barOf(begin(at)), permitAt: download };
    case 'downloading':
      return { barAt: (at) => barOf(download(at)), permitAt: download };
    case 'downloaded':
      return { barAt: (at) => barOf(install(at)), permitAt: install };
    default:
      return undefined;
  }
}

function found(sight: Sight, { permitAt }: Judge, next: Omit<Next, 'zone'>, missesAll = false): Prospect {
  const permit = permitAt(next.at);
  return {
    is: 'open',
    next: { ...next, zone: sight.zone },
    missesAll,
    ...(permit.ok ? { closesAt: permit.closesAt } : {}),
  };
}

function search(sight: Sight, judge: Judge, from: Instant): Prospect {
  let at = from;
  let opensAt: Instant | undefined;
  let last: Rule = 'permit.over';
  for (let looks = 0; looks < EXPLAIN_LIMITS.looksMax; looks += 1) {
    const bar = judge.barAt(at);
    if (bar === undefined) {
      opensAt ??= at;
      const contact = contactFrom(sight, at);
      if (contact === undefined) return found(sight, judge, { at, is: 'opening' });
      if (contact === at) return found(sight, judge, { at, is: 'contact' });
      at = contact;
    } else {
      last = bar.rule;
      if (bar.until === undefined || bar.until <= at) break;
      at = bar.until;
    }
  }
  if (opensAt === undefined) return { is: 'barred', rule: last };
  return found(sight, judge, { at: opensAt, is: 'opening' }, true);
}

/** A polling device uses one contact up to be cleaned or to tell its version; the image comes with the one after. */
function firstUse(sight: Sight): Instant {
  const { snapshot, now } = sight;
  const { state } = snapshot.update;
  const usesOneUp =
    snapshot.device.transport === 'HTTP' &&
    state.name === 'waiting' &&
    (owesCleanUp(snapshot.device, now) || wantsFreshVersion(snapshot));
  const contact = usesOneUp ? contactFrom(sight, now) : undefined;
  return contact === undefined ? now : instant(contact + 1);
}

/** The next chance from now on; undefined: nothing of ours is waited for. */
export function prospectOf(sight: Sight): Prospect | undefined {
  const judge = judgeOf(sight.snapshot);
  return judge === undefined ? undefined : search(sight, judge, firstUse(sight));
}

/** The chance after this one, if the device lets it pass. */
export function prospectAfter(sight: Sight, closesAt: Instant): Prospect | undefined {
  const judge = judgeOf(sight.snapshot);
  return judge === undefined ? undefined : search(sight, judge, closesAt);
}
