/** Reads a source file once for all rules: its syntax tree, its lines, and how a rule walks and points at it. */
import type { Node } from 'oxc-parser';
import { parseSync, visitorKeys } from 'oxc-parser';

export interface Source {
  /** From the repository's root, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

export interface Refusal {
  readonly path: string;
  readonly line: number;
  readonly why: string;
}

export interface Code extends Source {
  readonly root: Node;
  /** Every node below the root, parents before children, each with its ancestors from the root down to its parent. */
  readonly nodes: readonly Visit[];
  readonly refuse: (at: { readonly start: number }, why: string) => Refusal;
}

export interface Visit {
  readonly node: Node;
  readonly ancestors: readonly Node[];
}

export type Rule = (code: Code) => readonly Refusal[];

export function readCode(source: Source): Code {
  const { program, errors } = parseSync(source.path, source.text);
  const [error] = errors;
  if (error !== undefined) throw new Error(`${source.path} cannot be parsed: ${error.message}`);
  const nodes: Visit[] = [];
  collect(program, [], nodes);
  const refuse = (at: { readonly start: number }, why: string) => refuseAt(source, at.start, why);
  return { ...source, root: program, nodes, refuse };
}

export function refuseAt(source: Source, offset: number, why: string): Refusal {
  return { path: source.path, line: source.text.slice(0, offset).split('\n').length, why };
}

export const isTest = (path: string): boolean => path.startsWith('test/') || path.endsWith('.test.ts');
export const isGenerated = (path: string): boolean => path.endsWith('.gen.ts');

function collect(node: Node, ancestors: readonly Node[], into: Visit[]): void {
  into.push({ node, ancestors });
  const inside = [...ancestors, node];
  for (const child of childrenOf(node)) collect(child, inside, into);
}

export function childrenOf(node: Node): readonly Node[] {
  const fields: Readonly<Record<string, unknown>> = { ...node };
  return (visitorKeys[node.type] ?? []).flatMap((key) => [fields[key]].flat()).filter(isNode);
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value;
}
