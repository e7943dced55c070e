// Writes an image into a device, block by block, each under the current permit (RFC 7959 §2.5; engine.md §4).

import type { BlockBytes, BytesSent, ImageToken, Instant, UpdateKey } from '../../campaigns/index.ts';
import {
  beginUpload,
  isSuccessCode,
  neededBlock,
  pushPlan,
  type Response,
  szxFor,
  type Upload,
  uploadAnswered,
  uploadRequest,
} from '../../lwm2m/index.ts';
import type { Jobs, Lanes } from './jobs.ts';
import { LIMITS } from './limits.ts';
import type { Outcome } from './outcome.ts';
import { PermitWatch } from './permit-watch.ts';
import type { Lwm2mParts } from './ports.ts';
import { readObject5 } from './reading.ts';
import { deviceText } from './registered.ts';
import { refusalText, type Talk } from './talk.ts';
import type { Silence, Wire } from './wire.ts';

export interface PushOrder {
  readonly token: ImageToken;
  readonly talk: Talk;
  readonly blockBytes?: BlockBytes | undefined;
  /** Tells the engine what became of the offer. */
  readonly settle: (outcome: Outcome) => Promise<void>;
}

type Ending =
  | { readonly is: 'complete' | 'cut' }
  | { readonly is: 'refused'; readonly response: Response }
  | { readonly is: 'silent'; readonly silence: Silence };

interface Run {
  readonly order: PushOrder;
  readonly key: UpdateKey;
  readonly sha256: string;
  readonly size: number;
  /** The registration that the device began with; another one means that it has restarted. */
  readonly location: string | undefined;
  readonly permit: PermitWatch;
  bytes: number;
  /** When the first and the last block were handed to the socket. */
  firstByteAt: Instant | undefined;
  lastByteAt: Instant | undefined;
  progressAt: number;
}

const sentBy = ({ bytes, firstByteAt, lastByteAt }: Run): BytesSent => ({
  bytes,
  ...(firstByteAt === undefined ? {} : { firstByteAt }),
  ...(lastByteAt === undefined ? {} : { lastByteAt }),
});

export class Pusher {
  readonly #parts: Lwm2mParts;
  readonly #wire: Wire;
  readonly #jobs: Jobs;
  readonly #registrations: Lanes;
  #running = 0;

  constructor(parts: Lwm2mParts, own: { readonly wire: Wire; readonly jobs: Jobs; readonly registrations: Lanes }) {
    this.#registrations = own.registrations;
    this.#parts = parts;
    this.#wire = own.wire;
    this.#jobs = own.jobs;
  }

  get running(): number {
    return this.#running;
  }

  async push(order: PushOrder): Promise<void> {
    const { engine, clock } = this.#parts;
    const start = await engine.beginTransfer(order.token, 0);
    if (!start.ok) {
      const until = start.unknown ? undefined : start.refusal.nextEligibleAt;
      return order.settle({ is: 'withheld', ...(until === undefined ? {} : { until }) });
    }
    const { key, image, until } = start;
    const onError = (error: unknown): void => this.#jobs.failed('push', error);
    const permit = new PermitWatch(this.#parts, { wire: this.#wire, key, until: until.until, onError });
    const startedAt = clock.now();
    const location = order.talk.target?.location;
    const run: Run = {
      order,
      key,
      sha256: image.sha256,
      size: image.size,
      location,
      permit,
      bytes: 0,
      firstByteAt: undefined,
      lastByteAt: undefined,
      progressAt: startedAt,
    };
    this.#running += 1;
    try {
      const ending = await this.#carry(run);
      await this.#end(run, ending, clock.now() - startedAt);
    } finally {
      this.#running -= 1;
      permit.stop();
    }
  }

  async #carry(run: Run): Promise<Ending> {
    const { talk, blockBytes } = run.order;
    const szx = blockBytes === undefined ? undefined : szxFor(blockBytes);
    let upload: Upload = beginUpload(pushPlan(run.size, talk.target?.root, szx));
    for (;;) {
      const { offset, length } = neededBlock(upload);
      const bytes = await this.#parts.images.readBlock(run.sha256, offset, length);
      if (!(await run.permit.holds())) return { is: 'cut' };
      run.lastByteAt = this.#parts.clock.now();
      run.firstByteAt ??= run.lastByteAt;
      const answer = await run.permit.carry(talk, uploadRequest(upload, bytes));
      // Its time was over before its turn had come: the permit says how it goes on.
      if (answer.is === 'withheld') continue;
      // The same registration at a new address: the block is sent there.
      if (answer.is === 'forgotten' && run.location !== undefined && talk.target?.location === run.location) continue;
      if (answer.is !== 'answered') return { is: 'silent', silence: answer.is };
      const step = uploadAnswered(upload, answer.response);
      if (step.type === 'failed') return { is: 'refused', response: step.response };
      if (step.type === 'finished') {
        return isSuccessCode(step.response.code) ? { is: 'complete' } : { is: 'refused', response: step.response };
      }
      if (step.type === 'next' && step.upload.offset > offset) await this.#moved(run, step.upload.offset);
      upload = step.upload;
    }
  }

