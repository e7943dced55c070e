// An LwM2M mind on real sockets: one for its server, and one more for each image that it fetches.

import {
  type ClientRegistration,
  CODE,
  type Exchange,
  isSuccessCode,
  locationOf,
  type Message,
  Observers,
  pathOf,
  RFC_7252,
  registerRequest,
  type TransmissionParameters,
  updateRequest,
} from '../../lwm2m/index.ts';
import {
  type Content,
  type DeviceReport,
  type DeviceSpec,
  type Lwm2mAction,
  type Lwm2mInput,
  type Lwm2mMind,
  newLwm2mMind,
  paceOf,
  type Random,
  type Registering,
  reportOfLwm2m,
  stepLwm2m,
} from '../device/index.ts';
import { seededRandom } from './chance.ts';
import { CoapChannel } from './coap-channel.ts';
import { sha256 } from './hash.ts';
import { HttpFetch } from './http-fetch.ts';
import type { Address, Psk } from './link.ts';
import { CoapFetch, type Fetching, type FetchOrder } from './lwm2m-fetch.ts';
import { answerTo, type Dialect, formFor, notification, understand } from './lwm2m-words.ts';
import type { DeviceParts } from './ports.ts';
import { Runner } from './runner.ts';

/** Its server, and what it proves itself with there. */
export interface Lwm2mHome {
  readonly address: Address;
  readonly psk?: Psk | undefined;
}

const OBSERVED_PEER = 'server';

export class Lwm2mDevice {
  readonly #parts: DeviceParts;
  readonly #server: Lwm2mHome;
  readonly #transmission: TransmissionParameters;
  readonly #random: Random;
  readonly #dialect: Dialect;
  readonly #runner: Runner<Lwm2mMind, Lwm2mInput, Lwm2mAction>;
  readonly #observers = new Observers();
  readonly #forms = new Map<string, 'text' | 'tlv'>();
  #channel: CoapChannel;
  #location: string | undefined;
  #fetching: { readonly fetch: number; readonly uri: string; readonly image: Fetching } | undefined;
  #lastFetched: { readonly uri: string; readonly etag: string | undefined } | undefined;
  #asked: { readonly id: number; readonly exchange: Exchange; readonly message: Message } | undefined;

  constructor(spec: DeviceSpec, server: Lwm2mHome, parts: DeviceParts) {
    this.#parts = parts;
    this.#server = server;
    const { ackTimeoutMs, retransmitMax } = paceOf(spec);
    this.#transmission = { ...RFC_7252, ackTimeoutMs, retransmitMax };
    this.#random = seededRandom(`${spec.imei} ${parts.clock.now()}`);
    this.#dialect = { single: spec.traits.includes('lwm2m-1.0') ? 'tlv' : 'text' };
    const mind = newLwm2mMind(spec, { newHash: sha256, random: this.#random });
    const perform = (action: Lwm2mAction): void => this.#perform(action);
    this.#runner = new Runner<Lwm2mMind, Lwm2mInput, Lwm2mAction>(mind, {
      step: stepLwm2m,
      perform,
      clock: parts.clock,
      wake: { type: 'wake' },
    });
    this.#channel = this.#openChannel();
  }

  start(): void {
    this.#hear({ type: 'boot' });
  }

  report(): DeviceReport {
    return reportOfLwm2m(this.#runner.mind);
  }

  /** Leaves without a word, as a device whose power is cut. */
  stop(): void {
    this.#runner.stop();
    this.#fetching?.image.stop();
    this.#channel.close();
  }

  #openChannel(): CoapChannel {
    return new CoapChannel({
      clock: this.#parts.clock,
      random: this.#random,
      ...this.#server,
      transmission: this.#transmission,
      onRequest: (exchange, request) => this.#onRequest(exchange, request),
      onLostObserver: (token) => this.#observers.remove(OBSERVED_PEER, token),
    });
  }

