// Callback listeners of each generation; what they receive is checked with `verifyWebhook`.

import { type FotaCaller, type OrderOptions, path } from './caller.ts';
import type { CallOptions, Given } from './http.ts';
import type {
  CallbackListener,
  CallbackListenersV1,
  CallbackListenerV1,
  CallbackRegisteredV1,
  CallbackRegistrationV1,
  SuccessResponse,
} from './wire.gen.ts';

export class Callbacks {
  readonly #call: FotaCaller;

  constructor(call: FotaCaller) {
    this.#call = call;
  }

  /** The listener (v1): one service answers an object, another a list; here it is a list. */
  async getV1(account: string, options?: CallOptions): Promise<readonly CallbackListenerV1[]> {
    const answer = (await this.#call({
      method: 'GET',
      path: path`/v1/callbacks/${account}`,
      ...options,
    })) as CallbackListenersV1;
    return (Array.isArray(answer) ? answer : [answer]).filter(({ url = '' }) => url !== '');
  }

  /** Registers the listener (v1), in place of the one before. */
  async registerV1(
    account: string,
    body: Given<CallbackRegistrationV1>,
    options?: OrderOptions,
  ): Promise<CallbackRegisteredV1> {
    return (await this.#call({
      method: 'POST',
      path: path`/v1/callbacks/${account}`,
      body,
      ...options,
    })) as CallbackRegisteredV1;
  }

  /** Removes the listener (v1). */
  async deregisterV1(account: string, options?: CallOptions): Promise<SuccessResponse> {
    return (await this.#call({
      method: 'DELETE',
      path: path`/v1/callbacks/${account}/name/Fota`,
      ...options,
    })) as SuccessResponse;
  }

  /** The listener (v2); without one there is no `url`. */
  async getV2(account: string, options?: CallOptions): Promise<CallbackListener> {
    return (await this.#call({ method: 'GET', path: path`/v2/callbacks/${account}`, ...options })) as CallbackListener;
  }

  /** Registers the listener (v2), in place of the one before. */
  async registerV2(account: string, url: string, options?: OrderOptions): Promise<CallbackListener> {
    return (await this.#call({
      method: 'POST',
      path: path`/v2/callbacks/${account}`,
      body: { url },
      ...options,
    })) as CallbackListener;
  }

  /** Replaces the listener (v2). */
  async replaceV2(account: string, url: string, options?: CallOptions): Promise<CallbackListener> {
    return (await this.#call({
      method: 'PUT',
      path: path`/v2/callbacks/${account}`,
      body: { url },
      ...options,
    })) as CallbackListener;
  }

  /** Removes the listener (v2). */
  async deregisterV2(account: string, options?: CallOptions): Promise<SuccessResponse> {
    return (await this.#call({
      method: 'DELETE',
      path: path`/v2/callbacks/${account}`,
      ...options,
    })) as SuccessResponse;
  }

  /** The listener (v3); without one there is no `url`. */
  async getV3(account: string, options?: CallOptions): Promise<CallbackListener> {
    return (await this.#call({ method: 'GET', path: path`/v3/callbacks/${account}`, ...options })) as CallbackListener;
  }

  /** Registers the listener (v3), in place of the one before. */
  async registerV3(account: string, url: string, options?: OrderOptions): Promise<CallbackListener> {
    return (await this.#call({
      method: 'POST',
      path: path`/v3/callbacks/${account}`,
      body: { url },
      ...options,
    })) as CallbackListener;
  }

  /** Replaces the listener (v3). */
  async replaceV3(account: string, url: string, options?: CallOptions): Promise<CallbackListener> {
    return (await this.#call({
      method: 'PUT',
      path: path`/v3/callbacks/${account}`,
      body: { url },
      ...options,
    })) as CallbackListener;
  }

  /** Removes the listener (v3). */
  async deregisterV3(account: string, options?: CallOptions): Promise<SuccessResponse> {
    return (await this.#call({
      method: 'DELETE',
      path: path`/v3/callbacks/${account}`,
      ...options,
    })) as SuccessResponse;
  }
}
