// The registration interface: who a device is, where it is, and for how long; stored first, answered then.

import { type DeviceKey, type Duration, type Instant, parseImei, type Registration } from '../../campaigns/index.ts';
import {
  Bodies,
  CODE,
  deregistered,
  type Exchange,
  forbidden,
  imeiOfEndpoint,
  type Message,
  OPTION,
  parseRegistration,
  type Register,
  type RegistrationUpdate,
  type Response,
  registered as registeredAt,
  response,
  uintOption,
  updated,
} from '../../lwm2m/index.ts';
import { Expiries } from './expiries.ts';
import type { Jobs, Lanes } from './jobs.ts';
import { LIMITS } from './limits.ts';
import type { Observations } from './observations.ts';
import type { Lwm2mParts } from './ports.ts';
import { deviceText, type Registered, type RegisteredDevices } from './registered.ts';
import type { Wire } from './wire.ts';

type Say = (answer: Response) => void;
type Owner = { readonly ok: true; readonly key: DeviceKey } | { readonly ok: false; readonly sentence: string };

const notOurs = (sentence: string): Owner => ({ ok: false, sentence });

export class Registrar {
  readonly #parts: Lwm2mParts;
  readonly #wire: Wire;
  readonly #jobs: Jobs;
  readonly #devices: RegisteredDevices;
  readonly #observations: Observations;
  /** What one device does to its registration, in its order. */
  readonly #lanes: Lanes;
  readonly #bodies = new Bodies();
  readonly #expiries = new Expiries();
  #cancelLook: (() => void) | undefined;
  #stopped = false;

  constructor(
    parts: Lwm2mParts,
    own: {
      readonly wire: Wire;
      readonly jobs: Jobs;
      readonly devices: RegisteredDevices;
      readonly observations: Observations;
      readonly lanes: Lanes;
    },
  ) {
    this.#parts = parts;
    this.#wire = own.wire;
    this.#jobs = own.jobs;
    this.#devices = own.devices;
    this.#observations = own.observations;
    this.#lanes = own.lanes;
  }

  stop(): void {
    this.#stopped = true;
    this.#cancelLook?.();
  }

  /** A request to `/rd`. */
  receive(incoming: Message, exchange: Exchange): void {
    if (!this.#parts.allowRegistration) {
      this.#wire.respond(exchange, response(CODE.FORBIDDEN));
      return;
    }
    let body = incoming.payload;
    let blockOption: number | undefined;
    if (incoming.code === CODE.POST || incoming.code === CODE.PUT) {
      const step = this.#bodies.receive(exchange.peer, incoming, this.#parts.clock.now());
      if (step.type === 'answer') {
        this.#wire.respond(exchange, step.answer);
        return;
      }
      body = step.body;
      blockOption = step.blockOption;
    }
    const say: Say = (answer) => this.#wire.respond(exchange, withBlock(answer, blockOption));
    const asked = parseRegistration(incoming, body);
    switch (asked.type) {
      case 'register':
        return this.#answer(say, (to) => this.#register(asked.register, exchange.peer, to));
      case 'update':
        return this.#answer(say, (to) => this.#update(asked.location, asked.update, exchange.peer, to));
      case 'deregister':
        return this.#answer(say, (to) => this.#deregister(asked.location, to));
      case 'refused':
        return say(asked.answer);
      default:
        return say(response(CODE.NOT_FOUND));
    }
  }

