// Accounts, credentials and repeated requests in memory.
import { type Account, bearerIsGood, type Client, sessionIsGood, type User } from '../accounts/index.ts';
import type { AccountStore, RepeatStore } from '../accounts/ports.ts';
import type { AccountName, Instant } from '../campaigns/index.ts';
import { nextRevision } from './derived.ts';
import type { MemoryRows } from './memory-rows.ts';
import { byText, pageOf } from './memory-table.ts';

export const memoryAccounts = (rows: MemoryRows): AccountStore => ({
  insertAccount: async (account, client, user) => insertAccount(rows, account, client, user),
  account: async (name) => rows.accounts.get(name),
  accounts: async (page) => pageOf(rows.accounts.all(), ({ name }) => name, page),
  replaceAccount: async (account) => {
    if (rows.accounts.get(account.name)?.revision !== account.revision) return false;
    rows.accounts.put(account.name, nextRevision(account));
    return true;
  },
  insertClient: async (client) => rows.clients.put(client.clientId, client),
  client: async (clientId) => rows.clients.get(clientId),
  clients: async (account) => rows.clients.group(account).toSorted(byText(({ clientId }) => clientId)),
  replaceClient: async (client) => rows.clients.put(client.clientId, client),
  deleteClient: async (account, clientId) => deleteClient(rows, account, clientId),
  putBearer: async (token) => rows.bearers.put(token.tokenHash, token),
  bearer: async (tokenHash) => rows.bearers.get(tokenHash),
  deleteBearer: async (tokenHash) => {
    rows.bearers.delete(tokenHash);
  },
  user: async (username) => rows.users.get(username),
  putUser: async (user) => rows.users.put(user.username, user),
  putSession: async (session) => rows.sessions.put(session.tokenHash, session),
  session: async (tokenHash) => rows.sessions.get(tokenHash),
  deleteSession: async (tokenHash) => {
    rows.sessions.delete(tokenHash);
  },
  forgetExpired: async (now) => forgetExpired(rows, now),
});

const insertAccount = (rows: MemoryRows, account: Account, client: Client, user: User): boolean =>
  rows.journal.attempt(
    () =>
      rows.accounts.insert(account.name, account) &&
      rows.clients.insert(client.clientId, client) &&
      rows.users.insert(user.username, user),
  );

function deleteClient(rows: MemoryRows, account: AccountName, clientId: string): boolean {
  if (rows.clients.get(clientId)?.account !== account) return false;
  for (const { tokenHash } of rows.bearers.group(clientId)) rows.bearers.delete(tokenHash);
  return rows.clients.delete(clientId);
}

function forgetExpired(rows: MemoryRows, now: Instant): void {
  for (const token of rows.bearers.all()) if (!bearerIsGood(token, now)) rows.bearers.delete(token.tokenHash);
  for (const session of rows.sessions.all()) if (!sessionIsGood(session, now)) rows.sessions.delete(session.tokenHash);
}

export const memoryRepeats = (rows: MemoryRows): RepeatStore => ({
  repeated: async (account, key, now) => {
    const stored = rows.repeats.get(`${account} ${key}`);
    return stored !== undefined && stored.until > now ? stored.text : undefined;
  },
  remember: async (account, key, text, until) => rows.repeats.put(`${account} ${key}`, { text, until }),
  reserve: async (account, key, text, { now, until }) => {
    const stored = rows.repeats.get(`${account} ${key}`);
    if (stored !== undefined && stored.until > now) return false;
    rows.repeats.put(`${account} ${key}`, { text, until });
    return true;
  },
  forget: async (account, key, text) => {
    if (rows.repeats.get(`${account} ${key}`)?.text === text) rows.repeats.delete(`${account} ${key}`);
  },
});
