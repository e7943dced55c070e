// A bad network between devices and a server: a UDP proxy that loses, delays, doubles and reorders, and forgets addresses as NATs do.
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { Clock } from '../../src/simulator/index.ts';
import { Seeded } from '../world/random.ts';

export interface Weather {
  readonly seed: number;
  /** Share that is lost, each way. */
  readonly loss: number;
  readonly doubled: number;
  /** Milliseconds of the clock that is handed in, drawn evenly: later ones overtake earlier ones. */
  readonly delay: { readonly from: number; readonly to: number };
  /** A device's address at the server changes after about so many datagrams from it; absent: never. */
  readonly rebindAfter?: number;
}

export interface Passed {
  datagrams: number;
  lost: number;
  doubled: number;
  rebound: number;
}

export interface Proxy extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  readonly passed: Readonly<Passed>;
}

export interface ProxyParts {
  readonly weather: Weather;
  readonly clock: Clock;
  /** The port of the server on loopback; asked when the first datagram comes. */
  readonly server: () => number;
}

const HOST = '127.0.0.1';
/** Bursts of a whole fleet; what does not fit is lost as well, but not by us. */
const RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024;

/** One device's way to the server: a socket of its own, as a NAT gives it. */
class Way {
  readonly #random: Seeded;
  readonly #open: () => Socket;
  #socket: Socket;
  #left: number;

  constructor(random: Seeded, rebindAfter: number, open: () => Socket) {
    this.#random = random;
    this.#open = open;
    this.#socket = open();
    this.#left = this.#drawn(rebindAfter);
  }

  get random(): Seeded {
    return this.#random;
  }

  /** True when the address has changed before it. */
  send(bytes: Uint8Array, port: number, rebindAfter: number): boolean {
    this.#left -= 1;
    const rebinds = this.#left <= 0;
    if (rebinds) {
      this.#socket.close();
      this.#socket = this.#open();
      this.#left = this.#drawn(rebindAfter);
    }
    this.#socket.send(bytes, port, HOST, () => undefined);
    return rebinds;
  }

  close(): void {
    this.#socket.close();
  }

  #drawn(about: number): number {
    return about === Number.POSITIVE_INFINITY ? about : this.#random.between(Math.ceil(about / 2), about * 2);
  }
}

export async function openProxy({ weather, clock, server }: ProxyParts): Promise<Proxy> {
  const { loss, doubled, delay, rebindAfter = Number.POSITIVE_INFINITY } = weather;
  const seed = new Seeded(weather.seed);
  const passed: Passed = { datagrams: 0, lost: 0, doubled: 0, rebound: 0 };
  const front = createSocket({ type: 'udp4', recvBufferSize: RECEIVE_BUFFER_BYTES });
  const ways = new Map<number, Way>();
  let isOpen = true;

  const through = (random: Seeded, deliver: () => void): void => {
    passed.datagrams += 1;
    const copies = random.chance(doubled) ? 2 : 1;
    passed.doubled += copies - 1;
    for (let copy = 0; copy < copies; copy += 1) {
      if (random.chance(loss)) passed.lost += 1;
      else clock.after(random.between(delay.from, delay.to), () => void (isOpen && deliver()));
    }
  };

  const wayOf = (device: number): Way => {
    const known = ways.get(device);
    if (known !== undefined) return known;
    const random = seed.fork(`device ${ways.size}`);
    const open = (): Socket => {
      const socket = createSocket('udp4');
      socket.on('message', (bytes) => through(random, () => front.send(bytes, device, HOST, () => undefined)));
      socket.bind(0, HOST);
      return socket;
    };
    const way = new Way(random, rebindAfter, open);
    ways.set(device, way);
    return way;
  };

  front.on('message', (bytes, { port: device }) => {
    const way = wayOf(device);
    through(way.random, () => {
      if (way.send(bytes, server(), rebindAfter)) passed.rebound += 1;
    });
  });
  front.bind(0, HOST);
  await once(front, 'listening');
  return {
    host: HOST,
    port: front.address().port,
    passed,
    [Symbol.asyncDispose]: async () => {
      isOpen = false;
      for (const way of ways.values()) way.close();
      front.close();
      await once(front, 'close');
    },
  };
}
