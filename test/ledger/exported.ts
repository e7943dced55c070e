/** A world's ledger as it is exported: every sealed text of the store, and the head signed by a key of the test. */
import { createHash, generateKeyPairSync, sign, verify } from 'node:crypto';
import {
  type CampaignKey,
  entryLine,
  headLine,
  headText,
  instant,
  type LedgerKey,
  type LedgerVerification,
  rfc3339,
  type ShownHead,
  type Signer,
} from '../../src/campaigns/index.ts';
import type { Store } from '../../src/store/index.ts';

export const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

export interface TestKey extends LedgerKey, Signer {}

export function newKey(): TestKey {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ format: 'jwk' }).x ?? '';
  const keyId = createHash('sha256').update(Buffer.from(raw, 'base64url')).digest('hex').slice(0, 16);
  return {
    keyId,
    publicKey: raw,
    since: instant(0),
    sign: (text) => sign(null, Buffer.from(text), privateKey).toString('base64url'),
  };
}

export const verifyEd25519: LedgerVerification['verify'] = (publicKey, text, signature) =>
  verify(
    null,
    Buffer.from(text),
    { key: { kty: 'OKP', crv: 'Ed25519', x: publicKey }, format: 'jwk' },
    Buffer.from(signature, 'base64url'),
  );

export function signedHead(campaign: string, length: number, head: string, key: TestKey, at: number): ShownHead {
  const text = headText(campaign as CampaignKey['campaign'], { length, head }, instant(at));
  return { campaign, length, head, signedAt: rfc3339(instant(at)), keyId: key.keyId, signature: key.sign(text) };
}

const PAGE = 500;

/** All entries, in order, and the head. */
export async function exported(store: Store, at: CampaignKey, key: TestKey): Promise<readonly string[]> {
  const lines: string[] = [];
  let head = '';
  for (let from = 1; ; from += PAGE) {
    const page = await store.ledger(at, from, PAGE);
    for (const one of page) lines.push(entryLine(one));
    head = page.at(-1)?.hash ?? head;
    if (page.length < PAGE) break;
  }
  return [...lines, headLine(signedHead(at.campaign, lines.length, head, key, 1))];
}
