// Datagrams in memory under a virtual clock: every one is kept, may be lost on purpose, and arrives a moment later.
import type { Datagrams } from '../../src/delivery/lwm2m/index.ts';
import {
  Endpoint,
  type Exchange,
  type Message,
  type Output,
  type Request,
  type Response,
} from '../../src/lwm2m/index.ts';
import type { Agenda } from '../world/agenda.ts';

export interface Sent {
  readonly at: number;
  readonly from: string;
  readonly to: string;
  readonly bytes: Uint8Array;
}

const LATENCY = 20;

/** Lets everything run that waits for nothing but other code. */
export async function drained(): Promise<void> {
  for (let turn = 0; turn < 400; turn += 1) await Promise.resolve();
}

export class Net {
  readonly sent: Sent[] = [];
  /** Decides which datagrams are lost. */
  loses: (sent: Sent) => boolean = () => false;
  readonly #agenda: Agenda;
  readonly #ports = new Map<string, (bytes: Uint8Array, from: string) => void>();

  constructor(agenda: Agenda) {
    this.#agenda = agenda;
  }

  listen(peer: string, onDatagram: (bytes: Uint8Array, from: string) => void): void {
    this.#ports.set(peer, onDatagram);
  }

  close(peer: string): void {
    this.#ports.delete(peer);
  }

  send(from: string, to: string, bytes: Uint8Array): void {
    const sent = { at: this.#agenda.now(), from, to, bytes: bytes.slice() };
    this.sent.push(sent);
    if (this.loses(sent)) return;
    this.#agenda.after(LATENCY, async () => {
      this.#ports.get(to)?.(sent.bytes, from);
      await drained();
    });
  }

  /** A server's socket on this net. */
  datagrams(host: string, port: number): Datagrams {
    const own = `${host}:${port}`;
    return {
      address: { host, port },
      listen: (onDatagram) => this.listen(own, onDatagram),
      send: (bytes, peer) => this.send(own, peer, bytes),
      close: async () => this.close(own),
    };
  }
}

export type Heard = { readonly is: 'answered'; readonly response: Message } | { readonly is: 'nothing' };

/** A device's port: a real CoAP endpoint on the net. */
export class Port {
  readonly peer: string;
  /** Where it is now. */
  at: string;
  readonly endpoint: Endpoint;
  onRequest: (request: Message, exchange: Exchange) => void = () => {};
  readonly #net: Net;
  readonly #agenda: Agenda;
  readonly #waiting = new Map<number, (heard: Heard) => void>();
  #open = true;
  #wakeAt = Number.POSITIVE_INFINITY;

  constructor(net: Net, agenda: Agenda, peer: string, seed: number) {
    this.#net = net;
    this.#agenda = agenda;
    this.peer = peer;
    this.at = peer;
    let state = seed;
    const uint32 = (): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state;
    };
    this.endpoint = new Endpoint({ random: { uint32 } });
    net.listen(peer, (bytes, from) => this.arrived(bytes, from));
  }

  /** What the net brings, and what is put on it: a port with a key has DTLS in between. */
  arrived(bytes: Uint8Array, from: string): void {
    this.apply(this.endpoint.receive(bytes, from, this.#agenda.now()));
  }

  transmit(bytes: Uint8Array, to: string): void {
    this.#net.send(this.at, to, bytes);
  }

  ask(to: string, content: Request): Promise<Heard> {
    const sent = this.endpoint.request(to, content, this.#agenda.now());
    if (!sent.ok) throw new Error(sent.reason);
    const heard = new Promise<Heard>((resolve) => this.#waiting.set(sent.handle, resolve));
    this.apply(sent.output);
    return heard;
  }

  respond(exchange: Exchange, answer: Response): void {
    this.apply(this.endpoint.respond(exchange, answer, this.#agenda.now()));
  }

  notify(to: string, token: Uint8Array, content: Response): void {
    const sent = this.endpoint.notify(to, token, content, this.#agenda.now());
    if (sent.ok) this.apply(sent.output);
  }

  close(): void {
    this.#open = false;
    this.#net.close(this.at);
  }

  /** Its address is another one from now on, as behind a NAT that has forgotten it. */
  rebind(address: string): void {
    this.#net.close(this.at);
    this.at = address;
    this.#net.listen(address, (bytes, from) => this.arrived(bytes, from));
  }

  apply({ datagrams, events, wakeAt }: Output): void {
    if (!this.#open) return;
    for (const { peer, bytes } of datagrams) this.transmit(bytes, peer);
    for (const event of events) {
      if (event.type === 'request') this.onRequest(event.request, event.exchange);
      else if (event.type === 'response') this.#heard(event.handle, { is: 'answered', response: event.response });
      else if (event.type === 'timeout' || event.type === 'reset') this.#heard(event.handle, { is: 'nothing' });
    }
    if (wakeAt === undefined || wakeAt >= this.#wakeAt) return;
    this.#wakeAt = wakeAt;
    this.#agenda.at(wakeAt, async () => {
      if (this.#wakeAt === wakeAt) this.#wakeAt = Number.POSITIVE_INFINITY;
      if (this.#open) this.apply(this.endpoint.elapse(this.#agenda.now()));
      await drained();
    });
  }

  #heard(handle: number, heard: Heard): void {
    this.#waiting.get(handle)?.(heard);
    this.#waiting.delete(handle);
  }
}
