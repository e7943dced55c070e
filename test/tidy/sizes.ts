/** Rules: a function fits on a screen, and a file is read in one sitting. */
import type { Node } from 'oxc-parser';
import type { Code, Refusal, Rule, Visit } from './source.ts';
import { isGenerated } from './source.ts';

const LIMITS = { functionLinesMax: 60, fileLinesMax: 400 } as const;

export const functionsAreShort: Rule = (code) => (isGenerated(code.path) ? [] : code.nodes.flatMap(refuseLong(code)));

export const filesAreShort: Rule = (code) => {
  const lines = lineCount(code.text.trimEnd());
  if (isGenerated(code.path) || lines <= LIMITS.fileLinesMax) return [];
  return [code.refuse(code.root, `has ${lines} lines; a file has at most ${LIMITS.fileLinesMax}`)];
};

function refuseLong(code: Code): (visit: Visit) => readonly Refusal[] {
  return ({ node, ancestors }) => {
    if (!isFunction(node) || isDescribeBody(ancestors.at(-1))) return [];
    const lines = lineCount(code.text.slice(node.start, node.end));
    if (lines <= LIMITS.functionLinesMax) return [];
    return [code.refuse(node, `is a function of ${lines} lines; at most ${LIMITS.functionLinesMax}`)];
  };
}

function isFunction(node: Node): boolean {
  return (
    node.type === 'FunctionDeclaration' || node.type === 'FunctionExpression' || node.type === 'ArrowFunctionExpression'
  );
}

/** What is handed to `describe` groups tests as a file does: it is a list, not a function to be read at once. */
function isDescribeBody(parent: Node | undefined): boolean {
  if (parent?.type !== 'CallExpression') return false;
  let callee: Node = parent.callee;
  while (callee.type === 'MemberExpression' || callee.type === 'CallExpression') {
    callee = callee.type === 'MemberExpression' ? callee.object : callee.callee;
  }
  return callee.type === 'Identifier' && callee.name === 'describe';
}

const lineCount = (text: string): number => text.split('\n').length;
