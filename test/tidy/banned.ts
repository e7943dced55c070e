/** Rule: time, chance, timers, the global object and the terminal are reached in one adapter each; everyone else is handed them. */
import type { Node } from 'oxc-parser';
import { namesBefore } from './scope.ts';
import type { Code, Refusal, Rule, Visit } from './source.ts';

export interface Ban {
  /** A dotted name; a `*` stands for the rest of its last word. Whatever hangs below it is banned with it. */
  readonly name: string;
  readonly instead: string;
  readonly allowedIn: readonly string[];
}

const CLOCKS = ['src/server/clock.ts', 'src/sdk/clock.ts', 'src/simulator/fleet/clock.ts', 'src/console/clock.ts'];
const CHANCE = ['src/server/random.ts', 'src/sdk/chance.ts'];

const clock = { instead: 'ask the clock you were handed', allowedIn: CLOCKS };
const timer = { instead: 'let the clock you were handed wake you', allowedIn: CLOCKS };
const chance = { instead: 'draw from the randomness you were handed', allowedIn: CHANCE };

export const BANS: readonly Ban[] = [
  { name: 'Date.now', ...clock },
  { name: 'new Date()', ...clock },
  { name: 'Date()', ...clock },
  { name: 'performance.now', ...clock },
  { name: 'performance.timeOrigin', ...clock },
  { name: 'process.hrtime', ...clock },
  { name: 'Temporal.Now', ...clock },
  { name: 'setTimeout', ...timer },
  { name: 'setInterval', ...timer },
  { name: 'setImmediate', ...timer },
  { name: 'Math.random', ...chance },
  { name: 'crypto.random*', ...chance },
  { name: 'crypto.getRandomValues', ...chance },
  { name: 'webcrypto.random*', ...chance },
  { name: 'webcrypto.getRandomValues', ...chance },
  { name: 'globalThis', instead: 'take what you need as an argument', allowedIn: [] },
  { name: 'console', instead: 'write to the log or the terminal you were handed', allowedIn: ['src/cli/terminal.ts'] },
  { name: 'process.getBuiltinModule', instead: 'import it, so that the import table sees it', allowedIn: [] },
];

export const banRule =
  (bans: readonly Ban[]): Rule =>
  (code) => {
    const applying = bans.filter((ban) => !ban.allowedIn.includes(code.path));
    return code.nodes.flatMap((visit) => refuseVisit(code, visit, applying));
  };

export const calledOnlyInAdapters = banRule(BANS);

function refuseVisit(code: Code, visit: Visit, bans: readonly Ban[]): readonly Refusal[] {
  const use = usageOf(visit);
  if (use === undefined) return [];
  const ban = bans.find(({ name }) => matches(name, use));
  return ban === undefined ? [] : [code.refuse(visit.node, `${ban.name}: ${ban.instead}`)];
}

interface Use {
  /** As the outside world calls it: `crypto.randomBytes`, also for `import { randomBytes as bytes } …; bytes()`. */
  readonly words: readonly string[];
  readonly imported: boolean;
  /** `Date()` and `new Date()` without an argument, which read the clock. */
  readonly bareCall: 'Date()' | 'new Date()' | undefined;
}

function usageOf(visit: Visit): Use | undefined {
  const { node, ancestors } = visit;
  if (node.type !== 'Identifier' || !isValue(node, ancestors)) return undefined;
  const origin = namesBefore(ancestors, node.name);
  if (origin.from === 'ours') return undefined;
  const head = origin.from === 'import' ? origin.words : [node.name];
  return {
    words: [...head, ...wordsAbove(node, ancestors)],
    imported: origin.from === 'import',
    bareCall: bareCallOf(node, ancestors.at(-1)),
  };
}

/** Types, keys and declarations use names without touching what they name. */
function isValue(node: Node, ancestors: readonly Node[]): boolean {
  if (ancestors.some((one) => one.type.startsWith('TS') && !WRAPPERS.has(one.type))) return false;
  const parent = ancestors.at(-1);
  switch (parent?.type) {
    case 'MemberExpression':
      return parent.object === node || parent.computed;
    case 'Property':
      return parent.value === node || parent.computed;
    case 'MethodDefinition':
    case 'PropertyDefinition':
      return parent.value === node || parent.computed;
    case 'ImportSpecifier':
    case 'ImportDefaultSpecifier':
    case 'ImportNamespaceSpecifier':
    case 'LabeledStatement':
      return false;
    case 'ExportSpecifier':
      return parent.local === node;
    default:
      return true;
  }
}

/** TypeScript around a value: `(performance as Clock).now()`. */
const WRAPPERS: ReadonlySet<string> = new Set([
  'TSAsExpression',
  'TSSatisfiesExpression',
  'TSNonNullExpression',
  'TSInstantiationExpression',
]);

/** `.hrtime.bigint` above `process`; a computed name ends the chain unless it is written out. */
function wordsAbove(node: Node, ancestors: readonly Node[]): readonly string[] {
  const words: string[] = [];
  let below = node;
  for (const above of ancestors.toReversed()) {
    if (above.type === 'MemberExpression' && above.object === below) {
      const word = wordOf(above.property, above.computed);
      if (word === undefined) break;
      words.push(word);
    } else if (!WRAPPERS.has(above.type) && above.type !== 'ParenthesizedExpression') break;
    below = above;
  }
  return words;
}

function wordOf(property: Node, computed: boolean): string | undefined {
  if (!computed) return property.type === 'Identifier' ? property.name : undefined;
  return property.type === 'Literal' && typeof property.value === 'string' ? property.value : undefined;
}

function bareCallOf(node: Node, parent: Node | undefined): Use['bareCall'] {
  if (node.type !== 'Identifier' || node.name !== 'Date') return undefined;
  if (parent?.type === 'CallExpression' && parent.callee === node) return 'Date()';
  return parent?.type === 'NewExpression' && parent.callee === node && parent.arguments.length === 0
    ? 'new Date()'
    : undefined;
}

function matches(name: string, use: Use): boolean {
  if (name.endsWith('()')) return use.bareCall === name;
  const pattern = name.split('.');
  // `import * as hooks from 'node:perf_hooks'`: there the name may stand further inside.
  const starts = use.imported ? use.words.map((_, index) => index) : [0];
  return starts.some((start) => pattern.every((word, index) => wordMatches(word, use.words[start + index])));
}

function wordMatches(pattern: string, word: string | undefined): boolean {
  return pattern.endsWith('*') ? word?.startsWith(pattern.slice(0, -1)) === true : word === pattern;
}
