// Image downloads: HEAD, conditions, ranges, and the grant that is committed before the first byte (engine.md §5).
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ImageToken, UpdateKey } from '../../campaigns/index.ts';
import type { TransferStart } from '../../engine/index.ts';
import type { OpenImage } from '../ports.ts';
import { refuse } from './answers.ts';
import { Coverages } from './coverage.ts';
import { fileNameOf } from './deployment.ts';
import { DDI_LIMITS } from './limits.ts';
import type { DdiParts } from './ports.ts';
import { type ByteRange, judgeConditions, rangeThatCounts, type Selection, selectBytes } from './range.ts';
import { type Piece, Transfer } from './transfer.ts';

const SUM = '.MD5SUM';

interface Wanted {
  readonly token: ImageToken;
  readonly key: UpdateKey;
  readonly sha256: string;
  readonly size: number;
}

export class Downloads {
  readonly #parts: DdiParts;
  readonly #coverages = new Coverages();
  readonly #open = new Map<Transfer, Promise<void>>();

  constructor(parts: DdiParts) {
    this.#parts = parts;
  }

  /** The token is the authorisation; `name` may end in `.MD5SUM`. */
  async serve(request: FastifyRequest, reply: FastifyReply, name: string): Promise<unknown> {
    const wantsSum = name.toUpperCase().endsWith(SUM);
    const token = (wantsSum ? name.slice(0, -SUM.length) : name) as ImageToken;
    const key = await this.#parts.store.updateOfToken(token);
    const campaign = key === undefined ? undefined : await this.#parts.store.campaign(key);
    if (key === undefined || campaign === undefined) return refuse(reply, 'ARTIFACT_UNKNOWN');
    const { package: pack } = campaign;
    if (wantsSum) {
      const facts = await this.#parts.store.image(pack.image.sha256);
      if (facts === undefined) return refuse(reply, 'ARTIFACT_UNKNOWN');
      const fileName = await fileNameOf(this.#parts.store, key, pack);
      return reply.type('text/plain;charset=UTF-8').send(`${facts.md5}  ${fileName}\n`);
    }
    return this.#image(request, reply, { token, key, ...pack.image });
  }

  async #image(request: FastifyRequest, reply: FastifyReply, wanted: Wanted): Promise<unknown> {
    const tag = `"${wanted.sha256}"`;
    reply.header('etag', tag).header('accept-ranges', 'bytes');
    const verdict = judgeConditions(request.headers, tag);
    if (verdict === 'failed') return refuse(reply, 'PRECONDITION_FAILED');
    if (verdict === 'not-modified') return reply.code(304).send();
    if (request.method === 'HEAD') {
      return head(reply, wanted);
    }
    const selection = selectBytes(rangeThatCounts(request.headers, tag), wanted.size);
    if (selection.is === 'unsatisfiable') {
      return refuse(reply.header('content-range', `bytes */${wanted.size}`), 'RANGE_UNSATISFIABLE');
    }
    const image = await this.#parts.images.open(wanted.sha256);
    if (image === undefined || image.size !== wanted.size) {
      await image?.[Symbol.asyncDispose]();
      this.#parts.log.event('image-missing', { sha256: wanted.sha256 });
      return refuse(reply, 'INTERNAL_ERROR');
    }
    await using held = image;
    return await this.#send(reply, wanted, held, selection);
  }

  async #send(reply: FastifyReply, wanted: Wanted, image: OpenImage, selection: Selection): Promise<unknown> {
    const parts = this.#parts;
    const whole: readonly ByteRange[] = [{ from: 0, until: wanted.size }];
    const ranges = selection.is === 'ranges' ? selection.ranges : whole;
    const offset = Math.min(...ranges.map(({ from }) => from));
    const start = await parts.engine.beginTransfer(wanted.token, offset);
    if (!start.ok) return this.#notNow(reply, start);
    const { status, headers, pieces } = layOut(wanted, selection, ranges);
    const coverage = this.#coverages.of(wanted.token, { offset, sentBefore: start.bytesBefore });
    // From here on the answer is ours: bytes go to the socket one chunk at a time, each under a permit.
    reply.hijack();
    const transfer = new Transfer(parts, reply.raw, {
      key: start.key,
      until: start.until.until,
      image,
      coverage,
      pieces,
    });
    const running = transfer.run(status, headers);
    this.#open.set(transfer, running);
    await running.finally(() => this.#open.delete(transfer));
    if (coverage.isWhole(wanted.size)) this.#coverages.forget(wanted.token);
    return reply;
  }

  #notNow(reply: FastifyReply, start: TransferStart & { readonly ok: false }): FastifyReply {
    if (start.unknown) return refuse(reply, 'ARTIFACT_UNKNOWN');
    const next = start.refusal.nextEligibleAt;
    const wait =
      next === undefined ? DDI_LIMITS.retryAfterDefault : Math.ceil((next - this.#parts.clock.now()) / 1_000);
    return refuse(reply.header('retry-after', Math.min(Math.max(wait, 1), DDI_LIMITS.retryAfterMax)), 'NOT_NOW');
  }

  /** The server stops: what is open is interrupted and told to the engine. */
  async stop(): Promise<void> {
    const running = [...this.#open.values()];
    for (const transfer of this.#open.keys()) transfer.cut();
    await Promise.allSettled(running);
  }
}

/** By hand, because the framework would tell the length of the body that it sends: none. */
function head(reply: FastifyReply, { sha256, size }: Wanted): FastifyReply {
  reply.hijack();
  reply.raw.writeHead(200, { ...tagged(sha256), 'content-type': IMAGE_TYPE, 'content-length': size });
  reply.raw.end();
  return reply;
}

const IMAGE_TYPE = 'application/octet-stream';
const tagged = (sha256: string) => ({ etag: `"${sha256}"`, 'accept-ranges': 'bytes' }) as const;

interface Layout {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number>>;
  readonly pieces: readonly Piece[];
}

/** RFC 9110 §15.3.7: one range is sent as it is, several as parts of multipart/byteranges. */
function layOut({ sha256, size }: Wanted, selection: Selection, ranges: readonly ByteRange[]): Layout {
  const common = tagged(sha256);
  const spanOf = ({ from, until }: ByteRange): string => `bytes ${from}-${until - 1}/${size}`;
  const [first, ...more] = ranges;
  if (selection.is !== 'ranges' || first === undefined) {
    return { status: 200, headers: { ...common, 'content-type': IMAGE_TYPE, 'content-length': size }, pieces: ranges };
  }
  if (more.length === 0) {
    const length = first.until - first.from;
    const headers = { ...common, 'content-type': IMAGE_TYPE, 'content-length': length, 'content-range': spanOf(first) };
    return { status: 206, headers, pieces: ranges };
  }
  // An image does not contain the beginning of its own hash in hex but by design of somebody who can change hashes.
  const boundary = `campanile-${sha256.slice(0, 32)}`;
  const heads = ranges.map(
    (range) => `\r\n--${boundary}\r\ncontent-type: ${IMAGE_TYPE}\r\ncontent-range: ${spanOf(range)}\r\n\r\n`,
  );
  const pieces = ranges.flatMap((range, place): readonly Piece[] => [{ text: heads[place] ?? '' }, range]);
  const tail = `\r\n--${boundary}--\r\n`;
  const sent = ranges.reduce((sum, { from, until }) => sum + until - from, 0);
  const length = heads.join('').length + sent + tail.length;
  const headers = { ...common, 'content-type': `multipart/byteranges; boundary=${boundary}`, 'content-length': length };
  return { status: 206, headers, pieces: [...pieces, { text: tail }] };
}
