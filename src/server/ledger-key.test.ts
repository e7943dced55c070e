// The key that signs ledgers: made once, kept for its owner only, and refused where it is none.
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type CampaignId, headText, instant } from '../campaigns/index.ts';
import { openLedgerKey, publishedKey } from './ledger-key.ts';
import { keptHeadIn, verifyExport } from './ledger-verifier.ts';

let data = '';
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'campanile-ledger-key-'));
});
afterEach(() => rm(data, { recursive: true, force: true }));

test('is made at the first start, readable by its owner only, and found again at the next', async () => {
  const first = await openLedgerKey({ data });
  expect(first.file).toBe(join(data, 'ledger-key.pem'));
  expect((await stat(first.file)).mode & 0o777).toBe(0o600);
  expect(first.isExposed).toBe(false);
  expect(first.keyId).toMatch(/^[0-9a-f]{16}$/);
  const second = await openLedgerKey({ data });
  expect(publishedKey(second, instant(5))).toEqual({ keyId: first.keyId, publicKey: first.publicKey, since: 5 });
});

test('signs what can be verified by its public half, and by no other', async () => {
  const campaign = 'c1' as CampaignId;
  const key = await openLedgerKey({ data });
  const other = await openLedgerKey({ data: await mkdtemp(join(data, 'other-')) });
  const at = Date.parse('2026-03-02T10:00:00Z');
  const head = { campaign, length: 1, head: 'x', signedAt: '2026-03-02T10:00:00.000Z', keyId: key.keyId };
  const signature = key.sign(headText(campaign, head, instant(at)));
  async function* lines() {
    yield JSON.stringify({ head: { ...head, signature } });
  }
  const verdict = async (...keys: { readonly publicKey: string }[]) =>
    (await verifyExport(lines(), { campaign, keys })).signature;
  expect(await verdict(other, key)).toBe('valid');
  expect(await verdict(other)).toBe('unknown-key');
  expect(await verdict({ publicKey: 'no key' })).toBe('unknown-key');
});

test('that an operator names has to be there, and of the right kind', async () => {
  const named = join(data, 'mine.pem');
  const open = () => openLedgerKey({ data, ledgerKey: named });
  await expect(open()).rejects.toThrow('--ledger-key');
  await writeFile(named, 'no key');
  await expect(open()).rejects.toThrow('holds no private key');
  const { privateKey } = generateKeyPairSync('x25519');
  await writeFile(named, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  await expect(open()).rejects.toThrow('of another kind');
});

test('a head is found in whatever was kept: the API, an export, a callback', () => {
  const head = { campaign: 'c1', length: 3, head: 'abc' };
  expect(keptHeadIn(JSON.stringify(head), 'c1')).toEqual(head);
  expect(keptHeadIn(JSON.stringify({ head }), 'c2')).toEqual(head);
  const callback = { campaignId: 'c1', ledgerHead: { length: 3, head: 'abc' } };
  expect(keptHeadIn(JSON.stringify(callback), 'c2')).toEqual(head);
  expect(keptHeadIn(JSON.stringify({ length: 3, head: 'abc' }), 'c1')).toEqual(head);
  for (const none of ['', '[]', 'null', '{"length":"3"}', '{"head":null}'])
    expect(keptHeadIn(none, 'c1')).toBeUndefined();
});
