// A conversation with one device: requests to wherever it is now, and bodies in blocks (RFC 7959).

import type { Instant } from '../../campaigns/index.ts';
import {
  beginDownload,
  CODE,
  codeName,
  type Dialect,
  downloadAnswered,
  downloadRequest,
  type Form,
  OPTION,
  type Request,
  type Response,
  readRequest,
  uintOf,
  utf8Text,
} from '../../lwm2m/index.ts';
import { LIMITS } from './limits.ts';
import type { Protocols, Target } from './registered.ts';
import type { Answer, Pending, Silence, Wire } from './wire.ts';

/** A value that a device gave, the code by which it refused, or no answer. */
export type Got<Value> =
  | { readonly is: 'got'; readonly value: Value }
  | { readonly is: 'refused'; readonly code: number }
  | { readonly is: 'silent'; readonly silence: Silence };

export interface Body {
  readonly format: number | undefined;
  readonly bytes: Uint8Array;
}

/** The device that a conversation is with. */
export interface Partner {
  /** Where it is at this moment. */
  target(): Target | undefined;
  /** It has answered. */
  heard(): void;
  learned(form: Form): void;
  /** What it fetches over, as it said when it was read last. */
  protocols(): Protocols | undefined;
  said(protocols: Protocols): void;
}

const PLAIN: Dialect = { version: '1.0', formats: [] };

export class Talk {
  readonly #wire: Wire;
  readonly #partner: Partner;
  #said: Protocols | undefined;

  constructor(wire: Wire, partner: Partner) {
    this.#wire = wire;
    this.#partner = partner;
  }

  get target(): Target | undefined {
    return this.#partner.target();
  }

  get dialect(): Dialect {
    return this.target ?? PLAIN;
  }

  /** The form in which it was able to tell an object: the next one is asked for so. */
  learned(form: Form): void {
    this.#partner.learned(form);
  }

  /** Undefined: not read in this conversation, nor since it registered. */
  get protocols(): Protocols | undefined {
    return this.#said ?? this.#partner.protocols();
  }

  said(protocols: Protocols): void {
    this.#said = protocols;
    this.#partner.said(protocols);
  }

  /** `make` is told what paths begin with. */
  begin(make: (root: string) => Request, notAfter?: Instant): Pending {
    const { target } = this;
    if (target === undefined) return { answer: Promise.resolve({ is: 'timeout' }) };
    return this.#heeded(this.#wire.begin(target.peer, make(target.root), notAfter));
  }

  observe(make: (root: string) => Request, onNotified: (response: Response) => void): Pending {
    const { target } = this;
    if (target === undefined) return { answer: Promise.resolve({ is: 'timeout' }) };
    const notified = (response: Response): void => {
      this.#partner.heard();
      onNotified(response);
    };
    return this.#heeded(this.#wire.observe(target.peer, make(target.root), notified));
  }

  #heeded({ answer, ...pending }: Pending): Pending {
    const heeded = answer.then((given) => {
      if (given.is === 'answered' || given.is === 'reset') this.#partner.heard();
      return given;
    });
    return { ...pending, answer: heeded };
  }

  ask(make: (root: string) => Request, notAfter?: Instant): Promise<Answer> {
    return this.begin(make, notAfter).answer;
  }

  /** What stands at a path, asked for in a form. */
  async read(path: string, accept: Form): Promise<Got<Body>> {
    const root = this.target?.root ?? '';
    const { options } = readRequest(path, accept === 'its-own' ? { root } : { root, accept });
    // Small answers come without a Block2 option, and old devices do not know it: it is not named at first.
    let download = beginDownload({ options, namesFirstBlock: false });
    const chunks: Uint8Array[] = [];
    for (let blocks = 0; blocks < LIMITS.readBlocksMax; blocks += 1) {
      const asked = downloadRequest(download);
      const answer = await this.ask(() => asked);
      if (answer.is !== 'answered') return { is: 'silent', silence: answer.is };
      const step = downloadAnswered(download, answer.response);
      if (step.type === 'refused') return { is: 'refused', code: step.response.code };
      if (step.type === 'later') return { is: 'refused', code: CODE.UNAVAILABLE };
      if (step.type !== 'block') return { is: 'refused', code: CODE.INCOMPLETE };
      chunks.push(step.bytes);
      if (step.last) {
        return {
          is: 'got',
          value: { format: uintOf(answer.response.options, OPTION.CONTENT_FORMAT), bytes: joined(chunks) },
        };
      }
      download = step.download;
    }
    return { is: 'refused', code: CODE.TOO_LARGE };
  }
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const [first] = chunks;
  if (chunks.length === 1 && first !== undefined) return first;
  const bytes = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}

/** A refusal in the device's words, for the ledger. */
export function refusalText({ code, options, payload }: Response): string {
  const isText = uintOf(options, OPTION.CONTENT_FORMAT) === undefined;
  const sentence = isText ? utf8Text(payload).slice(0, LIMITS.sentenceCharactersMax).trim() : '';
  return sentence === '' ? codeName(code) : `${codeName(code)}: ${sentence}`;
}
