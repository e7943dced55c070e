// For tests: one device of a kind, a hand on its clock, and what it did so far. Nothing in the product uses it.

import type { DdiAction, DdiInput, DdiRequest } from './ddi-messages.ts';
import { newDdiMind } from './ddi-mind.ts';
import { stepDdi } from './ddi-step.ts';
import { imageHeader } from './image.ts';
import { invariant } from './invariant.ts';
import type { DeviceSpec, Pace, Trait } from './kinds.ts';
import type { Lwm2mAction, Lwm2mInput, ServerRequest } from './lwm2m-messages.ts';
import { newLwm2mMind } from './lwm2m-mind.ts';
import { stepLwm2m } from './lwm2m-step.ts';
import type { Hash, MindParts } from './ports.ts';
import type { Step } from './turn.ts';

/** Enough of a hash for a story: it depends on every byte and on the order. */
function sumHash(sum = 7): Hash {
  return {
    update: (bytes) => sumHash(bytes.reduce((total, byte) => (total * 31 + byte) % 2_147_483_647, sum)),
    hex: () => sum.toString(16).padStart(64, '0'),
  };
}

export const STORY_PARTS: MindParts = { newHash: () => sumHash(), random: { uint32: () => 0 } };

export function imageOf(version: string, length = 10_000): Uint8Array {
  const image = new Uint8Array(length).fill(0x5a);
  const header = imageHeader(version);
  for (let place = 0; place < header.length; place += 1) image[place] = header.charCodeAt(place);
  return image;
}

export const hashOf = (image: Uint8Array): string => sumHash().update(image).hex();

export function specOf(
  transport: DeviceSpec['transport'],
  traits: readonly Trait[],
  pace: Partial<Pace> = {},
): DeviceSpec {
  return { imei: '490154203237518', make: 'Nordic', model: 'T91', transport, from: '1.0', traits, pace };
}

class Story<Mind, Input, Action> {
  now = 0;
  mind: Mind;
  done: Action[] = [];
  #wakeAt: number | undefined;
  readonly #step: (mind: Mind, input: Input | { readonly type: 'wake' }, now: number) => Step<Mind, Action>;

  constructor(
    mind: Mind,
    step: (mind: Mind, input: Input | { readonly type: 'wake' }, now: number) => Step<Mind, Action>,
  ) {
    this.mind = mind;
    this.#step = step;
  }

  /** What the device does at once. */
  hear(input: Input | { readonly type: 'wake' }): readonly Action[] {
    const { mind, actions, wakeAt } = this.#step(this.mind, input, this.now);
    this.mind = mind;
    this.#wakeAt = wakeAt;
    this.done.push(...actions);
    return actions;
  }

  /** Time passes; what the device did meanwhile. */
  pass(ms: number): readonly Action[] {
    const end = this.now + ms;
    const from = this.done.length;
    while (this.#wakeAt !== undefined && this.#wakeAt <= end) {
      this.now = Math.max(this.now, this.#wakeAt);
      this.hear({ type: 'wake' });
    }
    this.now = end;
    return this.done.slice(from);
  }
}

export class Lwm2mStory extends Story<ReturnType<typeof newLwm2mMind>, Lwm2mInput, Lwm2mAction> {
  #nextId = 1;

  constructor(traits: readonly Trait[], pace: Partial<Pace> = {}) {
    super(newLwm2mMind(specOf('LWM2M', traits, pace), STORY_PARTS), stepLwm2m);
  }

  start(): this {
    this.hear({ type: 'boot' });
    this.hear({ type: 'registered' });
    return this;
  }

  ask(request: ServerRequest): readonly Lwm2mAction[] {
    this.#nextId += 1;
    return this.hear({ type: 'request', id: this.#nextId, request });
  }

  /** The code of its answer; undefined when it did not answer. */
  answer(request: ServerRequest): string | undefined {
    return this.ask(request).find((action) => action.type === 'respond')?.code;
  }

  /** The blocks of an image, until the device stops the fetch or the image ends. */
  serve(image: Uint8Array, size = 1_000, stopAt = image.length): readonly Lwm2mAction[] {
    const fetch = this.done.findLast((action) => action.type === 'fetch');
    invariant(fetch !== undefined, 'it asks for nothing');
    const from = this.done.length;
    for (let offset = fetch.offset; offset < stopAt; offset += size) {
      const bytes = image.subarray(offset, offset + size);
      this.hear({ type: 'bytes', fetch: fetch.fetch, offset, bytes, last: offset + size >= image.length });
    }
    return this.done.slice(from);
  }

  push(image: Uint8Array, size = 1_000): readonly (string | undefined)[] {
    const codes: (string | undefined)[] = [];
    for (let offset = 0; offset < image.length; offset += size) {
      const bytes = image.subarray(offset, offset + size);
      codes.push(this.answer({ op: 'write-package', offset, bytes, last: offset + size >= image.length }));
    }
    return codes;
  }
}

export class DdiStory extends Story<ReturnType<typeof newDdiMind>, DdiInput, DdiAction> {
  constructor(traits: readonly Trait[], pace: Partial<Pace> = {}) {
    super(newDdiMind(specOf('HTTP', traits, pace), STORY_PARTS), stepDdi);
  }

  /** The request that waits for its outcome. */
  get asks(): DdiRequest | undefined {
    return this.mind.open?.request;
  }

  get id(): number {
    return this.mind.open?.id ?? 0;
  }
}
