// An LwM2M device of the world and what the server's LwM2M delivery does with it: typed messages instead of packets.
import type {
  DeviceIntent,
  DeviceKey,
  DeviceReading,
  ImageToken,
  Instant,
  Permit,
  Registration,
  SendOutcome,
  UpdateKey,
} from '../../src/campaigns/index.ts';
import type { Sendable, TransferStart } from '../../src/engine/index.ts';
import {
  type DeviceReport,
  type Lwm2mAction,
  type Lwm2mInput,
  type Lwm2mMind,
  newLwm2mMind,
  reportOfLwm2m,
  type ServerRequest,
  stepLwm2m,
} from '../../src/simulator/index.ts';
import { DeviceClock, DeviceWay, type LinkWorld } from './link.ts';
import { deviceReading, objectOf, outcomeOf, type Respond, retryAfter } from './lwm2m-words.ts';
import type { WorldNode } from './node.ts';
import type { WorldDevice } from './scenario.ts';

export class Lwm2mLink {
  readonly key: DeviceKey;
  readonly #world: LinkWorld;
  #mind: Lwm2mMind;
  /** The server it registered with; another one when that did not answer. */
  #home: WorldNode | undefined;
  #requests = 0;
  #answers = new Map<number, (answer: Respond) => void>();
  /** Wake-ups and bytes meant for an earlier moment of its life. */
  #wakes = 0;
  #stopped = new Set<number>();
  readonly #way: DeviceWay;
  readonly #clock: DeviceClock;
  /** When its registration is over, if nothing more is heard of it. */
  #expiresAt = 0;

