// Standard Webhooks headers: who gets a callback can tell that it is ours and that nobody changed it.
import { createHmac } from 'node:crypto';
import type { Instant } from '../campaigns/index.ts';

const PREFIX = 'whsec_';

/** The key of a secret as it is shown to the customer: base64 behind `whsec_`. */
const keyOf = (secret: string): Buffer =>
  Buffer.from(secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret, 'base64');

/** How a secret is shown. */
export const secretText = (key: Uint8Array): string => `${PREFIX}${Buffer.from(key).toString('base64')}`;

export interface Signed {
  readonly 'webhook-id': string;
  /** Seconds since 1970. */
  readonly 'webhook-timestamp': string;
  readonly 'webhook-signature': string;
}

/** One signature for each secret, so that a customer may change to a new one at leisure. */
export function sign(id: string, body: string, secrets: readonly string[], now: Instant): Signed {
  const timestamp = String(Math.floor(now / 1_000));
  const signatures = secrets.map((secret) => {
    const mac = createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.${body}`).digest('base64');
    return `v1,${mac}`;
  });
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
}
