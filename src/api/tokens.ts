// Access tokens: derived from the server's secret, so that only their hashes are stored (contract.md §1.2).
import { BEARER_LEFT_MIN, BEARER_LIFE, type BearerToken, bearerIsGood, type Client } from '../accounts/index.ts';
import { type Instant, instant } from '../campaigns/index.ts';
import type { ApiContext } from './call.ts';
import { hmac, sha256 } from './secrets.ts';

export interface IssuedToken {
  readonly token: string;
  readonly secondsLeft: number;
}

/** The token of a client: the same one until less than a minute of it is left, then the next. */
export async function issueToken(client: Client, context: ApiContext): Promise<IssuedToken> {
  const { store, serverSecret, clock } = context;
  const now = clock.now();
  const marker = markerOf(client, serverSecret);
  const current = await store.bearer(marker);
  const runs = current !== undefined && current.expiresAt - now >= BEARER_LEFT_MIN;
  const expiresAt = runs ? current.expiresAt : instant(now + BEARER_LIFE);
  const token = derive(client, expiresAt, serverSecret);
  const facts = { clientId: client.clientId, account: client.account, expiresAt };
  if (!runs) await store.putBearer({ ...facts, tokenHash: marker });
  await store.putBearer({ ...facts, tokenHash: sha256(token) });
  return { token, secondsLeft: Math.floor((expiresAt - now) / 1000) };
}

/** Ends a token of this client; the next one asked for is another. False when it has no such token. */
export async function revokeToken(client: Client, token: string, { store }: ApiContext): Promise<boolean> {
  const stored = await store.bearer(sha256(token));
  if (stored?.clientId !== client.clientId) return false;
  await store.replaceClient({ ...client, issue: client.issue + 1 });
  await store.deleteBearer(stored.tokenHash);
  return true;
}

export async function findBearer(token: string, { store, clock }: ApiContext): Promise<BearerToken | undefined> {
  const stored = await store.bearer(sha256(token));
  return stored !== undefined && bearerIsGood(stored, clock.now()) ? stored : undefined;
}

const derive = (client: Client, expiresAt: Instant, secret: Uint8Array): string =>
  hmac(secret, `token\0${client.clientId}\0${client.issue}\0${expiresAt}`).toString('base64url');

// Remembers when the current token ends. It is keyed, so that no token can be found whose hash it is.
const markerOf = (client: Client, secret: Uint8Array): string =>
  hmac(secret, `current\0${client.clientId}\0${client.issue}`).toString('hex');