  #answer(say: Say, decide: (say: Say) => Promise<void>): void {
    this.#jobs.start('registration', async () => {
      try {
        await decide(say);
      } catch (error) {
        say(response(CODE.INTERNAL_ERROR));
        throw error;
      }
    });
  }

  /** The answer leaves before the lane is free: a conversation with the device begins after it. */
  #inLane(key: DeviceKey, say: Say, decide: () => Promise<Response>): Promise<void> {
    return this.#lanes.run(deviceText(key), async () => say(await decide()));
  }

  async #register(register: Register, peer: string, say: Say): Promise<void> {
    const owner = await this.#ownerOf(register.endpoint);
    if (!owner.ok) return say(forbidden(owner.sentence));
    const { key } = owner;
    return this.#inLane(key, say, async () => {
      const now = this.#parts.clock.now();
      const lifetime = (register.lifetimeSeconds * 1_000) as Duration;
      const registration: Registration = {
        node: this.#parts.node,
        location: this.#newLocation(key),
        peer,
        endpoint: register.endpoint,
        queueMode: register.queueMode,
        version: register.version,
        expiresAt: (now + lifetime) as Instant,
        since: now,
      };
      // It starts anew: whatever was open with its old address is dead, whether it is stored or not.
      this.#forget(key);
      this.#parts.contacts.seen(key, now);
      const seen = await this.#parts.engine.deviceRegistered(key, registration);
      if (seen === undefined) return forbidden('This device has been deleted.');
      this.#keep({ key, registration, root: register.root, lifetime });
      return registeredAt(registration.location);
    });
  }

  /** The directory decides where it knows the name; else the IMEI that the name holds. */
  async #ownerOf(endpoint: string): Promise<Owner> {
    const { inventory } = this.#parts;
    const named = await inventory.lookUp('endpoint', endpoint);
    const imei = parseImei(imeiOfEndpoint(endpoint) ?? '');
    const keys = imei === undefined ? [] : await inventory.byImei(imei);
    if (named !== undefined && keys.length > 0 && !keys.some((key) => deviceText(key) === deviceText(named))) {
      return notOurs('This endpoint name belongs to another device.');
    }
    const [only, ...others] = named === undefined ? keys : [named];
    if (only === undefined) {
      return notOurs(imei === undefined ? 'No device is known by this endpoint name.' : 'No device has this IMEI.');
    }
    if (others.length > 0) return notOurs('Several accounts have a device with this IMEI.');
    const device = await inventory.device(only);
    if (device?.transport !== 'LWM2M') return notOurs('This device is not an LwM2M device.');
    return { ok: true, key: only };
  }

  /** The IMEI leads to the stored registration after a restart of ours; chance makes it a secret of this registration. */
  #newLocation({ imei }: DeviceKey): string {
    return `${imei}.${this.#parts.random.uint32().toString(16).padStart(8, '0')}`;
  }

  async #update(location: string, told: RegistrationUpdate, peer: string, say: Say): Promise<void> {
    const found = await this.#found(location);
    if (found === undefined) return say(response(CODE.NOT_FOUND));
    return this.#inLane(found.key, say, async () => {
      const known = this.#devices.at(location);
      if (known === undefined) return response(CODE.NOT_FOUND);
      const next = this.#extended(known, told, peer);
      if (peer !== known.registration.peer) this.#wire.forgetPeer(known.registration.peer);
      const { engine } = this.#parts;
      const { key, registration } = next;
      this.#parts.contacts.seen(key, this.#parts.clock.now());
      // Nothing is written for a mere sign of life (engine.md §10).
      const seen = isSame(known, next)
        ? await engine.deviceContacted(key)
        : await engine.deviceRegistered(key, registration);
      if (seen?.device.registration?.location !== location) {
        this.#devices.remove(key);
        return response(CODE.NOT_FOUND);
      }
      this.#devices.put(next);
      return updated();
    });
  }

  #extended(known: Registered, told: RegistrationUpdate, peer: string): Registered {
    const lifetime = told.lifetimeSeconds === undefined ? known.lifetime : ((told.lifetimeSeconds * 1_000) as Duration);
    const registration: Registration = {
      ...known.registration,
      node: this.#parts.node,
      peer,
      queueMode: told.queueMode ?? known.registration.queueMode,
      expiresAt: (this.#parts.clock.now() + lifetime) as Instant,
    };
    return { ...known, registration, lifetime, root: told.offered?.root ?? known.root };
  }

  async #deregister(location: string, say: Say): Promise<void> {
    const found = await this.#found(location);
    if (found === undefined) return say(response(CODE.NOT_FOUND));
    return this.#inLane(found.key, say, async () => {
      if (this.#devices.at(location) === undefined) return response(CODE.NOT_FOUND);
      this.#forget(found.key);
      await this.#parts.engine.deviceRegistered(found.key, undefined);
      return deregistered();
    });
  }

  /** By its location, also one that was given before we were started; a client that hears 4.04 registers again. */
  async #found(location: string): Promise<Registered | undefined> {
    const known = this.#devices.at(location);
    if (known !== undefined) return known;
    const imei = parseImei(location.split('.')[0] ?? '');
    if (imei === undefined) return undefined;
    const { inventory } = this.#parts;
    for (const key of await inventory.byImei(imei)) {
      const registration = (await inventory.device(key))?.registration;
      if (registration?.location !== location) continue;
      if (this.#devices.of(key) === undefined) {
        this.#keep({ key, registration, root: '', lifetime: LIMITS.lifetimeDefault });
      }
      return this.#devices.at(location);
    }
    return undefined;
  }

  #keep(registered: Registered): void {
    const { location, expiresAt } = registered.registration;
    this.#devices.put(registered);
    this.#expiries.add(location, expiresAt);
    this.#lookLater();
  }

  #forget(key: DeviceKey): void {
    const old = this.#devices.of(key);
    if (old === undefined) return;
    this.#devices.remove(key);
    this.#observations.end(key);
    this.#wire.forgetPeer(old.registration.peer);
  }

  #lookLater(): void {
    if (this.#stopped || this.#expiries.isEmpty) return;
    this.#cancelLook ??= this.#parts.timers.after(LIMITS.lifetimeLookEvery, () => {
      this.#cancelLook = undefined;
      this.#jobs.start('lifetimes', () => this.#expire());
      this.#lookLater();
    });
  }

  async #expire(): Promise<void> {
    const now = this.#parts.clock.now();
    for (const location of this.#expiries.take(now)) {
      const known = this.#devices.at(location);
      if (known === undefined) continue;
      if (known.registration.expiresAt > now) this.#expiries.add(location, known.registration.expiresAt);
      else await this.#lanes.run(deviceText(known.key), () => this.#expireOne(location));
    }
    this.#lookLater();
  }

  async #expireOne(location: string): Promise<void> {
    const known = this.#devices.at(location);
    if (known === undefined || known.registration.expiresAt > this.#parts.clock.now()) return;
    this.#forget(known.key);
    // It may have registered with another node meanwhile.
    const stored = await this.#parts.inventory.device(known.key);
    if (stored?.registration?.location === location) await this.#parts.engine.deviceRegistered(known.key, undefined);
  }
}

function isSame(one: Registered, other: Registered): boolean {
  const [a, b] = [one.registration, other.registration];
  return one.lifetime === other.lifetime && a.node === b.node && a.peer === b.peer && a.queueMode === b.queueMode;
}

const withBlock = (answer: Response, blockOption: number | undefined): Response =>
  blockOption === undefined
    ? answer
    : { ...answer, options: [...answer.options, uintOption(OPTION.BLOCK1, blockOption)] };
