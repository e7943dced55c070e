// Operators, their sign-in links and sessions in SQL.
import { OPERATOR_LIMITS, type Operator, type OperatorSession, type SignInLink } from '../accounts/index.ts';
import type { OperatorStore } from '../accounts/ports.ts';
import type { Instant } from '../campaigns/index.ts';
import { nextRevision } from './derived.ts';
import type { Sql } from './sql.ts';
import { isSaved, rowOf, rowsOf, stored } from './sql-accounts.ts';
import { insert, one } from './sql-insert.ts';
import { paged } from './sql-page.ts';

export const sqlOperators = (store: Sql): OperatorStore => ({
  insertOperator: (operator) => isSaved(store, [insert(store.write, 'operators', columnsOf(operator))]),
  operator: async (name) =>
    rowOf<Operator>(
      await store.read.selectFrom('operators').select('body').where('name', '=', name).executeTakeFirst(),
    ),
  operatorByKey: async (keyHash) =>
    rowOf<Operator>(
      await store.read.selectFrom('operators').select('body').where('key_hash', '=', keyHash).executeTakeFirst(),
    ),
  operators: async (page) => {
    const query = store.read
      .selectFrom('operators')
      .select('body')
      .where('name', '>', page.after ?? '');
    return rowsOf<Operator>(await paged(query.orderBy('name'), page).execute());
  },
  replaceOperator: (operator) => replaceOperator(store, operator),
  deleteOperator: (name) => deleteOperator(store, name),
  putSignInLink: (link) => putSignInLink(store, link),
  takeSignInLink: async (tokenHash) => {
    const taken = store.write.deleteFrom('sign_in_links').where('token_hash', '=', tokenHash).returning('body');
    return rowOf<SignInLink>(await taken.executeTakeFirst());
  },
  insertOperatorSession: (session) => insertSession(store, session),
  operatorSession: async (tokenHash) => {
    const query = store.read.selectFrom('operator_sessions').select('body').where('token_hash', '=', tokenHash);
    return rowOf<OperatorSession>(await query.executeTakeFirst());
  },
  replaceOperatorSession: (session) => {
    const query = store.write.updateTable('operator_sessions').set(sessionColumns(session));
    return isSaved(store, [one(query.where('token_hash', '=', session.tokenHash))]);
  },
  deleteOperatorSession: (tokenHash) =>
    stored(store, store.write.deleteFrom('operator_sessions').where('token_hash', '=', tokenHash)),
  lastSignIn: async (name) => {
    const all = store.read.selectFrom('sign_ins').select('at');
    const own = name === undefined ? all : all.where('operator', '=', name);
    const row = await own.orderBy('at', 'desc').limit(1).executeTakeFirst();
    return row === undefined ? undefined : (row.at as Instant);
  },
});

const columnsOf = (operator: Operator) => ({
  name: operator.name,
  key_hash: operator.keyHash,
  revision: operator.revision,
  body: JSON.stringify(operator),
});

function replaceOperator(store: Sql, operator: Operator): Promise<boolean> {
  const { name, ...rest } = columnsOf(nextRevision(operator));
  const query = store.write.updateTable('operators').set(rest);
  return isSaved(store, [one(query.where('name', '=', name).where('revision', '=', operator.revision))]);
}

const deleteOperator = (store: Sql, name: string): Promise<boolean> =>
  isSaved(store, [
    one(store.write.deleteFrom('operators').where('name', '=', name)),
    { query: store.write.deleteFrom('sign_in_links').where('operator', '=', name).compile() },
    { query: store.write.deleteFrom('operator_sessions').where('operator', '=', name).compile() },
  ]);

const putSignInLink = (store: Sql, { tokenHash, ...link }: SignInLink): Promise<void> =>
  stored(
    store,
    store.write.insertInto('sign_in_links').values({
      token_hash: tokenHash,
      operator: link.operator,
      expires_at: link.expiresAt,
      body: JSON.stringify({ tokenHash, ...link }),
    }),
  );

const sessionColumns = (session: OperatorSession) => ({
  last_used_at: session.lastUsedAt,
  body: JSON.stringify(session),
});

function insertSession(store: Sql, session: OperatorSession): Promise<void> {
  const { tokenHash, operator, lastUsedAt: at } = session;
  const signIn = store.write.insertInto('sign_ins').values({ operator, at });
  return stored(
    store,
    store.write.insertInto('operator_sessions').values({ token_hash: tokenHash, operator, ...sessionColumns(session) }),
    signIn.onConflict((conflict) => conflict.column('operator').doUpdateSet({ at })),
  );
}

/** Links whose time is over, and sessions that nobody used for too long. */
export const forgetSignIns = (store: Sql, now: Instant): Promise<void> =>
  stored(
    store,
    store.write.deleteFrom('sign_in_links').where('expires_at', '<=', now),
    store.write.deleteFrom('operator_sessions').where('last_used_at', '<=', now - OPERATOR_LIMITS.sessionIdleMax),
  );
