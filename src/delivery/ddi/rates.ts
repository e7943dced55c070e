// How much one device, all devices of an account, and one address with wrong tokens may ask: a bucket for each.
import { DDI_LIMITS } from './limits.ts';

interface Rate {
  /** So many at once. */
  readonly burst: number;
  readonly perSecond: number;
}

interface Bucket {
  left: number;
  at: number;
}

/** Buckets by name. Those used least recently are forgotten first: they are the fullest. */
export class Buckets {
  readonly #buckets = new Map<string, Bucket>();

  /** Seconds to wait for one more; 0: there was one, and it is taken. */
  take(name: string, rate: Rate, now: number): number {
    const bucket = this.#filled(name, rate, now);
    if (bucket.left < 1) return Math.ceil((1 - bucket.left) / rate.perSecond);
    bucket.left -= 1;
    return 0;
  }

  /** The same without taking. */
  wait(name: string, rate: Rate, now: number): number {
    const bucket = this.#buckets.get(name);
    if (bucket === undefined) return 0;
    const left = fill(bucket, rate, now);
    return left < 1 ? Math.ceil((1 - left) / rate.perSecond) : 0;
  }

  #filled(name: string, rate: Rate, now: number): Bucket {
    const known = this.#buckets.get(name);
    const bucket = known ?? { left: rate.burst, at: now };
    bucket.left = fill(bucket, rate, now);
    bucket.at = now;
    if (known !== undefined) this.#buckets.delete(name);
    this.#buckets.set(name, bucket);
    if (this.#buckets.size > DDI_LIMITS.ratesMax) {
      for (const oldest of this.#buckets.keys()) {
        this.#buckets.delete(oldest);
        break;
      }
    }
    return bucket;
  }
}

const fill = ({ left, at }: Bucket, { burst, perSecond }: Rate, now: number): number =>
  Math.min(burst, left + (Math.max(0, now - at) / 1_000) * perSecond);

const DEVICE: Rate = { burst: DDI_LIMITS.deviceRequestsMax, perSecond: DDI_LIMITS.deviceRequestsPerSecond };
const REFUSALS: Rate = { burst: DDI_LIMITS.refusalsMax, perSecond: DDI_LIMITS.refusalsPerSecond };

export class Rates {
  readonly #devices = new Buckets();
  readonly #accounts = new Buckets();
  readonly #addresses = new Buckets();
  readonly #feedbacks = new Map<string, number>();

  /** Seconds after which a device may ask again; 0: now. */
  ofDevice(name: string, now: number): number {
    return this.#devices.take(name, DEVICE, now);
  }

  ofAccount(name: string, perSecond: number = DDI_LIMITS.accountRequestsPerSecond, now: number): number {
    return this.#accounts.take(name, { burst: perSecond * DDI_LIMITS.accountBurstSeconds, perSecond }, now);
  }

  /** Whether an address has had too many refusals to be looked at. */
  ofAddress(address: string, now: number): number {
    return this.#addresses.wait(address, REFUSALS, now);
  }

  refused(address: string, now: number): void {
    this.#addresses.take(address, REFUSALS, now);
  }

  /** Whether another feedback of an action is taken; the one that closes it does not ask. */
  takesFeedback(action: string): boolean {
    const count = (this.#feedbacks.get(action) ?? 0) + 1;
    this.#feedbacks.delete(action);
    this.#feedbacks.set(action, count);
    for (const oldest of this.#feedbacks.keys()) {
      if (this.#feedbacks.size <= DDI_LIMITS.countedActionsMax) break;
      this.#feedbacks.delete(oldest);
    }
    return count <= DDI_LIMITS.feedbacksPerActionMax;
  }
}
