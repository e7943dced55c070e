// An image as a simulated device sees it: its first line says what it becomes by installing it, the rest only counts.

import type { Hash } from './ports.ts';

const HEADER = /^campanile-image ([\x21-\x7e]{1,64})\n/;
/** As much of an image as the device keeps in order to read the header: the longest one there can be. */
const HEAD_BYTES = 96;

/** The first line of an image that turns a simulated device into one that runs `version`. */
export const imageHeader = (version: string): string => `campanile-image ${version}\n`;

/** What has arrived of an image, always from its beginning on without a gap. */
export interface Received {
  readonly bytes: number;
  readonly head: Uint8Array;
  readonly hash: Hash;
}

export const nothingReceived = (hash: Hash): Received => ({ bytes: 0, head: new Uint8Array(0), hash });

export function receive(received: Received, bytes: Uint8Array): Received {
  const { head } = received;
  return {
    bytes: received.bytes + bytes.length,
    head: head.length < HEAD_BYTES ? joined(head, bytes.subarray(0, HEAD_BYTES - head.length)) : head,
    hash: received.hash.update(bytes),
  };
}

/** What is new in a piece that may repeat the end of what is there; undefined when something is missing before it. */
export function notYetThere(
  received: Received,
  piece: { readonly offset: number; readonly bytes: Uint8Array },
): Uint8Array | undefined {
  return piece.offset > received.bytes ? undefined : piece.bytes.subarray(received.bytes - piece.offset);
}

/** The version in the header; undefined for an image that this device cannot make sense of. */
export function versionIn(received: Received): string | undefined {
  return HEADER.exec(String.fromCharCode(...received.head))?.[1];
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

/** An image that lies complete on the device. */
export interface Complete {
  readonly sha256: string;
  readonly bytes: number;
  readonly version: string;
}
