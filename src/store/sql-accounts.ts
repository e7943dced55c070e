// Accounts, credentials and repeated requests in SQL.
import {
  type Account,
  type BearerToken,
  type Client,
  SESSION_IDLE_MAX,
  type Session,
  type User,
} from '../accounts/index.ts';
import type { AccountStore, RepeatStore } from '../accounts/ports.ts';
import type { AccountName, Instant } from '../campaigns/index.ts';
import { keyText, parsed } from './columns.ts';
import { nextRevision } from './derived.ts';
import type { Sql, Statement } from './sql.ts';
import { insert, one } from './sql-insert.ts';
import { paged } from './sql-page.ts';

export const sqlAccounts = (store: Sql): AccountStore => ({
  insertAccount: (account, client, user) => insertAccount(store, account, client, user),
  account: async (name) =>
    rowOf<Account>(await store.read.selectFrom('accounts').select('body').where('name', '=', name).executeTakeFirst()),
  accounts: async (page) => {
    const query = store.read
      .selectFrom('accounts')
      .select('body')
      .where('name', '>', page.after ?? '');
    return rowsOf<Account>(await paged(query.orderBy('name'), page).execute());
  },
  replaceAccount: (account) => replaceAccount(store, account),
  insertClient: (client) => putClient(store, client),
  client: async (clientId) =>
    rowOf<Client>(
      await store.read
        .selectFrom('clients')
        .select('body')
        .where('client_id', '=', keyText(clientId))
        .executeTakeFirst(),
    ),
  clients: async (account) =>
    rowsOf<Client>(
      await store.read
        .selectFrom('clients')
        .select('body')
        .where('account', '=', account)
        .orderBy('client_id')
        .execute(),
    ),
  replaceClient: (client) => putClient(store, client),
  deleteClient: (account, clientId) => deleteClient(store, account, clientId),
  putBearer: (token) => putBearer(store, token),
  bearer: async (tokenHash) =>
    rowOf<BearerToken>(
      await store.read.selectFrom('bearers').select('body').where('token_hash', '=', tokenHash).executeTakeFirst(),
    ),
  deleteBearer: async (tokenHash) => {
    await stored(store, store.write.deleteFrom('bearers').where('token_hash', '=', tokenHash));
  },
  user: async (username) =>
    rowOf<User>(
      await store.read.selectFrom('users').select('body').where('username', '=', keyText(username)).executeTakeFirst(),
    ),
  putUser: (user) => putUser(store, user),
  putSession: (session) => putSession(store, session),
  session: async (tokenHash) =>
    rowOf<Session>(
      await store.read.selectFrom('sessions').select('body').where('token_hash', '=', tokenHash).executeTakeFirst(),
    ),
  deleteSession: async (tokenHash) => {
    await stored(store, store.write.deleteFrom('sessions').where('token_hash', '=', tokenHash));
  },
  forgetExpired: (now) => forgetExpired(store, now),
});

interface Stored {
  readonly body: string;
}
export const rowOf = <Row>(row: Stored | undefined): Row | undefined =>
  row === undefined ? undefined : parsed<Row>(row.body);
export const rowsOf = <Row>(rows: readonly Stored[]): readonly Row[] => rows.map(({ body }) => parsed<Row>(body));

/** Through `apply`, so that SQLite gathers it with the others into one transaction. */
export async function stored(store: Sql, ...queries: readonly { compile(): Statement['query'] }[]): Promise<void> {
  await store.apply([queries.map((query) => ({ query: query.compile() }))]);
}

export async function isSaved(store: Sql, statements: readonly Statement[]): Promise<boolean> {
  const [outcome] = await store.apply([statements]);
  return outcome === 'saved';
}

const clientColumns = (client: Client) => ({
  client_id: client.clientId,
  account: client.account,
  body: JSON.stringify(client),
});
const userColumns = (user: User) => ({
  username: keyText(user.username),
  account: user.account,
  body: JSON.stringify(user),
});

