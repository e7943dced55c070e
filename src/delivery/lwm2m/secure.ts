// DTLS between a socket and CoAP: an association is a peer whose name stays while its address changes.

import type { DeviceKey } from '../../campaigns/index.ts';
import type { Clock } from '../../engine/ports.ts';
import { type DtlsCounters, type DtlsOutput, DtlsServer, type DtlsServerEvent, utf8Bytes } from '../../lwm2m/index.ts';
import type { Contacts, Timers } from '../ports.ts';
import type { Jobs } from './jobs.ts';
import { identityText, keyOf } from './keys.ts';
import { LIMITS } from './limits.ts';
import type { Chance, CoapsParts, Datagrams, DeviceDirectory } from './ports.ts';
import { deviceText } from './registered.ts';

export interface SecureParts extends CoapsParts {
  readonly datagrams: Datagrams;
  readonly inventory: DeviceDirectory;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Chance;
  readonly jobs: Jobs;
  readonly contacts: Contacts;
  /** It speaks from another address now. */
  readonly onMoved: (peer: string) => void;
  /** Nothing reaches it there any more. */
  readonly onClosed: (peer: string) => void;
}

export type DtlsFigures = Readonly<DtlsCounters> & {
  readonly associations: number;
  readonly handshakes: number;
  readonly sessions: number;
};

const PREFIX = 'coaps:';
const RADIX = 36;

/** An address begins with a digit or a bracket. */
export const isSecure = (peer: string): boolean => peer.startsWith(PREFIX);

export class SecureDatagrams implements Datagrams {
  readonly #parts: SecureParts;
  readonly #dtls: DtlsServer;
  /** Names of an earlier life of ours, which stand in the store, are nobody's now. */
  readonly #life: string;
  /** By association; a device's identity and key text are shared by its associations. */
  readonly #identities = new Map<number, string>();
  /** Identities by device that a key was found for, so that a change of the device reaches them. */
  readonly #ofDevice = new Map<string, string>();
  #onDatagram: (bytes: Uint8Array, peer: string) => void = () => {};
  #cancelWake: (() => void) | undefined;
  #wakeAt = Number.POSITIVE_INFINITY;
  #closed = false;

  constructor(parts: SecureParts) {
    this.#parts = parts;
    const { crypto, limits } = parts;
    this.#dtls = new DtlsServer({ crypto, ...(limits === undefined ? {} : { limits }) });
    this.#life = `${PREFIX}${parts.random.uint32().toString(RADIX)}.`;
  }

  get address(): Datagrams['address'] {
    return this.#parts.datagrams.address;
  }

  get figures(): DtlsFigures {
    return { ...this.#dtls.counters, ...this.#dtls.counts };
  }

  /** Whether there is still an association of this name. */
  reaches(peer: string): boolean {
    return this.#identities.has(this.#associationOf(peer));
  }

  /** What the peer has proved to be. */
  identityOf(peer: string): string | undefined {
    return this.#identities.get(this.#associationOf(peer));
  }

  /** Its key was changed, or it is no longer there: what was agreed under the old one ends. */
  forget(key: DeviceKey): void {
    const identity = this.#ofDevice.get(deviceText(key));
    if (identity === undefined) return;
    this.#ofDevice.delete(deviceText(key));
    this.#apply(this.#dtls.forget(utf8Bytes(identity)));
  }

  listen(onDatagram: (bytes: Uint8Array, peer: string) => void): void {
    this.#onDatagram = onDatagram;
    const { datagrams, clock } = this.#parts;
    datagrams.listen((bytes, peer) => {
      if (!this.#closed) this.#apply(this.#dtls.receive(bytes, peer, clock.now()));
    });
  }

  send(bytes: Uint8Array, peer: string): void {
    if (this.#closed) return;
    const sent = this.#dtls.send(this.#associationOf(peer), bytes);
    if (sent.ok) this.#apply(sent.output);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#cancelWake?.();
    await this.#parts.datagrams.close();
  }

  #associationOf(peer: string): number {
    return peer.startsWith(this.#life) ? Number.parseInt(peer.slice(this.#life.length), RADIX) : 0;
  }

  #peerOf(association: number): string {
    return this.#life + association.toString(RADIX);
  }

  #apply({ datagrams, events, wakeAt }: DtlsOutput<DtlsServerEvent>): void {
    for (const { bytes, peer } of datagrams) this.#parts.datagrams.send(bytes, peer);
    // Before the events: what they lead to may have a later word.
    if (wakeAt !== undefined) this.#wake(wakeAt);
    for (const event of events) this.#on(event);
  }

  #on(event: DtlsServerEvent): void {
    switch (event.type) {
      case 'data':
        this.#onDatagram(event.bytes, this.#peerOf(event.association));
        return;
      case 'psk-wanted':
        this.#parts.jobs.start('psk', () => this.#findKey(event.handshake, event.identity));
        return;
      case 'established':
        this.#identities.set(event.association, identityText(event.identity));
        return;
      case 'moved':
        this.#parts.onMoved(this.#peerOf(event.association));
        return;
      case 'closed':
        this.#identities.delete(event.association);
        this.#parts.onClosed(this.#peerOf(event.association));
        return;
      case 'handshake-failed':
        // A stranger's word is no line of the log; the operator who looks at the device finds it there.
        if (event.reason === 'wrong_key' && event.identity !== undefined) this.#noteRefused(event.identity);
        return;
    }
  }

  #noteRefused(told: Uint8Array): void {
    const { jobs, inventory, contacts, clock } = this.#parts;
    jobs.start('refused key', async () => {
      const device = await inventory.lookUp('psk', identityText(told));
      if (device !== undefined) contacts.refused?.(device, clock.now(), 'It used another key than the one on record.');
    });
  }

  async #findKey(handshake: number, told: Uint8Array): Promise<void> {
    const { inventory, clock } = this.#parts;
    const identity = identityText(told);
    const found = await keyOf(inventory, identity);
    if (this.#closed) return;
    if (found !== undefined) this.#ofDevice.set(deviceText(found.device), identity);
    this.#apply(this.#dtls.pskFound(handshake, found?.psk, clock.now()));
  }

  /** A timer that is earlier than needed stays: it fires for nothing once. */
  #wake(wakeAt: number): void {
    if (this.#closed || this.#wakeAt <= wakeAt) return;
    const { clock, timers } = this.#parts;
    const wait = Math.min(Math.max(1, wakeAt - clock.now()), LIMITS.dtlsLookEvery);
    this.#cancelWake?.();
    this.#wakeAt = clock.now() + wait;
    this.#cancelWake = timers.after(wait, () => {
      this.#wakeAt = Number.POSITIVE_INFINITY;
      this.#apply(this.#dtls.elapse(clock.now()));
    });
  }
}

/** Both ports as one: who is spoken to with a key, and who without, shows in the name. */
export function joined(plain: Datagrams, secure: Datagrams | undefined): Datagrams {
  if (secure === undefined) return plain;
  return {
    address: plain.address,
    listen: (onDatagram) => {
      plain.listen(onDatagram);
      secure.listen(onDatagram);
    },
    send: (bytes, peer) => (isSecure(peer) ? secure : plain).send(bytes, peer),
    close: async () => {
      await secure.close();
      await plain.close();
    },
  };
}
