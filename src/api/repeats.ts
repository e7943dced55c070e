// A request that is sent again is answered, not carried out again: Idempotency-Key and the same body (engine.md §2).
import type { Account } from '../accounts/index.ts';
import { after, type Campaign, type CampaignId, hours, isOver, minutes } from '../campaigns/index.ts';
import { LIMITS } from '../contract/index.ts';
import type { ApiContext } from './call.ts';
import { contentHash } from './canonical.ts';
import { invalid, type Refusal, refuse } from './refusal.ts';
import { sha256 } from './secrets.ts';

const KEY_LENGTH_MAX = LIMITS.idempotencyKeyLengthMax;

export interface Repeatable {
  readonly account: Account;
  /** What tells requests apart that are not the same operation. */
  readonly operation: string;
  readonly body: unknown;
  readonly key?: string;
}

export function idempotencyKey(header: string | readonly string[] | undefined): { readonly key?: string } | Refusal {
  if (header === undefined) return {};
  if (typeof header === 'string' && header !== '' && header.length <= KEY_LENGTH_MAX) return { key: header };
  const given = typeof header === 'string' ? `${header.length} characters` : 'it several times';
  return invalid(`the header Idempotency-Key: given ${given}, accepted: 1 to ${KEY_LENGTH_MAX} characters, once.`);
}

interface Names {
  readonly body: string;
  readonly key?: string;
  readonly keyAndBody?: string;
}

function namesOf({ operation, body, key }: Repeatable): Names {
  const hash = contentHash(operation, body);
  if (key === undefined) return { body: `body:${hash}` };
  const ofKey = sha256(key);
  return { body: `body:${hash}`, key: `key:${ofKey}`, keyAndBody: `key:${ofKey}:${hash}` };
}

export type Repetition =
  | { readonly is: 'new'; readonly names: Names }
  | { readonly is: 'again'; readonly campaign: Campaign }
  | { readonly is: 'refused'; readonly refusal: Refusal };

/** One that was remembered and then refused, or whose commit was lost, was never carried out: it is new. */
export async function repetitionOf(request: Repeatable, context: ApiContext): Promise<Repetition> {
  const names = namesOf(request);
  const { account, key } = request;
  if (names.key !== undefined && names.keyAndBody !== undefined) {
    const first = await remembered(account, names.key, context);
    if (first === undefined) return { is: 'new', names };
    const same = await remembered(account, names.keyAndBody, context);
    return same?.id === first.id
      ? { is: 'again', campaign: first }
      : { is: 'refused', refusal: refuse('IDEMPOTENCY_KEY_REUSED', { key: key ?? '' }) };
  }
  if (!account.settings.repeatedScheduleAnswersFirst) return { is: 'new', names };
  const first = await remembered(account, names.body, context);
  // Who schedules again what is over means a new campaign.
  return first === undefined || isOver(first.phase) ? { is: 'new', names } : { is: 'again', campaign: first };
}

async function remembered(account: Account, name: string, { store, clock }: ApiContext): Promise<Campaign | undefined> {
  const campaign = await store.repeated(account.name, name, clock.now());
  return campaign === undefined
    ? undefined
    : store.campaign({ account: account.name, campaign: campaign as CampaignId });
}

/** Before the accepting commit: after a crash between the two the name leads nowhere and the request is new. */
export async function remember(
  account: Account,
  names: Names,
  campaign: CampaignId,
  { store, clock, limits }: ApiContext,
): Promise<void> {
  const now = clock.now();
  await store.remember(account.name, names.body, campaign, after(now, minutes(limits.repeatedScheduleMinutesMax)));
  const keyUntil = after(now, hours(limits.idempotencyHoursMax));
  for (const name of [names.key, names.keyAndBody]) {
    if (name !== undefined) await store.remember(account.name, name, campaign, keyUntil);
  }
}
