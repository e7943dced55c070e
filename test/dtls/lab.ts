/** DTLS machines on a network without sockets: virtual time, and a hand that may lose, double or change what is sent. */
import { nodeCrypto } from '../../src/delivery/lwm2m/index.ts';
import {
  DtlsClient,
  type DtlsClientEvent,
  type DtlsClientOptions,
  type DtlsOutput,
  DtlsServer,
  type DtlsServerEvent,
  type DtlsServerOptions,
} from '../../src/lwm2m/index.ts';
import { chance } from './chance.ts';

const crypto = nodeCrypto(chance(20_261_123));
export const utf8 = (words: string): Uint8Array => new TextEncoder().encode(words);
export const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
export const IDENTITY = 'bell-1';
const KEY = utf8('a key of sixteen');
export const SERVER = 'server:5684';

export interface Packet {
  readonly from: string;
  readonly to: string;
  readonly bytes: Uint8Array;
}

export interface Device {
  readonly client: DtlsClient;
  readonly events: DtlsClientEvent[];
  address: string;
  wakeAt: number | undefined;
}

export class Lab {
  now = 0;
  readonly server: DtlsServer;
  readonly events: DtlsServerEvent[] = [];
  /** Everything that was ever sent, whether it arrived or not. */
  readonly sent: Packet[] = [];
  readonly keys = new Map<string, Uint8Array>([[IDENTITY, KEY]]);
  /** What becomes of a packet. */
  network: (packet: Packet) => readonly Packet[] = (packet) => [packet];
  /** Whether the directory answers at once. */
  answersAtOnce = true;
  readonly #devices: Device[] = [];
  #air: Packet[] = [];
  #wakeAt: number | undefined;

  constructor(options: Partial<DtlsServerOptions> = {}) {
    this.server = new DtlsServer({ crypto, ...options });
  }

  device(options: Partial<DtlsClientOptions> = {}, address = 'device:1'): Device {
    const given = { crypto, peer: SERVER, identity: utf8(IDENTITY), psk: KEY };
    const device: Device = { client: new DtlsClient({ ...given, ...options }), events: [], address, wakeAt: undefined };
    this.#devices.push(device);
    return device;
  }

  /** Connects and lets everything happen that happens without time passing. */
  connect(options: Partial<DtlsClientOptions> = {}, address = 'device:1'): Device {
    const device = this.device(options, address);
    this.heard(device, device.client.connect(this.now));
    this.settle();
    return device;
  }

  say(device: Device, words: string): boolean {
    const sent = device.client.send(utf8(words));
    if (sent.ok) this.heard(device, sent.output);
    this.settle();
    return sent.ok;
  }

  tell(association: number, words: string): boolean {
    const sent = this.server.send(association, utf8(words));
    if (sent.ok) this.served(sent.output);
    this.settle();
    return sent.ok;
  }

  /** What a server's call gave. */
  served(output: DtlsOutput<DtlsServerEvent>): void {
    this.#wakeAt = output.wakeAt;
    for (const { peer, bytes } of output.datagrams) this.#send({ from: SERVER, to: peer, bytes });
    for (const event of output.events) {
      this.events.push(event);
      if (event.type !== 'psk-wanted' || !this.answersAtOnce) continue;
      this.served(this.server.pskFound(event.handshake, this.keys.get(text(event.identity)), this.now));
    }
  }

  heard(device: Device, output: DtlsOutput<DtlsClientEvent>): void {
    device.wakeAt = output.wakeAt;
    device.events.push(...output.events);
    for (const { bytes } of output.datagrams) this.#send({ from: device.address, to: SERVER, bytes });
  }

  /** A packet out of nowhere. */
  inject(bytes: Uint8Array, from: string): void {
    this.served(this.server.receive(bytes.slice(), from, this.now));
    this.settle();
  }

  /** Delivers what is in the air, and what comes of it. */
  settle(): void {
    for (let packet = this.#air.shift(); packet !== undefined; packet = this.#air.shift()) {
      const { from, to } = packet;
      const bytes = packet.bytes.slice();
      if (to === SERVER) {
        this.served(this.server.receive(bytes, from, this.now));
        continue;
      }
      for (const device of this.#devices) {
        if (device.address === to) this.heard(device, device.client.receive(bytes, from, this.now));
      }
    }
  }

  /** Lets time pass, from one deadline to the next. */
  pass(ms: number): void {
    const end = this.now + ms;
    for (;;) {
      this.settle();
      const wakes = [this.#wakeAt, ...this.#devices.map(({ wakeAt }) => wakeAt)];
      const next = Math.min(...wakes.filter((wake) => wake !== undefined));
      if (next > end) break;
      this.now = Math.max(this.now, next);
      this.served(this.server.elapse(this.now));
      for (const device of this.#devices) this.heard(device, device.client.elapse(this.now));
    }
    this.now = end;
  }

  /** Words that arrived at the server. */
  get words(): readonly string[] {
    return this.events.flatMap((event) => (event.type === 'data' ? [text(event.bytes)] : []));
  }

  of<Type extends DtlsServerEvent['type']>(type: Type): readonly Extract<DtlsServerEvent, { type: Type }>[] {
    return this.events.filter((event): event is Extract<DtlsServerEvent, { type: Type }> => event.type === type);
  }

  #send(packet: Packet): void {
    this.sent.push(packet);
    this.#air.push(...this.network(packet));
  }
}

export const wordsOf = (device: Device): readonly string[] =>
  device.events.flatMap((event) => (event.type === 'data' ? [text(event.bytes)] : []));

export const eventsOf = <Type extends DtlsClientEvent['type']>(device: Device, type: Type) =>
  device.events.filter((event): event is Extract<DtlsClientEvent, { type: Type }> => event.type === type);

/** A record that anybody could have made. */
export const inTheClear = (type: number, body: Uint8Array): Uint8Array =>
  Uint8Array.of(type, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 99, body.length >> 8, body.length & 255, ...body);

/** The first record of a packet. */
export const headOf = ({ bytes }: Packet) => ({
  type: bytes[0],
  epoch: bytes[4],
  sequence: bytes[10] ?? 0,
  /** Of a handshake message in the clear. */
  message: bytes[13],
});
