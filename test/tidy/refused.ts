/** For the tests of the rules: what a rule says about a source written on the spot. */
import type { Rule } from './source.ts';
import { readCode } from './source.ts';

/** `line why` of each refusal, in order. */
export function refused(rule: Rule, path: string, ...lines: readonly string[]): readonly string[] {
  return rule(readCode({ path, text: lines.join('\n') })).map(({ line, why }) => `${line} ${why}`);
}
