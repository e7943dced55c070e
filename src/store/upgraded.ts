// When a device was last updated: the same for every kind of store.
import type { Instant, Licence, Update } from '../campaigns/index.ts';

const succeededAt = ({ state, lateResult }: Update): readonly Instant[] => [
  ...(state.name === 'succeeded' ? [state.at] : []),
  ...(lateResult?.result === 'succeeded' ? [lateResult.at] : []),
];

/** The last time that the device was updated since it has the licence. */
export function upgradedSince({ assignedAt }: Licence, updates: readonly Update[]): Instant | undefined {
  return updates
    .flatMap(succeededAt)
    .filter((at) => at >= assignedAt)
    .toSorted((one, other) => other - one)[0];
}
