// The registered devices that this process knows: by device and by location, with what only we know of them.

import type { DeviceKey, Duration, Registration } from '../../campaigns/index.ts';

export interface Registered {
  readonly key: DeviceKey;
  readonly registration: Registration;
  /** What its paths begin with. */
  readonly root: string;
  readonly lifetime: Duration;
}

/** Where a device can be asked. */
export interface Target {
  readonly peer: string;
  readonly root: string;
  readonly location: string;
}

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
