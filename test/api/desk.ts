// A real API over a real engine and a memory store, with a clock that tests set; everything goes through HTTP.
import { createHash } from 'node:crypto';
import Fastify, { type FastifyInstance, type InjectOptions } from 'fastify';
import { type ApiParts, type ImageIntake, registerApi, scryptPasswords } from '../../src/api/index.ts';
import type { UploadIntake } from '../../src/api/ports.ts';
import {
  CallbackSender,
  type CallbackSenderParts,
  EventTeller,
  eventId,
  refuseUrl,
  renderOperatorEvent,
} from '../../src/callbacks/index.ts';
import type { PostRequest, PostResult } from '../../src/callbacks/ports.ts';
import { type ImageToken, type Instant, instant, type NodeId } from '../../src/campaigns/index.ts';
import { LIMITS, type Limits } from '../../src/contract/index.ts';
import { Engine, type Sendable, type Sender } from '../../src/engine/index.ts';
import { openMemoryStore, type Store } from '../../src/store/index.ts';

export const OPERATOR_KEY = 'operator-key-of-the-tests';
export const ACCOUNT = '0000123456-00001';
const NOW = '2026-03-10T10:00:00Z';

export interface Pair {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly username: string;
  readonly password: string;
}

/** The fields that tests look at, of whichever operation answers. */
export interface AnswerBody extends Pair {
  readonly id: string;
  readonly accountName: string;
  readonly campaignId: string;
  readonly status: string;
  readonly statusReason: string;
  readonly errorCode: string;
  readonly errorMessage: string;
  readonly nextPageToken: string;
  readonly access_token: string;
  readonly sessionToken: string;
  readonly newPassword: string;
  readonly requestId: string;
  readonly reasonText: string;
  readonly timeZone: string;
  readonly firmware: string;
  readonly imei: string;
  readonly sha256: string;
  readonly family: string;
  readonly expires_in: number;
  readonly imported: number;
  readonly devices: number;
  readonly items: readonly AnswerBody[];
  readonly rejected: readonly AnswerBody[];
  readonly deviceList: readonly AnswerBody[];
  readonly openapi: readonly AnswerBody[];
  readonly settings: unknown;
  readonly labels: unknown;
  readonly software: unknown;
  readonly from: unknown;
  readonly reports: unknown;
  readonly downloadTimeWindowList: unknown;
  readonly campaignTimeWindowList: unknown;
  readonly warnings: unknown;
}

export interface Answer {
  readonly status: number;
  readonly body: AnswerBody;
  readonly headers: Readonly<Record<string, unknown>>;
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
type Headers = Readonly<Record<string, string>>;

export interface Desk {
  readonly store: Store;
  readonly images: Map<string, Buffer>;
  readonly errors: unknown[];
  readonly engine: Engine;
  /** What the engine gave out to be sent. */
  readonly sent: Sendable[];
  /** What was sent to listeners. */
  readonly posted: PostRequest[];
  /** Tells the operator's own listener. */
  readonly teller: EventTeller;
  /** How listeners answer from now on. */
  listenersAnswer(result: PostResult): void;
  call(method: Method, url: string, body?: unknown, headers?: Headers): Promise<Answer>;
  operator(method: Method, path: string, body?: unknown, headers?: Headers): Promise<Answer>;
  later(milliseconds: number): void;
  /** Goes to a time, lets everything happen that is due, and signs the example's caller in again. */
  jumpTo(text: string): Promise<void>;
  /** Callers that `jumpTo` signs in again. */
  readonly callers: (() => Promise<void>)[];
  /** The steward's turns until nothing is left to do. */
  settle(): Promise<void>;
}

/** Tests may call as often as they like; the clock stands still while they do. */
const UNLIMITED: Partial<Limits> = {
  clientRequestsMax: 1_000_000,
  operatorRequestsMax: 1_000_000,
  addressRequestsMax: 1_000_000,
  signInRequestsMax: 1_000_000,
};

/** Everybody to whom the engine sends: customers answer as they are told to, devices hear nothing. */
class Outside implements Sender {
  readonly sent: Sendable[] = [];
  readonly posted: PostRequest[] = [];
  readonly callbacks: CallbackSender;
  #answer: PostResult = { ok: true, status: 200 };

  constructor(parts: Pick<CallbackSenderParts, 'clock' | 'settled' | 'log'>) {
    this.callbacks = new CallbackSender({ ...parts, post: this.post, chance: () => 0.5 });
  }

  readonly post = async (request: PostRequest): Promise<PostResult> => {
    this.posted.push(request);
    return this.#answer;
  };

  send(sendable: Sendable): void {
    this.sent.push(sendable);
    this.callbacks.send(sendable);
  }

