/** Rules: nothing half-finished is kept, no test is silenced, nothing of one machine gets in, every file says its purpose. */
import type { Node } from 'oxc-parser';
import type { Refusal, Rule, Source } from './source.ts';
import { refuseAt } from './source.ts';

// Put together here, so that this file passes its own rules.
const MARKERS = ['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX', 'HA' + 'CK'];
// With a small letter, for "Not Implemented" is what CoAP and HTTP call 5.01 and 501.
const PHRASE = new RegExp(`[Nn]ot ${'implemented'}|[Uu]n${'implemented'}`, 'g');
const MARKER = new RegExp(`\\b(?:${MARKERS.join('|')})\\b`, 'g');
const MACHINE_PATH = new RegExp(`(?<![\\w.~-])/(?:${['work', 'root', 'home'].join('|')})/`, 'g');

const SILENCERS: readonly string[] = ['skip', 'only', 'todo'];
const TEST_WORDS: readonly string[] = ['test', 'it', 'describe', 'suite'];

/** For every text file: code and documents. */
export const nothingLeftOver = (source: Source): readonly Refusal[] =>
  [MARKER, PHRASE].flatMap((pattern) => refuseMatches(source, pattern, 'finish it before the merge'));

export const noMachinePaths = (source: Source): readonly Refusal[] =>
  refuseMatches(source, MACHINE_PATH, 'is a path of one machine');

export const noSilencedTests: Rule = (code) =>
  code.nodes.flatMap(({ node }) => {
    if (node.type !== 'MemberExpression' || node.property.type !== 'Identifier') return [];
    if (!SILENCERS.includes(node.property.name) || !TEST_WORDS.includes(headOf(node) ?? '')) return [];
    return [code.refuse(node, `.${node.property.name} silences tests: mend or delete them`)];
  });

export const filesOpenWithTheirPurpose: Rule = (code) =>
  /^(?:#!.*\n)?\s*(?:\/\*|\/\/)/.test(code.text)
    ? []
    : [code.refuse({ start: 0 }, 'does not open with a comment that says what it is for')];

function refuseMatches(source: Source, pattern: RegExp, why: string): readonly Refusal[] {
  return [...source.text.matchAll(pattern)].map((match) => refuseAt(source, match.index, `"${match[0]}": ${why}`));
}

/** The name a chain begins with: `test` in `test.concurrent.each`. */
function headOf(node: Node): string | undefined {
  let head = node;
  while (head.type === 'MemberExpression' || head.type === 'CallExpression') {
    head = head.type === 'MemberExpression' ? head.object : head.callee;
  }
  return head.type === 'Identifier' ? head.name : undefined;
}
