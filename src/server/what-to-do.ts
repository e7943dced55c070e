// What an operator does about a device that stands in a state for a reason; docs/reasons.md is made from the same table.
import { WHAT_TO_DO } from '../campaigns/index.ts';

const SENTENCES: ReadonlyMap<string, string> = new Map(Object.entries(WHAT_TO_DO));

/** `undefined` for a state or reason that this version does not know. */
export function whatToDo(state: string, reason: string | undefined): string | undefined {
  return SENTENCES.get(`${state}.${reason}`) ?? SENTENCES.get(state);
}
