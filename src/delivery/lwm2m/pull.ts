// Serves images to devices that fetch them: `/f/<token>`, to any address, block by block, each under the current permit.

import type { BytesSent, ImageToken, Instant, UpdateKey } from '../../campaigns/index.ts';
import {
  block2Slice,
  blockBytes,
  CODE,
  CONTENT_FORMAT,
  decodeBlock,
  type Exchange,
  findOption,
  type Gate,
  type Message,
  OPTION,
  type Option,
  response,
  type Slice,
  SZX_MAX,
  szxFor,
  uintOf,
  uintOption,
} from '../../lwm2m/index.ts';
import type { Jobs } from './jobs.ts';
import { LIMITS } from './limits.ts';
import { PieceShelf, type Pieces } from './pieces.ts';
import type { Lwm2mParts } from './ports.ts';
import type { Wire } from './wire.ts';

/** A download as this process sees it. What it counts is written down rarely; the engine's grant is what counts. */
interface Pull {
  readonly is: 'open';
  readonly token: ImageToken;
  readonly key: UpdateKey;
  readonly sha256: string;
  readonly pieces: Pieces;
  readonly size: number;
  /** The largest block that it is given. */
  readonly szx: number;
  readonly etag: Option;
  readonly sizeOption: Option;
  readonly from: number;
  readonly startedAt: Instant;
  until: Instant;
  renewing: Promise<boolean> | undefined;
  /** End of what was served without a gap. */
  reached: number;
  usedAt: Instant;
  firstByteAt: Instant | undefined;
  lastByteAt: Instant | undefined;
  progressAt: Instant;
  isComplete: boolean;
}

interface Refusal {
  readonly is: 'refused';
  readonly retryAt: Instant | undefined;
  readonly keptUntil: Instant;
}

type Opened = Pull | Refusal | { readonly is: 'unknown' | 'busy' };

/** 128 bits in base64url; whatever looks different is no token, and nobody is asked about it. */
const TOKEN = /^[A-Za-z0-9_-]{22}$/;
const ETAG_BYTES = 8;
const FORMAT = uintOption(OPTION.CONTENT_FORMAT, CONTENT_FORMAT.OPAQUE);

interface Asked {
  readonly block: number | undefined;
  readonly wantsSize: boolean;
}

interface Found {
  readonly asked: Asked;
  readonly slice: Extract<Slice, { readonly ok: true }>;
  readonly bytes: Uint8Array;
  readonly now: Instant;
}

export interface PullOwn {
  readonly wire: Wire;
  readonly jobs: Jobs;
  readonly gate: Gate;
  /** Whose download goes on: it is awake. */
  readonly onActive: (key: UpdateKey) => void;
}

export class PullServer {
  readonly #parts: Lwm2mParts;
  readonly #wire: Wire;
  readonly #jobs: Jobs;
  readonly #gate: Gate;
  readonly #onActive: (key: UpdateKey) => void;
  readonly #shelf: PieceShelf;
  readonly #pulls = new Map<string, Pull>();
  readonly #refusals = new Map<string, Refusal>();
  readonly #openings = new Map<string, Promise<Opened>>();
  #cancelSweep: (() => void) | undefined;
  #stopped = false;

  constructor(parts: Lwm2mParts, own: PullOwn) {
    this.#parts = parts;
    this.#wire = own.wire;
    this.#jobs = own.jobs;
    this.#gate = own.gate;
    this.#onActive = own.onActive;
    this.#shelf = new PieceShelf(parts.images);
  }

  get running(): number {
    return this.#pulls.size;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelSweep?.();
    await Promise.allSettled(this.#openings.values());
  }

  /** With a permit and the piece at hand the block leaves at once: no promise and no timer stands between the two. */
  receive(request: Message, exchange: Exchange, token: string): void {
    if (request.code !== CODE.GET) return this.#wire.respond(exchange, response(CODE.METHOD_NOT_ALLOWED));
    const asked: Asked = {
      block: uintOf(request.options, OPTION.BLOCK2),
      wantsSize: findOption(request.options, OPTION.SIZE2) !== undefined,
    };
    const pull = this.#pulls.get(token);
    if (pull === undefined && !TOKEN.test(token)) return this.#wire.respond(exchange, response(CODE.NOT_FOUND));
    const accept = uintOf(request.options, OPTION.ACCEPT);
    // Zero, which is text, is also what a client sends that has set nothing.
    if (accept !== undefined && accept !== CONTENT_FORMAT.OPAQUE && accept !== CONTENT_FORMAT.TEXT) {
      return this.#wire.refuse(exchange, response(CODE.NOT_ACCEPTABLE));
    }
    if (pull !== undefined && this.#serveAtOnce(pull, exchange, asked)) return;
    if (pull === undefined && !this.#gate.admits('block')) return this.#turnAway(exchange);
    this.#serve(asked, exchange, token as ImageToken).catch((error: unknown) => {
      this.#jobs.failed('pull', error);
      if (exchange.stage !== 'answered') this.#wire.respond(exchange, response(CODE.INTERNAL_ERROR));
    });
  }

  #serveAtOnce(pull: Pull, exchange: Exchange, asked: Asked): boolean {
    const now = this.#parts.clock.now();
    if (now >= pull.until) return false;
    const slice = block2Slice(asked.block, pull.size, pull.szx);
    if (!slice.ok) return false;
    const bytes = this.#shelf.block(pull.pieces, slice.offset, slice.length);
    if (bytes === undefined) return false;
    this.#answer(pull, exchange, { asked, slice, bytes, now });
    return true;
  }

