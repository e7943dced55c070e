// What DTLS needs from a cryptographic library: a handful of primitives, handed in.

export type AeadName = 'AES_128_CCM_8' | 'AES_128_CCM' | 'AES_128_GCM';

/** A key of 16 bytes in the library's hands: dear to make, cheap to keep and to use. */
export interface AeadKey {
  /** Writes the ciphertext, and the tag behind it, to `into` from `offset` on. The nonce has 12 bytes. */
  seal(nonce: Uint8Array, additional: Uint8Array, plaintext: Uint8Array, into: Uint8Array, offset: number): void;
  /** Undefined when it is not authentic; never throws, whatever the bytes are. No argument is kept after the call. */
  open(nonce: Uint8Array, additional: Uint8Array, sealed: Uint8Array): Uint8Array | undefined;
}

/** HMAC-SHA256 under one key. */
export type Hmac = (data: Uint8Array) => Uint8Array;

export interface CryptoPort {
  sha256(data: Uint8Array): Uint8Array;
  hmacSha256(key: Uint8Array): Hmac;
  aead(name: AeadName, key: Uint8Array): AeadKey;
  randomBytes(count: number): Uint8Array;
  /** Compares in a time that tells nothing but the lengths. */
  timingSafeEqual(a: Uint8Array, b: Uint8Array): boolean;
}
