// One answer with image bytes on its way to a device: each chunk is judged against the permit right before it is handed to the socket.
import type { FastifyReply } from 'fastify';
import type { BytesSent, Instant, UpdateKey } from '../../campaigns/index.ts';
import type { OpenImage } from '../ports.ts';
import type { Coverage } from './coverage.ts';
import { DDI_LIMITS } from './limits.ts';
import type { DdiParts } from './ports.ts';
import type { ByteRange } from './range.ts';

/** What an answer consists of, in order: text of ours, or bytes of the image. */
export type Piece = { readonly text: string } | ByteRange;

/** `cut`: by us, because the permit ended. `lost`: the device hung up, or takes nothing. */
type End = 'sent' | 'cut' | 'lost';

export interface Begun {
  readonly key: UpdateKey;
  readonly until: Instant;
  readonly image: OpenImage;
  readonly coverage: Coverage;
  readonly pieces: readonly Piece[];
}

export class Transfer {
  readonly #parts: DdiParts;
  readonly #socket: FastifyReply['raw'];
  readonly #begun: Begun;
  readonly #isFirst: boolean;
  #until: Instant;
  #ended: End | undefined;
  #renewing: Promise<void> | undefined;
  #stopTimer = (): void => {};
  #giveUp = (): void => {};
  #isPaced = false;
  #movedAt: Instant;
  #toldAt: Instant;
  /** When the first and the last piece were handed to the socket. */
  #firstByteAt: Instant | undefined;
  #lastByteAt: Instant | undefined;

  constructor(parts: DdiParts, socket: FastifyReply['raw'], begun: Begun) {
    this.#parts = parts;
    this.#socket = socket;
    this.#begun = begun;
    this.#isFirst = begun.coverage.isEmpty;
    this.#until = begun.until;
    this.#movedAt = parts.clock.now();
    this.#toldAt = this.#movedAt;
  }

  /** Sends everything, or until the permit or the connection ends; the engine knows of it when this resolves. */
  async run(status: number, headers: Readonly<Record<string, string | number>>): Promise<void> {
    const beganAt = this.#parts.clock.now();
    // 'close' tells all there is to know; an error that nobody listens to would end the process.
    this.#socket.on('error', () => {});
    this.#socket.on('close', () => this.#stop('lost'));
    this.#watch();
    try {
      await this.#parts.pace?.refresh(this.#begun.key);
      this.#socket.writeHead(status, headers);
      await this.#sendAll();
    } catch (error) {
      this.#parts.log.event('image-read-failed', { imei: this.#begun.key.imei, error: String(error) });
      this.#stop('lost');
    }
    this.#stopTimer();
    await this.#settle(this.#parts.clock.now() - beganAt);
  }

  /** The server stops: it is our interruption. */
  cut(): void {
    this.#stop('cut');
  }