  async #serve(asked: Asked, exchange: Exchange, token: ImageToken): Promise<void> {
    for (let tries = 0; tries < LIMITS.permitTriesMax; tries += 1) {
      const pull = this.#pulls.get(token) ?? (await this.#open(token, asked.block));
      if (pull.is !== 'open') return this.#refuse(exchange, pull);
      const slice = block2Slice(asked.block, pull.size, pull.szx);
      if (!slice.ok) return this.#wire.refuse(exchange, response(slice.code));
      if (this.#shelf.block(pull.pieces, slice.offset, slice.length) === undefined) {
        await this.#shelf.fetch(pull.sha256, slice.offset);
      }
      const bytes = this.#shelf.block(pull.pieces, slice.offset, slice.length);
      const now = this.#parts.clock.now();
      if (now >= pull.until && !(await this.#renewed(pull))) continue;
      if (bytes === undefined) continue;
      this.#answer(pull, exchange, { asked, slice, bytes, now });
      return;
    }
    this.#refuse(exchange, { is: 'busy' });
  }

  /**
   * Never 2.03, also to a device that names the ETag of what it has: only what was served under this attempt's grant
   * counts as transferred (engine.md §5).
   */
  #answer(pull: Pull, exchange: Exchange, { asked, slice, bytes, now }: Found): void {
    const { offset, length, block } = slice;
    const options: Option[] = [pull.etag, FORMAT];
    if (block !== undefined) options.push(uintOption(OPTION.BLOCK2, block));
    // RFC 7959 §4: with the first block, and whenever it is asked for.
    if (offset === 0 || asked.wantsSize) options.push(pull.sizeOption);
    this.#wire.respond(exchange, response(CODE.CONTENT, options, bytes), pull.until);
    this.#served(pull, offset + length, { from: offset, now });
  }

  #turnAway(exchange: Exchange): void {
    const maxAge = uintOption(OPTION.MAX_AGE, this.#gate.laterSeconds());
    this.#wire.refuse(exchange, response(CODE.UNAVAILABLE, [maxAge]));
  }

  /** At the close never silence: 5.03 with the time at which it is worth asking again (engine.md §3). */
  #refuse(exchange: Exchange, no: Exclude<Opened, Pull>): void {
    // A stranger gets no more bytes than he has sent.
    if (no.is === 'unknown') return this.#wire.respond(exchange, response(CODE.NOT_FOUND));
    if (no.is !== 'refused') return this.#turnAway(exchange);
    const { retryAt } = no;
    const wait = retryAt === undefined ? LIMITS.laterSeconds : Math.ceil((retryAt - this.#parts.clock.now()) / 1_000);
    const seconds = Math.min(Math.max(wait, 1), LIMITS.laterSecondsMax);
    this.#wire.respond(exchange, response(CODE.UNAVAILABLE, [uintOption(OPTION.MAX_AGE, seconds)]));
  }

  /** Whoever asks while it is being opened waits for the same opening. */
  async #open(token: ImageToken, asked: number | undefined): Promise<Opened> {
    const refusal = this.#refusals.get(token);
    if (refusal !== undefined && this.#parts.clock.now() < refusal.keptUntil) return refusal;
    const opening = this.#openings.get(token);
    if (opening !== undefined) return opening;
    if (this.#stopped || this.#openings.size >= LIMITS.openingsMax || this.#pulls.size >= LIMITS.pullsMax) {
      return { is: 'busy' };
    }
    const block = asked === undefined ? undefined : decodeBlock(asked);
    const offset = block === undefined ? 0 : block.number * blockBytes(block.szx);
    const mine = this.#begin(token, offset).finally(() => this.#openings.delete(token));
    this.#openings.set(token, mine);
    return mine;
  }

  async #begin(token: ImageToken, offset: number): Promise<Opened> {
    const start = await this.#parts.engine.beginTransfer(token, offset);
    const now = this.#parts.clock.now();
    if (!start.ok) return start.unknown ? { is: 'unknown' } : this.#refused(token, start.refusal.nextEligibleAt);
    const { sha256, size } = start.image;
    const pull: Pull = {
      is: 'open',
      token,
      key: start.key,
      sha256,
      pieces: this.#shelf.of(sha256),
      size,
      szx: start.profile.blockBytes === undefined ? SZX_MAX : szxFor(start.profile.blockBytes),
      etag: { number: OPTION.ETAG, value: etagOf(sha256) },
      sizeOption: uintOption(OPTION.SIZE2, size),
      from: offset,
      startedAt: now,
      until: start.until.until,
      renewing: undefined,
      reached: offset,
      usedAt: now,
      firstByteAt: undefined,
      lastByteAt: undefined,
      progressAt: now,
      isComplete: false,
    };
    this.#onActive(pull.key);
    this.#refusals.delete(token);
    this.#pulls.set(token, pull);
    this.#sweepLater();
    return pull;
  }

