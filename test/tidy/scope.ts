/** Finds out whether a name means something of the file's own, something imported from a package, or the global. */
import type { Node } from 'oxc-parser';
import { childrenOf } from './source.ts';

export type Origin =
  | { readonly from: 'ours' }
  | { readonly from: 'global' }
  /** `words` is what the package calls it, led by the package: `['node:crypto', 'randomBytes']`. */
  | { readonly from: 'import'; readonly words: readonly string[] };

/** What `name` means inside `ancestors` (the root first). */
export function namesBefore(ancestors: readonly Node[], name: string): Origin {
  for (const scope of ancestors.toReversed()) {
    if (scope.type === 'Program') return importedAs(scope, name) ?? declared(scope, name);
    if (isScope(scope) && namesIn(scope).has(name)) return { from: 'ours' };
  }
  return { from: 'global' };
}

function declared(scope: Node, name: string): Origin {
  return namesIn(scope).has(name) ? { from: 'ours' } : { from: 'global' };
}

function importedAs(program: Node, name: string): Origin | undefined {
  if (program.type !== 'Program') return undefined;
  for (const statement of program.body) {
    if (statement.type !== 'ImportDeclaration') continue;
    const specifier = statement.specifiers.find((one) => one.local.name === name);
    if (specifier === undefined) continue;
    const what = statement.source.value;
    if (what.startsWith('.') || what.startsWith('#')) return { from: 'ours' };
    // `node:timers/promises` and its kin go by their first word, as their globals do: `crypto`, `process`.
    const module = what.replace(/^node:/, '').split('/')[0] ?? what;
    if (specifier.type !== 'ImportSpecifier') return { from: 'import', words: [module] };
    const { imported } = specifier;
    return { from: 'import', words: [module, imported.type === 'Identifier' ? imported.name : imported.value] };
  }
  return undefined;
}

const cache = new WeakMap<Node, ReadonlySet<string>>();

/** The names that a function, a block or the file declares, imports left out. */
function namesIn(scope: Node): ReadonlySet<string> {
  const known = cache.get(scope);
  if (known !== undefined) return known;
  const inside = childrenOf(scope).flatMap(declaredBy);
  const names = new Set([...inside, ...parametersOf(scope).flatMap(boundBy)]);
  cache.set(scope, names);
  return names;
}

function parametersOf(scope: Node): readonly Node[] {
  return scope.type === 'ArrowFunctionExpression' ||
    scope.type === 'FunctionExpression' ||
    scope.type === 'FunctionDeclaration'
    ? scope.params
    : [];
}

/** Names declared in `node` down to the next scope, which answers for itself but for its own name. */
function declaredBy(node: Node): readonly string[] {
  const own = ownNames(node);
  return isScope(node) ? own : [...own, ...childrenOf(node).flatMap(declaredBy)];
}

function ownNames(node: Node): readonly string[] {
  switch (node.type) {
    case 'VariableDeclarator':
      return boundBy(node.id);
    case 'FunctionDeclaration':
    case 'ClassDeclaration':
      return node.id === null ? [] : [node.id.name];
    case 'CatchClause':
      return node.param === null ? [] : boundBy(node.param);
    default:
      return [];
  }
}

/** The names that a pattern binds: `{ now: read, ...rest }` binds read and rest. */
function boundBy(pattern: Node): readonly string[] {
  switch (pattern.type) {
    case 'Identifier':
      return [pattern.name];
    case 'AssignmentPattern':
      return boundBy(pattern.left);
    case 'RestElement':
      return boundBy(pattern.argument);
    case 'Property':
      return boundBy(pattern.value);
    case 'ObjectPattern':
    case 'ArrayPattern':
      return childrenOf(pattern).flatMap(boundBy);
    default:
      return [];
  }
}

function isScope(node: Node): boolean {
  return (
    node.type === 'FunctionDeclaration' ||
    node.type === 'FunctionExpression' ||
    node.type === 'ArrowFunctionExpression' ||
    node.type === 'BlockStatement'
  );
}
