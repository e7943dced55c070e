// Operator API: links that sign in once, and the sessions of browsers. Of every token only a hash is kept.
import { linkIsGood, OPERATOR_LIMITS, type Principal, ROOT, recordAudit } from '../accounts/index.ts';
import type { AuditStore } from '../accounts/ports.ts';
import { after, type Duration, rfc3339 } from '../campaigns/index.ts';
import type { OperatorSessionView, SignInLinkView } from '../contract/index.ts';
import type { Handler, OperatorCaller } from './call.ts';
import {
  csrfTokenOf,
  type OperatorParts,
  principalNamed,
  principalOfKey,
  rootOf,
  sessionCookie,
  tokenHashOf,
} from './operator-caller.ts';
import { type Refusal, refuse } from './refusal.ts';
import { sha256 } from './secrets.ts';

/** Below which path the console opens a sign-in link; what follows the # is never sent to a server or a log. */
const SIGN_IN_PATH = '/sign-in#';

const linkHash = (token: string): string => sha256(`sign-in link\0${token}`);

async function makeLink(principal: Principal, parts: OperatorParts): Promise<SignInLinkView> {
  const token = parts.secrets.token();
  const { name, keyHash } = principal;
  const expiresAt = after(parts.clock.now(), OPERATOR_LIMITS.signInLinkLife as Duration);
  await parts.store.putSignInLink({ tokenHash: linkHash(token), operator: name, keyHash, expiresAt });
  return { url: `${parts.publicHttpUrl}${SIGN_IN_PATH}${token}`, name, expiresAt: rfc3339(expiresAt) };
}

/** A link for root as long as nobody has ever signed in. */
export async function firstSignInLink(
  parts: OperatorParts & { readonly store: AuditStore },
): Promise<SignInLinkView | undefined> {
  if ((await parts.store.lastSignIn()) !== undefined) return undefined;
  const link = await makeLink(rootOf(parts), parts);
  const actor = { kind: 'server', name: 'start' } as const;
  await recordAudit(parts.store, { actor, action: 'make sign-in link', target: ROOT }, parts.clock.now());
  return link;
}

const createSignInLink: Handler<'createSignInLink'> = async ({ body, caller }, context) => {
  const { name = caller.operator.name } = body;
  const principal = await principalNamed(name, context);
  if (principal === undefined) return refuse('OPERATOR_NOT_FOUND', { name });
  if (principal.disabledAt !== undefined) return refuse('OPERATOR_DISABLED', { name });
  return makeLink(principal, context);
};

const createOperatorSession: Handler<'createOperatorSession'> = async ({ body, request, setCookie }, context) => {
  const refused = refuseElsewhere(request.headers['sec-fetch-site']);
  if (refused !== undefined) return refused;
  const operator = await whoSignsIn(body, context);
  if (operator === undefined) return refuse('SIGN_IN_REFUSED');
  const now = context.clock.now();
  const token = context.secrets.token();
  const { name, keyHash } = operator;
  await context.store.insertOperatorSession({
    tokenHash: tokenHashOf(token),
    operator: name,
    keyHash,
    lastUsedAt: now,
  });
  const actor = { kind: 'operator', name } as const;
  await recordAudit(context.store, { actor, action: 'sign in', target: name }, now);
  setCookie(sessionCookie(token, context));
  const endsAt = after(now, OPERATOR_LIMITS.sessionIdleMax as Duration);
  return sessionView({ operator, session: { csrfToken: csrfTokenOf(token, context), endsAt } });
};

/** Told by browsers only: a page elsewhere must not sign its visitors in as somebody else. */
function refuseElsewhere(site: string | readonly string[] | undefined): Refusal | undefined {
  const isOurs = site === undefined || site === 'same-origin' || site === 'none';
  return isOurs ? undefined : refuse('SIGN_IN_ELSEWHERE', { site: site === 'same-site' ? 'same-site' : 'cross-site' });
}

async function whoSignsIn(
  { token, key }: { readonly token?: string; readonly key?: string },
  context: OperatorParts,
): Promise<Principal | undefined> {
  if (key !== undefined) {
    const principal = await principalOfKey(key, context);
    return principal?.disabledAt === undefined ? principal : undefined;
  }
  const link = await context.store.takeSignInLink(linkHash(token ?? ''));
  const principal = link === undefined ? undefined : await principalNamed(link.operator, context);
  const isGood = link !== undefined && principal !== undefined && linkIsGood(link, principal, context.clock.now());
  return isGood ? principal : undefined;
}

interface Shown {
  readonly operator: Principal;
  readonly session: Pick<NonNullable<OperatorCaller['session']>, 'csrfToken' | 'endsAt'>;
}

const sessionView = ({ operator: { name, role }, session: { csrfToken, endsAt } }: Shown): OperatorSessionView => ({
  operator: { name, role },
  csrfToken,
  expiresAt: rfc3339(endsAt),
});

const getOperatorSession: Handler<'getOperatorSession'> = async ({ caller: { operator, session } }) =>
  session === undefined ? refuse('SESSION_NOT_FOUND') : sessionView({ operator, session });

const deleteOperatorSession: Handler<'deleteOperatorSession'> = async ({ caller, setCookie }, context) => {
  if (caller.session === undefined) return refuse('SESSION_NOT_FOUND');
  await context.store.deleteOperatorSession(caller.session.tokenHash);
  setCookie(sessionCookie('', context));
  return undefined;
};

export const SIGN_IN_HANDLERS = {
  createSignInLink,
  createOperatorSession,
  getOperatorSession,
  deleteOperatorSession,
} as const;
