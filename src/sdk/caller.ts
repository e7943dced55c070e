// A call of the campaign service as the groups make it, and how they send it and go through pages.

import type { CallOptions } from './http.ts';

export interface FotaCall extends OrderOptions {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below the base, like `/v2/campaigns/…`. */
  readonly path: string;
  /** Absent: the FOTA base. */
  readonly base?: 'session';
  readonly query?: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body?: unknown;
  /** Said of a PUT or DELETE that does something else the second time: it is not sent again. */
  readonly once?: true;
  /** In place of a JSON body. */
  readonly form?: FormData;
}

/** Sends one call with both tokens and gives the parsed answer. */
export type FotaCaller = (call: FotaCall) => Promise<unknown>;

/** The options of a call that makes or changes something. */
export interface OrderOptions extends CallOptions {
  /** Marks this order: sent again with the same key it is carried out once. Absent: a new key. */
  readonly idempotencyKey?: string;
}

export interface LastSeenDevice extends CallOptions {
  /** Devices after this one; absent: from the first on. */
  readonly lastSeenDeviceId?: string;
}

/** Over which transport; absent: every one. */
export interface DistributionOptions extends CallOptions {
  readonly distributionType?: 'LWM2M' | 'OMD-DM' | 'HTTP' | 'all';
}

export interface FromIndex extends CallOptions {
  /** Absent: from 0 on. */
  readonly startIndex?: number;
}

/** `/v2/devices/` and the account, percent-encoded like everything that a caller puts into a path. */
export function path(parts: TemplateStringsArray, ...names: readonly (string | number)[]): string {
  return parts.reduce((text, part, index) => text + encodeURIComponent(names[index - 1] ?? '') + part);
}

/** Without the parameters that are not given; a list is one text with commas. */
export function withQuery(path: string, query: FotaCall['query'] = {}): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) given.set(name, String(value));
  const text = given.toString();
  return text === '' ? path : `${path}?${text}`;
}

/** Every item of a list that comes in pages; a service that names the same page twice is at its end. */
export async function* eachOf<Page, Item, Cursor>(
  load: (after: Cursor | undefined) => Promise<Page>,
  read: (page: Page) => { readonly items: readonly Item[]; readonly next: Cursor | undefined },
  start?: Cursor,
): AsyncGenerator<Item, void, undefined> {
  let after = start;
  while (true) {
    const { items, next } = read(await load(after));
    yield* items;
    if (next === undefined || next === after) return;
    after = next;
  }
}

interface DevicePage<Item, Cursor> {
  readonly hasMoreData: boolean;
  readonly lastSeenDeviceId?: Cursor;
  readonly deviceList: readonly Item[];
}

/** How a list of devices tells what it holds and where it goes on. */
export function readDevices<Item, Cursor>({ hasMoreData, lastSeenDeviceId, deviceList }: DevicePage<Item, Cursor>) {
  return { items: deviceList, next: hasMoreData ? lastSeenDeviceId : undefined };
}
