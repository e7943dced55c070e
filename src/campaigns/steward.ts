// The steward's turns: what the one node that holds a campaign's lease counts, numbers, grants and ends (engine.md §4).

import { type Admitted, admissionChange, admit, type Candidate } from './admission.ts';
import { endedBy } from './attempt.ts';
import { type Telling, tell, withCallbacks } from './callbacks.ts';
import {
  CAMPAIGN_MOVES,
  type Campaign,
  campaignEnd,
  campaignStart,
  downloadFrom,
  type Hold,
  isOver,
  type Ledger,
  openOf,
  type Phase,
  type PhaseName,
} from './campaign.ts';
import { type Change, type Entry, noChange, type SealedEntry, type Write } from './change.ts';
import { holdOf, judgeEntries, type KeptBook } from './guard.ts';
import type { CampaignId } from './ids.ts';
import { invariant } from './invariant.ts';
import type { Licensing } from './licence.ts';
import { LIMITS } from './limits.ts';
import type { RejectReason } from './reasons.ts';
import { countStep, newRollout, nextRolloutLook } from './rollout.ts';
import type { Rule } from './rules.ts';
import { count, countRejection } from './tallies.ts';
import { after, type Duration, earliest, type Instant } from './time.ts';
import { nextOpening, openingAt, type Zone } from './windows.ts';
import { zonesTold } from './zones.ts';

/** Hash of a text in lower-case hex; SHA-256 in production. */
export type Digest = (text: string) => string;

/** Vouches for a head of the ledger; the key lies outside the store (engine.md §8). */
export interface Signer {
  readonly keyId: string;
  /** Ed25519 over the text, base64url. */
  sign(text: string): string;
}

/** What entries are chained and vouched for with; absent signer: heads are not signed. */
export interface Sealing {
  readonly digest: Digest;
  readonly signer?: Signer | undefined;
}

export interface UnsealedEntry {
  readonly id: number;
  readonly entry: Entry;
}

/** What the steward has not counted yet, the campaign's score book, and whom it would tell. */
export interface Unfolded extends Telling {
  readonly campaign: Campaign;
  readonly unsealed: readonly UnsealedEntry[];
  readonly kept?: KeptBook;
}

/** What is signed of a head: whoever knows it knows every entry before it. */
export const headText = (
  campaign: CampaignId,
  { length, head }: Pick<Ledger, 'length' | 'head'>,
  at: Instant,
): string => JSON.stringify({ campaign, length, head, signedAt: at });

function sealed(campaign: Campaign, unsealed: readonly UnsealedEntry[], digest: Digest) {
  let { length, head } = campaign.ledger;
  const rows: SealedEntry[] = [];
  for (const { id, entry } of unsealed) {
    length += 1;
    const text = JSON.stringify({ sequence: length, previous: head, entry });
    head = digest(text);
    rows.push({ id, sequence: length, text, hash: head });
  }
  return { rows, length, head };
}

