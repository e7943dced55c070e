/** Prints the picture of docs/ARCHITECTURE.md from the import table, so that it cannot age. */
import type { House } from './house.ts';
import { edges } from './house.ts';

export function picture(house: House): string {
  const lines = ['```mermaid', 'flowchart TD'];
  for (const [from, targets] of edges(house)) {
    lines.push(`  ${from}`);
    for (const [to, how] of targets) lines.push(`  ${from} ${ARROWS[how]} ${to}`);
  }
  return [...lines, '```'].join('\n');
}

const ARROWS = { always: '-->', lazy: '-. when needed .->', type: '-. types .->' } as const;
