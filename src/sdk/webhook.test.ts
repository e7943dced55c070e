// Stories of callbacks that are checked: the signature, its age, secrets in rotation.

import { describe, expect, test } from 'vitest';
import { type CallbackEventV1, verifyWebhook } from './index.ts';

const SECRET = `whsec_${btoa('0123456789abcdef0123456789abcdef')}`;
const OTHER = `whsec_${btoa('fedcba9876543210fedcba9876543210')}`;
const NOW = Date.UTC(2030, 0, 1);
const BODY = JSON.stringify({ accountName: 'a', campaignId: 'c', id: 'c', type: 'campaignStatus', number: 1 });

async function signed(
  secret: string,
  { body = BODY, at = NOW, id = 'evt_1' } = {},
): Promise<Readonly<Record<string, string>>> {
  const timestamp = String(at / 1000);
  const raw = Uint8Array.from(atob(secret.slice('whsec_'.length)), (sign) => sign.charCodeAt(0));
  const key = await crypto.subtle.importKey('raw', raw, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  const content = new TextEncoder().encode(`${id}.${timestamp}.${body}`);
  const signature = new Uint8Array(await crypto.subtle.sign('HMAC', key, content));
  const text = btoa(String.fromCharCode(...signature));
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${text}` };
}

describe('a callback', () => {
  test('signed with the secret is good, as text and as bytes', async () => {
    const headers = await signed(SECRET);
    const event = JSON.parse(BODY) as unknown;
    expect(await verifyWebhook(headers, BODY, SECRET, NOW)).toEqual({ ok: true, id: 'evt_1', event });
    const bytes = new TextEncoder().encode(BODY);
    expect(await verifyWebhook(new Headers(headers), bytes, SECRET, () => NOW)).toMatchObject({ ok: true });
  });

  test('has the signature that the scheme prints as its example', async () => {
    const headers = {
      'Webhook-Id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'Webhook-Timestamp': '1614265330',
      'Webhook-Signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    };
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    const verdict = await verifyWebhook(headers, '{"test": 2432232314}', secret, 1_614_265_330_000);
    expect(verdict).toMatchObject({ ok: true });
  });

  test('is good with either secret while one replaces the other', async () => {
    const [first, second] = [await signed(SECRET), await signed(OTHER)];
    const both = { ...first, 'webhook-signature': `${first['webhook-signature']} ${second['webhook-signature']}` };
    for (const secret of [SECRET, OTHER])
      expect(await verifyWebhook(both, BODY, secret, NOW)).toMatchObject({ ok: true });
    expect(await verifyWebhook(second, BODY, [SECRET, OTHER], NOW)).toMatchObject({ ok: true });
  });

  test.each([
    ['another body', {}, `${BODY} `, 'wrong signature'],
    ['another id', { 'webhook-id': 'evt_2' }, BODY, 'wrong signature'],
    ['a signature that is no base64', { 'webhook-signature': 'v1,%%%' }, BODY, 'wrong signature'],
    ['another version of the scheme', { 'webhook-signature': 'v1a,AAAA' }, BODY, 'wrong signature'],
    ['no signature', { 'webhook-signature': undefined }, BODY, 'header missing'],
    ['a time that is no number', { 'webhook-timestamp': 'now' }, BODY, 'header missing'],
  ])('with %s is refused', async (_, changed, body, reason) => {
    const headers = { ...(await signed(SECRET)), ...changed };
    expect(await verifyWebhook(headers, body, SECRET, NOW)).toEqual({ ok: false, reason });
  });

  test('from elsewhere, from another time or without JSON is refused', async () => {
    const check = async (headers: Promise<Readonly<Record<string, string>>>, body = BODY): Promise<unknown> =>
      verifyWebhook(await headers, body, SECRET, NOW);
    expect(await check(signed(OTHER))).toEqual({ ok: false, reason: 'wrong signature' });
    expect(await check(signed(SECRET, { at: NOW - 301_000 }))).toEqual({ ok: false, reason: 'too old' });
    expect(await check(signed(SECRET, { at: NOW + 301_000 }))).toEqual({ ok: false, reason: 'from the future' });
    expect(await check(signed(SECRET, { body: 'x' }), 'x')).toEqual({ ok: false, reason: 'not JSON' });
  });

  test('of generation 1 has its own type', async () => {
    const verdict = await verifyWebhook<CallbackEventV1>(await signed(SECRET), BODY, SECRET, NOW);
    if (!verdict.ok) throw new Error(verdict.reason);
    const part: CallbackEventV1['upgradeFinished'] = verdict.event.upgradeFinished;
    expect(part).toBeUndefined();
    // @ts-expect-error this generation has no campaign id
    expect(verdict.event.campaignId).toBe('c');
  });
});

test('a secret that is none is the caller’s mistake', async () => {
  await expect(verifyWebhook(await signed(SECRET), BODY, 'whsec_', NOW)).rejects.toThrow('whsec_');
});
