// One CoAP endpoint on one socket: events become promises and calls, and time drives the retransmissions.

import type { Instant } from '../../campaigns/index.ts';
import type { Clock } from '../../engine/ports.ts';
import {
  Endpoint,
  type EndpointCounts,
  type Exchange,
  type Message,
  type Output,
  type Request,
  type Response,
  RFC_7252,
  type TransmissionParameters,
  wrongParameters,
} from '../../lwm2m/index.ts';
import type { Timers } from '../ports.ts';
import { LIMITS } from './limits.ts';
import type { Chance, Datagrams } from './ports.ts';

/** What became of a request of ours. */
export type Answer = { readonly is: 'answered'; readonly response: Response } | { readonly is: Silence };

/**
 * `withheld`: not a byte has left, or it was taken back. `forgotten`: the device has come back from elsewhere.
 * `no-room`: we have too much open already. `stopped`: we are going down.
 */
export type Silence = 'timeout' | 'reset' | 'withheld' | 'forgotten' | 'no-room' | 'stopped';

export interface Pending {
  /** Absent when it could not be begun. */
  readonly handle?: number;
  readonly answer: Promise<Answer>;
}

export interface WireParts {
  readonly datagrams: Datagrams;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Chance;
  readonly transmission?: TransmissionParameters;
}

export class Wire {
  readonly #parts: WireParts;
  readonly #endpoint: Endpoint;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  readonly #relations = new Map<number, (response: Response) => void>();
  /** Requests of peers that are not answered yet, in the order of their arrival. */
  readonly #open = new Map<Exchange, Instant>();
  #onRequest: (request: Message, exchange: Exchange) => void = () => {};
  #cancelWake: (() => void) | undefined;
  #wakeAt = Number.POSITIVE_INFINITY;
  #cancelBridge: (() => void) | undefined;
  readonly #bridgeAfter: number;
  #closed = false;

  constructor(parts: WireParts) {
    this.#parts = parts;
    const { random, transmission: parameters = RFC_7252 } = parts;
    const wrong = wrongParameters(parameters);
    if (wrong !== undefined) throw new RangeError(wrong);
    this.#endpoint = new Endpoint({ random, parameters });
    this.#bridgeAfter = parameters.ackTimeoutMs * LIMITS.bridgeShare;
  }

  get counts(): EndpointCounts {
    return this.#endpoint.counts;
  }

