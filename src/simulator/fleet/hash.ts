// SHA-256 for the minds of the fleet.

import { createHash } from 'node:crypto';
import type { Hash } from '../device/index.ts';

export function sha256(): Hash {
  const inner = createHash('sha256');
  const hash: Hash = {
    update(bytes) {
      inner.update(bytes);
      return hash;
    },
    hex: () => inner.copy().digest('hex'),
  };
  return hash;
}
