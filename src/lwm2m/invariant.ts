// Ends the program when it contradicts itself; never used for what a peer may send.

export function invariant(holds: boolean, sentence: string): asserts holds {
  if (!holds) throw new Error(`Broken invariant: ${sentence}`);
}