  #refused(token: ImageToken, retryAt: Instant | undefined): Refusal {
    const now = this.#parts.clock.now();
    const keptUntil = Math.min(now + LIMITS.refusalKept, retryAt ?? Number.POSITIVE_INFINITY) as Instant;
    const refusal: Refusal = { is: 'refused', retryAt, keptUntil };
    if (this.#refusals.size < LIMITS.refusalsMax) this.#refusals.set(token, refusal);
    this.#sweepLater();
    return refusal;
  }

  #renewed(pull: Pull): Promise<boolean> {
    pull.renewing ??= this.#renew(pull).finally(() => {
      pull.renewing = undefined;
    });
    return pull.renewing;
  }

  async #renew(pull: Pull): Promise<boolean> {
    const permit = await this.#parts.engine.transferPermit(pull.key);
    if (permit.ok) {
      this.#onActive(pull.key);
      pull.until = permit.until;
      if (this.#parts.clock.now() < permit.until) return true;
      // The grant itself has run out: it is asked for anew.
      this.#pulls.delete(pull.token);
      return false;
    }
    this.#pulls.delete(pull.token);
    this.#refused(pull.token, permit.nextEligibleAt);
    if (!pull.isComplete) await this.#parts.engine.transferInterrupted(pull.key, sentBy(pull));
    return false;
  }

  #served(pull: Pull, end: number, { from, now }: { readonly from: number; readonly now: Instant }): void {
    pull.usedAt = now;
    pull.firstByteAt ??= now;
    pull.lastByteAt = now;
    if (from <= pull.reached && end > pull.reached) pull.reached = end;
    if (pull.reached === pull.size && !pull.isComplete) {
      pull.isComplete = true;
      this.#jobs.start('pull', () => this.#ended(pull));
    } else if (now >= pull.progressAt + LIMITS.progressEvery) {
      pull.progressAt = now;
      this.#jobs.start('pull', () => this.#parts.engine.transferProgress(pull.key, pull.reached));
    }
  }

  /** Only a fetch that this process saw from its first byte on tells how fast the device is. */
  #ended(pull: Pull): Promise<void> {
    const { key, isComplete: complete, from, startedAt, usedAt } = pull;
    const took = from === 0 ? usedAt - startedAt : 0;
    return this.#parts.engine.endTransfer(key, { ...sentBy(pull), complete, took });
  }

  #sweepLater(): void {
    if (this.#stopped || (this.#pulls.size === 0 && this.#refusals.size === 0)) return;
    this.#cancelSweep ??= this.#parts.timers.after(LIMITS.progressEvery, () => {
      this.#cancelSweep = undefined;
      this.#sweep();
      this.#sweepLater();
    });
  }

  #sweep(): void {
    const now = this.#parts.clock.now();
    for (const [token, refusal] of this.#refusals) if (refusal.keptUntil <= now) this.#refusals.delete(token);
    for (const [token, pull] of this.#pulls) {
      if (pull.usedAt + LIMITS.pullIdleMax > now) continue;
      this.#pulls.delete(token);
      if (!pull.isComplete) this.#jobs.start('pull', () => this.#ended(pull));
    }
    if (this.#pulls.size === 0) this.#shelf.clear();
  }
}

const sentBy = ({ reached, firstByteAt, lastByteAt }: Pull): BytesSent => ({
  bytes: reached,
  ...(firstByteAt === undefined ? {} : { firstByteAt }),
  ...(lastByteAt === undefined ? {} : { lastByteAt }),
});

/** The same bytes have the same tag on every node and for ever. */
function etagOf(sha256: string): Uint8Array {
  const etag = new Uint8Array(ETAG_BYTES);
  for (let place = 0; place < ETAG_BYTES; place += 1) {
    etag[place] = Number.parseInt(sha256.slice(2 * place, 2 * place + 2), 16);
  }
  return etag;
}
