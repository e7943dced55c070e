// Operator API: accounts, their settings and their credential pairs, whose secrets are shown once.
import {
  type Account,
  type AccountSettings,
  type Client,
  DEFAULT_SETTINGS,
  LOGIN_FAILURES_MAX,
  type ProfileRule,
  type User,
} from '../accounts/index.ts';
import { type AccountName, rfc3339 } from '../campaigns/index.ts';
import type {
  AccountCredentials,
  AccountView,
  CredentialView,
  AccountSettings as WireSettings,
} from '../contract/index.ts';
import type { ApiContext, Handler } from './call.ts';
import { readPage } from './page.ts';
import { Refusal, refuse, refuseBusy } from './refusal.ts';
import { refuseZone } from './timetable.ts';

/** The account of an operator's path, or the refusal. */
export async function accountOf(name: string, { store }: ApiContext): Promise<Account | Refusal> {
  const account = await store.account(name as AccountName);
  return account ?? refuse('ACCOUNT_NOT_FOUND', { account: name });
}

interface Pair {
  readonly client: Client;
  readonly user: User;
  readonly shown: AccountCredentials;
}

const CLIENT_PREFIX = 'client-';
const USER_PREFIX = 'user-';
/** A pair is a client and a user of the same number. */
const usernameOf = (clientId: string): string => USER_PREFIX + clientId.slice(CLIENT_PREFIX.length);

async function newPair(account: AccountName, { secrets, clock }: ApiContext): Promise<Pair> {
  const clientId = CLIENT_PREFIX + secrets.uuid();
  const username = usernameOf(clientId);
  const clientSecret = secrets.token();
  const password = secrets.token();
  const secretHash = await secrets.hashPassword(clientSecret);
  const passwordHash = await secrets.hashPassword(password);
  return {
    client: { clientId, account, secretHash, createdAt: clock.now(), issue: 0 },
    user: { username, account, passwordHash, failures: 0 },
    shown: { accountName: account, clientId, clientSecret, username, password },
  };
}

const createAccount: Handler<'createAccount'> = async ({ body }, context) => {
  const bad = body.settings === undefined ? undefined : refuseSettings(body.settings);
  if (bad !== undefined) return bad;
  const name = body.accountName as AccountName;
  if ((await context.store.account(name)) !== undefined) return refuse('ACCOUNT_EXISTS', { account: name });
  const { client, user, shown } = await newPair(name, context);
  const settings = { ...DEFAULT_SETTINGS, ...body.settings };
  const account: Account = { name, revision: 0, createdAt: context.clock.now(), settings };
  const isNew = await context.store.insertAccount(account, client, user);
  return isNew ? shown : refuse('ACCOUNT_EXISTS', { account: name });
};

function refuseSettings({ windowTimeZone, deviceTimeZoneDefault }: WireSettings): Refusal | undefined {
  return (
    refuseZone('windowTimeZone', windowTimeZone, 'orDevice') ??
    refuseZone('deviceTimeZoneDefault', deviceTimeZoneDefault, 'only')
  );
}

const settingsView = ({
  profiles,
  allowPrivateCallbackHosts: hosts,
  clientCertificateIssuers: issuers,
  ...switches
}: AccountSettings) => ({
  ...switches,
  ...(issuers === undefined ? {} : { clientCertificateIssuers: [...issuers] }),
  ...(hosts === undefined ? {} : { allowPrivateCallbackHosts: [...hosts] }),
  profiles: profiles.map(profileView),
});

/** Lists of their own: the wire's types are not read-only. */
export const profileView = ({ protocols, ...profile }: ProfileRule) => ({
  ...profile,
  ...(protocols === undefined ? {} : { protocols: [...protocols] }),
});

const accountView = ({ name, createdAt, settings }: Account): AccountView => ({
  accountName: name,
  createdAt: rfc3339(createdAt),
  settings: settingsView(settings),
});

