// The registration interface: who a device is, where it is, and for how long; stored first, answered then.

import { type DeviceKey, type Duration, type Instant, parseImei, type Registration } from '../../campaigns/index.ts';
import {
  Bodies,
  CODE,
  deregistered,
  type Exchange,
  forbidden,
  type Gate,
  hasUnmetCondition,
  isSuccessCode,
  type Message,
  OPTION,
  parseRegistration,
  queueModeAfter,
  type Register,
  type RegistrationRequest,
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
import type { Owners } from './owners.ts';
import type { Lwm2mParts } from './ports.ts';
import { deviceText, isOver, lifetimeOf, type Registered, type RegisteredDevices } from './registered.ts';
import { isSecure } from './secure.ts';
import type { Wire } from './wire.ts';

type Say = (answer: Response) => void;
export class Registrar {
  readonly #parts: Lwm2mParts;
  readonly #wire: Wire;
  readonly #jobs: Jobs;
  readonly #devices: RegisteredDevices;
  readonly #observations: Observations;
  /** What one device does to its registration, in its order. */
  readonly #lanes: Lanes;
  readonly #gate: Gate;
  readonly #owners: Owners;
  readonly #bodies = new Bodies();
  readonly #expiries = new Expiries();
  #cancelLook: (() => void) | undefined;
  #stopped = false;
  /** Registrations refused since the log was last told, and when it may be told again. */
  #refused = 0;
  #tellAt = 0 as Instant;

  constructor(
    parts: Lwm2mParts,
    own: {
      readonly wire: Wire;
      readonly jobs: Jobs;
      readonly devices: RegisteredDevices;
      readonly observations: Observations;
      readonly lanes: Lanes;
      readonly gate: Gate;
      readonly owners: Owners;
    },
  ) {
    this.#parts = parts;
    this.#wire = own.wire;
    this.#jobs = own.jobs;
    this.#devices = own.devices;
    this.#observations = own.observations;
    this.#lanes = own.lanes;
    this.#gate = own.gate;
    this.#owners = own.owners;
  }

  stop(): void {
    this.#stopped = true;
    this.#cancelLook?.();
  }

  get counts(): { readonly bodies: number; readonly bodiesBytes: number } {
    return { bodies: this.#bodies.size, bodiesBytes: this.#bodies.bytes };
  }

  /** A request to `/rd`. */
  receive(incoming: Message, exchange: Exchange): void {
    if (!this.#parts.allowRegistration && !isSecure(exchange.peer))
      return this.#wire.refuse(exchange, response(CODE.FORBIDDEN));
    if (hasUnmetCondition(incoming.options)) return this.#wire.refuse(exchange, response(CODE.PRECONDITION_FAILED));
    if (!this.#gate.admits('registration')) {
      const maxAge = uintOption(OPTION.MAX_AGE, this.#gate.laterSeconds());
      return this.#wire.refuse(exchange, response(CODE.UNAVAILABLE, [maxAge]));
    }
    let body = incoming.payload;
    let blockOption: number | undefined;
    if (incoming.code === CODE.POST || incoming.code === CODE.PUT) {
      const step = this.#bodies.receive(exchange.peer, incoming, this.#parts.clock.now());
      if (step.type === 'answer') return this.#wire.refuse(exchange, step.answer);
      body = step.body;
      blockOption = step.blockOption;
    }
    const asked = parseRegistration(incoming, body);
    const say: Say = (answer) => {
      const whole = withBlock(answer, blockOption);
      // A stranger who asks under a false address must not get more sent there than he has sent himself.
      if (isSuccessCode(answer.code) || this.#isAt(asked, exchange.peer)) this.#wire.respond(exchange, whole);
      else this.#wire.refuse(exchange, whole);
    };
    switch (asked.type) {
      case 'register':
        return this.#answer(say, (to) => this.#register(asked.register, exchange.peer, to));
      case 'update':
        return this.#answer(say, (to) => this.#update(asked.location, asked.update, exchange.peer, to));
      case 'deregister':
        return this.#answer(say, (to) => this.#deregister(asked.location, exchange.peer, to));
      case 'refused':
        return say(asked.answer);
      default:
        return say(response(CODE.NOT_FOUND));
    }
  }

  /** Whether this is the address of the registration that the request is about. */
  #isAt(asked: RegistrationRequest, peer: string): boolean {
    return 'location' in asked && this.#devices.at(asked.location)?.registration.peer === peer;
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
    const owner = await this.#owners.ownerOf(register.endpoint, peer);
    if (!owner.ok) {
      this.#tellRefused(register.endpoint, owner.sentence);
      return say(forbidden(owner.sentence));
    }
    const { key } = owner;
    return this.#inLane(key, say, async () => {
      const now = this.#parts.clock.now();
      const lifetime = lasting(register.lifetimeSeconds);
      const registration: Registration = {
        node: this.#parts.node,
        location: this.#newLocation(key),
        peer,
        endpoint: register.endpoint,
        queueMode: register.queueMode,
        version: register.version,
        expiresAt: (now + lifetime) as Instant,
        since: now,
        ...termsOf({ lifetime, root: register.root, formats: register.formats }),
      };
      // It starts anew: whatever was open with its old address is dead, whether it is stored or not.
      this.#forget(key);
      this.#parts.contacts.seen(key, now);
      const seen = await this.#parts.engine.deviceRegistered(key, registration);
      if (seen === undefined) return forbidden('This device has been deleted.');
      this.#keep(asRegistered(key, registration, now));
      return registeredAt(registration.location);
    });
  }

  /** The device may not hear the sentence, so the operator does; one of many, so that strangers cannot fill the log. */
  #tellRefused(endpoint: string, why: string): void {
    const now = this.#parts.clock.now();
    this.#refused += 1;
    if (now < this.#tellAt) return;
    const name = endpoint.slice(0, LIMITS.sentenceCharactersMax);
    this.#parts.log.event('lwm2m-registration-refused', { endpoint: name, why, refused: this.#refused });
    this.#tellAt = (now + LIMITS.refusalToldEvery) as Instant;
    this.#refused = 0;
  }

  /** The IMEI leads to the stored registration after a restart of ours; chance makes it a secret of this registration. */
  #newLocation({ imei }: DeviceKey): string {
    return `${imei}.${this.#parts.random.uint32().toString(16).padStart(8, '0')}`;
  }

  async #update(location: string, told: RegistrationUpdate, peer: string, say: Say): Promise<void> {
    const found = await this.#found(location, peer);
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
      const mayStay = isSame(known, next);
      const seen = mayStay ? await engine.deviceContacted(key) : await engine.deviceRegistered(key, registration);
      if (seen?.device.registration?.location !== location) {
        this.#devices.remove(key);
        return response(CODE.NOT_FOUND);
      }
      this.#devices.put(mayStay ? next : { ...next, storedUntil: registration.expiresAt });
      return updated();
    });
  }

  #extended(known: Registered, told: RegistrationUpdate, peer: string): Registered {
    const now = this.#parts.clock.now();
    const { registration: before } = known;
    const lifetime = told.lifetimeSeconds === undefined ? lifetimeOf(before) : lasting(told.lifetimeSeconds);
    const { rootPath, formats, lifetime: _, ...plain } = before;
    const registration: Registration = {
      ...plain,
      node: this.#parts.node,
      peer,
      queueMode: queueModeAfter(before, told),
      expiresAt: (now + lifetime) as Instant,
      ...termsOf({ lifetime, root: rootPath ?? '', formats: formats ?? [], ...told.offered }),
    };
    return { ...known, registration, heardAt: now };
  }

  async #deregister(location: string, peer: string, say: Say): Promise<void> {
    const found = await this.#found(location, peer);
    if (found === undefined) return say(response(CODE.NOT_FOUND));
    return this.#inLane(found.key, say, async () => {
      if (this.#devices.at(location) === undefined) return response(CODE.NOT_FOUND);
      this.#forget(found.key);
      await this.#parts.engine.deviceRegistered(found.key, undefined);
      return deregistered();
    });
  }

  /** Undefined also for whoever may not speak for it: a stranger learns nothing. */
  async #found(location: string, peer: string): Promise<Registered | undefined> {
    const found = this.#devices.at(location) ?? (await this.#stored(location));
    if (found === undefined) return undefined;
    return (await this.#owners.mayUse(found.registration, found.key, peer)) ? found : undefined;
  }

  /** By a location that was given before we were started; a client that hears 4.04 registers again. */
  async #stored(location: string): Promise<Registered | undefined> {
    const imei = parseImei(location.split('.')[0] ?? '');
    if (imei === undefined) return undefined;
    const { inventory } = this.#parts;
    for (const key of await inventory.byImei(imei)) {
      const registration = (await inventory.device(key))?.registration;
      if (registration?.location !== location) continue;
      if (this.#devices.of(key) === undefined) {
        this.#keep(asRegistered(key, registration, registration.since));
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

  /** From now on lifetimes are watched, also of those that an earlier life of ours, or another node, has left behind. */
  start(): void {
    this.#lookLater();
  }

  #lookLater(): void {
    if (this.#stopped) return;
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
    await this.#endStored(now);
  }

  /** Signs of life are not all written down, so what is stored counts only some time later (`isOver`). */
  async #endStored(now: Instant): Promise<void> {
    const before = (now - LIMITS.expiryWrittenEvery) as Instant;
    for (const key of await this.#parts.inventory.registrationsOver(before, LIMITS.lifetimesEndedMax)) {
      if (this.#stopped) return;
      await this.#lanes.run(deviceText(key), async () => {
        if (this.#devices.of(key) !== undefined) return;
        const registration = (await this.#parts.inventory.device(key))?.registration;
        if (registration !== undefined && isOver(registration, now))
          await this.#parts.engine.deviceRegistered(key, undefined);
      });
    }
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

const lasting = (seconds: number): Duration => (seconds * 1_000) as Duration;

function asRegistered(key: DeviceKey, registration: Registration, heardAt: Instant): Registered {
  return { key, registration, storedUntil: registration.expiresAt, heardAt, learned: undefined, protocols: undefined };
}

/** What is not as it mostly is; the rest takes no room in the store. */
function termsOf(terms: { readonly lifetime: Duration; readonly root: string; readonly formats: readonly number[] }) {
  const { lifetime, root, formats } = terms;
  return {
    lifetime,
    ...(root === '' ? {} : { rootPath: root }),
    ...(formats.length === 0 ? {} : { formats: formats.slice(0, LIMITS.formatsMax) }),
  };
}

/** A sign of life and nothing else; now and then it is written down all the same, for whoever starts after us. */
function isSame(one: Registered, other: Registered): boolean {
  const [a, b] = [one.registration, other.registration];
  const isTermEqual = lifetimeOf(a) === lifetimeOf(b) && a.rootPath === b.rootPath && `${a.formats}` === `${b.formats}`;
  const isPlaceEqual = a.node === b.node && a.peer === b.peer && a.queueMode === b.queueMode;
  return isTermEqual && isPlaceEqual && b.expiresAt - one.storedUntil < LIMITS.expiryWrittenEvery;
}

const withBlock = (answer: Response, blockOption: number | undefined): Response =>
  blockOption === undefined
    ? answer
    : { ...answer, options: [...answer.options, uintOption(OPTION.BLOCK1, blockOption)] };
