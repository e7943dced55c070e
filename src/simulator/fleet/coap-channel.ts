// One CoAP peer at the other end of a link, and the message layer between.

import {
  Endpoint,
  type Exchange,
  type Message,
  type Output,
  type Request,
  type Response,
  type TransmissionParameters,
} from '../../lwm2m/index.ts';
import type { Random } from '../device/index.ts';
import type { Clock } from './clock.ts';
import { type Address, type Link, openLink, type Psk } from './link.ts';

export interface ChannelParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly address: Address;
  /** Absent: nothing is encrypted. */
  readonly psk?: Psk | undefined;
  readonly transmission: TransmissionParameters;
  readonly onRequest?: (exchange: Exchange, request: Message) => void;
  /** A notification was refused: nobody observes there any more. */
  readonly onLostObserver?: (token: Uint8Array) => void;
}

/** There is only one. */
const PEER = 'server';

type Answered = (response: Response | undefined) => void;

export class CoapChannel {
  readonly #parts: ChannelParts;
  readonly #endpoint: Endpoint;
  readonly #link: Link;
  readonly #answered = new Map<number, Answered>();
  readonly #notified = new Map<number, Uint8Array>();
  #forgetWake: (() => void) | undefined;
  #closed = false;
  /** The radio is off: nothing arrives, and nothing that arrived is remembered. */
  deaf = false;

  constructor(parts: ChannelParts) {
    const { address, clock, random, psk, transmission: parameters } = parts;
    this.#parts = parts;
    this.#endpoint = new Endpoint({ random, parameters });
    this.#link = openLink({ address, clock, random, psk, onDatagram: (bytes) => this.#receive(bytes) });
  }

  /** `answered` is called once: with the response, or without when none will come. */
  request(content: Request, answered: Answered): void {
    const sent = this.#endpoint.request(PEER, content, this.#parts.clock.now());
    if (!sent.ok) {
      answered(undefined);
      return;
    }
    this.#answered.set(sent.handle, answered);
    this.#put(sent.output);
  }

  respond(exchange: Exchange, answer: Response): void {
    this.#put(this.#endpoint.respond(exchange, answer, this.#parts.clock.now()));
  }

  notify(token: Uint8Array, content: Response, confirmable: boolean): void {
    const sent = this.#endpoint.notify(PEER, token, content, this.#parts.clock.now(), { confirmable });
    if (!sent.ok) return;
    if (confirmable) this.#notified.set(sent.handle, token);
    this.#put(sent.output);
  }

  /** After a restart of the device: nothing that was open is open any more. */
  forget(): void {
    this.#link.restart();
    this.#put(this.#endpoint.forgetPeer(PEER, this.#parts.clock.now()));
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#forgetWake?.();
    this.#answered.clear();
    this.#link.close();
  }

  #receive(bytes: Uint8Array): void {
    if (!this.deaf && !this.#closed) this.#put(this.#endpoint.receive(bytes, PEER, this.#parts.clock.now()));
  }

  #put({ datagrams, events, wakeAt }: Output): void {
    for (const { bytes } of datagrams) if (!this.#closed) this.#link.send(bytes);
    this.#wakeAt(wakeAt);
    for (const event of events) {
      switch (event.type) {
        case 'request':
          this.#parts.onRequest?.(event.exchange, event.request);
          break;
        case 'response':
          this.#settle(event.handle, event.response);
          break;
        case 'acknowledged':
          this.#notified.delete(event.handle);
          break;
        case 'notification':
          break;
        default:
          if (event.type === 'timeout') this.#link.doubt();
          this.#lose(event.handle);
      }
    }
  }

  #settle(handle: number, response: Response | undefined): void {
    const answered = this.#answered.get(handle);
    this.#answered.delete(handle);
    answered?.(response);
  }

  #lose(handle: number): void {
    const token = this.#notified.get(handle);
    this.#notified.delete(handle);
    if (token !== undefined) this.#parts.onLostObserver?.(token);
    this.#settle(handle, undefined);
  }

  #wakeAt(at: number | undefined): void {
    this.#forgetWake?.();
    this.#forgetWake = undefined;
    if (at === undefined || this.#closed) return;
    const { clock } = this.#parts;
    this.#forgetWake = clock.after(at - clock.now(), () => this.#put(this.#endpoint.elapse(clock.now())));
  }
}
