// A device's port with a key: DTLS between its CoAP endpoint and the net.
import { nodeCrypto } from '../../src/delivery/lwm2m/index.ts';
import { DtlsClient, type DtlsClientEvent, type DtlsOutput, utf8Bytes } from '../../src/lwm2m/index.ts';
import { chance } from '../dtls/chance.ts';
import type { Agenda } from '../world/agenda.ts';
import { drained, type Net, Port } from './net.ts';

export const SECURE_SERVER = '127.0.0.1:5684';

export interface Key {
  readonly identity: string;
  readonly psk: Uint8Array;
  /** `none`: it offers no Connection IDs. */
  readonly cid?: 'none';
}

export class SecurePort extends Port {
  readonly client: DtlsClient;
  readonly events: DtlsClientEvent[] = [];
  readonly #net: Net;
  readonly #agenda: Agenda;
  #waiting: Uint8Array[] = [];
  #wakeAt = Number.POSITIVE_INFINITY;

  constructor(net: Net, agenda: Agenda, peer: string, seed: number, { identity, psk, cid }: Key) {
    super(net, agenda, peer, seed);
    this.#net = net;
    this.#agenda = agenda;
    const crypto = nodeCrypto(chance(seed));
    const options = { crypto, peer: SECURE_SERVER, identity: utf8Bytes(identity), psk };
    this.client = new DtlsClient(cid === undefined ? options : { ...options, cid });
  }

  override arrived(bytes: Uint8Array, from: string): void {
    if (from === SECURE_SERVER) this.#put(this.client.receive(bytes.slice(), from, this.#agenda.now()));
  }

  /** The endpoint's peer is the server, whatever it is called there. */
  override transmit(bytes: Uint8Array): void {
    const sent = this.client.send(bytes);
    if (sent.ok) return this.#put(sent.output);
    this.#waiting.push(bytes.slice());
    if (this.#waiting.length === 1) this.#put(this.client.connect(this.#agenda.now()));
  }

  #put({ datagrams, events, wakeAt }: DtlsOutput<DtlsClientEvent>): void {
    for (const { bytes } of datagrams) this.#net.send(this.at, SECURE_SERVER, bytes);
    for (const event of events) {
      this.events.push(event);
      if (event.type === 'data') super.arrived(event.bytes, SECURE_SERVER);
      if (event.type === 'handshake-failed') this.#waiting = [];
      if (event.type !== 'established') continue;
      const waiting = this.#waiting;
      this.#waiting = [];
      for (const bytes of waiting) this.transmit(bytes);
    }
    if (wakeAt === undefined || wakeAt >= this.#wakeAt) return;
    this.#wakeAt = wakeAt;
    this.#agenda.at(wakeAt, async () => {
      this.#wakeAt = Number.POSITIVE_INFINITY;
      this.#put(this.client.elapse(this.#agenda.now()));
      await drained();
    });
  }
}
