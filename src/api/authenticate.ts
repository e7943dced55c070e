// Who calls: operator, access token, session; decided before anything is looked up by id (contract.md §1.4).
import type { FastifyRequest } from 'fastify';
import { needsTouch, type Session, sessionIsGood } from '../accounts/index.ts';
import { minutes } from '../campaigns/index.ts';
import { type Operation, SESSION_HEADER } from '../contract/index.ts';
import type { AccountCaller, ApiContext, Caller } from './call.ts';
import { findOperator } from './operator-caller.ts';
import { Refusal, refuse } from './refusal.ts';
import { sha256 } from './secrets.ts';
import { findBearer } from './tokens.ts';

/** A client that authenticates by Basic is checked by its handler, because the form may carry its secret. */
export async function authenticate(
  operation: Operation,
  headers: Headers,
  context: ApiContext,
  setCookie: (cookie: string) => void,
): Promise<Caller | Refusal> {
  const { credentials } = operation;
  if (credentials.includes('operatorKey')) return findOperator({ key: bearerOf(headers), headers, setCookie }, context);
  if (!credentials.includes('bearer')) return undefined;
  const caller = await byBearer(headers, context);
  if (caller instanceof Refusal || !credentials.includes('session')) return caller;
  if (operation.family !== 'auth' && !caller.account.settings.requireSession) return caller;
  return bySession(caller, headers, context);
}

type Headers = FastifyRequest['headers'];

const bearerOf = (headers: Headers): string | undefined => /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1];

async function byBearer(headers: Headers, context: ApiContext): Promise<AccountCaller | Refusal> {
  const token = bearerOf(headers);
  if (token === undefined) return withChallenge(refuse('MISSING_CREDENTIALS'));
  const bearer = await findBearer(token, context);
  const account = bearer === undefined ? undefined : await context.store.account(bearer.account);
  if (bearer === undefined || account === undefined) return withChallenge(refuse('INVALID_CREDENTIALS'));
  return { account, clientId: bearer.clientId };
}

const withChallenge = ({ status, body }: Refusal): Refusal =>
  new Refusal(status, body, { 'www-authenticate': 'Bearer' });

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

async function bySession(
  caller: AccountCaller,
  headers: Headers,
  context: ApiContext,
): Promise<AccountCaller | Refusal> {
  const sessionToken = headers[SESSION_HEADER.toLowerCase()];
  if (sessionToken === undefined || sessionToken === '') {
    return refuse('UnifiedWebService.REQUEST_FAILED.SessionToken.Format');
  }
  if (typeof sessionToken !== 'string' || !GUID.test(sessionToken)) {
    return refuse('UnifiedWebService.INPUT_INVALID.SessionToken.Invalid');
  }
  const session = await goodSession(sessionToken, caller, context);
  // One that has ended is forgotten after a while, so a token that nobody knows has most likely expired.
  const minutesMax = context.limits.sessionIdleMinutesMax;
  if (session === undefined) {
    return refuse('UnifiedWebService.REQUEST_FAILED.SessionToken.Expired', { minutes: minutesMax });
  }
  return { ...caller, session, sessionToken };
}

async function goodSession(
  token: string,
  { account }: AccountCaller,
  { store, clock, limits }: ApiContext,
): Promise<Session | undefined> {
  const session = await store.session(sessionHash(token));
  const now = clock.now();
  const isGood = session !== undefined && sessionIsGood(session, now, minutes(limits.sessionIdleMinutesMax));
  if (!isGood || session.account !== account.name) return undefined;
  const user = await store.user(session.username);
  if (user === undefined || user.passwordHash === '') return undefined;
  if (needsTouch(session, now)) await store.putSession({ ...session, lastUsedAt: now });
  return session;
}

export const sessionHash = (token: string): string => sha256(`session\0${token.toLowerCase()}`);
