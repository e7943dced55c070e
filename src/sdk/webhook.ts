// Checks that a callback comes from the service and is fresh, by the scheme of Standard Webhooks.

import { type Now, systemNow } from './clock.ts';
import type { CallbackEvent, CallbackEventV1, OperatorEventCallback } from './wire.gen.ts';

/** Headers as a platform gives them, in any letter case. */
export type WebhookHeaders = Headers | Readonly<Record<string, string | readonly string[] | undefined>>;

export type WebhookVerdict<Event = CallbackEvent> =
  | { readonly ok: true; readonly id: string; readonly event: Event }
  | {
      readonly ok: false;
      readonly reason: 'header missing' | 'too old' | 'from the future' | 'wrong signature' | 'not JSON';
    };

/** Clocks differ and deliveries travel; beyond this a copy of an old delivery would pass. */
const AGE_MAX = 5 * 60_000;

const PREFIX = 'whsec_';
const VERSION = 'v1,';

/**
 * `body` must be the bytes or the text as they came: JSON that was parsed and written again has another signature.
 * During a rotation give both secrets. Events of generation 1 are asked for as `verifyWebhook<CallbackEventV1>`,
 * those of the operator as `verifyWebhook<OperatorEventCallback>`.
 */
export async function verifyWebhook<
  Event extends CallbackEvent | CallbackEventV1 | OperatorEventCallback = CallbackEvent,
>(
  headers: WebhookHeaders,
  body: string | Uint8Array,
  secret: string | readonly string[],
  now: number | Now = systemNow,
): Promise<WebhookVerdict<Event>> {
  const [id, timestamp, signature] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) =>
    headerOf(headers, name),
  );
  if (id === undefined || timestamp === undefined || signature === undefined || !/^\d{1,12}$/.test(timestamp)) {
    return { ok: false, reason: 'header missing' };
  }
  const age = (typeof now === 'number' ? now : now()) - Number(timestamp) * 1000;
  if (age > AGE_MAX) return { ok: false, reason: 'too old' };
  if (age < -AGE_MAX) return { ok: false, reason: 'from the future' };
  const signed = join(new TextEncoder().encode(`${id}.${timestamp}.`), bytesOf(body));
  if (!(await isSigned(signed, signature, [secret].flat()))) return { ok: false, reason: 'wrong signature' };
  try {
    const text = typeof body === 'string' ? body : new TextDecoder().decode(body);
    return { ok: true, id, event: JSON.parse(text) as Event };
  } catch {
    return { ok: false, reason: 'not JSON' };
  }
}

/** The header holds one signature for each secret that is valid; any of them with any of ours is good. */
async function isSigned(signed: Uint8Array<ArrayBuffer>, header: string, secrets: readonly string[]): Promise<boolean> {
  const signatures = header.split(' ').filter((each) => each.startsWith(VERSION));
  for (const secret of secrets) {
    const bytes = fromBase64(secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret);
    if (bytes === undefined || bytes.length === 0) throw new TypeError('A secret is "whsec_" and base64.');
    const algorithm = { name: 'HMAC', hash: 'SHA-256' };
    const key = await crypto.subtle.importKey('raw', bytes, algorithm, false, ['verify']);
    for (const signature of signatures) {
      const given = fromBase64(signature.slice(VERSION.length));
      // The platform compares in constant time.
      if (given !== undefined && (await crypto.subtle.verify('HMAC', key, given, signed))) return true;
    }
  }
  return false;
}

function headerOf(headers: WebhookHeaders, name: string): string | undefined {
  if (headers instanceof Headers) return headers.get(name) ?? undefined;
  const entry = Object.entries(headers).find(([key]) => key.toLowerCase() === name);
  return [entry?.[1]].flat()[0];
}

const bytesOf = (body: string | Uint8Array): Uint8Array =>
  typeof body === 'string' ? new TextEncoder().encode(body) : body;

function join(head: Uint8Array, tail: Uint8Array): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(head.length + tail.length);
  all.set(head);
  all.set(tail, head.length);
  return all;
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  } catch {
    return undefined;
  }
}