/** Counts and chains entries in one total order, judges the image by them, and numbers what the customer is told. */
export function fold(
  { campaign, unsealed, kept, ...telling }: Unfolded,
  { digest, signer }: Sealing,
  now: Instant,
): Change {
  const entries = unsealed.map(({ entry }) => entry);
  const tallies = { ...campaign.tallies };
  const rejections: Partial<Record<RejectReason, number>> = { ...campaign.rejections };
  let { slotsOut, rollout } = campaign;
  let answered = 0;
  for (const entry of entries) {
    count(tallies, entry);
    countRejection(rejections, entry);
    rollout = countStep(rollout, entry);
    if (entry.slots === -1) slotsOut -= 1;
    if (entry.move?.from === 'waiting') answered += 1;
  }
  invariant(slotsOut >= 0, 'more slots are set free than were out');
  const chained = sealed(campaign, unsealed, digest);
  const head = { length: chained.length, head: chained.head };
  const ledger: Ledger = {
    ...head,
    ...(signer === undefined
      ? {}
      : { signedAt: now, keyId: signer.keyId, signature: signer.sign(headText(campaign.id, head, now)) }),
  };
  const told = tell({ ...campaign, ledger }, entries, telling, now);
  const counted: Campaign = {
    ...campaign,
    tallies,
    rejections,
    slotsOut,
    zones: zonesTold(campaign, entries),
    ledger,
    ...(rollout === undefined ? {} : { rollout }),
    ...(campaign.asking === undefined
      ? {}
      : { asking: { ...campaign.asking, count: Math.max(0, campaign.asking.count - answered) } }),
  };
  const judged = judgeEntries(counted, kept, entries);
  const scored = judged === undefined ? counted : { ...counted, score: judged.score };
  const hold = holdOf(scored, judged?.halts ?? [], now);
  const held = hold === undefined ? undefined : withHold(scored, hold);
  const { account, id } = campaign;
  return {
    writes: [
      { op: 'replace-campaign', row: withCallbacks(held?.row ?? scored, told.callbacks) },
      { op: 'seal', account, campaign: id, sealed: chained.rows },
      ...(judged?.writes ?? []),
      ...told.writes,
    ],
    entries: held === undefined ? [] : [held.entry],
    intents: told.intents,
    rule: hold?.rule ?? 'campaign.folded',
  };
}

/** The campaign with a hold on it, or without its hold, and the entry that tells so. */
export function withHold(campaign: Campaign, hold: Hold): { readonly row: Campaign; readonly entry: Entry } {
  const { since, rule, reason, by, kind } = hold;
  const entry: Entry = {
    account: campaign.account,
    campaign: campaign.id,
    at: since,
    kind: 'hold',
    rule,
    facts: { hold: kind, reason, ...(by === undefined ? {} : { by }) },
  };
  return { row: { ...campaign, hold, nextActionAt: since }, entry };
}

/** Looks at one part of the device list; the part is gone in the same commit, so a crash looks at it once more or never. */
export function admitPart(
  campaign: Campaign,
  part: number,
  candidates: readonly Candidate[],
  last: boolean,
  now: Instant,
  licensing?: Licensing,
): { readonly change: Change; readonly results: readonly Admitted[] } {
  const result = admit(candidates, campaign, now, { licensing });
  const { zones, strata } = result;
  const row: Campaign = { ...campaign, zones, strata, intakePending: !last };
  const { account, id } = campaign;
  const more: Write[] = [
    { op: 'replace-campaign', row },
    { op: 'delete-intake', account, campaign: id, part },
  ];
  return { change: admissionChange(result, more, 'campaign.admitted'), results: result.results };
}

export function toPhase(
  campaign: Campaign,
  name: PhaseName,
  rule: Rule,
  now: Instant,
): { readonly row: Campaign; readonly entry: Entry } {
  const legal: readonly string[] = CAMPAIGN_MOVES[campaign.phase.name];
  invariant(legal.includes(name), `a campaign cannot go from ${campaign.phase.name} to ${name}`);
  const phase: Phase = { name, since: now, rule };
  // The sweep finds out by itself whether rows are left; tallies may be behind.
  const ends = isOver(phase);
  const row: Campaign = { ...campaign, phase, nextActionAt: now, sweepPending: ends || campaign.sweepPending };
  return {
    row: campaign.phase.name === 'scheduled' && !ends ? unprepared(row) : row,
    entry: { account: campaign.account, campaign: campaign.id, at: now, kind: 'phase', rule, facts: { phase: name } },
  };
}

/** It goes back behind its start: who takes part may change again, so steps and score are fixed anew. */
function unprepared({ score: _score, rollout, ...campaign }: Campaign): Campaign {
  return rollout === undefined ? campaign : { ...campaign, rollout: newRollout(rollout.policy) };
}

/** The next move of the campaign itself, once everything that happened is counted and every device looked at. */
export function advance(campaign: Campaign, now: Instant): Change {
  const move = nextPhase(campaign, now);
  if (move === undefined) return noChange('update.no-change');
  const { row, entry } = toPhase(campaign, move.name, move.rule, now);
  return { writes: [{ op: 'replace-campaign', row }], entries: [entry], intents: [], rule: move.rule };
}

