// A conversation with one device: requests to wherever it is now, and bodies in blocks (RFC 7959).

import type { Instant } from '../../campaigns/index.ts';
import {
  beginDownload,
  CODE,
  codeName,
  downloadAnswered,
  downloadRequest,
  OPTION,
  type Request,
  type Response,
  readRequest,
  uintOf,
  utf8Text,
} from '../../lwm2m/index.ts';
import { LIMITS } from './limits.ts';
import type { Target } from './registered.ts';
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

export class Talk {
  readonly #wire: Wire;
  readonly #target: () => Target | undefined;

  constructor(wire: Wire, target: () => Target | undefined) {
    this.#wire = wire;
    this.#target = target;
  }

  get target(): Target | undefined {
    return this.#target();
  }

  /** `make` is told what paths begin with. */
  begin(make: (root: string) => Request, notAfter?: Instant): Pending {
    const target = this.#target();
    if (target === undefined) return { answer: Promise.resolve({ is: 'timeout' }) };
    return this.#wire.begin(target.peer, make(target.root), notAfter);
  }

  ask(make: (root: string) => Request, notAfter?: Instant): Promise<Answer> {
    return this.begin(make, notAfter).answer;
  }

  /** What stands at a path; `accept` asks for a content format. */
  async read(path: string, accept: number | undefined): Promise<Got<Body>> {
    const root = this.#target()?.root ?? '';
    const { options } = readRequest(path, accept === undefined ? { root } : { root, accept });
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
