// Which operator calls: by its key, or by the cookie of a session in a browser; and whether its role allows the call.
import {
  type Operator,
  type OperatorSession,
  operatorSessionEnds,
  operatorSessionIsGood,
  operatorSessionNeedsTouch,
  type Principal,
  ROOT,
  roleAllows,
} from '../accounts/index.ts';
import type { OperatorStore } from '../accounts/ports.ts';
import { CSRF_HEADER, LIMITS, type Operation, SESSION_COOKIE } from '../contract/index.ts';
import type { Clock } from '../engine/ports.ts';
import type { OperatorCaller } from './call.ts';
import type { ApiParts, Secrets } from './ports.ts';
import { Refusal, refuse } from './refusal.ts';
import { hmac, sameSecret, sha256 } from './secrets.ts';

/** What it takes to know operators. */
export type OperatorParts = Pick<ApiParts, 'operatorKey' | 'serverSecret' | 'publicHttpUrl'> & {
  readonly secrets: Pick<Secrets, 'token'>;
  readonly store: OperatorStore;
  readonly clock: Clock;
};

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Root's key may have been chosen by a person, so that its hash is keyed. */
export const rootOf = ({ operatorKey, serverSecret }: OperatorParts): Principal => ({
  name: ROOT,
  role: 'admin',
  keyHash: hmac(serverSecret, `root\0${operatorKey}`).toString('hex'),
});

export const keyHashOf = (key: string): string => sha256(`operator\0${key}`);

export async function principalNamed(name: string, parts: OperatorParts): Promise<Principal | undefined> {
  return name === ROOT ? rootOf(parts) : parts.store.operator(name);
}

export async function principalOfKey(key: string, parts: OperatorParts): Promise<Principal | undefined> {
  return sameSecret(key, parts.operatorKey) ? rootOf(parts) : parts.store.operatorByKey(keyHashOf(key));
}

export const tokenHashOf = (token: string): string => sha256(`operator session\0${token}`);

/** Derived from the session's token, so that it need not be kept and is known to nobody who does not know that. */
export const csrfTokenOf = (token: string, { serverSecret }: OperatorParts): string =>
  hmac(serverSecret, `csrf\0${token}`).toString('base64url');

/** Max-Age slides with the session: the cookie is sent again whenever a use is written. */
export function sessionCookie(token: string, { publicHttpUrl }: OperatorParts): string {
  const life = LIMITS.operatorSessionHoursMax * 3600;
  const secure = publicHttpUrl.startsWith('https:') ? '; Secure' : '';
  return `${SESSION_COOKIE}=${token}; Path=/; Max-Age=${token === '' ? 0 : life}; HttpOnly; SameSite=Strict${secure}`;
}

export interface Knock {
  readonly key: string | undefined;
  readonly headers: Headers;
  readonly setCookie: (cookie: string) => void;
}

/** A key counts more than a cookie; the refusal where neither opens anything. */
export async function findOperator(
  { key, headers, setCookie }: Knock,
  parts: OperatorParts,
): Promise<OperatorCaller | Refusal> {
  if (key !== undefined) {
    const operator = await principalOfKey(key, parts);
    if (operator === undefined) return refuseStranger();
    return operator.disabledAt === undefined ? { operator } : refuse('OPERATOR_DISABLED', { name: operator.name });
  }
  const token = cookieIn(headers['cookie']);
  const found = token === undefined ? undefined : await bySession(token, parts);
  if (token === undefined || found === undefined) return refuseStranger();
  if (found.isTouched) setCookie(sessionCookie(token, parts));
  return found.caller;
}

function refuseStranger(): Refusal {
  const { status, body } = refuse('UNAUTHORIZED');
  return new Refusal(status, body, { 'www-authenticate': 'Bearer' });
}

function cookieIn(header: Headers[string]): string | undefined {
  if (typeof header !== 'string') return undefined;
  const pairs = header.split(';').map((pair) => pair.trim());
  const own = pairs.find((pair) => pair.startsWith(`${SESSION_COOKIE}=`))?.slice(SESSION_COOKIE.length + 1);
  return own === '' ? undefined : own;
}

async function bySession(token: string, parts: OperatorParts) {
  const stored = await parts.store.operatorSession(tokenHashOf(token));
  const operator = stored === undefined ? undefined : await principalNamed(stored.operator, parts);
  const now = parts.clock.now();
  if (stored === undefined || operator === undefined || !operatorSessionIsGood(stored, operator, now)) return undefined;
  const isTouched = operatorSessionNeedsTouch(stored, now);
  const session: OperatorSession = isTouched ? { ...stored, lastUsedAt: now } : stored;
  // Whoever signs out at this moment has signed out.
  if (isTouched && !(await parts.store.replaceOperatorSession(session))) return undefined;
  const { tokenHash } = session;
  const shown = { tokenHash, csrfToken: csrfTokenOf(token, parts), endsAt: operatorSessionEnds(session) };
  return { caller: { operator, session: shown }, isTouched };
}

/** Whether the role of the operator is enough, and in a session whether the change comes from our own page. */
export function refuseOperator(
  { method, role: needed = 'admin' }: Operation,
  { operator, session }: OperatorCaller,
  headers: Headers,
): Refusal | undefined {
  if (!roleAllows(operator.role, needed)) return refuseRole(operator, needed);
  if (method === 'GET' || session === undefined) return undefined;
  const given = headers[CSRF_HEADER];
  const isOurs = typeof given === 'string' && sameSecret(given, session.csrfToken);
  return isOurs ? undefined : refuse('CSRF_TOKEN_WRONG');
}

export const refuseRole = ({ role }: Pick<Operator, 'role'>, needed: Operator['role']): Refusal =>
  refuse('FORBIDDEN', { role, needed });