const listAccounts: Handler<'listAccounts'> = async ({ query }, { store }) => {
  const { rows, next } = await readPage(
    query,
    (page) => store.accounts(page),
    (account) => account.name,
  );
  return { items: rows.map(accountView), ...next };
};

const getAccount: Handler<'getAccount'> = async ({ params }, context) => {
  const account = await accountOf(params.accountName, context);
  return account instanceof Refusal ? account : accountView(account);
};

const STALE_TRIES_MAX = 8;
const STALE_RETRY_SECONDS = 1;

const patchAccount: Handler<'patchAccount'> = async ({ params, body }, context) => {
  const changed = refuseSettings(body) ?? (await changeSettings(params.accountName, body, context));
  return changed instanceof Refusal ? changed : accountView(changed);
};

/** The account with these settings changed, or why it is not. */
export async function changeSettings(
  name: string,
  settings: Partial<AccountSettings>,
  context: ApiContext,
): Promise<Account | Refusal> {
  for (let tries = 0; tries < STALE_TRIES_MAX; tries += 1) {
    const account = await accountOf(name, context);
    if (account instanceof Refusal) return account;
    const changed: Account = { ...account, settings: { ...account.settings, ...settings } };
    if (await context.store.replaceAccount(changed)) return changed;
  }
  return refuseBusy(`other changes of account ${name}`, STALE_RETRY_SECONDS);
}

const addCredentials: Handler<'addCredentials'> = async ({ params }, context) => {
  const account = await accountOf(params.accountName, context);
  if (account instanceof Refusal) return account;
  return context.inTurn.run(`credentials ${account.name}`, async () => {
    const clients = await context.store.clients(account.name);
    if (clients.length >= context.limits.credentialPairsMax) {
      return refuse('CREDENTIAL_LIMIT', { account: account.name, limit: context.limits.credentialPairsMax });
    }
    const { client, user, shown } = await newPair(account.name, context);
    await context.store.putUser(user);
    await context.store.insertClient(client);
    return shown;
  });
};

const credentialView = ({ clientId, createdAt }: Client): CredentialView => ({
  clientId,
  username: usernameOf(clientId),
  createdAt: rfc3339(createdAt),
});

const listCredentials: Handler<'listCredentials'> = async ({ params, query }, context) => {
  const account = await accountOf(params.accountName, context);
  if (account instanceof Refusal) return account;
  const clients = await context.store.clients(account.name);
  const sorted = [...clients].sort((one, other) => (one.clientId < other.clientId ? -1 : 1));
  const { rows, next } = await readPage(
    query,
    async ({ after = '', max }) => sorted.filter(({ clientId }) => clientId > after).slice(0, max),
    (client) => client.clientId,
  );
  return { items: rows.map(credentialView), ...next };
};

const deleteCredentials: Handler<'deleteCredentials'> = async ({ params }, context) => {
  const { clientId, accountName } = params;
  const account = await accountOf(accountName, context);
  if (account instanceof Refusal) return account;
  return context.inTurn.run(`credentials ${account.name}`, async () => {
    const clients = await context.store.clients(account.name);
    if (!clients.some((client) => client.clientId === clientId)) {
      return refuse('CREDENTIAL_NOT_FOUND', { account: account.name, clientId });
    }
    if (clients.length === 1) return refuse('CREDENTIAL_LAST', { account: account.name });
    // Without a hash the user cannot log in and its sessions are refused.
    const username = usernameOf(clientId);
    await context.store.putUser({
      username,
      account: account.name,
      passwordHash: '',
      failures: LOGIN_FAILURES_MAX,
    });
    await context.store.deleteClient(account.name, clientId);
    return undefined;
  });
};

export const ACCOUNT_HANDLERS = {
  createAccount,
  listAccounts,
  getAccount,
  patchAccount,
  addCredentials,
  listCredentials,
  deleteCredentials,
} as const;
