// The SDK's randomness: keys that mark a call as the same one, and the spread of waits.

export interface Chance {
  /** A text that no other call has. */
  key(): string;
  /** From 0 up to, not including, 1. */
  fraction(): number;
}

const KEY_BYTES = 16;

export const systemChance: Chance = {
  // `randomUUID` is missing in browsers on pages without TLS; this is not.
  key: () =>
    Array.from(crypto.getRandomValues(new Uint8Array(KEY_BYTES)), (byte) => byte.toString(16).padStart(2, '0')).join(
      '',
    ),
  fraction: () => Math.random(),
};
