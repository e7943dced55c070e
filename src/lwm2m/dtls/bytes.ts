// Reads and writes the integers and vectors of TLS (RFC 5246 §4); a reader that runs out of bytes says so instead of throwing.

export const NOTHING: Uint8Array = new Uint8Array(0);

const TWO_TO_32 = 2 ** 32;

export class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;
  #short = false;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Whether everything asked for was there. */
  get ok(): boolean {
    return !this.#short;
  }

  /** Whether everything asked for was there and nothing is left. */
  get done(): boolean {
    return !this.#short && this.#at === this.#bytes.length;
  }

  get left(): number {
    return this.#short ? 0 : this.#bytes.length - this.#at;
  }

  uint(size: number): number {
    let value = 0;
    for (const byte of this.bytes(size)) value = value * 256 + byte;
    return value;
  }

  /** A view into what is read, not a copy. */
  bytes(count: number): Uint8Array {
    const end = this.#at + count;
    if (this.#short || end > this.#bytes.length) {
      this.#short = true;
      return NOTHING;
    }
    const found = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return found;
  }

  /** `opaque x<0..2^(8·size)-1>`. */
  vector(size: 1 | 2): Uint8Array {
    return this.bytes(this.uint(size));
  }
}

export function uint(size: number, value: number): Uint8Array {
  const bytes = new Uint8Array(size);
  writeUint(bytes, 0, size, value);
  return bytes;
}

/** Up to 48 bits, which a number holds exactly. */
export function writeUint(into: Uint8Array, offset: number, size: number, value: number): void {
  // Shifts see the lower 32 bits only; most numbers have no others.
  let high = value < TWO_TO_32 ? 0 : Math.floor(value / TWO_TO_32);
  let low = value >>> 0;
  let place = offset + size - 1;
  for (const end = Math.max(offset, place - 3); place >= end; place -= 1) {
    into[place] = low;
    low >>>= 8;
  }
  for (; place >= offset; place -= 1) {
    into[place] = high;
    high >>>= 8;
  }
}

export function readUint(from: Uint8Array, offset: number, size: number): number {
  let value = 0;
  for (let place = offset; place < offset + size; place += 1) value = value * 256 + (from[place] ?? 0);
  return value;
}

export function vector(size: 1 | 2, content: Uint8Array): Uint8Array {
  return concat(uint(size, content.length), content);
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  let size = 0;
  for (const part of parts) size += part.length;
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}

/** Bytes as a key of a Map: one character each. */
export const keyOf = (bytes: Uint8Array): string => Reflect.apply(String.fromCharCode, undefined, bytes);

/** Only for what is no secret. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let place = 0; place < a.length; place += 1) if (a[place] !== b[place]) return false;
  return true;
}
