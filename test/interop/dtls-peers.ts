/** Our DTLS server and client on real loopback sockets, and other people's programs beside them; all of it bounded in time. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { nodeCrypto } from '../../src/delivery/lwm2m/index.ts';
import {
  DtlsClient,
  type DtlsClientEvent,
  type DtlsClientOptions,
  type DtlsOutput,
  DtlsServer,
  type DtlsServerEvent,
  type DtlsServerOptions,
} from '../../src/lwm2m/index.ts';
import { systemClock } from '../../src/simulator/index.ts';
import { chance } from '../dtls/chance.ts';

export const IDENTITY = 'urn:imei:350000000000001';
const KEY = Uint8Array.from({ length: 16 }, (_, place) => place + 1);
export const KEY_HEX = Buffer.from(KEY).toString('hex');
const HOST = '127.0.0.1';

export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
export const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const crypto = nodeCrypto(chance(5_684));

/** Whether a program is installed; says loudly when it is not, for then nothing was tested. */
export function installed(program: string): boolean {
  try {
    execFileSync('which', [program], { stdio: 'ignore' });
    return true;
  } catch {
    process.stderr.write(`\n*** ${program} is not installed: its interoperability was NOT tested. ***\n`);
    return false;
  }
}

interface Machine<Event> {
  receive(bytes: Uint8Array, peer: string, now: number): DtlsOutput<Event>;
  elapse(now: number): DtlsOutput<Event>;
}

/** A machine, its socket and its timer. */
class Runner<Event> implements AsyncDisposable {
  readonly events: Event[] = [];
  readonly machine: Machine<Event>;
  readonly #onEvent: (event: Event) => void;
  #socket: Socket | undefined;
  #stopTimer: () => void = () => undefined;
  #waiting: (() => void)[] = [];

  constructor(machine: Machine<Event>, onEvent: (event: Event) => void) {
    this.machine = machine;
    this.#onEvent = onEvent;
  }

  get port(): number {
    return this.#socket?.address().port ?? 0;
  }

  /** A new socket, so also a new address; the old one hears nothing any more. */
  async bind(): Promise<void> {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve) => socket.bind(0, HOST, resolve));
    socket.on('message', (bytes, from) =>
      this.act(this.machine.receive(bytes, `${from.address}:${from.port}`, systemClock.now())),
    );
    this.#socket?.close();
    this.#socket = socket;
  }

  act(output: DtlsOutput<Event>): void {
    for (const { bytes, peer } of output.datagrams) {
      const [host, port] = peer.split(':');
      this.#socket?.send(bytes, Number(port), host);
    }
    this.#stopTimer();
    if (output.wakeAt !== undefined) {
      const wait = Math.max(1, output.wakeAt - systemClock.now());
      this.#stopTimer = systemClock.after(wait, () => this.act(this.machine.elapse(systemClock.now())));
    }
    for (const event of output.events) {
      this.events.push(event);
      this.#onEvent(event);
    }
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** The first event that fits, once it is there; fails after the time that is given. */
  async until<Wanted extends Event>(fits: (event: Event) => event is Wanted, ms = 10_000): Promise<Wanted> {
    const end = systemClock.now() + ms;
    for (;;) {
      const found = this.events.find(fits);
      if (found !== undefined) return found;
      const left = end - systemClock.now();
      if (left <= 0) throw new Error(`It did not come; there were: ${JSON.stringify(this.events)}`);
      await new Promise<void>((resolve) => {
        const forget = systemClock.after(left, resolve);
        this.#waiting.push(() => {
          forget();
          resolve();
        });
      });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopTimer();
    const socket = this.#socket;
    this.#socket = undefined;
    await new Promise<void>((resolve) => (socket === undefined ? resolve() : socket.close(() => resolve())));
  }
}

export type ServerRunner = Runner<DtlsServerEvent> & { readonly server: DtlsServer };

/** Answers data by `answer`, an echo unless told otherwise; the directory answers in a later turn, as a store does. */
export async function startServer(
  options: Partial<DtlsServerOptions> = {},
  answer: (bytes: Uint8Array) => Uint8Array | undefined = (bytes) => bytes,
): Promise<ServerRunner> {
  const server = new DtlsServer({ crypto, ...options });
  const runner: Runner<DtlsServerEvent> = new Runner(server, (event) => {
    if (event.type === 'psk-wanted') {
      const psk = text(event.identity) === IDENTITY ? KEY : undefined;
      systemClock.after(1, () => runner.act(server.pskFound(event.handshake, psk, systemClock.now())));
    } else if (event.type === 'data') {
      const reply = answer(event.bytes);
      const sent = reply === undefined ? undefined : server.send(event.association, reply);
      if (sent?.ok) runner.act(sent.output);
    }
  });
  await runner.bind();
  return Object.assign(runner, { server });
}

export type ClientRunner = Runner<DtlsClientEvent> & { readonly client: DtlsClient; say(line: string): void };

export async function startClient(port: number, options: Partial<DtlsClientOptions> = {}): Promise<ClientRunner> {
  const peer = `${HOST}:${port}`;
  const client = new DtlsClient({ crypto, peer, identity: utf8(IDENTITY), psk: KEY, ...options });
  const runner: Runner<DtlsClientEvent> = new Runner(client, () => undefined);
  await runner.bind();
  runner.act(client.connect(systemClock.now()));
  const say = (line: string): void => {
    const sent = client.send(utf8(line));
    if (sent.ok) runner.act(sent.output);
  };
  return Object.assign(runner, { client, say });
}

/** One of other people's programs, killed at the latest when it goes out of scope. */
export class Program implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #ended: Promise<number | null>;
  output = '';
  #heard: (() => void)[] = [];

  constructor(command: string, args: readonly string[]) {
    this.#child = spawn(command, args, { stdio: 'pipe', timeout: 25_000 });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.output += chunk.toString('latin1');
        for (const resolve of this.#heard.splice(0)) resolve();
      });
    }
    this.#ended = new Promise((resolve) => this.#child.once('close', resolve));
  }

  type(line: string): void {
    this.#child.stdin?.write(line);
  }

  async says(pattern: RegExp, ms = 10_000): Promise<void> {
    const end = systemClock.now() + ms;
    while (!pattern.test(this.output)) {
      const left = end - systemClock.now();
      if (left <= 0) throw new Error(`It did not say ${pattern}, but:\n${this.output}`);
      await new Promise<void>((resolve) => {
        const forget = systemClock.after(left, resolve);
        this.#heard.push(() => {
          forget();
          resolve();
        });
      });
    }
  }

  ends(): Promise<number | null> {
    return this.#ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }
}

/** `is('established')`: picks the events of one type. */
export const is =
  <Type extends string>(type: Type) =>
  <Event extends { readonly type: string }>(event: Event): event is Extract<Event, { type: Type }> =>
    event.type === type;
