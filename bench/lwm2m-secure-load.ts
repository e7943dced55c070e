/** The devices with keys of `bench -- lwm2m`: each slot a socket and a DTLS client of its own. */
import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { nodeCrypto } from '../src/delivery/lwm2m/index.ts';
import { CODE, DtlsClient, type DtlsClientEvent, type DtlsOutput, SUITES, utf8Bytes } from '../src/lwm2m/index.ts';
import type { Done } from './lwm2m-load.ts';

const HOST = '127.0.0.1';
const SERVER = 'server';
const STALL_MS = 500;
const crypto = nodeCrypto(randomBytes);
/** What devices mostly have. */
const SUITE = SUITES.filter(({ name }) => name.endsWith('CCM_8'));

const lookup = (host: string, family: number, found: (error: null, address: string, family: number) => void): void =>
  found(null, host, family);

/** One device after another, or one for good, on one socket. */
class SecureSlot {
  readonly #socket: Socket;
  readonly #port: number;
  readonly #onData: (bytes: Uint8Array) => void;
  #client: DtlsClient | undefined;
  #onOpen: () => void = () => undefined;

  constructor(socket: Socket, port: number, onData: (bytes: Uint8Array) => void) {
    this.#socket = socket;
    this.#port = port;
    this.#onData = onData;
    socket.on('message', (bytes) => {
      if (this.#client !== undefined) this.#put(this.#client.receive(bytes, SERVER, performance.now()));
    });
  }

  static async open(port: number, onData: (bytes: Uint8Array) => void): Promise<SecureSlot> {
    const socket = createSocket({ type: 'udp4', lookup: lookup as never });
    await new Promise<void>((resolve) => socket.bind(0, HOST, resolve));
    return new SecureSlot(socket, port, onData);
  }

  connect(identity: string, psk: Uint8Array, onOpen: () => void): void {
    this.#onOpen = onOpen;
    this.#client = new DtlsClient({ crypto, peer: SERVER, identity: utf8Bytes(identity), psk, suites: SUITE });
    this.#put(this.#client.connect(performance.now()));
  }

  send(bytes: Uint8Array): void {
    const sent = this.#client?.send(bytes);
    if (sent?.ok === true) this.#put(sent.output);
  }

  /** A flight that was lost is repeated. */
  nudge(): void {
    if (this.#client !== undefined) this.#put(this.#client.elapse(performance.now()));
  }

  close(): void {
    this.#socket.close();
  }

  #put({ datagrams, events }: DtlsOutput<DtlsClientEvent>): void {
    for (const { bytes } of datagrams) this.#socket.send(bytes, this.#port, HOST);
    for (const event of events) {
      if (event.type === 'established') this.#onOpen();
      else if (event.type === 'data') this.#onData(event.bytes);
    }
  }
}

export interface Asking {
  next(): Uint8Array;
  take(bytes: Uint8Array): boolean;
}

/** One question after another for each slot until the time is over; the handshakes come before the clock starts. */
export async function askSecurely(
  order: {
    readonly port: number;
    readonly psk: string;
    readonly identities: readonly string[];
    readonly seconds: number;
  },
  asking: readonly Asking[],
): Promise<Done> {
  const psk = Buffer.from(order.psk, 'hex');
  let [answers, wrong, end] = [0, 0, 0];
  const sentAt: number[] = [];
  const slots: SecureSlot[] = [];
  const send = (place: number): void => {
    sentAt[place] = performance.now();
    slots[place]?.send(asking[place]?.next() ?? new Uint8Array(0));
  };
  for (const [place, identity] of order.identities.entries()) {
    const slot = await SecureSlot.open(order.port, (bytes) => {
      answers += 1;
      if (asking[place]?.take(bytes) !== true) wrong += 1;
      if (performance.now() < end) send(place);
    });
    slots.push(slot);
    await new Promise<void>((resolve) => slot.connect(identity, psk, resolve));
  }
  const begun = performance.now();
  end = begun + order.seconds * 1_000;
  for (const place of slots.keys()) send(place);
  while (performance.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    for (const place of slots.keys()) if ((sentAt[place] ?? 0) < performance.now() - STALL_MS) send(place);
  }
  const seconds = (performance.now() - begun) / 1_000;
  for (const slot of slots) slot.close();
  return { answers, wrong, seconds };
}

/** Every device shakes hands and registers, so many at a time. */
export async function registerSecurely(
  order: {
    readonly port: number;
    readonly psk: string;
    readonly imeis: readonly string[];
    readonly slots: number;
    readonly seconds: number;
  },
  registration: (imei: string) => Uint8Array,
): Promise<Done> {
  const psk = Buffer.from(order.psk, 'hex');
  let [next, answers, wrong] = [0, 0, 0];
  const slots: SecureSlot[] = [];
  const begin = (slot: SecureSlot | undefined): void => {
    const imei = order.imeis[next];
    if (imei === undefined || slot === undefined) return;
    next += 1;
    slot.connect(imei, psk, () => slot.send(registration(imei)));
  };
  for (let place = 0; place < order.slots; place += 1) {
    const slot: SecureSlot = await SecureSlot.open(order.port, (bytes) => {
      // An empty acknowledgement: the answer follows by itself.
      if (bytes.length <= 4) return;
      answers += 1;
      if (bytes[1] !== CODE.CREATED) wrong += 1;
      begin(slot);
    });
    slots.push(slot);
  }
  const begun = performance.now();
  for (const slot of slots) begin(slot);
  while (answers < order.imeis.length && performance.now() < begun + order.seconds * 1_000) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    for (const slot of slots) slot.nudge();
  }
  const seconds = (performance.now() - begun) / 1_000;
  for (const slot of slots) slot.close();
  return { answers, wrong, seconds };
}