  constructor(device: WorldDevice, key: DeviceKey, world: LinkWorld) {
    this.key = key;
    this.#world = world;
    this.#way = new DeviceWay(device, world);
    this.#clock = new DeviceClock(device, world.agenda);
    const random = world.random.fork(`device ${device.imei}`);
    this.#mind = newLwm2mMind(device, { newHash: world.newHash, random });
    world.agenda.after(0, () => this.#hear({ type: 'boot' }));
  }

  get report(): DeviceReport {
    return reportOfLwm2m(this.#mind);
  }

  #hear(input: Lwm2mInput): void {
    const step = stepLwm2m(this.#mind, input, this.#clock.now());
    this.#mind = step.mind;
    this.#wakes += 1;
    const wake = this.#wakes;
    if (step.wakeAt !== undefined) {
      this.#clock.wake(step.wakeAt, () => {
        if (this.#wakes === wake) this.#hear({ type: 'wake' });
      });
    }
    for (const action of step.actions) this.#do(action);
  }

  #do(action: Lwm2mAction): void {
    switch (action.type) {
      case 'register':
        return this.#register(action);
      case 'update':
        return this.#update();
      case 'respond':
        return this.#answers.get(action.id)?.(action);
      case 'notify':
        this.#way.speaks();
        return this.#world.network.deliver(this.#way, 'up', async () => {
          await this.#world.anyNode().call((engine) => engine.deviceNotified(this.key));
        });
      case 'fetch':
        return this.#fetch(action.fetch, action.uri, action.offset);
      default:
        this.#stopped.add(action.fetch);
    }
  }

  #register({ registering }: Extract<Lwm2mAction, { readonly type: 'register' }>): void {
    this.#home ??= this.#world.anyNode();
    const node = this.#home;
    const registration: Omit<Registration, 'since' | 'expiresAt'> = {
      node: node.id,
      location: `${node.now()}`,
      peer: this.key.imei,
      endpoint: registering.endpoint,
      queueMode: registering.queueMode,
      version: registering.version,
    };
    const lifetimeMs = registering.lifetimeSeconds * 1_000;
    this.#say<'ok'>(
      async () => {
        const since = node.now();
        const whole = { ...registration, since, expiresAt: (since + lifetimeMs) as Instant };
        const stored = await node.call((engine) => engine.deviceRegistered(this.key, whole));
        if (stored !== undefined) this.#lives(node, lifetimeMs);
        return stored === undefined ? undefined : 'ok';
      },
      (answer) => {
        if (answer !== 'ok') this.#home = undefined;
        this.#hear({ type: answer === 'ok' ? 'registered' : 'register-failed' });
      },
    );
  }

  #update(): void {
    const lifetimeMs = this.#mind.pace.lifetimeSeconds * 1_000;
    this.#say<'ok' | 'unknown'>(
      async () => {
        const node = this.#home ?? this.#world.anyNode();
        const seen = await this.#world.contact(node, this.key);
        if (seen === undefined) return undefined;
        // Another process than the one it registered with does not know its location: 4.04.
        if (seen.value?.device.registration?.node !== node.id) return 'unknown';
        this.#lives(node, lifetimeMs);
        return 'ok';
      },
      (answer) => this.#hear({ type: answer === 'ok' ? 'updated' : 'update-failed' }),
    );
  }

  /** A request of the device, until it is answered or given up. */
  #say<Answer>(
    ask: () => Promise<Answer | undefined>,
    done: (answer: Answer | 'none' | 'withheld') => Promise<void> | void,
    leaving: () => boolean = () => true,
  ): void {
    const speaks = () => {
      if (!leaving()) return false;
      this.#way.speaks();
      return true;
    };
    this.#world.network.exchange<Answer>({ way: this.#way, leg: 'up', leaving: speaks, ask, done });
  }

  /** The server forgets a device of which it hears nothing for a whole lifetime. */
  #lives(node: WorldNode, lifetimeMs: number): void {
    const { agenda } = this.#world;
    const isWatched = this.#expiresAt > agenda.now();
    this.#expiresAt = agenda.now() + lifetimeMs;
    if (!isWatched) agenda.at(this.#expiresAt, () => this.#expires(node));
  }

  async #expires(node: WorldNode): Promise<void> {
    const { agenda } = this.#world;
    if (agenda.now() < this.#expiresAt) agenda.at(this.#expiresAt, () => this.#expires(node));
    else await node.call((engine) => engine.deviceRegistered(this.key, undefined));
  }

  /** One request of the server to the device; the device answers once, however often it hears it. */
  #request(
    node: WorldNode,
    request: ServerRequest,
    more: { readonly notAfter?: number; readonly left?: () => void; readonly heard?: () => void },
    done: (answer: Respond | 'none' | 'withheld') => Promise<void> | void,
  ): void {
    this.#requests += 1;
    const id = this.#requests;
    const { life } = node;
    this.#world.network.exchange<Respond>({
      way: this.#way,
      leg: 'down',
      ...(more.notAfter === undefined ? {} : { notAfter: more.notAfter - node.skewMs }),
      leaving: () => {
        const up = node.up && node.life === life;
        if (up) more.left?.();
        return up;
      },
      ask: () => {
        if (!this.#way.hears()) return undefined;
        if (this.#mind.listening && this.#mind.power === 'on') more.heard?.();
        let answer: Respond | undefined;
        this.#answers.set(id, (given) => {
          answer = given;
        });
        this.#hear({ type: 'request', id, request });
        this.#answers.delete(id);
        if (answer !== undefined) this.#way.speaks();
        return answer;
      },
      done: (answer) => (node.up && node.life === life ? done(answer) : undefined),
    });
  }

  /** What the pump handed over. */
  send(node: WorldNode, sendable: Exclude<Sendable, { readonly kind: 'callback' }>): void {
    switch (sendable.kind) {
      case 'ask':
        return this.#ask(node, sendable);
      case 'clean-up':
        return this.#reset(node, undefined, (outcome) =>
          this.#settle(
            node,
            sendable.id,
            { kind: 'clean-up', device: this.key, campaign: sendable.device.residue!.campaign },
            outcome,
          ),
        );
      case 'offer':
        return this.#offer(node, sendable);
      default:
        return this.#execute(node, sendable);
    }
  }

  #settle(
    node: WorldNode,
    id: number,
    intent: DeviceIntent,
    outcome: SendOutcome,
    answer?: { readonly reading: DeviceReading; readonly askedAt: Instant },
  ): Promise<void> {
    return node
      .call((engine) => engine.sendSettled({ id, intent, outcome, ...(answer === undefined ? {} : { answer }) }))
      .then(() => undefined);
  }

  #ask(node: WorldNode, { id }: Extract<Sendable, { readonly kind: 'ask' }>): void {
    const intent: DeviceIntent = { kind: 'ask', device: this.key };
    const askedAt = node.now();
    // Object 5 first: the version is then at least as new as the state that it is judged with.
    this.#request(node, { op: 'read', path: '/5/0' }, {}, (firmware) => {
      if (typeof firmware === 'string') return this.#settle(node, id, intent, { is: 'no-answer' });
      return this.#request(node, { op: 'read', path: '/3/0' }, {}, (device) => {
        if (typeof device === 'string') return this.#settle(node, id, intent, { is: 'no-answer' });
        const reading = { ...deviceReading(device.content), object5: objectOf(firmware.content) };
        return this.#settle(node, id, intent, { is: 'delivered' }, { reading, askedAt });
      });
    });
  }

  #reset(node: WorldNode, notAfter: number | undefined, done: (outcome: SendOutcome) => Promise<void> | void): void {
    this.#request(node, { op: 'reset', by: 'nul' }, notAfter === undefined ? {} : { notAfter }, (answer) =>
      done(outcomeOf(answer)),
    );
  }

  #offer(node: WorldNode, sendable: Extract<Sendable, { readonly kind: 'offer' | 'execute' }>): void {
    if (sendable.intent.kind !== 'offer') return;
    const { intent, id, until } = sendable;
    const begin = (): Promise<void> | undefined => {
      if (intent.delivery === 'push') return this.#push(node, sendable);
      const { campaign } = intent.update;
      const left = () => this.#world.checks.sent('download', campaign, this.key.imei, 'an offer');
      const heard = () => this.#world.checks.heard('download', campaign, this.key.imei, 'an offer');
      this.#request(
        node,
        { op: 'write-uri', uri: `coap://server/f/${intent.token}` },
        { notAfter: until, left, heard },
        (answer) => this.#settle(node, id, intent, outcomeOf(answer)),
      );
      return undefined;
    };
    for (const path of ['/5/0/3', '/5/0/5']) this.#request(node, { op: 'observe', path }, {}, () => undefined);
    if (!intent.reset) {
      // An event of its own: what is sent never runs into the work of the pump that hands it over.
      this.#world.agenda.after(0, begin);
      return;
    }
    this.#reset(node, until, (outcome) =>
      outcome.is === 'delivered' ? begin() : this.#settle(node, id, intent, outcome),
    );
  }

  #execute(node: WorldNode, sendable: Extract<Sendable, { readonly kind: 'offer' | 'execute' }>): void {
    const { intent, id, until } = sendable;
    const { campaign } = intent.update;
    const left = () => this.#world.checks.sent('install', campaign, this.key.imei, 'an Execute');
    const heard = () => this.#world.checks.heard('install', campaign, this.key.imei, 'an Execute');
    this.#request(node, { op: 'execute', path: '/5/0/2' }, { notAfter: until, left, heard }, (answer) => {
      const outcome = outcomeOf(answer);
      return this.#settle(node, id, intent, outcome.is === 'no-answer' ? { is: 'unknown' } : outcome);
    });
  }

  #push(node: WorldNode, sendable: Extract<Sendable, { readonly kind: 'offer' | 'execute' }>): Promise<void> {
    const { intent, id } = sendable;
    if (intent.kind !== 'offer') return Promise.resolve();
    const began = this.#world.agenda.now();
    const block = async (key: UpdateKey, permit: Permit & { readonly ok: true }, offset: number): Promise<void> => {
      const fresh =
        node.now() < permit.until ? permit : (await node.call((engine) => engine.transferPermit(key)))?.value;
      if (fresh === undefined) return;
      this.#world.checks.hit(fresh.rule);
      if (!fresh.ok) {
        await node.call((engine) => engine.transferInterrupted(key));
        return;
      }
      const { bytes, last } = this.#world.block(offset);
      const left = () => this.#world.checks.sent('download', key.campaign, this.key.imei, 'a block', true);
      const heard = () => this.#world.checks.heard('download', key.campaign, this.key.imei, 'a block', true);
      this.#request(
        node,
        { op: 'write-package', offset, bytes, last },
        { notAfter: fresh.until, left, heard },
        async (answer) => {
          const taken = typeof answer !== 'string' && answer.code.startsWith('2.');
          if (taken && !last) return block(key, fresh, offset + bytes.length);
          if (answer === 'withheld') return block(key, { ...fresh, until: 0 as Instant }, offset);
          await node.call((engine) =>
            engine.endTransfer(key, {
              bytes: offset + bytes.length,
              complete: taken,
              took: this.#world.agenda.now() - began,
            }),
          );
          if (!taken) await node.call((engine) => engine.deviceNotified(this.key));
        },
      );
    };
    return this.#begin(node, intent.token, 0).then(async (start) => {
      if (start === undefined) return;
      await this.#settle(node, id, intent, start.ok ? { is: 'delivered' } : { is: 'withheld' });
      if (start.ok) await block(start.key, start.until, 0);
    });
  }

  async #begin(node: WorldNode, token: string, offset: number): Promise<TransferStart | undefined> {
    return (await node.call((engine) => engine.beginTransfer(token as ImageToken, offset)))?.value;
  }

  /** The device fetches from whichever process answers; the blocks come from that one. */
  #fetch(fetch: number, uri: string, offset: number): void {
    const token = uri.slice(uri.lastIndexOf('/') + 1);
    const node = this.#world.anyNode();
    this.#say<TransferStart>(
      () => this.#begin(node, token, offset),
      (start) => {
        if (typeof start === 'string') return this.#hear({ type: 'fetch-failed', fetch, why: 'lost' });
        if (start.ok) return this.#stream(node, fetch, start, offset);
        if (start.unknown) return this.#hear({ type: 'fetch-failed', fetch, why: 'gone' });
        return this.#refused(node, fetch, start.refusal);
      },
      () => !this.#stopped.has(fetch),
    );
  }

  #refused(node: WorldNode, fetch: number, refusal: Permit & { readonly ok: false }): void {
    this.#world.checks.hit(refusal.rule);
    this.#hear({ type: 'fetch-refused', fetch, retryAfterMs: retryAfter(refusal, node.now()) });
  }

  #stream(node: WorldNode, fetch: number, start: TransferStart & { readonly ok: true }, from: number): void {
    const { life } = node;
    const began = this.#world.agenda.now();
    const serve = async (permit: Permit & { readonly ok: true }, offset: number): Promise<Served | undefined> => {
      if (!node.up || node.life !== life) return undefined;
      const fresh =
        node.now() < permit.until ? permit : (await node.call((engine) => engine.transferPermit(start.key)))?.value;
      if (fresh === undefined) return undefined;
      this.#world.checks.hit(fresh.rule);
      if (!fresh.ok) {
        await node.call((engine) => engine.transferInterrupted(start.key));
        return { refused: fresh };
      }
      this.#world.checks.sent('download', start.key.campaign, this.key.imei, 'a block', true);
      const { bytes, last } = this.#world.block(offset);
      const complete = from === 0 || start.bytesBefore > 0;
      const end = { bytes: offset + bytes.length, complete, took: this.#world.agenda.now() - began };
      if (last) await node.call((engine) => engine.endTransfer(start.key, end));
      return { permit: fresh };
    };
    const next = (permit: Permit & { readonly ok: true }, offset: number): void =>
      this.#say<Served>(
        () => serve(permit, offset),
        (answer) => {
          if (this.#stopped.has(fetch)) return undefined;
          if (typeof answer === 'string') return this.#hear({ type: 'fetch-failed', fetch, why: 'lost' });
          if ('refused' in answer) return this.#refused(node, fetch, answer.refused);
          const { bytes, last } = this.#world.block(offset);
          this.#world.checks.heard('download', start.key.campaign, this.key.imei, 'a block', true);
          this.#hear({ type: 'bytes', fetch, offset, bytes, last });
          return last || this.#stopped.has(fetch) ? undefined : next(answer.permit, offset + bytes.length);
        },
        () => !this.#stopped.has(fetch),
      );
    next(start.until, from);
  }
}

type Served =
  | { readonly permit: Permit & { readonly ok: true } }
  | { readonly refused: Permit & { readonly ok: false } };
