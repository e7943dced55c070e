/** Real DTLS traffic, damaged in every way: what both fuzz runs are made of. */
import { nodeCrypto } from '../../src/delivery/lwm2m/index.ts';
import {
  type CryptoPort,
  DtlsClient,
  type DtlsClientEvent,
  type DtlsOutput,
  DtlsServer,
  type DtlsServerEvent,
} from '../../src/lwm2m/index.ts';
import { chance } from '../dtls/chance.ts';

const SERVER = 'server';
const KEY = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
const IDENTITIES = 120;
const ADDRESSES = 60;
/** The newest only: what belongs to an end long past is thrown away at the first look. */
const CORPUS_MAX = 60;
/** Answers to answers, at most so far. */
const DEPTH_MAX = 8;

interface Kept {
  readonly bytes: Uint8Array;
  readonly to: 'server' | 'client';
  readonly from: string;
}

/** A small generator of its own (xorshift32), so that a failing run can be repeated. */
function seeded(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % bound;
  };
}

export class Mutations {
  /** What happened, so that a run can show that it reached something. */
  readonly seen = new Map<string, number>();
  readonly server: DtlsServer;
  readonly #crypto: CryptoPort;
  readonly #below: (bound: number) => number;
  readonly #corpus: Kept[] = [];
  #client: DtlsClient;
  #address = 'peer:0';
  #now = 0;

  constructor(seed: number) {
    this.#below = seeded(seed);
    this.#crypto = nodeCrypto(chance(seed));
    const limits = { associationsMax: 200, handshakesMax: 50, sessionsMax: 100, handshakesPerSecondMax: 1_000_000 };
    this.server = new DtlsServer({ crypto: this.#crypto, limits, identityHint: KEY });
    this.#client = this.#newClient(undefined);
  }

  /** Sends one more damaged datagram, mostly to the server, now and then to a client. */
  next(): void {
    const below = this.#below;
    this.#now += below(40);
    if (this.#corpus.length === 0 || below(12) === 0) this.#honest();
    const { bytes, to, from } = this.#picked();
    const damaged = damage(bytes, below, this.#picked().bytes);
    if (to === 'server' || below(4) === 0) {
      const peer = below(3) > 0 ? from : `peer:${below(ADDRESSES)}`;
      this.#served(this.server.receive(damaged, peer, this.#now), DEPTH_MAX / 2);
    } else this.#said(this.#client.receive(damaged, SERVER, this.#now), DEPTH_MAX / 2);
  }

  #picked(): Kept {
    return this.#corpus[this.#below(this.#corpus.length)] ?? { bytes: KEY, to: 'server', from: this.#address };
  }

  #newClient(before: DtlsClient | undefined): DtlsClient {
    const below = this.#below;
    const cid = ([new Uint8Array(0), Uint8Array.of(3, 4), 'none'] as const)[below(3)] ?? 'none';
    const session = below(2) === 0 ? before?.session : undefined;
    return new DtlsClient({
      crypto: this.#crypto,
      peer: SERVER,
      identity: Uint8Array.of(below(IDENTITIES)),
      psk: KEY,
      cid,
      extendedMasterSecret: below(8) > 0,
      ...(session === undefined ? {} : { session }),
    });
  }

  /** Something that is as it should be, so that there is always something to damage. */
  #honest(): void {
    const below = this.#below;
    if (below(4) === 0 || !this.#client.isOpen) {
      this.#client = this.#newClient(this.#client);
      this.#address = `peer:${below(ADDRESSES)}`;
      this.#said(this.#client.connect(this.#now), 0);
    } else if (below(30) === 0) this.#said(this.#client.close(), 0);
    if (below(6) === 0) this.#address = `peer:${below(ADDRESSES)}`;
    const sent = this.#client.send(new Uint8Array(below(300)));
    if (sent.ok) this.#said(sent.output, 0);
    if (below(3) === 0) this.#served(this.server.elapse(this.#now), 0);
    this.#said(this.#client.elapse(this.#now), 0);
  }

  /** What the server says goes to the client in whose name it was asked. */
  #served(output: DtlsOutput<DtlsServerEvent>, depth: number): void {
    for (const event of output.events) {
      this.seen.set(event.type, (this.seen.get(event.type) ?? 0) + 1);
      if (event.type === 'psk-wanted') this.#served(this.server.pskFound(event.handshake, KEY, this.#now), depth);
      if (event.type !== 'data') continue;
      const sent = this.server.send(event.association, event.bytes.subarray(0, 200));
      if (sent.ok) this.#served(sent.output, depth);
    }
    for (const { bytes, peer } of output.datagrams) {
      this.#keep(bytes, 'client');
      if (peer !== this.#address || depth >= DEPTH_MAX) continue;
      this.#said(this.#client.receive(bytes.slice(), SERVER, this.#now), depth + 1);
    }
  }

  #said(output: DtlsOutput<DtlsClientEvent>, depth: number): void {
    for (const { bytes } of output.datagrams) {
      this.#keep(bytes, 'server');
      if (this.#below(20) > 0) this.#served(this.server.receive(bytes.slice(), this.#address, this.#now), depth);
    }
  }

  #keep(bytes: Uint8Array, to: 'server' | 'client'): void {
    const place = this.#corpus.length < CORPUS_MAX ? this.#corpus.length : this.#below(CORPUS_MAX);
    this.#corpus[place] = { bytes: bytes.slice(), to, from: this.#address };
  }
}

function damage(bytes: Uint8Array, below: (bound: number) => number, other: Uint8Array): Uint8Array {
  let result = bytes.slice();
  for (let change = below(5); change > 0 && result.length > 0; change -= 1) {
    const at = below(Math.min(result.length, below(2) === 0 ? 30 : result.length));
    const how = below(7);
    if (how < 3) result[at] = below(256);
    else if (how === 3) result[at] = (result[at] ?? 0) ^ (1 << below(8));
    else if (how === 4) result = result.slice(0, at);
    else if (how === 5) result = Uint8Array.of(...result.subarray(0, at), ...other.subarray(below(other.length)));
    else result = Uint8Array.of(...result, ...other).slice(0, 4_000);
  }
  return result;
}
