// Which bytes of an image a device was sent, over all its requests: a download that was cut and resumed is whole in the end.
import { DDI_LIMITS } from './limits.ts';

interface Span {
  readonly from: number;
  readonly until: number;
}

export class Coverage {
  /** Sorted, apart from one another. */
  #spans: readonly Span[] = [];

  get isEmpty(): boolean {
    return this.#spans.length === 0;
  }

  get bytes(): number {
    return this.#spans.reduce((sum, { from, until }) => sum + until - from, 0);
  }

  get holdsFirstByte(): boolean {
    return this.#spans[0]?.from === 0;
  }

  isWhole(size: number): boolean {
    const [first] = this.#spans;
    return size === 0 || (first !== undefined && first.from === 0 && first.until >= size);
  }

  add(from: number, until: number): void {
    if (until <= from) return;
    const apart = this.#spans.filter((one) => one.until < from || until < one.from);
    const touching = this.#spans.filter((one) => one.until >= from && until >= one.from);
    const merged = {
      from: Math.min(from, ...touching.map((one) => one.from)),
      until: Math.max(until, ...touching.map((one) => one.until)),
    };
    // A client that asks for crumbs all over the image loses the oldest knowledge about them, not our memory.
    this.#spans = [...apart, merged].sort((one, other) => one.from - other.from).slice(0, DDI_LIMITS.coverageSpansMax);
  }
}

/** The coverage of each attempt by its token; the one not used for longest is forgotten first. */
export class Coverages {
  readonly #kept = new Map<string, Coverage>();

  /**
   * `sentBefore`: what an earlier process stored; a device that resumes beyond it has the bytes before. A device that asks
   * for the first byte once more begins again and may have lost the others: an image is not taken for whole by pieces of two tries.
   */
  of(token: string, begin: { readonly offset: number; readonly sentBefore: number }): Coverage {
    const kept = this.#kept.get(token);
    const known = begin.offset === 0 && kept?.holdsFirstByte === true ? undefined : kept;
    const coverage = known ?? new Coverage();
    if (begin.offset > 0 && known === undefined && begin.sentBefore > 0)
      coverage.add(0, Math.max(begin.sentBefore, begin.offset));
    this.#kept.delete(token);
    this.#kept.set(token, coverage);
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= DDI_LIMITS.coverageTokensMax) break;
      this.#kept.delete(oldest);
    }
    return coverage;
  }

  forget(token: string): void {
    this.#kept.delete(token);
  }
}
