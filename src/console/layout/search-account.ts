// Looks for a text among devices, campaigns and packages of an account.

import { CampanileError } from '../../sdk/operator.ts';
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

async function devices(account: string, text: string, signal: AbortSignal): Promise<readonly Found[]> {
  if (!/^\d{15}$/.test(text)) return [];
  try {
    const { imei, make = '', model = '', transport } = await client.devices.get(account, text, { signal });
    return [
      { kind: 'Device', title: imei, detail: `${make} ${model} ${transport}`.trim(), to: `/${account}/devices/${imei}` },
    ];
  } catch (error) {
    if (error instanceof CampanileError && error.status > 0 && error.status < 500) return [];
    throw error;
  }
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
