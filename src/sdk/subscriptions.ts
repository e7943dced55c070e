// What an account has subscribed to.

import { type FotaCaller, path } from './caller.ts';
import type { CallOptions } from './http.ts';
import type { Subscription } from './wire.gen.ts';

export class Subscriptions {
  readonly #call: FotaCaller;

  constructor(call: FotaCaller) {
    this.#call = call;
  }

  /** The subscription and its licences (v1). */
  async getV1(account: string, options?: CallOptions): Promise<Subscription> {
    return (await this.#call({ method: 'GET', path: path`/v1/subscriptions/${account}`, ...options })) as Subscription;
  }

  /** The subscription and its licences (v2). */
  async getV2(account: string, options?: CallOptions): Promise<Subscription> {
    return (await this.#call({ method: 'GET', path: path`/v2/subscriptions/${account}`, ...options })) as Subscription;
  }

  /** The subscription and its licences (v3). */
  async getV3(account: string, options?: CallOptions): Promise<Subscription> {
    return (await this.#call({ method: 'GET', path: path`/v3/subscriptions/${account}`, ...options })) as Subscription;
  }
}