  listen(onRequest: (request: Message, exchange: Exchange) => void): void {
    this.#onRequest = onRequest;
    this.#parts.datagrams.listen((bytes, peer) => {
      if (!this.#closed) this.#apply(this.#endpoint.receive(bytes, peer, this.#now()));
    });
  }

  ask(peer: string, content: Request, notAfter?: Instant): Promise<Answer> {
    return this.begin(peer, content, notAfter).answer;
  }

  /** Like `ask`, with a handle by which the permit can be renewed or the request taken back. */
  begin(peer: string, content: Request, notAfter?: Instant): Pending {
    if (this.#closed) return { answer: Promise.resolve({ is: 'stopped' }) };
    const options = notAfter === undefined ? {} : { notAfter };
    const sent = this.#endpoint.request(peer, content, this.#now(), options);
    if (!sent.ok) return { answer: Promise.resolve({ is: 'no-room' }) };
    const { handle, output } = sent;
    const answer = new Promise<Answer>((resolve) => this.#waiting.set(handle, resolve));
    this.#apply(output);
    return { handle, answer };
  }

  /** A GET with Observe. `onNotified` hears of every later notification, but not of the first answer. */
  observe(peer: string, content: Request, onNotified: (response: Response) => void): Pending {
    const pending = this.begin(peer, content);
    if (pending.handle !== undefined && this.#waiting.has(pending.handle)) {
      this.#relations.set(pending.handle, onNotified);
    }
    return pending;
  }

  isObserving(handle: number): boolean {
    return this.#relations.has(handle);
  }

  /** No copy of the request leaves at or after this instant. */
  permit(handle: number, notAfter: Instant): void {
    this.#endpoint.permit(handle, notAfter);
  }

  /** Takes a request or a relation back; who waits for it hears `withheld`. */
  cancel(handle: number): void {
    this.#relations.delete(handle);
    this.#apply(this.#endpoint.cancel(handle, this.#now()));
    this.#answered(handle, { is: 'withheld' });
  }

  /** Asks a peer for a sign of life; whatever else waits for one leaves with it. */
  ping(peer: string): void {
    if (!this.#closed) this.#apply(this.#endpoint.ping(peer, this.#now()));
  }

  forgetPeer(peer: string): void {
    this.#apply(this.#endpoint.forgetPeer(peer, this.#now()));
  }

  respond(exchange: Exchange, answer: Response, notAfter?: Instant): void {
    if (this.#closed) return;
    this.#open.delete(exchange);
    const options = notAfter === undefined ? {} : { notAfter };
    this.#apply(this.#endpoint.respond(exchange, answer, this.#now(), options));
  }

  /** A refusal that is never longer than what was asked, so that nobody can use us against others (engine.md §5). */
  refuse(exchange: Exchange, answer: Response): void {
    if (this.#closed) return;
    this.#open.delete(exchange);
    this.#apply(this.#endpoint.respond(exchange, answer, this.#now(), { bytesMax: exchange.bytes }));
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelWake?.();
    this.#cancelBridge?.();
    for (const handle of [...this.#waiting.keys()]) this.#answered(handle, { is: 'stopped' });
    this.#relations.clear();
    this.#open.clear();
    await this.#parts.datagrams.close();
  }

  #now(): Instant {
    return this.#parts.clock.now();
  }

  #apply({ datagrams, events, wakeAt }: Output): void {
    for (const { bytes, peer } of datagrams) this.#parts.datagrams.send(bytes, peer);
    for (const event of events) {
      switch (event.type) {
        case 'request':
          this.#onRequest(event.request, event.exchange);
          // Most are answered by now.
          if (event.exchange.stage === 'open') this.#waits(event.exchange);
          break;
        case 'response':
          if (!event.observing) this.#relations.delete(event.handle);
          this.#answered(event.handle, { is: 'answered', response: event.response });
          break;
        case 'notification':
          this.#relations.get(event.handle)?.(event.response);
          if (!event.observing) this.#relations.delete(event.handle);
          break;
        case 'acknowledged':
          break;
        default:
          this.#relations.delete(event.handle);
          this.#answered(event.handle, { is: event.type });
      }
    }
    if (wakeAt !== undefined) this.#wake(wakeAt);
  }

  #waits(exchange: Exchange): void {
    if (exchange.confirmable) {
      this.#open.set(exchange, (this.#now() + this.#bridgeAfter) as Instant);
      // One timer for all of them: with fast answers it fires once in a while and finds nothing.
      this.#cancelBridge ??= this.#parts.timers.after(this.#bridgeAfter, this.#bridge);
    }
  }

  #answered(handle: number, answer: Answer): void {
    const resolve = this.#waiting.get(handle);
    if (resolve === undefined) return;
    this.#waiting.delete(handle);
    resolve(answer);
  }

  /** "I have it, the answer comes later" for what takes longer than a peer waits (engine.md §10). */
  readonly #bridge = (): void => {
    this.#cancelBridge = undefined;
    const now = this.#now();
    for (const [exchange, dueAt] of this.#open) {
      if (dueAt > now) {
        this.#cancelBridge = this.#parts.timers.after(dueAt - now, this.#bridge);
        return;
      }
      this.#open.delete(exchange);
      this.#apply(this.#endpoint.acknowledge(exchange, now));
    }
  };

  /** A timer that is earlier than needed stays: it fires for nothing once, and costs less than one per block. */
  #wake(wakeAt: number): void {
    if (this.#closed || this.#wakeAt <= wakeAt) return;
    this.#cancelWake?.();
    this.#wakeAt = wakeAt;
    this.#cancelWake = this.#parts.timers.after(Math.max(1, wakeAt - this.#now()), () => {
      this.#wakeAt = Number.POSITIVE_INFINITY;
      this.#apply(this.#endpoint.elapse(this.#now()));
    });
  }
}
