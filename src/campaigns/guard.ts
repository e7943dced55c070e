// The campaign's own stop: what entries tell the score book, and the hold that follows from it (engine.md §7).
import { type Campaign, type Hold, isOver, openOf } from './campaign.ts';
import type { Entry, Write } from './change.ts';
import { evidenceOf, haltSentence, scoreEventOf } from './halt.ts';
import type { RolloutStep } from './rollout.ts';
import { NO_SCORE, SCORE_TERMS, type Score, type ScorePlan, type ScoreTerms, scorePlan } from './score.ts';
import {
  acceptCanary,
  type Halt,
  newScoreBook,
  openPlaces,
  restartScore,
  type ScoreBook,
  type ScoreEvent,
  score,
} from './score-book.ts';
import type { Instant } from './time.ts';

/** What the campaign row holds of its score: the fixed plan, and how the scores stood when they were last added up. */
export interface CampaignScore {
  readonly plan: ScorePlan;
  /** Length of the ledger when it was begun or resumed: a book of an earlier round is begun anew. */
  readonly round: number;
  /** An operator has taken the canary for good. */
  readonly canaryApproved: boolean;
  readonly canary?: NonNullable<ScoreBook['canary']>;
  /** The guard score that is nearest to its bound. */
  readonly guard: Score;
  /** Devices between transfer grant and outcome. */
  readonly open: number;
}

/** The book as the store keeps it, with the round that it belongs to. */
export interface KeptBook {
  readonly round: number;
  readonly book: ScoreBook;
}

/** Fixed when the devices are known and nothing has been granted yet. */
export function startScore(
  campaign: Pick<Campaign, 'haltTerms' | 'rollout' | 'tallies' | 'autoAddDevices' | 'ledger'>,
  steps: readonly RolloutStep[],
  sizes: readonly number[],
): CampaignScore {
  const terms: ScoreTerms = campaign.haltTerms ?? SCORE_TERMS;
  const strata = campaign.rollout?.policy.stratifyBy === undefined ? [] : sizes;
  const plan = scorePlan(terms, {
    devices: openOf(campaign.tallies),
    strata,
    autoAddDevices: campaign.autoAddDevices,
  });
  const book = newScoreBook(plan, steps[0]?.kind === 'canary');
  return {
    plan,
    round: campaign.ledger.length,
    canaryApproved: false,
    guard: NO_SCORE,
    open: 0,
    ...(book.canary === undefined ? {} : { canary: book.canary }),
  };
}

/** The book of this round, as the campaign row orders it. */
function currentBook(campaign: Campaign, own: CampaignScore, kept: KeptBook | undefined): ScoreBook {
  const withCanary = campaign.rollout?.steps[0]?.kind === 'canary';
  const book =
    kept === undefined
      ? newScoreBook(own.plan, withCanary)
      : kept.round === own.round
        ? kept.book
        : restartScore(own.plan, kept.book);
  return own.canaryApproved && book.canary?.verdict === 'continue' ? acceptCanary(book) : book;
}

export interface Judged {
  readonly score: CampaignScore;
  readonly writes: readonly Write[];
  readonly halts: readonly Halt[];
}

/** Adds what entries tell to the scores; undefined where the campaign has none yet. */
export function judgeEntries(
  campaign: Campaign,
  kept: KeptBook | undefined,
  entries: readonly Entry[],
): Judged | undefined {
  const own = campaign.score;
  if (own === undefined) return undefined;
  const events = entries
    .map((entry) => scoreEventOf(entry, own.plan.strata > 0 ? [entry.stratum ?? 0] : []))
    .filter((event): event is ScoreEvent => event !== undefined);
  const before = currentBook(campaign, own, kept);
  const stale = kept?.round !== own.round || (own.canaryApproved && kept.book.canary?.verdict === 'continue');
  if (events.length === 0 && !stale) return undefined;
  const { book, halts } = score(own.plan, before, events);
  const { account, id } = campaign;
  const row: CampaignScore = {
    plan: own.plan,
    round: own.round,
    canaryApproved: own.canaryApproved,
    guard: book.guards.reduce((top, one) => (one.value > top.value ? one : top), NO_SCORE),
    open: openPlaces(book),
    ...(book.canary === undefined ? {} : { canary: book.canary }),
  };
  const writes: readonly Write[] = [{ op: 'keep-score', account, campaign: id, kept: { round: own.round, book } }];
  return { score: row, writes, halts };
}

/** The hold that a halt puts on a campaign; whoever has paused it does not keep it from being halted. */
export function holdOf(campaign: Campaign, halts: readonly Halt[], now: Instant): Hold | undefined {
  const [halt] = halts;
  if (halt === undefined || isOver(campaign.phase) || campaign.hold?.kind === 'halted') return undefined;
  const names = campaign.strata.map((_, place) => stratumText(campaign, place));
  const evidence = evidenceOf(halt, names, []);
  return {
    kind: 'halted',
    since: now,
    rule: halt.by === 'canary' ? 'campaign.halted-canary' : 'campaign.halted-guard',
    reason: haltSentence(evidence),
    evidence,
  };
}

function stratumText({ strata, rollout }: Campaign, place: number): string {
  const name = strata[place] ?? '';
  const by = rollout?.policy.stratifyBy ?? 'model';
  return `${by === 'model' ? 'model' : by.slice('label:'.length)} "${name === '' ? 'unknown' : name}"`;
}
