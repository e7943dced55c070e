/** Clients of a DDI server in a process of their own: as fast as it answers, or each at its own time. Told what to do by one line of JSON. */
import { connect, type Socket } from 'node:net';

export interface Load {
  readonly port: number;
  readonly connections: number;
  readonly seconds: number;
  /** What is asked, in turn; each connection takes its own share of the list. */
  readonly requests: { readonly path: string; readonly first: number; readonly count: number; readonly token: string };
  /** Requests a second; absent: the next one follows the answer. */
  readonly rate?: number;
  /** A feedback instead of a poll: so many of each device, by its action. */
  readonly feedback?: { readonly actions: Readonly<Record<string, string>>; readonly each: number };
}

export interface Loaded {
  readonly answers: number;
  readonly refused: number;
  readonly seconds: number;
  readonly p50: number;
  readonly p99: number;
  readonly most: number;
}

const HEAD_END = Buffer.from('\r\n\r\n');

/** One connection that is kept: asks, and counts whole answers. */
class Line {
  readonly #socket: Socket;
  #text: Buffer = Buffer.alloc(0);
  #heard = (_status: number): void => {};

  constructor(port: number) {
    this.#socket = connect(port, '127.0.0.1');
    this.#socket.setNoDelay(true);
    this.#socket.on('data', (chunk: Buffer) => this.#onData(chunk));
    this.#socket.on('error', (error) => {
      throw error;
    });
  }

  ask(request: string): Promise<number> {
    return new Promise((resolve) => {
      this.#heard = resolve;
      this.#socket.write(request);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #onData(chunk: Buffer): void {
    this.#text = this.#text.length === 0 ? chunk : Buffer.concat([this.#text, chunk]);
    const end = this.#text.indexOf(HEAD_END);
    if (end < 0) return;
    const head = this.#text.toString('latin1', 0, end).toLowerCase();
    const length = Number(/content-length: (\d+)/.exec(head)?.[1] ?? 0);
    if (this.#text.length < end + 4 + length) return;
    this.#text = this.#text.subarray(end + 4 + length);
    this.#heard(Number(head.slice(9, 12)));
  }
}

const load: Load = JSON.parse(process.argv[2] ?? '{}');
const lines = Array.from({ length: load.connections }, () => new Line(load.port));
const taken: number[] = [];
let refused = 0;

function textOf(number: number): string {
  const { path, first, token } = load.requests;
  const imei = String(first + number);
  const base = path.replace('{imei}', imei);
  const head = `host: localhost\r\nauthorization: TargetToken ${token}-${imei}\r\naccept: application/json\r\n`;
  const action = load.feedback?.actions[imei];
  if (action === undefined) return `GET ${base} HTTP/1.1\r\n${head}\r\n`;
  const body = JSON.stringify({
    id: action,
    time: '20261122T205529',
    status: {
      execution: 'proceeding',
      result: { finished: 'none', progress: { cnt: 1, of: 3 } },
      details: ['one line of what the installer says'],
    },
  });
  return `POST ${base}/deploymentBase/${action}/feedback HTTP/1.1\r\n${head}content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
}

async function one(line: Line, number: number, since = performance.now()): Promise<void> {
  const status = await line.ask(textOf(number));
  taken.push(performance.now() - since);
  if (status !== 200) refused += 1;
}

/** Never asleep: waking a process costs the one that writes to it, and a slower server would pay that more often. */
function stayAwake(until: number): void {
  if (performance.now() < until) setImmediate(() => stayAwake(until));
}

async function asFastAsItAnswers(): Promise<void> {
  const until = performance.now() + load.seconds * 1_000;
  stayAwake(until);
  await Promise.all(
    lines.map(async (line, place) => {
      for (let turn = place; performance.now() < until; turn += lines.length)
        await one(line, turn % load.requests.count);
    }),
  );
}

/** Every device is asked for `each` times, a device's requests on one connection after the other. */
async function storm(each: number): Promise<void> {
  await Promise.all(
    lines.map(async (line, place) => {
      for (let number = place; number < load.requests.count; number += lines.length) {
        for (let turn = 0; turn < each; turn += 1) await one(line, number);
      }
    }),
  );
}

/** At its own times, whether the server keeps up or not: waiting for a free connection counts. */
async function atItsRate(rate: number): Promise<void> {
  const free = [...lines];
  const waiting: { readonly number: number; readonly since: number }[] = [];
  const running = new Set<Promise<void>>();
  const begin = (): void => {
    for (let line = free.pop(); line !== undefined; line = free.pop()) {
      const next = waiting.shift();
      if (next === undefined) {
        free.push(line);
        return;
      }
      const held = line;
      const asked = one(held, next.number, next.since).then(() => {
        free.push(held);
        running.delete(asked);
        begin();
      });
      running.add(asked);
    }
  };
  const start = performance.now();
  const total = rate * load.seconds;
  for (let sent = 0; sent < total; ) {
    const due = Math.min(total, Math.floor(((performance.now() - start) * rate) / 1_000));
    for (; sent < due; sent += 1)
      waiting.push({ number: sent % load.requests.count, since: start + (sent * 1_000) / rate });
    begin();
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  while (running.size > 0 || waiting.length > 0) await new Promise((resolve) => setTimeout(resolve, 2));
}

const began = performance.now();
if (load.feedback !== undefined) await storm(load.feedback.each);
else if (load.rate === undefined) await asFastAsItAnswers();
else await atItsRate(load.rate);
const seconds = (performance.now() - began) / 1_000;
for (const line of lines) line.close();
taken.sort((a, b) => a - b);
const at = (share: number): number => taken[Math.min(taken.length - 1, Math.floor(taken.length * share))] ?? 0;
const loaded: Loaded = { answers: taken.length, refused, seconds, p50: at(0.5), p99: at(0.99), most: at(1) };
process.stdout.write(`${JSON.stringify(loaded)}\n`);