function nextPhase(campaign: Campaign, now: Instant): { readonly name: PhaseName; readonly rule: Rule } | undefined {
  const { phase, tallies, timetable } = campaign;
  const open = openOf(tallies);
  if (isOver(phase) || campaign.intakePending) return undefined;
  if (phase.name === 'pending') {
    const none = open + tallies.succeeded + tallies.failed === 0 && !campaign.autoAddDevices;
    return none ? { name: 'failed', rule: 'campaign.all-rejected' } : { name: 'queued', rule: 'campaign.admitted' };
  }
  if (phase.name === 'queued' && campaign.generation === 'v3')
    return { name: 'prescheduled', rule: 'campaign.prescheduled' };
  if (phase.name !== 'scheduled')
    return now >= campaignStart(timetable) ? { name: 'scheduled', rule: 'campaign.scheduled' } : undefined;
  if (now >= campaignEnd(timetable)) return { name: 'ended', rule: 'campaign.ended-date' };
  const staysOpen = campaign.autoAddDevices && campaign.endWhenDone !== true;
  return open === 0 && !staysOpen ? { name: 'ended', rule: 'campaign.ended-done' } : undefined;
}

const zonesOf = (campaign: Campaign): readonly Zone[] => {
  const { zone, fallbackZone } = campaign.timetable;
  return zone !== 'device' ? [zone] : campaign.zones.length > 0 ? campaign.zones : [fallbackZone];
};

/** Whether any of its devices could be offered at `now`. */
export function opensAnywhere(campaign: Campaign, now: Instant): boolean {
  if (campaign.phase.name !== 'scheduled' || campaign.hold !== undefined || now < downloadFrom(campaign.timetable))
    return false;
  if (campaign.score === undefined || (campaign.rollout?.at ?? 0) < 0) return false;
  const end = campaignEnd(campaign.timetable);
  return zonesOf(campaign).some((zone) => openingAt(campaign.timetable.downloadWindows, zone, now, end) !== undefined);
}

/** A lease is renewed when half of it is over. */
export const SLOT_RENEWAL = (LIMITS.slotLease / 2) as Duration;

/** When the steward has to look at the campaign again, if nothing happens before. */
export function nextTurn(campaign: Campaign, now: Instant): Instant | undefined {
  if (campaign.intakePending || campaign.sweepPending) return now;
  const look = campaign.hold === undefined ? nextRolloutLook(campaign.rollout) : undefined;
  return earliest(campaign.callbacks.dueAt, isOver(campaign.phase) ? undefined : look, nextMove(campaign, now));
}

function nextMove(campaign: Campaign, now: Instant): Instant | undefined {
  if (isOver(campaign.phase)) return undefined;
  const { timetable } = campaign;
  if (campaign.phase.name !== 'scheduled') return Math.max(now, campaignStart(timetable)) as Instant;
  const end = campaignEnd(timetable);
  if (opensAnywhere(campaign, now)) return earliest(end, after(now, SLOT_RENEWAL));
  const from = Math.max(now, downloadFrom(timetable)) as Instant;
  const openings =
    campaign.hold === undefined && !waitsForApproval(campaign)
      ? zonesOf(campaign).map((zone) => nextOpening(timetable.downloadWindows, zone, from, end)?.from)
      : [];
  return earliest(end, ...openings);
}

const waitsForApproval = ({ rollout, score }: Campaign): boolean =>
  score !== undefined && rollout !== undefined && rollout.at < 0;

/** Every row of an ended campaign has been looked at, and what was left of its list has been let go. */
export function swept(campaign: Campaign): Change {
  const rule = endedBy(campaign).rule;
  return {
    writes: [{ op: 'replace-campaign', row: { ...campaign, sweepPending: false, intakePending: false } }],
    entries: [],
    intents: [],
    rule,
  };
}