  #hear(input: Lwm2mInput): void {
    this.#runner.hear(input);
    this.#listenAsTheMindDoes();
  }

  #listenAsTheMindDoes(): void {
    const { power, listening } = this.#runner.mind;
    this.#channel.deaf = power !== 'on' || !listening;
  }

  #perform(action: Lwm2mAction): void {
    this.#listenAsTheMindDoes();
    switch (action.type) {
      case 'register':
        this.#register(action.newPort, action.registering);
        break;
      case 'update':
        this.#update();
        break;
      case 'respond':
        this.#respond(action);
        break;
      case 'notify':
        this.#notify(action.path, action.content);
        break;
      case 'fetch':
        this.#fetch(action);
        break;
      case 'stop-fetch':
        if (this.#fetching?.fetch === action.fetch) this.#stopFetching();
        break;
    }
  }

  #register(newPort: boolean, registering: Registering): void {
    this.#observers.clear();
    this.#location = undefined;
    if (newPort) {
      this.#channel.close();
      this.#channel = this.#openChannel();
    } else {
      this.#channel.forget();
    }
    const { objects, ...rest } = registering;
    const links = objects.map((target) => ({ target, attributes: NO_ATTRIBUTES }));
    const client: ClientRegistration = { ...rest, links: rest.version === '1.0' ? links : [ROOT, ...links] };
    this.#channel.request(registerRequest(client), (answer) => {
      this.#location = answer?.code === CODE.CREATED ? locationOf(answer) : undefined;
      if (this.#location === undefined) this.#log('register-failed', { code: answer?.code ?? 0 });
      this.#hear({ type: this.#location === undefined ? 'register-failed' : 'registered' });
    });
  }

  #update(): void {
    if (this.#location === undefined) return;
    this.#channel.request(updateRequest(this.#location), (answer) => {
      const good = answer !== undefined && isSuccessCode(answer.code);
      this.#hear({ type: good ? 'updated' : 'update-failed' });
    });
  }

  /** The mind answers at once or never, so one request is remembered at a time. */
  #onRequest(exchange: Exchange, message: Message): void {
    const understood = understand(message);
    if (!understood.ok) {
      this.#channel.respond(exchange, understood.answer);
      return;
    }
    this.#asked = { id: exchange.handle, exchange, message };
    this.#hear({ type: 'request', id: exchange.handle, request: understood.request });
    this.#asked = undefined;
  }

  #respond(action: Extract<Lwm2mAction, { readonly type: 'respond' }>): void {
    const asked = this.#asked;
    if (asked?.id !== action.id) return;
    const { exchange, message } = asked;
    const path = pathOf(message.options);
    const observer = this.#runner.mind.observed.includes(path) ? this.#observe(asked, path) : undefined;
    if (observer === undefined) this.#observers.remove(OBSERVED_PEER, exchange.token);
    if (action.content !== undefined) this.#forms.set(path, formFor(message, action.content, this.#dialect));
    const answering = {
      asked: message,
      dialect: this.#dialect,
      ...(observer === undefined ? {} : { observe: observer }),
    };
    this.#channel.respond(exchange, answerTo(action.code, action.content, answering));
  }

  /** The sequence number of an observation that begins with this request. */
  #observe({ exchange, message }: { exchange: Exchange; message: Message }, path: string): number | undefined {
    const understood = understand(message);
    if (!understood.ok || understood.request.op !== 'observe') return undefined;
    return this.#observers.add(OBSERVED_PEER, exchange.token, path, this.#parts.clock.now())?.sequence;
  }

  #notify(path: string, content: Content): void {
    const form = this.#forms.get(path) ?? 'tlv';
    for (const { token, sequence, confirm } of this.#observers.next(path, this.#parts.clock.now())) {
      // devices.md: notifications are often not confirmable.
      this.#channel.notify(token, notification(content, sequence, form), confirm || this.#dialect.single === 'text');
    }
  }

  #fetch({ fetch, uri, offset }: Extract<Lwm2mAction, { readonly type: 'fetch' }>): void {
    this.#stopFetching();
    const etag = this.#lastFetched?.uri === uri ? this.#lastFetched.etag : undefined;
    const hear = (input: Lwm2mInput): void => this.#hear(input);
    const order = { fetch, uri, offset, etag };
    const image = /^https?:/.test(uri) ? new HttpFetch(order, hear) : this.#fetchByCoap(order, hear);
    this.#fetching = { fetch, uri, image };
  }

  #fetchByCoap(order: FetchOrder, hear: (input: Lwm2mInput) => void): Fetching {
    const { clock } = this.#parts;
    const { psk } = this.#server;
    return new CoapFetch(order, { clock, random: this.#random, transmission: this.#transmission, psk, hear });
  }

  #stopFetching(): void {
    if (this.#fetching === undefined) return;
    const { uri, image } = this.#fetching;
    this.#lastFetched = { uri, etag: image.etag };
    image.stop();
    this.#fetching = undefined;
  }

  #log(name: string, facts: Readonly<Record<string, string | number>>): void {
    this.#parts.log.event(name, { imei: this.#runner.mind.spec.imei, ...facts });
  }
}

const NO_ATTRIBUTES: ReadonlyMap<string, string> = new Map();
/** LwM2M 1.1 devices name their preferred format at the root. */
const ROOT = {
  target: '/',
  attributes: new Map([
    ['rt', 'oma.lwm2m'],
    ['ct', '11542'],
  ]),
};
