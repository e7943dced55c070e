// Which device somebody is who registers: by its key where it has one, else by the name that it gives itself (engine.md §9).

import { type DeviceKey, parseImei, type Registration } from '../../campaigns/index.ts';
import { imeiOfEndpoint } from '../../lwm2m/index.ts';
import { LIMITS } from './limits.ts';
import type { Lwm2mParts } from './ports.ts';
import { deviceText, isOver } from './registered.ts';
import { isSecure } from './secure.ts';

export type Owner = { readonly ok: true; readonly key: DeviceKey } | { readonly ok: false; readonly sentence: string };

const notOurs = (sentence: string): Owner => ({ ok: false, sentence });
const isSame = (one: DeviceKey, other: DeviceKey): boolean => deviceText(one) === deviceText(other);

export class Owners {
  readonly #parts: Pick<Lwm2mParts, 'inventory' | 'clock' | 'watch' | 'contacts'>;
  readonly #identityOf: (peer: string) => string | undefined;
  /** Names that were told of, so that a device that tries again and again is one entry. */
  readonly #mismatched = new Set<string>();

  constructor(
    parts: Pick<Lwm2mParts, 'inventory' | 'clock' | 'watch' | 'contacts'>,
    identityOf: (peer: string) => string | undefined,
  ) {
    this.#parts = parts;
    this.#identityOf = identityOf;
  }

  ownerOf(endpoint: string, peer: string): Promise<Owner> {
    return isSecure(peer) ? this.#byKey(endpoint, peer) : this.#byName(endpoint);
  }

  /** Whether a request from `peer` may speak for a registration: one that was made with a key needs that device's key. */
  async mayUse(registration: Registration, key: DeviceKey, peer: string): Promise<boolean> {
    if (registration.peer === peer) return true;
    if (!isSecure(peer)) return !isSecure(registration.peer);
    const owner = await this.#deviceOfKey(peer);
    return owner !== undefined && isSame(owner, key);
  }

  async #deviceOfKey(peer: string): Promise<DeviceKey | undefined> {
    const identity = this.#identityOf(peer);
    return identity === undefined ? undefined : this.#parts.inventory.lookUp('psk', identity);
  }

  async #byKey(endpoint: string, peer: string): Promise<Owner> {
    const key = await this.#deviceOfKey(peer);
    if (key === undefined) return notOurs('The key of this device is no longer known.');
    const others = await this.#namedBy(endpoint);
    if (others.length > 0 && !others.some((other) => isSame(other, key))) {
      this.#tell(key, endpoint);
      return notOurs('This endpoint name belongs to another device.');
    }
    return this.#lwm2mOnly(key);
  }

  #tell(key: DeviceKey, endpoint: string): void {
    const name = `${deviceText(key)} ${endpoint}`;
    if (this.#mismatched.has(name) || this.#mismatched.size >= LIMITS.mismatchesMax) return;
    this.#mismatched.add(name);
    this.#parts.watch?.mismatched(key, endpoint, this.#parts.clock.now());
  }

  /** The devices that a name stands for; none: it says nothing. */
  async #namedBy(endpoint: string): Promise<readonly DeviceKey[]> {
    const { inventory } = this.#parts;
    const imei = parseImei(imeiOfEndpoint(endpoint) ?? '');
    const known = await inventory.lookUp('endpoint', endpoint);
    const named = known ?? (imei === undefined ? await inventory.lookUp('psk', endpoint) : undefined);
    const keys = imei === undefined ? [] : await inventory.byImei(imei);
    // The directory's word counts more than an IMEI that several accounts have.
    return named === undefined ? keys : [named];
  }

  /**
   * The directory decides where it knows the name; else the IMEI that the name holds; else, for names that say nothing,
   * the PSK identity that the device was imported with, which most fleets use as its name.
   */
  async #byName(endpoint: string): Promise<Owner> {
    const { inventory, clock, contacts } = this.#parts;
    const imei = parseImei(imeiOfEndpoint(endpoint) ?? '');
    const known = await inventory.lookUp('endpoint', endpoint);
    const named = known ?? (imei === undefined ? await inventory.lookUp('psk', endpoint) : undefined);
    const keys = imei === undefined ? [] : await inventory.byImei(imei);
    if (named !== undefined && keys.length > 0 && !keys.some((key) => isSame(key, named))) {
      return notOurs('This endpoint name belongs to another device.');
    }
    const [only, ...others] = named === undefined ? keys : [named];
    if (only === undefined) {
      return notOurs(imei === undefined ? 'No device is known by this endpoint name.' : 'No device has this IMEI.');
    }
    if (others.length > 0) return notOurs('Several accounts have a device with this IMEI.');
    const registration = (await inventory.device(only))?.registration;
    // Whoever knows only its name must not take a device over that has shown its key.
    if (registration !== undefined && isSecure(registration.peer) && !isOver(registration, clock.now())) {
      const why = 'This device is registered with its key.';
      contacts.refused?.(only, clock.now(), why);
      return notOurs(why);
    }
    return this.#lwm2mOnly(only);
  }

  async #lwm2mOnly(key: DeviceKey): Promise<Owner> {
    const device = await this.#parts.inventory.device(key);
    return device?.transport === 'LWM2M' ? { ok: true, key } : notOurs('This device is not an LwM2M device.');
  }
}