  async #sendAll(): Promise<void> {
    for (const piece of this.#begun.pieces) {
      if ('text' in piece) {
        if (!(await this.#hand(Buffer.from(piece.text)))) return;
      } else if (!(await this.#sendRange(piece))) return;
    }
    await this.#finish();
  }

  /** A chunk is sent before the next is asked for: its memory is used again. */
  async #sendRange({ from, until }: ByteRange): Promise<boolean> {
    const { image, coverage } = this.#begun;
    let at = from;
    for await (const chunk of image.read(from, until - from)) {
      if (!(await this.#hand(chunk))) return false;
      coverage.add(at, at + chunk.length);
      at += chunk.length;
      if (this.#parts.clock.now() - this.#toldAt >= DDI_LIMITS.progressEvery) await this.#tellProgress();
    }
    return true;
  }

  /** Whether the socket took the bytes: asked for a permit first, and waited until they were passed on to the system. */
  async #hand(bytes: Uint8Array): Promise<boolean> {
    await this.#pace(bytes.length);
    let now = this.#parts.clock.now();
    for (; this.#ended === undefined && now >= this.#until; now = this.#parts.clock.now()) await this.#renew();
    if (this.#ended !== undefined) return false;
    this.#firstByteAt ??= now;
    this.#lastByteAt = now;
    const taken = await new Promise<boolean>((resolve) => {
      this.#giveUp = () => resolve(false);
      this.#socket.write(bytes, (error) => resolve(error === null || error === undefined));
    });
    if (taken) this.#movedAt = this.#parts.clock.now();
    return taken && this.#ended === undefined;
  }

  /** Waits for the turn that the caps of campaign and account give; the permit is looked at afterwards. */
  async #pace(bytes: number): Promise<void> {
    const { pace, timers, clock } = this.#parts;
    const claim = pace?.claim(this.#begun.key, bytes);
    if (claim === undefined || claim.wait === 0) return;
    this.#isPaced = true;
    await new Promise<void>((resolve) => {
      const cancel = timers.after(claim.wait, resolve);
      this.#giveUp = () => {
        cancel();
        resolve();
      };
    });
    this.#isPaced = false;
    // It was we who let it wait.
    this.#movedAt = clock.now();
    if (this.#ended !== undefined) claim.giveBack();
  }

  async #finish(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#giveUp = resolve;
      this.#socket.end(() => {
        // At once: 'close' follows before anybody who waits for this promise is told.
        this.#ended ??= 'sent';
        resolve();
      });
    });
  }

  /** Also while a slow device takes nothing: the connection ends with the permit, not with the next chunk. */
  #watch(): void {
    this.#stopTimer();
    if (this.#ended !== undefined) return;
    const wait = Math.max(1, this.#until - this.#parts.clock.now());
    this.#stopTimer = this.#parts.timers.after(wait, () => void this.#renew());
  }

  #renew(): Promise<void> {
    this.#renewing ??= this.#askAgain().finally(() => {
      this.#renewing = undefined;
    });
    return this.#renewing;
  }

  async #askAgain(): Promise<void> {
    const { clock, engine, log } = this.#parts;
    try {
      const permit = await engine.transferPermit(this.#begun.key);
      if (!permit.ok || permit.until <= clock.now()) return this.#stop('cut');
      this.#until = permit.until;
      await this.#parts.pace?.refresh(this.#begun.key);
    } catch (error) {
      log.event('permit-unknown', { imei: this.#begun.key.imei, error: String(error) });
      return this.#stop('cut');
    }
    if (!this.#isPaced && clock.now() - this.#movedAt > DDI_LIMITS.stallMax) return this.#stop('lost');
    this.#watch();
  }

  #stop(end: End): void {
    if (this.#ended !== undefined) return;
    this.#ended = end;
    this.#stopTimer();
    this.#socket.destroy();
    this.#giveUp();
  }

  async #tellProgress(): Promise<void> {
    this.#toldAt = this.#parts.clock.now();
    const { key, coverage } = this.#begun;
    try {
      await this.#parts.engine.transferProgress(key, coverage.bytes);
    } catch (error) {
      this.#parts.log.event('transfer-progress-lost', { imei: key.imei, error: String(error) });
    }
  }

  async #settle(took: number): Promise<void> {
    const { key, coverage, image } = this.#begun;
    const { engine, log } = this.#parts;
    const complete = this.#ended === 'sent' && coverage.isWhole(image.size);
    try {
      // The rate of a device is measured on whole images only.
      const measured = complete && this.#isFirst ? took : 0;
      const sent: BytesSent = {
        bytes: coverage.bytes,
        ...(this.#firstByteAt === undefined ? {} : { firstByteAt: this.#firstByteAt }),
        ...(this.#lastByteAt === undefined ? {} : { lastByteAt: this.#lastByteAt }),
      };
      if (this.#ended === 'cut') await engine.transferInterrupted(key, sent);
      else await engine.endTransfer(key, { ...sent, complete, took: measured });
    } catch (error) {
      log.event('transfer-end-lost', { imei: key.imei, error: String(error) });
    }
  }
}
