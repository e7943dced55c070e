// How datagrams of a device leave and arrive: by UDP as they are, or with DTLS around them.

import { createSocket, type Socket } from 'node:dgram';
import { DtlsClient, type DtlsClientEvent, type DtlsOutput, type Session, utf8Bytes } from '../../lwm2m/index.ts';
import type { Random } from '../device/index.ts';
import type { Clock } from './clock.ts';
import { deviceCrypto } from './crypto.ts';

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** What a device proves with who it is. */
export interface Psk {
  readonly identity: string;
  readonly key: Uint8Array;
}

export interface Link {
  send(bytes: Uint8Array): void;
  /** Nobody answers any more: what was agreed with the other end is doubted. */
  doubt(): void;
  /** After a restart of the device: what was agreed is forgotten. */
  restart(): void;
  close(): void;
}

export interface LinkParts {
  readonly address: Address;
  readonly clock: Clock;
  readonly random: Random;
  readonly psk?: Psk | undefined;
  readonly onDatagram: (bytes: Uint8Array) => void;
}

export const openLink = (parts: LinkParts): Link =>
  parts.psk === undefined ? new PlainLink(parts) : new SecureLink(parts, parts.psk);

class PlainLink implements Link {
  readonly #socket: Socket;
  /** What was to be sent before the socket was connected. */
  #early: Uint8Array[] | undefined = [];
  #closed = false;

  constructor({ address, onDatagram }: Pick<LinkParts, 'address' | 'onDatagram'>) {
    this.#socket = createSocket(address.host.includes(':') ? 'udp6' : 'udp4');
    // A port where nobody listens is reported here; the message layer goes on as if the datagram was lost.
    this.#socket.on('error', () => undefined);
    this.#socket.on('message', (bytes) => {
      if (!this.#closed) onDatagram(bytes);
    });
    this.#socket.connect(address.port, address.host, () => this.#connected());
  }

  send(bytes: Uint8Array): void {
    if (this.#closed) return;
    if (this.#early === undefined) this.#socket.send(bytes, () => undefined);
    else this.#early.push(bytes);
  }

  doubt(): void {}

  restart(): void {}

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#socket.close();
  }

  #connected(): void {
    const early = this.#early ?? [];
    this.#early = undefined;
    for (const bytes of early) this.send(bytes);
  }
}

/** What waits for a handshake; the message layer repeats the rest. */
const WAITING_MAX = 16;
const SERVER = 'server';

class SecureLink implements Link {
  readonly #parts: LinkParts;
  readonly #psk: Psk;
  readonly #udp: PlainLink;
  #client: DtlsClient;
  #isConnecting = false;
  #waiting: Uint8Array[] = [];
  #forgetWake: (() => void) | undefined;
  #closed = false;

  constructor(parts: LinkParts, psk: Psk) {
    this.#parts = parts;
    this.#psk = psk;
    this.#client = this.#newClient(undefined);
    const onDatagram = (bytes: Uint8Array): void =>
      this.#put(this.#client.receive(bytes, SERVER, this.#parts.clock.now()));
    this.#udp = new PlainLink({ address: parts.address, onDatagram });
  }

  send(bytes: Uint8Array): void {
    if (this.#closed) return;
    const sent = this.#isConnecting ? undefined : this.#client.send(bytes);
    if (sent?.ok === true) return this.#put(sent.output);
    if (this.#waiting.length < WAITING_MAX) this.#waiting.push(bytes.slice());
    if (this.#isConnecting) return;
    this.#isConnecting = true;
    this.#put(this.#client.connect(this.#parts.clock.now()));
  }

  /** Whatever is said next begins with a handshake, short where the other end remembers us. */
  doubt(): void {
    this.#begin(this.#client.session);
  }

  restart(): void {
    this.#begin(undefined);
  }

  close(): void {
    this.#closed = true;
    this.#forgetWake?.();
    this.#udp.close();
  }

  #begin(session: Session | undefined): void {
    this.#client = this.#newClient(session);
    this.#isConnecting = false;
    this.#waiting = [];
  }

  #newClient(session: Session | undefined): DtlsClient {
    const { identity, key: psk } = this.#psk;
    const crypto = deviceCrypto(this.#parts.random);
    const plain = { crypto, peer: SERVER, identity: utf8Bytes(identity), psk };
    return new DtlsClient(session === undefined ? plain : { ...plain, session });
  }

  #put({ datagrams, events, wakeAt }: DtlsOutput<DtlsClientEvent>): void {
    for (const { bytes } of datagrams) this.#udp.send(bytes);
    this.#wakeAt(wakeAt);
    for (const event of events) this.#on(event);
  }

  #on(event: DtlsClientEvent): void {
    switch (event.type) {
      case 'data':
        this.#parts.onDatagram(event.bytes);
        return;
      case 'established':
        this.#isConnecting = false;
        for (const bytes of this.#waiting.splice(0)) this.send(bytes);
        return;
      case 'handshake-failed':
        // The message layer repeats what it has, and with that the next handshake begins.
        this.#begin(undefined);
        return;
      case 'closed':
        if (event.reason !== 'replaced') this.#begin(undefined);
        return;
    }
  }

  #wakeAt(at: number | undefined): void {
    this.#forgetWake?.();
    this.#forgetWake = undefined;
    if (at === undefined || this.#closed) return;
    const { clock } = this.#parts;
    this.#forgetWake = clock.after(at - clock.now(), () => this.#put(this.#client.elapse(clock.now())));
  }
}
