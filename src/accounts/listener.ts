// A listener: where a customer wants to be told what happens, in the shape of one API generation.
import type { AccountName, Audience, Instant } from '../campaigns/index.ts';

/** An account has at most one for each generation; registering another replaces it (contract.md §6.7). */
export interface Listener {
  readonly account: AccountName;
  readonly generation: Audience;
  readonly url: string;
  /** v1: echoed in the body, so that the customer knows who speaks. */
  readonly username?: string;
  readonly password?: string;
  /** `whsec_` and base64, as Standard Webhooks writes it; shown to nobody but its customer. */
  readonly secret: string;
  /** The secret before, by which callbacks are signed as well until its time is over. */
  readonly previous?: { readonly secret: string; readonly until: Instant };
  readonly createdAt: Instant;
  /** Nothing has got through since then; the store's to say, and absent while all is well. */
  readonly failingSince?: Instant;
}

export interface ListenerRequest {
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
}

/** How long callbacks are signed by the old secret too, in milliseconds. */
export const SECRET_OVERLAP = 86_400_000;

/** A listener as it is stored after a registration; the secret stays when one is replaced. */
export function registeredListener(
  key: Pick<Listener, 'account' | 'generation'>,
  request: ListenerRequest,
  stored: Listener | undefined,
  freshSecret: string,
  now: Instant,
): Listener {
  const { url, username, password } = request;
  const { previous } = stored ?? {};
  return {
    ...key,
    url,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    secret: stored?.secret ?? freshSecret,
    ...(previous === undefined ? {} : { previous }),
    createdAt: stored?.createdAt ?? now,
  };
}

export function rotatedListener(
  { failingSince: _kept, ...listener }: Listener,
  secret: string,
  now: Instant,
): Listener {
  const until = (now + SECRET_OVERLAP) as Instant;
  return { ...listener, secret, previous: { secret: listener.secret, until } };
}

/** The secrets by which a callback is signed now, the newest first. */
export const secretsOf = ({ secret, previous }: Listener, now: Instant): readonly string[] =>
  previous !== undefined && now < previous.until ? [secret, previous.secret] : [secret];

/** Random bytes in base64url as a secret is written: `whsec_` and plain base64, which is what every verifier decodes. */
export function listenerSecret(token: string): string {
  const padding = '='.repeat((4 - (token.length % 4)) % 4);
  return `whsec_${token.replaceAll('-', '+').replaceAll('_', '/')}${padding}`;
}
