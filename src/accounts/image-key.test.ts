// Stories of signed images: which package may be scheduled by what is known of its image.
import { describe, expect, test } from 'vitest';
import type { AccountName, CampaignId, ImageHash, Instant } from '../campaigns/index.ts';
import { type BandwidthList, capOf, capped, type ImageKey, refuseImage, signerOf } from './image-key.ts';
import type { Package } from './package.ts';

const AT = 1_000 as Instant;
const pack = (signature?: string): Package => ({
  account: 'a' as AccountName,
  kind: 'software',
  name: 'app',
  from: '*',
  to: '2',
  make: 'm',
  model: 'o',
  transports: ['HTTP'],
  image: { sha256: 'f'.repeat(64) as ImageHash, size: 3 },
  createdAt: AT,
  ...(signature === undefined ? {} : { signature }),
});
const key = (id: string): ImageKey => ({ id, name: id, publicKey: id, createdAt: AT });
/** A signature of this test names its key and the hash. */
const verify = (publicKey: string, signature: string, sha256: string): boolean =>
  signature === `${publicKey} ${sha256}`;
const signed = pack(`second ${'f'.repeat(64)}`);
const keys = [key('first'), key('second')];

test('the signer is the key that the signature fits, whichever place it has', () => {
  expect(signerOf(signed, keys, verify)?.id).toBe('second');
  expect(signerOf(signed, [key('first')], verify)).toBeUndefined();
  expect(signerOf(pack(), keys, verify)).toBeUndefined();
});

describe('an account that requires signed images', () => {
  const judge = (one: Package, known: readonly ImageKey[]) =>
    refuseImage(one, { image: undefined, keys: known, requireSigned: true }, verify);

  test('lets through what one of its keys has signed', () => {
    expect(judge(signed, keys)).toBeUndefined();
  });

  test('refuses what is unsigned, and what a deleted key has signed', () => {
    expect(judge(pack(), keys)).toEqual({ is: 'not-signed', why: 'is not signed' });
    expect(judge(signed, [key('first')])).toEqual({ is: 'not-signed', why: 'is signed by none of its keys' });
  });
});

test('a damaged image is refused whoever has signed it; one that was found good is not', () => {
  const judge = (found?: string) =>
    refuseImage(
      signed,
      { image: { check: { at: AT, ...(found === undefined ? {} : { found }) } }, keys, requireSigned: false },
      verify,
    );
  expect(judge('2 bytes')).toEqual({ is: 'damaged', at: AT, found: '2 bytes' });
  expect(judge()).toBeUndefined();
});

test('the cap of a campaign is set, replaced and taken away', () => {
  const [one, other] = ['one' as CampaignId, 'other' as CampaignId];
  const none: BandwidthList = { account: 'a' as AccountName, revision: 0, kind: 'bandwidth', caps: [] };
  const twice = capped(capped(capped(none, one, 5), other, 6), one, 7);
  expect([capOf(twice, one), capOf(twice, other)]).toEqual([7, 6]);
  expect(capped(twice, one, undefined).caps).toEqual([{ campaign: other, bytesPerSecond: 6 }]);
});