const insertAccount = (store: Sql, account: Account, client: Client, user: User): Promise<boolean> =>
  isSaved(store, [
    insert(store.write, 'accounts', { name: account.name, revision: account.revision, body: JSON.stringify(account) }),
    insert(store.write, 'clients', clientColumns(client)),
    insert(store.write, 'users', userColumns(user)),
  ]);

function replaceAccount(store: Sql, account: Account): Promise<boolean> {
  const next = nextRevision(account);
  const query = store.write.updateTable('accounts').set({ revision: next.revision, body: JSON.stringify(next) });
  return isSaved(store, [one(query.where('name', '=', account.name).where('revision', '=', account.revision))]);
}

async function putClient(store: Sql, client: Client): Promise<void> {
  const { client_id, ...rest } = clientColumns(client);
  const query = store.write.insertInto('clients').values({ client_id, ...rest });
  await stored(
    store,
    query.onConflict((conflict) => conflict.column('client_id').doUpdateSet(rest)),
  );
}

const deleteClient = (store: Sql, account: AccountName, clientId: string): Promise<boolean> =>
  isSaved(store, [
    one(store.write.deleteFrom('clients').where('client_id', '=', keyText(clientId)).where('account', '=', account)),
    { query: store.write.deleteFrom('bearers').where('client_id', '=', keyText(clientId)).compile() },
  ]);

async function putBearer(store: Sql, token: BearerToken): Promise<void> {
  const rest = { client_id: token.clientId, expires_at: token.expiresAt, body: JSON.stringify(token) };
  const query = store.write.insertInto('bearers').values({ token_hash: token.tokenHash, ...rest });
  await stored(
    store,
    query.onConflict((conflict) => conflict.column('token_hash').doUpdateSet(rest)),
  );
}

async function putUser(store: Sql, user: User): Promise<void> {
  const { username, ...rest } = userColumns(user);
  const query = store.write.insertInto('users').values({ username, ...rest });
  await stored(
    store,
    query.onConflict((conflict) => conflict.column('username').doUpdateSet(rest)),
  );
}

async function putSession(store: Sql, session: Session): Promise<void> {
  const rest = { last_used_at: session.lastUsedAt, body: JSON.stringify(session) };
  const query = store.write.insertInto('sessions').values({ token_hash: session.tokenHash, ...rest });
  await stored(
    store,
    query.onConflict((conflict) => conflict.column('token_hash').doUpdateSet(rest)),
  );
}

const forgetExpired = (store: Sql, now: Instant): Promise<void> =>
  stored(
    store,
    store.write.deleteFrom('bearers').where('expires_at', '<=', now),
    store.write.deleteFrom('sessions').where('last_used_at', '<=', now - SESSION_IDLE_MAX),
    store.write.deleteFrom('repeats').where('until', '<=', now),
  );

/** The column `campaign` holds the text: a campaign's id was the first thing that was remembered. */
export const sqlRepeats = (store: Sql): RepeatStore => ({
  repeated: async (account, key, now) => {
    const query = store.read.selectFrom('repeats').select('campaign').where('account', '=', account);
    const row = await query.where('key', '=', keyText(key)).where('until', '>', now).executeTakeFirst();
    return row?.campaign;
  },
  remember: (account, key, text, until) => stored(store, repeat(store, { account, key, text, until })),
  reserve: (account, key, text, { now, until }) =>
    isSaved(store, [one(repeat(store, { account, key, text, until }, now))]),
  forget: (account, key, text) => {
    const query = store.write.deleteFrom('repeats').where('account', '=', account).where('key', '=', keyText(key));
    return stored(store, query.where('campaign', '=', text));
  },
});

interface Repeat {
  readonly account: AccountName;
  readonly key: string;
  readonly text: string;
  readonly until: Instant;
}

/** Takes the place of what is remembered, or only of what is over at `over`. */
function repeat(store: Sql, { account, key, text, until }: Repeat, over?: Instant) {
  const query = store.write.insertInto('repeats').values({ account, key: keyText(key), campaign: text, until });
  return query.onConflict((conflict) => {
    const update = conflict.columns(['account', 'key']).doUpdateSet({ campaign: text, until });
    return over === undefined ? update : update.where('repeats.until', '<=', over);
  });
}
