// The registered devices that this process knows: by device and by location, with what only we know of them.

import type { DeviceKey, Duration, ImageProtocol, Instant, Registration } from '../../campaigns/index.ts';
import { type Dialect, type Form, VERSIONS } from '../../lwm2m/index.ts';
import { LIMITS } from './limits.ts';

export interface Registered {
  readonly key: DeviceKey;
  readonly registration: Registration;
  /** What the store has for `expiresAt`, which is written rarely. */
  readonly storedUntil: Instant;
  /** When it last said something: a sleeper listens for a while after it. */
  heardAt: Instant;
  /** The form of an object that it was last able to tell. */
  learned: Form | undefined;
  /** /5/0/8 as it was read last; undefined: not read yet. */
  protocols: Protocols | undefined;
}

/** What a device says that it can fetch over; `unsaid`: it has no such resource. */
export type Protocols = readonly ImageProtocol[] | 'unsaid';

/** Where a device can be asked, and how it speaks. */
export interface Target extends Dialect {
  readonly peer: string;
  readonly root: string;
  readonly location: string;
}

export const lifetimeOf = ({ lifetime }: Registration): Duration => lifetime ?? LIMITS.lifetimeDefault;

export function targetOf(registration: Registration, learned?: Form): Target {
  const { peer, location, rootPath, formats } = registration;
  const version = VERSIONS.find((known) => known === registration.version) ?? '1.0';
  return { peer, location, root: rootPath ?? '', version, formats: formats ?? [], learned };
}

/** A registration from before our restart may have been extended without being written down. */
export const isOver = ({ expiresAt }: Registration, now: Instant): boolean =>
  expiresAt + LIMITS.expiryWrittenEvery <= now;

/** Queue mode: it listens for a moment after it has said something, and sleeps then (LwM2M TS 1.1 §6.5). */
export const isAsleep = ({ registration, heardAt }: Registered, now: Instant): boolean =>
  registration.queueMode && now >= heardAt + LIMITS.awakeFor;

export const deviceText = ({ account, imei }: DeviceKey): string => `${account} ${imei}`;

export class RegisteredDevices {
  readonly #byDevice = new Map<string, Registered>();
  readonly #byLocation = new Map<string, Registered>();

  get size(): number {
    return this.#byDevice.size;
  }

  of(key: DeviceKey): Registered | undefined {
    return this.#byDevice.get(deviceText(key));
  }

  at(location: string): Registered | undefined {
    return this.#byLocation.get(location);
  }

  heard(key: DeviceKey, at: Instant): void {
    const known = this.of(key);
    if (known !== undefined) known.heardAt = at;
  }

  learned(key: DeviceKey, form: Form): void {
    const known = this.of(key);
    if (known !== undefined) known.learned = form;
  }

  said(key: DeviceKey, protocols: Protocols): void {
    const known = this.of(key);
    if (known !== undefined) known.protocols = protocols;
  }

  /** A device has one location: an older one of it dies. */
  put(registered: Registered): void {
    this.remove(registered.key);
    this.#byDevice.set(deviceText(registered.key), registered);
    this.#byLocation.set(registered.registration.location, registered);
  }

  remove(key: DeviceKey): void {
    const old = this.of(key);
    if (old === undefined) return;
    this.#byDevice.delete(deviceText(key));
    this.#byLocation.delete(old.registration.location);
  }
}
