// Operator API: the ledger of a campaign, its signed head, and the keys by which heads are signed.

import { z } from 'zod';
import { LIMITS } from './limits.ts';
import { named, withoutNulls } from './schema.ts';
import { InstantText, numberText } from './shared.ts';

const head = {
  length: z.int().describe('Entries that the head stands for.'),
  head: z.string().describe('SHA-256 of the last of them in hex; it holds the one before it, and so all of them.'),
  signedAt: InstantText.exactOptional(),
  keyId: z.string().describe('Which of the ledger keys signed it.').exactOptional(),
  signature: z
    .string()
    .describe('Ed25519 over the head, base64url; see docs/ledger.md for the signed text.')
    .exactOptional(),
};

/** As callbacks carry it. Whoever keeps one can prove later that nothing before it was changed. */
export const LedgerHead = named('LedgerHead', z.object(head));
export type LedgerHead = z.infer<typeof LedgerHead>;

export const LedgerHeadView = named('LedgerHeadView', z.object({ campaign: z.string(), ...head }));
export type LedgerHeadView = z.infer<typeof LedgerHeadView>;

/** `after` is a sequence number: of the last entry that is known already. */
export const LedgerQuery = z.preprocess(
  withoutNulls,
  z.object({
    after: numberText(0, Number.MAX_SAFE_INTEGER).default(0),
    limit: numberText(1, LIMITS.ledgerLinesMax).default(LIMITS.ledgerLinesMax),
  }),
);
export type LedgerQuery = z.infer<typeof LedgerQuery>;

/** The lines of an export: an entry with the exact text that was hashed, or, as the last line, the head. */
export const LedgerLine = named(
  'LedgerLine',
  z.union([z.object({ hash: z.string(), text: z.string() }), z.object({ head: LedgerHeadView })]),
);
export type LedgerLine = z.infer<typeof LedgerLine>;

export const LedgerKeyView = named(
  'LedgerKeyView',
  z.object({
    keyId: z.string().describe('The first 16 hex digits of the SHA-256 of the public key.'),
    publicKey: z.string().describe('Ed25519, the 32 bytes in base64url.'),
    since: InstantText,
  }),
);
/** Every key that ever signed; there are few, so there is only one page. */
export const LedgerKeyPage = named('LedgerKeyPage', z.object({ items: z.array(LedgerKeyView) }));
export type LedgerKeyPage = z.infer<typeof LedgerKeyPage>;
