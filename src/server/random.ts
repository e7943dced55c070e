// The server's only source of chance: tokens, secrets, identities.
import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import type { ImageToken } from '../campaigns/index.ts';

const TOKEN_BYTES = 16;
const SECRET_BYTES = 32;
const SALT_BYTES = 16;

const text = (bytes: number): string => randomBytes(bytes).toString('base64url');

export const systemRandom = {
  /** 128 bits, as the address of an image (engine.md §5). */
  imageToken: (): ImageToken => text(TOKEN_BYTES) as ImageToken,
  /** 256 bits, for whatever opens something. */
  secret: (): string => text(SECRET_BYTES),
  /** For keys, and for what cryptography itself needs. */
  bytes: (count: number): Uint8Array => randomBytes(count),
  salt: (): Uint8Array => randomBytes(SALT_BYTES),
  uuid: (): string => randomUUID(),
  uint32: (): number => randomInt(2 ** 32),
} as const;
