// What the operator of the server is told, and the listener that it is told to.

import type { CallOptions } from './http.ts';
import { type Caller, eachItem, getPage, jsonBody, type OperatorOrder, type PageOptions } from './operator-call.ts';
import type {
  EventListenerMade,
  EventListenerRequest,
  EventListenerSecret,
  EventListenerView,
  ListenerTest,
  OperatorEventPage,
  OperatorEventView,
} from './wire.gen.ts';

const LISTENER = '/operator/v1/event-listener';

export type EventKind = OperatorEventView['kind'];

export interface EventOptions extends PageOptions {
  readonly kind?: EventKind;
  /** Only those that are not over, or only those that are. */
  readonly open?: boolean;
}

export class OperatorEvents {
  readonly #call: Caller;

  constructor(call: Caller) {
    this.#call = call;
  }

  /** One page of events, the latest first. */
  async list({ kind, open, ...page }: EventOptions = {}): Promise<OperatorEventPage> {
    const filter = { kind, open: open === undefined ? undefined : String(open) };
    return (await this.#call(getPage('/operator/v1/events', page, filter))) as OperatorEventPage;
  }

  each(options: EventOptions = {}): AsyncGenerator<OperatorEventView, void, undefined> {
    return eachItem((page) => this.list(page), options);
  }

  /** Where they are told. */
  async listener(options: CallOptions = {}): Promise<EventListenerView> {
    return (await this.#call({ method: 'GET', path: LISTENER, ...options })) as EventListenerView;
  }

  /** Sets where they are told; the answer shows the signing secret when it was just made. */
  async setListener(request: Readonly<EventListenerRequest>, options: CallOptions = {}): Promise<EventListenerMade> {
    const call = { method: 'PUT', path: LISTENER, ...jsonBody(request), ...options } as const;
    return (await this.#call(call)) as EventListenerMade;
  }

  async removeListener(options: CallOptions = {}): Promise<void> {
    await this.#call({ method: 'DELETE', path: LISTENER, ...options });
  }

  /** Makes a new signing secret, which is shown this once. */
  async rotateSecret(options?: OperatorOrder): Promise<EventListenerSecret> {
    return (await this.#call({ method: 'POST', path: `${LISTENER}/rotate-secret`, ...options })) as EventListenerSecret;
  }

  /** Sends a signed event without meaning and tells how it went. */
  async test(options?: OperatorOrder): Promise<ListenerTest> {
    return (await this.#call({ method: 'POST', path: `${LISTENER}/test`, ...options })) as ListenerTest;
  }
}
