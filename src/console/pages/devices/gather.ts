// The devices that were chosen, wherever they are in the list, and what is done to many of them one by one.

import type { DeviceSearch, DeviceView } from '../../../sdk/operator.ts';
import { client } from '../../client.ts';
import { sentenceOf } from '../../parts/failure.tsx';

export interface Choice {
  readonly account: string;
  readonly search: DeviceSearch;
  /** Everything that fits the search; else `imeis`. */
  readonly isAll: boolean;
  readonly imeis: readonly string[];
  /** What is known of them already. */
  readonly shown: readonly DeviceView[];
}

const READ_AT_ONCE = 1_000;

/** `tell`: how many there are so far. */
export async function gather(
  { account, search, isAll, imeis, shown }: Choice,
  tell: (count: number) => void,
  signal: AbortSignal,
): Promise<readonly DeviceView[]> {
  if (!isAll) {
    const known = new Set(imeis);
    return shown.filter(({ imei }) => known.has(imei));
  }
  const devices: DeviceView[] = [];
  for await (const device of client.devices.each(account, { search, limit: READ_AT_ONCE, signal })) {
    devices.push(device);
    if (devices.length % READ_AT_ONCE === 0) tell(devices.length);
  }
  return devices;
}

export interface Outcome {
  readonly done: number;
  readonly refused: readonly { readonly imei: string; readonly why: string }[];
}

const LABELLED_AT_ONCE = 1_000;

export async function label(
  account: string,
  imeis: readonly string[],
  labels: Readonly<Record<string, string>>,
  tell: (count: number) => void,
): Promise<Outcome> {
  const refused: { imei: string; why: string }[] = [];
  for (let at = 0; at < imeis.length; at += LABELLED_AT_ONCE) {
    const some = imeis.slice(at, at + LABELLED_AT_ONCE).map((imei) => ({ imei, labels }));
    const { rejected } = await client.devices.import(account, some);
    refused.push(...rejected.map(({ imei, errorMessage }) => ({ imei, why: errorMessage })));
    tell(at + some.length);
  }
  return { done: imeis.length - refused.length, refused };
}

/** Requests under way at a time. */
const AT_ONCE = 8;

export async function remove(
  account: string,
  imeis: readonly string[],
  tell: (count: number) => void,
): Promise<Outcome> {
  const refused: { imei: string; why: string }[] = [];
  let next = 0;
  const one = async (): Promise<void> => {
    for (let imei = imeis[next++]; imei !== undefined; imei = imeis[next++]) {
      try {
        await client.devices.delete(account, imei);
      } catch (error) {
        refused.push({ imei, why: sentenceOf(error) });
      }
      tell(next);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
  return { done: imeis.length - refused.length, refused };
}
