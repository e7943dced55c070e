// The bad days that campaigns have to get through: 20 % loss each way, late, doubled and overtaking datagrams, addresses that change.
import type { Field } from './field.ts';

export const LOSS = 0.2;
const TIMES = 20;
const IMAGE_BYTES = 8 * 1024;
const WITHIN_MS = 58_000;

const weather = { loss: LOSS, doubled: 0.05, delay: { from: 20, to: 400 } } as const;

/** An address that has changed is followed by Connection ID, or by the next Update where there are no keys. */
export const SEASONS = {
  coap: { over: 'coap', weather: { ...weather, rebindAfter: 40 } },
  coaps: { over: 'coaps', weather: { ...weather, rebindAfter: 40 } },
} as const;

export function season(name: keyof typeof SEASONS, devices: number, seed: number): Field {
  const { over, weather: one } = SEASONS[name];
  return { over, weather: { ...one, seed }, devices, imageBytes: IMAGE_BYTES, times: TIMES, withinMs: WITHIN_MS };
}
