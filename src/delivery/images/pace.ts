// How fast image bytes may leave over HTTP: a token bucket for each account and each campaign that has a cap.
import type { CampaignKey, Instant } from '../../campaigns/index.ts';
import type { DownloadPace, PaceClaim } from '../ports.ts';
import { IMAGE_LIMITS } from './limits.ts';

export interface Caps {
  readonly account?: number;
  readonly campaign?: number;
  /** Nodes that serve at the same time: each gives its part. */
  readonly nodes: number;
}

export interface PaceParts {
  readonly clock: { now(): Instant };
  /** Bytes per second, as the operator has set them. */
  readonly capsOf: (key: CampaignKey) => Promise<Caps>;
}

/** Tokens may be owed: whoever claims next waits until all before are paid, so claims are served in their order. */
export class Bucket {
  #perSecond: number;
  #tokens: number;
  #at: number;

  constructor(perSecond: number, now: number) {
    this.#perSecond = perSecond;
    this.#tokens = perSecond * IMAGE_LIMITS.paceBurst;
    this.#at = now;
  }

  setRate(perSecond: number, now: number): void {
    this.#fill(now);
    this.#perSecond = perSecond;
  }

  /** Milliseconds until these bytes may go. */
  take(bytes: number, now: number): number {
    this.#fill(now);
    this.#tokens -= bytes;
    return this.#tokens >= 0 ? 0 : Math.ceil((-this.#tokens * 1_000) / this.#perSecond);
  }

  /** What was taken and not sent. */
  giveBack(bytes: number): void {
    this.#tokens += bytes;
  }

  #fill(now: number): void {
    const most = this.#perSecond * IMAGE_LIMITS.paceBurst;
    const gained = (Math.max(0, now - this.#at) * this.#perSecond) / 1_000;
    this.#tokens = Math.min(most, this.#tokens + gained);
    this.#at = Math.max(this.#at, now);
  }
}

const FREE: PaceClaim = { wait: 0, giveBack: () => {} };

export class Pace implements DownloadPace {
  readonly #parts: PaceParts;
  readonly #buckets = new Map<string, Bucket>();
  readonly #read = new Map<string, { readonly at: Instant; readonly done: Promise<void> }>();

  constructor(parts: PaceParts) {
    this.#parts = parts;
  }

  refresh(key: CampaignKey): Promise<void> {
    const now = this.#parts.clock.now();
    const name = campaignName(key);
    const read = this.#read.get(name);
    if (read !== undefined && now - read.at < IMAGE_LIMITS.capsKept) return read.done;
    for (const [old, { at }] of this.#read) {
      if (now - at < IMAGE_LIMITS.capsKept) break;
      this.#read.delete(old);
    }
    const done = this.#readCaps(key);
    // In the order of their times, so that the oldest are found first.
    this.#read.delete(name);
    this.#read.set(name, { at: now, done });
    return done;
  }

  claim(key: CampaignKey, bytes: number): PaceClaim {
    if (this.#buckets.size === 0) return FREE;
    const now = this.#parts.clock.now();
    const asked = [this.#buckets.get(key.account), this.#buckets.get(campaignName(key))].filter(
      (bucket) => bucket !== undefined,
    );
    if (asked.length === 0) return FREE;
    return {
      wait: Math.max(...asked.map((bucket) => bucket.take(bytes, now))),
      giveBack: () => {
        for (const bucket of asked) bucket.giveBack(bytes);
      },
    };
  }

  async #readCaps(key: CampaignKey): Promise<void> {
    const { account, campaign, nodes } = await this.#parts.capsOf(key);
    this.#set(key.account, account, nodes);
    this.#set(campaignName(key), campaign, nodes);
  }

  #set(name: string, perSecond: number | undefined, nodes: number): void {
    if (perSecond === undefined || perSecond === 0) {
      this.#buckets.delete(name);
      return;
    }
    const now = this.#parts.clock.now();
    const part = perSecond / Math.max(1, nodes);
    const bucket = this.#buckets.get(name);
    if (bucket === undefined) this.#buckets.set(name, new Bucket(part, now));
    else bucket.setRate(part, now);
  }
}

// A blank cannot occur in either.
const campaignName = ({ account, campaign }: CampaignKey): string => `${account} ${campaign}`;
