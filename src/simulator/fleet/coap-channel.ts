// A UDP socket with one CoAP peer at the other end, and the message layer between them.

import { createSocket, type Socket } from 'node:dgram';
import { Endpoint, type Exchange, type Message, type Output, type Request, type Response } from '../../lwm2m/index.ts';
import type { Random } from '../device/index.ts';
import type { Clock } from './clock.ts';

export interface Address {
  readonly host: string;
  readonly port: number;
}

export interface ChannelParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly address: Address;
  readonly onRequest?: (exchange: Exchange, request: Message) => void;
  /** A notification was refused: nobody observes there any more. */
  readonly onLostObserver?: (token: Uint8Array) => void;
}

/** The socket is connected, so there is only one. */
const PEER = 'server';

type Answered = (response: Response | undefined) => void;

export class CoapChannel {
  readonly #parts: ChannelParts;
  readonly #endpoint: Endpoint;
  readonly #socket: Socket;
  readonly #answered = new Map<number, Answered>();
  readonly #notified = new Map<number, Uint8Array>();
  /** What was to be sent before the socket was connected. */
  #early: Uint8Array[] | undefined = [];
  #forgetWake: (() => void) | undefined;
  #closed = false;
  /** The radio is off: nothing arrives, and nothing that arrived is remembered. */
  deaf = false;

  constructor(parts: ChannelParts) {
    const { address, random } = parts;
    this.#parts = parts;
    this.#endpoint = new Endpoint({ random });
    this.#socket = createSocket(address.host.includes(':') ? 'udp6' : 'udp4');
    // A port where nobody listens is reported here; the message layer goes on as if the datagram was lost.
    this.#socket.on('error', () => undefined);
    this.#socket.on('message', (bytes) => this.#receive(bytes));
    this.#socket.connect(address.port, address.host, () => this.#connected());
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
    this.#put(this.#endpoint.forgetPeer(PEER, this.#parts.clock.now()));
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#forgetWake?.();
    this.#answered.clear();
    this.#socket.close();
  }

  #connected(): void {
    const early = this.#early ?? [];
    this.#early = undefined;
    for (const bytes of early) this.#send(bytes);
  }

  #receive(bytes: Uint8Array): void {
    if (!this.deaf && !this.#closed) this.#put(this.#endpoint.receive(bytes, PEER, this.#parts.clock.now()));
  }

  #put({ datagrams, events, wakeAt }: Output): void {
    for (const { bytes } of datagrams) this.#send(bytes);
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

  #send(bytes: Uint8Array): void {
    if (this.#closed) return;
    if (this.#early === undefined) this.#socket.send(bytes, () => undefined);
    else this.#early.push(bytes);
  }
}
