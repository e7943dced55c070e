// What a device's mind needs from the outside: a hash that grows with the image, and chance at its birth.

/** Adds up an image block by block. Only the value that `update` answers may be used afterwards. */
export interface Hash {
  update(bytes: Uint8Array): Hash;
  /** The digest in lower-case hex. */
  hex(): string;
}

export interface Random {
  /** A whole number, evenly drawn from 0 to 4,294,967,295. */
  uint32(): number;
}

export interface MindParts {
  /** An empty SHA-256. */
  readonly newHash: () => Hash;
  /** Drawn from at birth only: a mind that is born does the same whenever it hears the same. */
  readonly random: Random;
}