  readonly listenersAnswer = (result: PostResult): void => {
    this.#answer = result;
  };
}

type ServedParts = Pick<ApiParts, 'engine' | 'store' | 'images' | 'uploads' | 'clock' | 'log' | 'callbacks' | 'limits'>;

async function serve(parts: ServedParts, draw: () => string): Promise<FastifyInstance> {
  const app = Fastify();
  await registerApi(app, {
    pause: async () => {},
    ...parts,
    secrets: {
      token: () => draw().slice(0, 32),
      uuid: () => draw().replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5'),
      ...scryptPasswords(() => Buffer.from(draw(), 'hex').subarray(0, 16), { N: 2, r: 1, p: 1 }),
    },
    serverSecret: Buffer.from('secret of the tests'),
    operatorKey: OPERATOR_KEY,
    publicHttpUrl: 'https://fota.example',
    version: '1.2.3',
  });
  return app;
}

export interface DeskOptions {
  readonly limits?: Partial<Limits>;
  /** Absent: one in memory. */
  readonly store?: Store;
  /** Absent: uploads that can be resumed are refused. */
  readonly uploads?: UploadIntake;
}

export async function openDesk({
  limits = {},
  store = openMemoryStore(),
  uploads = NO_UPLOADS,
}: DeskOptions = {}): Promise<Desk> {
  let now = Date.parse(NOW);
  const clock = { now: (): Instant => instant(now) };
  const draw = drawing();
  const images = new Map<string, Buffer>();
  const errors: unknown[] = [];
  const fail = (_what: string, error: unknown): void => void errors.push(error);
  const outside = new Outside({
    clock,
    settled: (settlement) => engine.callbackSettled(settlement),
    log: { failed: fail },
  });
  const { callbacks, sent, posted, listenersAnswer } = outside;
  const engine: Engine = openEngine(store, clock, draw, outside);
  const teller = new EventTeller({ store, post: outside.post, clock, chance: () => 0.5 });
  const asked = {
    refuseUrl,
    eventId,
    renderOperatorEvent,
    test: callbacks.test.bind(callbacks),
    testEvents: teller.test.bind(teller),
  };
  const intakes = { images: memoryImages(images), uploads };
  const parts = { engine, store, ...intakes, clock, log: { error: fail } };
  const app = await serve({ ...parts, limits: { ...LIMITS, ...UNLIMITED, ...limits }, callbacks: asked }, draw);
  const call: Desk['call'] = (method, url, body, headers = {}) => send(app, { method, url, headers }, body);
  const operator: Desk['operator'] = (method, path, body, headers = {}) =>
    call(method, `/operator/v1${path}`, body, { authorization: `Bearer ${OPERATOR_KEY}`, ...headers });
  const settle = async (): Promise<void> => {
    for (let turns = 0; turns < 100; turns += 1) {
      const isDone = !(await engine.tick());
      await callbacks.idle();
      if (isDone) return;
    }
  };
  const callers: (() => Promise<void>)[] = [];
  const jumpTo = async (text: string): Promise<void> => {
    now = Date.parse(text);
    await settle();
    for (const signInAgain of callers) await signInAgain();
  };
  const later = (milliseconds: number): void => {
    now += milliseconds;
  };
  const outsiders = { sent, posted, listenersAnswer, teller };
  return { store, images, errors, engine, ...outsiders, call, operator, settle, jumpTo, later, callers };
}

/** The same sequence of texts for every desk. */
function drawing(): () => string {
  let drawn = 0;
  return () => {
    drawn += 1;
    return createHash('sha256').update(`draw ${drawn}`).digest('hex');
  };
}

const openEngine = (store: Store, clock: { now(): Instant }, draw: () => string, sender: Sender): Engine =>
  new Engine({
    store,
    clock,
    random: { token: () => draw().slice(0, 22) as ImageToken },
    digest: (text) => createHash('sha256').update(text).digest('hex'),
    sender,
    node: 'node-1' as NodeId,
    log: { event: () => undefined },
  });

const memoryImages = (images: Map<string, Buffer>): ImageIntake => ({
  receive: async (stream) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    const bytes = Buffer.concat(chunks);
    const hash = (name: string): string => createHash(name).update(bytes).digest('hex');
    images.set(hash('sha256'), bytes);
    return { sha256: hash('sha256'), sha1: hash('sha1'), md5: hash('md5'), size: bytes.length };
  },
});

/** An account that has all the uploads it may have. */
const NO_UPLOADS: UploadIntake = {
  idOf: () => '',
  begin: async () => undefined,
  state: async () => undefined,
  append: async () => ({ is: 'unknown' }),
  finish: async () => ({ is: 'unknown' }),
  drop: async () => false,
};

