// A call of the operator API: its paths, its pages, and how it is sent.

import { withQuery } from './caller.ts';
import type { CallOptions, Exchange } from './http.ts';

/** Options of a POST. */
export interface OperatorOrder extends CallOptions {
  /** Marks this order: sent again with the same key it is carried out once. Absent: a new key. */
  readonly idempotencyKey?: string;
}

export interface PageOptions extends CallOptions {
  /** Items per page, 1 to 1000. */
  readonly limit?: number;
  /** The `nextPageToken` of the page before. */
  readonly after?: string;
}

interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextPageToken?: string;
}

export type Call = Omit<Exchange, 'url'> & {
  readonly path: string;
  readonly idempotencyKey?: string;
  /** It does something else the second time: it is not sent again. */
  readonly once?: boolean;
};
export type Caller = (call: Call) => Promise<unknown>;

export const ACCOUNTS = '/operator/v1/accounts';

export function within(accountName: string, rest = ''): string {
  return `${ACCOUNTS}/${encodeURIComponent(accountName)}${rest}`;
}

export function withAccount(path: string, account: string): string {
  return withQuery(path, { account });
}

export function devicePath(accountName: string, imei: string): string {
  return within(accountName, `/devices/${encodeURIComponent(imei)}`);
}

export function campaignPath(accountName: string, campaignId: string): string {
  return within(accountName, `/campaigns/${encodeURIComponent(campaignId)}`);
}

export function jsonBody(value: unknown): Pick<Call, 'headers' | 'body'> {
  return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}

export function getPage(
  path: string,
  { limit, after, ...options }: PageOptions,
  filter: Readonly<Record<string, string | undefined>> = {},
): Call {
  const query = { limit: limit === undefined ? undefined : String(limit), after, ...filter };
  return { method: 'GET', path: withQuery(path, query), ...options };
}

export async function* eachItem<Item, Options extends PageOptions>(
  list: (page: Options) => Promise<Page<Item>>,
  options: Options,
): AsyncGenerator<Item, void, undefined> {
  let page = await list(options);
  while (true) {
    yield* page.items;
    if (page.nextPageToken === undefined) return;
    page = await list({ ...options, after: page.nextPageToken });
  }
}
