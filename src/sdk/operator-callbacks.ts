// The operator's view of callbacks and of the audit log.

import type { CallOptions } from './http.ts';
import {
  type Caller,
  eachItem,
  getPage,
  jsonBody,
  type OperatorOrder,
  type PageOptions,
  within,
} from './operator-call.ts';
import type {
  AuditPage,
  AuditView,
  DeliveryPage,
  DeliveryView,
  ListenerPage,
  ListenerSecret,
  ListenerTest,
  ListenerView,
  ReplayRequest,
  ReplayResult,
} from './wire.gen.ts';

export type Generation = ListenerView['generation'];

export interface DeliveryOptions extends PageOptions {
  readonly campaignId?: string;
  readonly generation?: Generation;
}

export class OperatorCallbacks {
  readonly #call: Caller;

  constructor(call: Caller) {
    this.#call = call;
  }

  /** The listeners of an account, one of each generation at most, with state, lag and dead letters. */
  async list(accountName: string, options: CallOptions = {}): Promise<readonly ListenerView[]> {
    const path = within(accountName, '/callbacks');
    return ((await this.#call({ method: 'GET', path, ...options })) as ListenerPage).items;
  }

  /** Makes a new signing secret, which is shown this once. */
  async rotateSecret(accountName: string, generation: Generation, options?: OperatorOrder): Promise<ListenerSecret> {
    const path = listenerPath(accountName, generation, 'rotate-secret');
    return (await this.#call({ method: 'POST', path, ...options })) as ListenerSecret;
  }

  /** Sends a signed event without meaning and tells how it went. */
  async test(accountName: string, generation: Generation, options?: OperatorOrder): Promise<ListenerTest> {
    const path = listenerPath(accountName, generation, 'test');
    return (await this.#call({ method: 'POST', path, ...options })) as ListenerTest;
  }

  /** Sends events again, from a number on. */
  async replay(
    accountName: string,
    generation: Generation,
    { from, campaignId, ...options }: ReplayRequest & OperatorOrder,
  ): Promise<ReplayResult> {
    const path = listenerPath(accountName, generation, 'replay');
    const body = campaignId === undefined ? { from } : { from, campaignId };
    return (await this.#call({ method: 'POST', path, ...jsonBody(body), ...options })) as ReplayResult;
  }

  /** One page of what was delivered, the latest first. */
  async deliveries(accountName: string, options: DeliveryOptions = {}): Promise<DeliveryPage> {
    const { campaignId, generation, ...page } = options;
    const call = getPage(within(accountName, '/callbacks/deliveries'), page, { campaignId, generation });
    return (await this.#call(call)) as DeliveryPage;
  }

  eachDelivery(accountName: string, options: DeliveryOptions = {}): AsyncGenerator<DeliveryView, void, undefined> {
    return eachItem((page) => this.deliveries(accountName, page), options);
  }
}

export class OperatorAudit {
  readonly #call: Caller;

  constructor(call: Caller) {
    this.#call = call;
  }

  /** One page of who changed what, the latest first. */
  async list(accountName: string, options: PageOptions = {}): Promise<AuditPage> {
    return (await this.#call(getPage(within(accountName, '/audit'), options))) as AuditPage;
  }

  each(accountName: string, options: PageOptions = {}): AsyncGenerator<AuditView, void, undefined> {
    return eachItem((page) => this.list(accountName, page), options);
  }

  /** One page of who changed what on the whole server, the latest first. */
  async listServer(options: PageOptions = {}): Promise<AuditPage> {
    return (await this.#call(getPage('/operator/v1/audit', options))) as AuditPage;
  }

  eachOfServer(options: PageOptions = {}): AsyncGenerator<AuditView, void, undefined> {
    return eachItem((page) => this.listServer(page), options);
  }
}

function listenerPath(accountName: string, generation: Generation, act: string): string {
  return within(accountName, `/callbacks/${encodeURIComponent(generation)}/${act}`);
}