async function send(app: FastifyInstance, options: InjectOptions, body: unknown): Promise<Answer> {
  const payload = body === undefined || typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  const isJson = payload !== body;
  const headers = { ...(isJson ? { 'content-type': 'application/json' } : {}), ...options.headers };
  const response = await app.inject({ ...options, headers, ...(payload === undefined ? {} : { payload }) });
  const isAnswerJson = String(response.headers['content-type']).startsWith('application/json');
  return {
    status: response.statusCode,
    headers: response.headers,
    body: (isAnswerJson ? response.json() : response.payload) as AnswerBody,
  };
}

export async function openAccount(desk: Desk, accountName = ACCOUNT, settings = {}): Promise<Pair> {
  const made = await desk.operator('POST', '/accounts', { accountName, settings });
  if (made.status !== 201) throw new Error(JSON.stringify(made.body), { cause: desk.errors[0] });
  return made.body;
}

export const basic = ({ clientId, clientSecret }: Pair): Headers => ({
  authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`,
});

export async function bearer(desk: Desk, pair: Pair): Promise<Headers> {
  const answer = await desk.call('POST', '/api/ts/v1/oauth2/token', 'grant_type=client_credentials', basic(pair));
  return { authorization: `Bearer ${answer.body.access_token}` };
}

/** Both credentials, as every FOTA call wants them. */
export async function signIn(desk: Desk, pair: Pair): Promise<Headers> {
  const authorization = await bearer(desk, pair);
  const { username, password } = pair;
  const session = await desk.call('POST', '/api/m2m/v1/session/login', { username, password }, authorization);
  return { ...authorization, 'VZ-M2M-Token': session.body.sessionToken };
}

export interface Part {
  readonly name: string;
  readonly content: string | Buffer;
  readonly type?: string;
  readonly fileName?: string;
}

export function form(parts: readonly Part[]): { readonly body: Buffer; readonly headers: Headers } {
  const boundary = 'boundary-of-the-tests';
  const chunks = parts.flatMap(({ name, content, type, fileName }) => [
    Buffer.from(
      `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${fileName === undefined ? '' : `; filename="${fileName}"`}\r\n${type === undefined ? '' : `Content-Type: ${type}\r\n`}\r\n`,
    ),
    Buffer.from(content),
    Buffer.from('\r\n'),
  ]);
  return {
    body: Buffer.concat([...chunks, Buffer.from(`--${boundary}--\r\n`)]),
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
  };
}

export const SOFTWARE = {
  kind: 'software',
  name: 'FOTA_Verizon_Model-A_02To03_HF',
  from: 'FOTA_Verizon_Model-A_00To01_HF',
  to: 'FOTA_Verizon_Model-A_02To03_HF',
  make: 'Verizon',
  model: 'Model-A',
  transports: ['HTTP'],
};

export const FIRMWARE = {
  kind: 'firmware',
  name: 'SEQUANSCommunications_GM01Q_SR1.2.0.0-10512_SR1.2.0.0-10657',
  from: 'SR1.2.0.0-10512',
  to: 'SR1.2.0.0-10657',
  make: 'SEQUANS Communications',
  model: 'GM01Q',
  transports: ['LWM2M'],
};

export function upload(desk: Desk, pack: object, image: string | Buffer = 'image', account = ACCOUNT): Promise<Answer> {
  const { body, headers } = form([
    { name: 'package', content: JSON.stringify(pack), type: 'application/json' },
    { name: 'image', content: image, type: 'application/octet-stream', fileName: 'image.bin' },
  ]);
  return desk.operator('POST', `/accounts/${account}/packages`, body, headers);
}

export const HTTP_DEVICES = ['990013907835573', '990013907884259'];
export const LWM2M_DEVICES = ['352753090000001', '352753090000002'];

/** An account with the packages and devices that the specification's examples speak of, and its two tokens. */
export async function openExample(desk: Desk, settings = {}): Promise<Record<string, string>> {
  const pair = await openAccount(desk, ACCOUNT, settings);
  await upload(desk, SOFTWARE);
  await upload(desk, FIRMWARE);
  const http = HTTP_DEVICES.map((imei) => ({
    imei,
    make: 'Verizon',
    model: 'Model-A',
    transport: 'HTTP',
    software: { app: SOFTWARE.from },
  }));
  const lwm2m = LWM2M_DEVICES.map((imei) => ({
    imei,
    make: FIRMWARE.make,
    model: FIRMWARE.model,
    transport: 'LWM2M',
    firmware: FIRMWARE.from,
  }));
  await desk.operator('POST', `/accounts/${ACCOUNT}/devices`, [...http, ...lwm2m]);
  const headers = { ...(await signIn(desk, pair)) };
  desk.callers.push(async () => {
    Object.assign(headers, await signIn(desk, pair));
  });
  return headers;
}
