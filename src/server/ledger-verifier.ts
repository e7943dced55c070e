// Verifies an exported ledger with Node's own SHA-256, Ed25519 and zone data, for the command line.
import { createHash, verify } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import {
  type CampaignId,
  findingLine,
  instant,
  type LedgerKey,
  type LedgerReport,
  readHead,
  type ShownHead,
  verifyLedger,
} from '../campaigns/index.ts';
import { keyIdOf } from './ledger-key.ts';

/** A key as it is published; its id is not believed but made again. */
export interface PublishedKey {
  readonly publicKey: string;
}

export interface ExportVerification {
  readonly campaign: string;
  readonly keys: readonly PublishedKey[];
  readonly keptHead?: ShownHead | undefined;
}

export function verifyExport(
  lines: AsyncIterable<string>,
  { campaign, keys, keptHead }: ExportVerification,
): Promise<LedgerReport> {
  return verifyLedger(lines, {
    campaign: campaign as CampaignId,
    digest: (text) => createHash('sha256').update(text).digest('hex'),
    verify: isSignedBy,
    keys: keys.map(({ publicKey }): LedgerKey => ({ keyId: keyIdOf(publicKey), publicKey, since: instant(0) })),
    keptHead,
    tzdata: process.versions['tz'] ?? 'unknown',
  });
}

function isSignedBy(publicKey: string, text: string, signature: string): boolean {
  try {
    const key = { key: { kty: 'OKP', crv: 'Ed25519', x: publicKey }, format: 'jwk' } as const;
    return verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64url'));
  } catch {
    // What is no key has signed nothing.
    return false;
  }
}

/** The head that somebody kept: as the operator API, an export or a callback showed it. */
export function keptHeadIn(text: string, campaign: string): ShownHead | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return undefined;
    const { head, ledgerHead } = value as { readonly head?: unknown; readonly ledgerHead?: unknown };
    // A callback names its campaign beside the head.
    if (typeof ledgerHead === 'object') return readHead({ ...ledgerHead, campaign: campaignIn(value) ?? campaign });
    return readHead(typeof head === 'object' ? head : { campaign, ...value });
  } catch {
    return undefined;
  }
}

function campaignIn(value: object): string | undefined {
  return 'campaignId' in value && typeof value.campaignId === 'string' ? value.campaignId : undefined;
}

/** The lines of a file, one at a time. */
export const linesOf = (path: string): AsyncIterable<string> =>
  createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Number.POSITIVE_INFINITY });

/** What people read of a report. */
export const reportLines = (report: LedgerReport): readonly string[] => [
  report.sentence,
  ...report.violations.first.map((one) => `violation: ${findingLine(one)}`),
  ...report.tzDifferences.first.map((one) => `zone data: ${findingLine(one)}`),
];
