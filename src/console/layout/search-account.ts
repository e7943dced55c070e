// Looks for a text among devices, campaigns and packages of an account.

import { client } from '../client.ts';

export interface Found {
  readonly kind: 'Device' | 'Campaign' | 'Package';
  readonly title: string;
  readonly detail: string;
  readonly to: string;
}

const EACH_MAX = 8;
const CAMPAIGNS_LOOKED_AT = 1_000;

export async function search(account: string, text: string, signal: AbortSignal): Promise<readonly Found[]> {
  const found = await Promise.all([
    devices(account, text, signal),
    campaigns(account, text, signal),
    packages(account, text, signal),
  ]);
  return found.flatMap((some) => some.slice(0, EACH_MAX));
}

/** Fewer digits fit too many devices. */
const DIGITS_MIN = 4;

/** A whole IMEI, or its last digits, as they stand on labels and in tickets. */
async function devices(account: string, text: string, signal: AbortSignal): Promise<readonly Found[]> {
  if (!/^\d{1,15}$/.test(text) || text.length < DIGITS_MIN) return [];
  const { items } = await client.devices.list(account, { limit: EACH_MAX, search: { imeiEnds: text }, signal });
  return items.map(({ imei, make = '', model = '', transport }) => ({
    kind: 'Device',
    title: imei,
    detail: `${make} ${model} ${transport}`.trim(),
    to: `/${account}/devices/${imei}`,
  }));
}

async function campaigns(account: string, text: string, signal: AbortSignal): Promise<readonly Found[]> {
  const { items } = await client.campaigns.list(account, { limit: CAMPAIGNS_LOOKED_AT, signal });
  return items
    .filter(({ id, campaignName, packageName }) => matches(text, [id, campaignName, packageName]))
    .map(({ id, campaignName = id, packageName, from, to }) => ({
      kind: 'Campaign',
      title: campaignName,
      detail: `${packageName} ${from} → ${to}`,
      to: `/${account}/campaigns/${id}`,
    }));
}

async function packages(account: string, text: string, signal: AbortSignal): Promise<readonly Found[]> {
  const { items } = await client.packages.list(account, { limit: CAMPAIGNS_LOOKED_AT, signal });
  return items
    .filter(({ name, to }) => matches(text, [name, to]))
    .map(({ name, to, make, model }) => ({
      kind: 'Package',
      title: name,
      detail: `${to} for ${make} ${model}`,
      to: `/${account}/packages?name=${encodeURIComponent(name)}`,
    }));
}

const matches = (text: string, words: readonly (string | undefined)[]): boolean =>
  words.some((word) => word?.toLowerCase().includes(text.toLowerCase()) === true);
