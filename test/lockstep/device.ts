// A device made by hand for one test: object 5 as the OMA test cases describe it, with every answer open to change.
import {
  beginDownload,
  CODE,
  CONTENT_FORMAT,
  type Download,
  downloadAnswered,
  downloadRequest,
  type Exchange,
  encodeTlv,
  type Message,
  NO_BYTES,
  Observers,
  OPTION,
  type Option,
  type Progress,
  pathOf,
  pathOptions,
  type Response,
  registerRequest,
  response,
  type TlvEntry,
  takeBlock,
  textsOf,
  tlvIntegerBytes,
  uintOf,
  uintOption,
  updateRequest,
  utf8Bytes,
  utf8Text,
} from '../../src/lwm2m/index.ts';
import type { Agenda } from '../world/agenda.ts';
import { drained, type Heard, type Net, Port } from './net.ts';
import { type Key, SECURE_SERVER, SecurePort } from './secure-port.ts';

export const SERVER = '127.0.0.1:5683';

export interface Manners {
  readonly endpoint: string;
  readonly version: '1.0' | '1.1';
  readonly lifetimeSeconds: number;
  readonly queueMode: boolean;
  /** What its paths begin with. */
  readonly root: string;
  /** /5/0/9 and /5/0/8; absent: it does not tell. */
  readonly delivery?: 0 | 1 | 2;
  readonly protocols?: readonly number[];
  readonly szx: number;
  /** What it makes of an image that has arrived, and of an installation. */
  readonly arrived: { readonly state: number; readonly result: number };
  readonly installed: {
    readonly state: number;
    readonly result: number;
    readonly version: string;
    readonly registers: boolean;
  };
  readonly storageBytes: number;
  /** /4/0/8, /4/0/9 and /4/0/10; absent: it has no such object. */
  readonly network?: { readonly cell: number; readonly code: number; readonly country: number };
  /** It restarts on its old port. */
  readonly keepsPort: boolean;
  readonly host: string;
  /** It speaks DTLS. */
  readonly key?: Key;
}

const MANNERS: Manners = {
  endpoint: 'urn:imei:990000000000011',
  version: '1.1',
  lifetimeSeconds: 86_400,
  queueMode: false,
  root: '',
  delivery: 2,
  protocols: [0],
  szx: 6,
  arrived: { state: 2, result: 0 },
  installed: { state: 0, result: 1, version: '2.0', registers: true },
  storageBytes: 10_000_000,
  keepsPort: false,
  host: '10.0.0.7',
};

type Handler = (request: Message) => Response | 'silent' | undefined;

export class HandDevice {
  readonly manners: Manners;
  state = 0;
  result = 0;
  version = '1.0';
  image: Uint8Array = NO_BYTES;
  installs = 0;
  /** Requests it has seen, `PUT /5/0/1` and the like, in their order. */
  readonly heard: string[] = [];
  readonly uris: string[] = [];
  location = '';
  /** Looked at before anything else. */
  script: Handler = () => undefined;
  port: Port;
  readonly #net: Net;
  readonly #agenda: Agenda;
  readonly #observers = new Observers();
  #portNumber = 40_000;
  #pushed: Progress | undefined;
  #chunks: Uint8Array[] = [];
  fetching: Download | undefined;
  /** The seconds of each 5.03 it got. */
  readonly told: number[] = [];

  constructor(net: Net, agenda: Agenda, manners: Partial<Manners> = {}) {
    this.manners = { ...MANNERS, ...manners };
    this.#net = net;
    this.#agenda = agenda;
    this.port = this.#newPort();
  }

