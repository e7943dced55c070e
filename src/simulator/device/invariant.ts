// Ends the process when something is wrong that no outside world can cause.

export function invariant(holds: boolean, sentence: string): asserts holds {
  if (!holds) throw new Error(`broken invariant: ${sentence}`);
}
