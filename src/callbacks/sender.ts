// Tells listeners what the engine hands out: renders, signs, posts, and says what became of it and what follows.
import { type Listener, secretsOf } from '../accounts/index.ts';
import type { AccountName, CampaignFacts, CampaignId, Day, Delivery, Instant } from '../campaigns/index.ts';
import type { CallbackSettlement, DueCallback, Sendable, Sender } from '../engine/index.ts';
import { CALLBACK_LIMITS } from './limits.ts';
import type { CallbackClock, CallbackLog, Chance, Post, PostResult, Settled } from './ports.ts';
import { eventId, render } from './render.ts';
import { afterFailure } from './retry.ts';
import { sign } from './sign.ts';

export interface CallbackSenderParts {
  readonly post: Post;
  readonly clock: CallbackClock;
  readonly chance: Chance;
  readonly settled: Settled;
  readonly log: CallbackLog;
}

export type TestResult =
  | { readonly ok: true; readonly status: number; readonly took: number }
  | { readonly ok: false; readonly status?: number; readonly error: string; readonly took: number };

type Outgoing = Pick<DueCallback, 'event' | 'listener' | 'allowed'>;

export class CallbackSender implements Sender {
  readonly #parts: CallbackSenderParts;
  readonly #waiting = new Map<string, DueCallback[]>();
  readonly #perListener = new Map<string, number>();
  readonly #works = new Set<Promise<void>>();
  #taken = 0;

  constructor(parts: CallbackSenderParts) {
    this.#parts = parts;
  }

  /** The engine hands out no more than this: what is claimed is begun within its lease. */
  callbackRoom(): number {
    return Math.max(0, CALLBACK_LIMITS.inFlightMax - this.#taken);
  }

  send(sendable: Sendable): void {
    if (sendable.kind !== 'callback') return;
    this.#taken += 1;
    const name = nameOf(sendable.callback);
    const queue = this.#waiting.get(name) ?? [];
    queue.push(sendable.callback);
    this.#waiting.set(name, queue);
    this.#next(name);
  }

  /** Resolves when everything that was begun has come to its end. */
  async idle(): Promise<void> {
    while (this.#works.size > 0) await Promise.all(this.#works);
  }

  /** A test event, at once and once; it has no number and is not logged. */
  async test(listener: Listener, allowed: readonly string[]): Promise<TestResult> {
    const now = this.#parts.clock.now();
    const { result, took } = await this.#post({ listener, allowed, event: testEvent(listener, now) });
    if (!result.ok) return { ok: false, error: result.error, took };
    const { status } = result;
    return isWell(result) ? { ok: true, status, took } : { ok: false, status, error: `answered ${status}`, took };
  }

  #next(name: string): void {
    const running = this.#perListener.get(name) ?? 0;
    if (running >= CALLBACK_LIMITS.inFlightPerListenerMax) return;
    const queue = this.#waiting.get(name);
    const callback = queue?.shift();
    if (queue?.length === 0) this.#waiting.delete(name);
    if (callback === undefined) return;
    this.#perListener.set(name, running + 1);
    const work = this.#tell(callback)
      .catch((error: unknown) => this.#parts.log.failed('a callback could not be settled', error))
      .finally(() => {
        this.#works.delete(work);
        this.#taken -= 1;
        const left = (this.#perListener.get(name) ?? 1) - 1;
        if (left === 0) this.#perListener.delete(name);
        else this.#perListener.set(name, left);
        this.#next(name);
      });
    this.#works.add(work);
  }

  async #tell(callback: DueCallback): Promise<void> {
    const { result, took } = await this.#post(callback);
    await this.#parts.settled(settlementOf(callback, result, took, this.#parts));
  }

  async #post({ event, listener, allowed }: Outgoing): Promise<{ readonly result: PostResult; readonly took: number }> {
    const { clock, post } = this.#parts;
    const begun = clock.now();
    const body = JSON.stringify(render({ event, listener }));
    const headers = { ...sign(eventId(event), body, secretsOf(listener, begun), begun) };
    const result = await post({ url: listener.url, headers, body, allowed });
    return { result, took: clock.now() - begun };
  }
}

const nameOf = ({ listener }: DueCallback): string => `${listener.account} ${listener.generation}`;

const isWell = (result: PostResult): boolean => result.ok && result.status >= 200 && result.status < 300;

/** What is noted of a try, and what follows: the next number, the same one again, or a gap. */
export function settlementOf(
  { turn, event, tries, since }: DueCallback,
  result: PostResult,
  took: number,
  { clock, chance }: { readonly clock: CallbackClock; readonly chance: Chance },
): CallbackSettlement {
  const now = clock.now();
  const failed = isWell(result)
    ? undefined
    : afterFailure({ tries, ...(since === undefined ? {} : { since }) }, now, chance);
  const { account, campaign, to } = turn;
  const delivery: Delivery = {
    account,
    campaign,
    to,
    number: event.number,
    attempt: tries + 1,
    at: now,
    outcome: failed === undefined ? 'delivered' : failed.is === 'dead' ? 'dead' : 'failed',
    took,
    ...(result.ok ? { status: result.status } : { error: result.error }),
  };
  return { turn, delivery, after: failed?.is === 'again' ? failed : { is: 'next', number: event.number } };
}

const NOWHERE = '00000000-0000-0000-0000-000000000000' as CampaignId;

function testEvent({ account, generation }: Listener, at: Instant) {
  const today = new Date(at).toISOString().slice(0, 10) as Day;
  const facts: CampaignFacts = {
    generation: generation === 'v2' ? 'v2' : 'v3',
    phase: 'pending',
    name: 'test',
    package: 'test',
    from: '0',
    to: '0',
    make: '',
    model: '',
    startDate: today,
    endDate: today,
  };
  const phase = { name: 'pending', rule: 'campaign.accepted' } as const;
  return { account: account as AccountName, campaign: NOWHERE, number: 0, at, facts, phase, devices: [] };
}
