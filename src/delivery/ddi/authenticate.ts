// Who a polling device is: account and IMEI of the path, proven by its own token.
import { createHash, timingSafeEqual } from 'node:crypto';
import { type Device, type DeviceKey, parseAccountName, parseImei } from '../../campaigns/index.ts';
import type { DdiStore } from './ports.ts';

export interface Caller {
  readonly key: DeviceKey;
  readonly device: Device;
}

/** Undefined for an unknown device and a wrong token alike, after the same work. */
export async function authenticate(
  store: DdiStore,
  path: { readonly accountName: string; readonly imei: string },
  header: string | undefined,
): Promise<Caller | undefined> {
  const account = parseAccountName(path.accountName);
  const imei = parseImei(path.imei);
  if (account === undefined || imei === undefined) return undefined;
  const key: DeviceKey = { account, imei };
  const given = /^TargetToken +(\S+) *$/i.exec(header ?? '')?.[1] ?? '';
  const [device, { ddiToken = '' }] = await Promise.all([store.device(key), store.secrets(key)]);
  const fits = sameText(given, ddiToken) && ddiToken !== '';
  return fits && device?.transport === 'HTTP' ? { key, device } : undefined;
}

/** In a time that tells nothing about where they differ; hashed first, so that it tells nothing about their length. */
function sameText(one: string, other: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
