/** Bytes that look random and come the same way again; nothing secret is kept with them. */
import { Seeded } from '../world/random.ts';

export function chance(seed: number): (count: number) => Uint8Array {
  const random = new Seeded(seed);
  return (count) => Uint8Array.from({ length: count }, () => random.between(0, 255));
}