  async #moved(run: Run, bytes: number): Promise<void> {
    const now = this.#parts.clock.now();
    run.bytes = Math.max(run.bytes, bytes);
    if (now < run.progressAt + LIMITS.progressEvery) return;
    run.progressAt = now;
    await this.#parts.engine.transferProgress(run.key, run.bytes);
  }

  async #end(run: Run, ending: Ending, took: number): Promise<void> {
    const { engine } = this.#parts;
    const { key, order } = run;
    switch (ending.is) {
      case 'complete':
        await engine.endTransfer(key, { ...sentBy(run), bytes: run.size, complete: true, took });
        return order.settle({ is: 'delivered' });
      case 'cut':
        return this.#interrupted(run);
      case 'silent':
        return ending.silence === 'stopped' ? this.#interrupted(run) : this.#broken(run, ending.silence, took);
      case 'refused':
        return this.#refused(run, ending.response, took);
    }
  }

  async #interrupted(run: Run): Promise<void> {
    const { key, order } = run;
    await this.#parts.engine.transferInterrupted(key, sentBy(run));
    await order.settle({ is: 'delivered' });
  }

  /** The device has gone silent in the middle of it, or has come back without what it had. */
  async #broken(run: Run, silence: Silence, took: number): Promise<void> {
    const { engine } = this.#parts;
    const { key, order } = run;
    const device = { account: key.account, imei: key.imei };
    if (silence === 'forgotten') await this.#registrations.idle(deviceText(device));
    await engine.endTransfer(key, { ...sentBy(run), complete: false, took });
    await order.settle({ is: 'delivered' });
    // It has registered again while this was under way: it is there, and may be asked what it wants.
    if (silence === 'forgotten') await engine.deviceContacted(device);
  }

  /** Why it went wrong is the device's to say (devices.md: 5.00, and the result beside it); else its refusal stands. */
  async #refused(run: Run, response: Response, took: number): Promise<void> {
    const { key, order, bytes } = run;
    const seen = await readObject5(order.talk);
    if (seen.is === 'silent') {
      return seen.silence === 'stopped' ? this.#interrupted(run) : this.#broken(run, seen.silence, took);
    }
    await this.#parts.engine.transferProgress(key, bytes);
    const object5 = seen.is === 'got' && seen.value !== 'absent' ? seen.value : undefined;
    if (object5 === undefined || (object5.state === 'idle' && object5.result === 'initial')) {
      return order.settle({ is: 'refused', detail: refusalText(response) });
    }
    await order.settle({ is: 'delivered' });
    await this.#parts.engine.deviceNotified({ account: key.account, imei: key.imei });
  }
}
