// A DDI mind on real HTTP: carries out its requests one by one and reads the answers to it.

import { type ClientRequest, type IncomingMessage, type Agent as PlainAgent, request as plainRequest } from 'node:http';
import { type Agent as TlsAgent, request as tlsRequest } from 'node:https';
import { DdiCancel, DdiDeployment, DdiPoll } from '../../contract/index.ts';
import {
  type DdiAction,
  type DdiInput,
  type DdiMind,
  type DdiRequest,
  type DeviceReport,
  type DeviceSpec,
  newDdiMind,
  reportOfDdi,
  stepDdi,
} from '../device/index.ts';
import { seededRandom } from './chance.ts';
import { bodyOf, type HttpTarget, targetOf } from './ddi-words.ts';
import { sha256 } from './hash.ts';
import type { DeviceParts } from './ports.ts';
import { Runner } from './runner.ts';

/** Shared by the devices of a fleet, so that connections are kept and closed together. */
export interface Agents {
  readonly plain: PlainAgent;
  readonly tls: TlsAgent;
}

export interface DdiServer {
  /** `http://host:port/{account}/controller/v1/{imei}` */
  readonly baseUrl: string;
  readonly token: string | undefined;
  readonly agents: Agents;
}

const SILENCE_MS_MAX = 30_000;
const ANSWER_BYTES_MAX = 1024 * 1024;

interface Asked {
  readonly id: number;
  readonly request: DdiRequest;
}

export class DdiDevice {
  readonly #parts: DeviceParts;
  readonly #server: DdiServer;
  readonly #runner: Runner<DdiMind, DdiInput, DdiAction>;
  #open: { readonly id: number; readonly sent: ClientRequest } | undefined;

  constructor(spec: DeviceSpec, server: DdiServer, parts: DeviceParts) {
    this.#parts = parts;
    this.#server = server;
    const mind = newDdiMind(spec, { newHash: sha256, random: seededRandom(`${spec.imei} ${parts.clock.now()}`) });
    const perform = (action: DdiAction): void => this.#perform(action);
    this.#runner = new Runner<DdiMind, DdiInput, DdiAction>(mind, {
      step: stepDdi,
      perform,
      clock: parts.clock,
      wake: { type: 'wake' },
    });
  }

  start(): void {
    this.#runner.hear({ type: 'boot' });
  }

  report(): DeviceReport {
    return reportOfDdi(this.#runner.mind);
  }

  stop(): void {
    this.#runner.stop();
    this.#hangUp();
  }

  #perform(action: DdiAction): void {
    if (action.type === 'ask') this.#ask(action);
    else if (this.#open?.id === action.id) this.#hangUp();
  }

  #hangUp(): void {
    const open = this.#open;
    this.#open = undefined;
    open?.sent.destroy();
  }

  #ask(asked: Asked): void {
    const target = targetOf(asked.request, this.#server.baseUrl);
    if (target === undefined) {
      this.#log('ddi-bad-link', {});
      this.#runner.hear({ type: 'refused', id: asked.id, status: 400 });
      return;
    }
    const sent = this.#request(target);
    this.#open = { id: asked.id, sent };
    sent.on('response', (answer) => this.#onAnswer(asked, answer));
    sent.on('timeout', () => sent.destroy());
    sent.on('error', () => this.#lost(asked.id));
    sent.end(bodyOf(asked.request));
  }

  #request({ url, method, headers }: HttpTarget): ClientRequest {
    const { token, agents } = this.#server;
    const authorized = token === undefined ? headers : { ...headers, authorization: `TargetToken ${token}` };
    const options = { method, headers: authorized, timeout: SILENCE_MS_MAX };
    return url.protocol === 'https:'
      ? tlsRequest(url, { ...options, agent: agents.tls })
      : plainRequest(url, { ...options, agent: agents.plain });
  }

  #onAnswer(asked: Asked, answer: IncomingMessage): void {
    // A cut answer is told as an error and then as a close; an answer that ended has been settled before.
    answer.on('error', () => undefined);
    const status = answer.statusCode ?? 0;
    if (status < 200 || status > 299) {
      answer.resume();
      answer.on('end', () => this.#settle({ type: 'refused', id: asked.id, status }));
    } else if (asked.request.type === 'download') {
      this.#readImage(asked.id, answer, asked.request.offset);
    } else {
      this.#readText(asked, answer);
    }
    answer.on('close', () => this.#lost(asked.id));
  }

  /** One chunk is held back, because only the end of the body tells which one was the last. */
  #readImage(id: number, answer: IncomingMessage, wanted: number): void {
    // A server may send the whole although a part was asked for (RFC 9110 §14.2).
    let offset = answer.statusCode === 206 ? wanted : 0;
    let held: Buffer | undefined;
    const tell = (bytes: Buffer, last: boolean): void => {
      this.#runner.hear({ type: 'bytes', id, offset, bytes, last });
      offset += bytes.length;
    };
    answer.on('data', (chunk: Buffer) => {
      if (this.#open?.id !== id) return;
      if (held !== undefined) tell(held, false);
      held = chunk;
    });
    answer.on('end', () => {
      if (!answer.complete || this.#open?.id !== id) return;
      this.#open = undefined;
      tell(held ?? Buffer.alloc(0), true);
    });
    answer.on('close', () => {
      if (this.#open?.id === id && held !== undefined) tell(held, false);
    });
  }

  #readText({ id, request }: Asked, answer: IncomingMessage): void {
    let text = '';
    answer.setEncoding('utf8');
    answer.on('data', (piece: string) => {
      text += piece;
      if (text.length > ANSWER_BYTES_MAX) answer.destroy();
    });
    answer.on('end', () => {
      const input = answer.complete ? inputOf(id, request, text) : undefined;
      if (input === undefined) this.#log('ddi-answer-unreadable', { asked: request.type });
      this.#settle(input ?? { type: 'lost', id });
    });
  }

  #lost(id: number): void {
    this.#settle({ type: 'lost', id });
  }

  #settle(input: Exclude<DdiInput, { readonly type: 'boot' | 'wake' }>): void {
    if (this.#open?.id !== input.id) return;
    this.#open = undefined;
    this.#runner.hear(input);
  }

  #log(name: string, facts: Readonly<Record<string, string | number>>): void {
    this.#parts.log.event(name, { imei: this.#runner.mind.spec.imei, ...facts });
  }
}

type Answered = Exclude<DdiInput, { readonly type: 'boot' | 'wake' }>;

function inputOf(id: number, request: DdiRequest, text: string): Answered | undefined {
  if (request.type === 'put-config' || request.type === 'feedback') return { type: 'accepted', id };
  const body = jsonOf(text);
  if (request.type === 'poll') {
    const poll = DdiPoll.safeParse(body);
    return poll.success ? { type: 'polled', id, poll: poll.data } : undefined;
  }
  if (request.type === 'read-cancel') {
    const cancel = DdiCancel.safeParse(body);
    return cancel.success ? { type: 'cancel', id, cancel: cancel.data } : undefined;
  }
  const deployment = DdiDeployment.safeParse(body);
  return deployment.success ? { type: 'deployment', id, deployment: deployment.data } : undefined;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
