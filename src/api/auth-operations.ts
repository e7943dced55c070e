// Tokens and sessions: OAuth2 client credentials, log in, log out, password reset (contract.md §1.2, §1.3).
import { type Client, isLocked, recordAudit, type User } from '../accounts/index.ts';
import { OAUTH_ERRORS, type OAuthErrorCode, oauthErrorBody } from '../contract/index.ts';
import { sessionHash } from './authenticate.ts';
import type { ApiContext, Handler } from './call.ts';
import { Refusal, refuse } from './refusal.ts';
import { issueToken, revokeToken } from './tokens.ts';

interface ClientProof {
  readonly client_id?: string;
  readonly client_secret?: string;
}

const issue: Handler<'issueToken'> = async ({ body, request }, context) => {
  const client = await authenticateClient(request.headers.authorization, body, context);
  if (client instanceof Refusal) return client;
  if (body.grant_type !== 'client_credentials') return refuseOAuth('unsupported_grant_type');
  const { token, secondsLeft } = await issueToken(client, context);
  return {
    access_token: token,
    token_type: 'Bearer',
    expires_in: secondsLeft,
    ...(body.scope === undefined ? {} : { scope: body.scope }),
  };
};

const revoke: Handler<'revokeToken'> = async ({ body, request }, context) => {
  const client = await authenticateClient(request.headers.authorization, body, context);
  if (client instanceof Refusal) return client;
  if (await revokeToken(client, body.token, context)) {
    const { clientId, account } = client;
    const order = {
      actor: { kind: 'client', name: clientId },
      account,
      action: 'revoke token',
      target: clientId,
    } as const;
    await recordAudit(context.store, order, context.clock.now());
  }
  return undefined;
};

const refuseOAuth = (code: OAuthErrorCode, more: object = {}): Refusal =>
  new Refusal(OAUTH_ERRORS[code].status, { ...oauthErrorBody(code), ...more });

const refuseClient = (fault: { readonly code: string; readonly message: string }): Refusal => {
  const { status, body } = refuseOAuth('invalid_client', { fault });
  return new Refusal(status, body, { 'www-authenticate': 'Basic realm="campanile"' });
};

/** RFC 6749 §2.3.1: by Basic authorization, or as fields of the form. */
async function authenticateClient(
  authorization: string | undefined,
  form: ClientProof,
  { store, secrets }: ApiContext,
): Promise<Client | Refusal> {
  const given = basicOf(authorization) ?? formProof(form);
  if (given === undefined) return refuseClient({ code: '900902', message: 'Missing Credentials' });
  const client = await store.client(given.id);
  const isRight = await verify(given.secret, client?.secretHash, secrets);
  return client !== undefined && isRight ? client : refuseClient({ code: '900901', message: 'Invalid Credentials' });
}

function formProof({ client_id: id, client_secret: secret }: ClientProof) {
  return id === undefined || secret === undefined ? undefined : { id, secret };
}

function basicOf(authorization: string | undefined) {
  const encoded = /^Basic +([A-Za-z0-9+/=_-]+) *$/i.exec(authorization ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const [, id, secret] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, 'base64').toString('utf8')) ?? [];
  return id === undefined || secret === undefined ? undefined : { id, secret };
}

/** An unknown name costs as much time as a wrong password. */
async function verify(plain: string, hash: string | undefined, secrets: ApiContext['secrets']): Promise<boolean> {
  if (hash !== undefined && hash !== '') return secrets.verifyPassword(plain, hash);
  await secrets.hashPassword(plain);
  return false;
}

const logIn: Handler<'logIn'> = async ({ body, caller }, context) => {
  const { store, secrets, clock } = context;
  const known = await store.user(body.username);
  const user = known?.account === caller.account.name ? known : undefined;
  const refused = await checkPassword(user, body.password, context);
  if (refused !== undefined || user === undefined) return refused ?? refuse('UnifiedWebService.REQUEST_FAILED.Login');
  const sessionToken = secrets.uuid();
  const { username, account } = user;
  await store.putSession({ tokenHash: sessionHash(sessionToken), username, account, lastUsedAt: clock.now() });
  return { sessionToken };
};

/** The failure is counted before the password is looked at, so that many tries at once are not one try. */
async function checkPassword(
  user: User | undefined,
  password: string,
  { store, secrets }: ApiContext,
): Promise<Refusal | undefined> {
  if (user !== undefined && isLocked(user)) return refuse('UnifiedWebService.REQUEST_FAILED.UserLocked');
  if (user !== undefined) await store.putUser({ ...user, failures: user.failures + 1 });
  const isRight = await verify(password, user?.passwordHash, secrets);
  if (user === undefined || !isRight) return refuse('UnifiedWebService.REQUEST_FAILED.Login');
  await store.putUser({ ...user, failures: 0 });
  return undefined;
}

const logOut: Handler<'logOut'> = async ({ caller }, { store }) => {
  const { sessionToken = '' } = caller;
  await store.deleteSession(sessionHash(sessionToken));
  return { sessionToken };
};

const resetPassword: Handler<'resetPassword'> = async ({ body, caller }, context) => {
  const user = await context.store.user(caller.session?.username ?? '');
  const refused = await checkPassword(user, body.oldPassword, context);
  if (refused !== undefined || user === undefined) return refused ?? refuse('UnifiedWebService.REQUEST_FAILED.Login');
  const newPassword = context.secrets.token();
  await context.store.putUser({
    ...user,
    failures: 0,
    passwordHash: await context.secrets.hashPassword(newPassword),
  });
  return { newPassword };
};

export const AUTH_HANDLERS = { issueToken: issue, revokeToken: revoke, logIn, logOut, resetPassword } as const;