  #newPort(): Port {
    const port = this.#portFor(this.manners.key);
    port.onRequest = (request, exchange) => this.#onRequest(request, exchange);
    return port;
  }

  #portFor(key: Key | undefined): Port {
    this.#portNumber += 1;
    const address = `${this.manners.host}:${this.#portNumber}`;
    if (key === undefined) return new Port(this.#net, this.#agenda, address, this.#portNumber);
    return new SecurePort(this.#net, this.#agenda, address, this.#portNumber, key);
  }

  get #server(): string {
    return this.manners.key === undefined ? SERVER : SECURE_SERVER;
  }

  async register(): Promise<Heard> {
    const { endpoint, version, root, lifetimeSeconds, queueMode } = this.manners;
    const rooted =
      root === ''
        ? []
        : [
            {
              target: root,
              attributes: new Map([
                ['rt', 'oma.lwm2m'],
                ['ct', '11542'],
              ]),
            },
          ];
    const links = [
      ...rooted,
      ...['/1/0', '/3/0', '/5/0'].map((path) => ({ target: root + path, attributes: new Map<string, string>() })),
    ];
    const heard = await this.port.ask(
      this.#server,
      registerRequest({ endpoint, version, lifetimeSeconds, queueMode, links }),
    );
    if (heard.is === 'answered' && heard.response.code === CODE.CREATED) {
      this.location = `/${textsOf(heard.response.options, OPTION.LOCATION_PATH).join('/')}`;
    }
    return heard;
  }

  update(): Promise<Heard> {
    return this.port.ask(this.#server, updateRequest(this.location));
  }

  /** It forgets what it was told, and comes back from another port unless it keeps its own. */
  async restart(): Promise<Heard> {
    this.#observers.clear();
    if (!this.manners.keepsPort) {
      this.port.close();
      this.port = this.#newPort();
    }
    return this.register();
  }

  become(state: number, result: number): void {
    const [oldState, oldResult] = [this.state, this.result];
    this.state = state;
    this.result = result;
    if (state !== oldState) this.#notify('/5/0/3', state);
    if (result !== oldResult) this.#notify('/5/0/5', result);
  }

  #notify(path: string, value: number): void {
    for (const { peer, token, sequence } of this.#observers.next(path, this.#agenda.now())) {
      this.port.notify(peer, token, { ...text(String(value)), options: [uintOption(OPTION.OBSERVE, sequence), TEXT] });
    }
  }

  #onRequest(request: Message, exchange: Exchange): void {
    const path = pathOf(request.options).replace(/^\/lwm2m/, '');
    this.heard.push(`${METHODS[request.code]} ${path}`);
    const answer = this.script(request) ?? this.#answer(request, path, exchange);
    if (answer !== 'silent') this.port.respond(exchange, answer);
  }

  #answer(request: Message, path: string, exchange: Exchange): Response {
    if (request.code === CODE.GET) return this.#read(request, path, exchange);
    if (path === '/5/0/0') return this.#package(request);
    if (path === '/5/0/1') return this.#uri(utf8Text(request.payload));
    if (path === '/5/0/2') return this.#execute();
    return response(CODE.METHOD_NOT_ALLOWED);
  }

  #read(request: Message, path: string, exchange: Exchange): Response {
    const single: Record<string, string> = {
      '/3/0/3': this.version,
      '/5/0/3': String(this.state),
      '/5/0/5': String(this.result),
    };
    const value = single[path];
    if (value !== undefined) {
      const observer =
        uintOf(request.options, OPTION.OBSERVE) === 0
          ? this.#observers.add(exchange.peer, exchange.token, path, this.#agenda.now())
          : undefined;
      return observer === undefined ? text(value) : { ...text(value), options: [uintOption(OPTION.OBSERVE, 1), TEXT] };
    }
    if (path === '/3/0') return tlv([resource(0, 'Acme'), resource(1, 'M1'), resource(3, this.version)]);
    if (path === '/4/0' && this.manners.network !== undefined) {
      const { cell, code, country } = this.manners.network;
      return tlv([number(8, cell), number(9, code), number(10, country)]);
    }
    if (path === '/5/0') return tlv(this.#object5());
    return response(CODE.NOT_FOUND);
  }

  #object5(): TlvEntry[] {
    const { delivery, protocols } = this.manners;
    const values: TlvEntry[] = [number(3, this.state), number(5, this.result)];
    if (protocols !== undefined) {
      const entries = protocols.map(
        (one, id): TlvEntry => ({ kind: 'resource_instance', id, value: tlvIntegerBytes(one) }),
      );
      values.push({ kind: 'multiple', id: 8, entries });
    }
    if (delivery !== undefined) values.push(number(9, delivery));
    return values;
  }

  #reset(): Response {
    this.#chunks = [];
    this.#pushed = undefined;
    this.fetching = undefined;
    this.become(0, 0);
    return response(CODE.CHANGED);
  }

  #package(request: Message): Response {
    if (this.manners.delivery === 0) return response(CODE.METHOD_NOT_ALLOWED);
    if (request.payload.length === 1 && request.payload[0] === 0) return this.#reset();
    const step = takeBlock(this.#pushed, request, { bytesMax: this.manners.storageBytes, szxMax: this.manners.szx });
    if (step.type === 'refused') {
      this.#pushed = step.progress;
      if (step.answer.code === CODE.TOO_LARGE) this.become(0, 2);
      return step.answer;
    }
    if (step.type === 'continue' && step.progress.offset === request.payload.length) this.#chunks = [];
    this.#chunks.push(request.payload.slice());
    if (step.type === 'continue') {
      this.#pushed = step.progress;
      this.become(1, 0);
      return step.answer;
    }
    this.#pushed = undefined;
    this.#arrived();
    return response(CODE.CHANGED, step.blockOption === undefined ? [] : [uintOption(OPTION.BLOCK1, step.blockOption)]);
  }

  #arrived(): void {
    this.image = Uint8Array.from(this.#chunks.flatMap((chunk) => [...chunk]));
    const fits = this.image.length <= this.manners.storageBytes;
    const { state, result } = this.manners.arrived;
    if (fits) this.become(state, result);
    else this.become(0, 2);
  }

  #uri(uri: string): Response {
    if (uri === '') return this.#reset();
    this.uris.push(uri);
    // Push only: it says yes and does nothing.
    if (this.manners.delivery === 1) return response(CODE.CHANGED);
    this.become(1, 0);
    this.#chunks = [];
    this.#agenda.after(50, async () => {
      const isSecure = uri.startsWith('coaps:');
      void this.fetch(new URL(uri.replace(/^coaps?:/, 'http:')).pathname, { offset: 0, isSecure });
      await drained();
    });
    return response(CODE.CHANGED);
  }

  /** Fetches from a port of its own, block by block, and waits where it is told to come later. */
  async fetch(
    path: string,
    how: { readonly offset: number; readonly isSecure?: boolean } = { offset: 0 },
  ): Promise<void> {
    const { offset, isSecure = false } = how;
    const port = this.#portFor(isSecure ? this.manners.key : undefined);
    let download = beginDownload({
      options: pathOptions(path),
      szx: this.manners.szx,
      namesFirstBlock: this.manners.szx < 6,
      offset,
    });
    for (;;) {
      this.fetching = download;
      const heard = await port.ask(isSecure ? SECURE_SERVER : SERVER, downloadRequest(download));
      if (this.fetching !== download) return;
      if (heard.is === 'nothing') return this.become(0, 4);
      const step = downloadAnswered(download, heard.response);
      if (step.type === 'later') {
        this.told.push(step.seconds);
        await new Promise<void>((resolve) =>
          this.#agenda.after(step.seconds * 1_000, async () => {
            resolve();
            await drained();
          }),
        );
        continue;
      }
      if (step.type !== 'block') return this.become(0, step.type === 'refused' ? 7 : 5);
      this.#chunks.push(step.bytes.slice());
      download = step.download;
      if (!step.last) continue;
      this.fetching = undefined;
      return this.#arrived();
    }
  }

  #execute(): Response {
    if (this.state !== 2) return response(CODE.METHOD_NOT_ALLOWED);
    this.installs += 1;
    this.become(3, 0);
    const { state, result, version, registers } = this.manners.installed;
    this.#agenda.after(5_000, async () => {
      this.version = version;
      if (registers) [this.state, this.result] = [state, result];
      else this.become(state, result);
      if (registers) void this.restart();
      await drained();
    });
    return response(CODE.CHANGED);
  }
}

const METHODS: Readonly<Record<number, string>> = { [CODE.GET]: 'GET', [CODE.PUT]: 'PUT', [CODE.POST]: 'POST' };
const TEXT: Option = uintOption(OPTION.CONTENT_FORMAT, CONTENT_FORMAT.TEXT);
const text = (value: string): Response => response(CODE.CONTENT, [TEXT], utf8Bytes(value));
const tlv = (entries: readonly TlvEntry[]): Response =>
  response(CODE.CONTENT, [uintOption(OPTION.CONTENT_FORMAT, CONTENT_FORMAT.TLV)], encodeTlv(entries));
const resource = (id: number, value: string): TlvEntry => ({ kind: 'resource', id, value: utf8Bytes(value) });
const number = (id: number, value: number): TlvEntry => ({
  kind: 'resource',
  id,
  value: tlvIntegerBytes(value),
});
