// Listeners: registering again keeps the secret, a new secret leaves the old one some time.
import { describe, expect, test } from 'vitest';
import type { AccountName, Instant } from '../campaigns/index.ts';
import { listenerSecret, registeredListener, rotatedListener, SECRET_OVERLAP, secretsOf } from './listener.ts';

const instant = (at: number): Instant => at as Instant;
const NOW = instant(1_800_000_000_000);
const key = { account: '0000000001-00001' as AccountName, generation: 'v3' } as const;
const first = registeredListener(key, { url: 'https://a.example/' }, undefined, 'whsec_one', NOW);

describe('a listener', () => {
  test('that is registered again keeps its secret and its age, and nothing of its address', () => {
    const named = { url: 'https://b.example/', username: 'u', password: 'p' };
    const second = registeredListener(key, named, { ...first, failingSince: NOW }, 'whsec_two', instant(NOW + 1));
    expect(second).toEqual({ ...key, ...named, secret: 'whsec_one', createdAt: NOW });
    expect(registeredListener(key, { url: first.url }, second, 'whsec_three', NOW)).toEqual(first);
  });

  test('with a new secret is told by both for a day', () => {
    const rotated = rotatedListener(first, 'whsec_two', NOW);
    expect(secretsOf(rotated, NOW)).toEqual(['whsec_two', 'whsec_one']);
    expect(secretsOf(rotated, instant(NOW + SECRET_OVERLAP))).toEqual(['whsec_two']);
  });
});

test('a secret is plain base64', () => {
  expect(listenerSecret('-_-_')).toBe('whsec_+/+/');
  expect(listenerSecret('A'.repeat(43))).toBe(`whsec_${'A'.repeat(43)}=`);
});
