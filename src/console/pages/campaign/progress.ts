// How a campaign went over time, told from the times of its updates.

import type { UpdateView } from '../../../sdk/operator.ts';

export interface Course {
  readonly times: readonly number[];
  /** Devices so far that were offered the update, that succeeded, that failed. */
  readonly begun: readonly number[];
  readonly succeeded: readonly number[];
  readonly failed: readonly number[];
}

type Kind = 'begun' | 'succeeded' | 'failed';

/** Undefined as long as nothing has happened. */
export function courseOf(updates: readonly UpdateView[], now: number): Course | undefined {
  const steps = updates.flatMap(stepsOf).toSorted((one, other) => one.at - other.at);
  const [first] = steps;
  if (first === undefined) return undefined;
  const so: Record<Kind, number> = { begun: 0, succeeded: 0, failed: 0 };
  const times: number[] = [first.at - 1];
  const lines: Record<Kind, number[]> = { begun: [0], succeeded: [0], failed: [0] };
  for (const { at, kind } of steps) {
    so[kind] += 1;
    times.push(at);
    for (const name of ['begun', 'succeeded', 'failed'] as const) lines[name].push(so[name]);
  }
  const isOpen = updates.some(({ finishedAt }) => finishedAt === undefined);
  if (isOpen && now > (times.at(-1) ?? 0)) {
    times.push(now);
    for (const name of ['begun', 'succeeded', 'failed'] as const) lines[name].push(so[name]);
  }
  return { times, ...lines };
}

function stepsOf({
  offeredAt,
  finishedAt,
  state,
}: UpdateView): readonly { readonly at: number; readonly kind: Kind }[] {
  const begun = offeredAt === undefined ? [] : [{ at: Date.parse(offeredAt), kind: 'begun' as const }];
  if (finishedAt === undefined || (state !== 'succeeded' && state !== 'failed')) return begun;
  return [...begun, { at: Date.parse(finishedAt), kind: state }];
}
