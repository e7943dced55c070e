// The commands in the documents: every block of shell, whether it is run, and the one script that a document makes.
import { glob, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const DOCUMENTS: readonly string[] = [
  '*.md',
  'docs/*.md',
  'docs/devices/*.md',
  'docs/security/*.md',
  'src/*/README.md',
];
/** Not ours to show how it is done: what is run there was run long ago. */
const LEFT_OUT: readonly string[] = ['CHANGELOG.md'];
const RUN = 'sh';
const NOT_RUN = 'sh not-run';
/** A document may say so in the block or in the lines before it. */
const SAYS_SO = /\bnot run\b/i;
const LINES_BEFORE = 4;
const COMMAND = /^(?:\$ |sudo |campanile |npm |npx |curl |docker |podman |systemctl |openssl |export |psql )/m;

/** They change the machine, or the checkout that the tests themselves stand on: never to be run from a document. */
const NEVER_RUN =
  /(?:^|[;&|(]|\bthen|\bdo)\s*(?:npm|npx|node|yarn|pnpm|git|sudo|docker|podman|systemctl|apt-get|rm)\b/m;

export interface ShellBlock {
  /** Like `README.md:35`. */
  readonly where: string;
  readonly isRun: boolean;
  readonly text: string;
}

export interface ShellDocument {
  readonly path: string;
  readonly blocks: readonly ShellBlock[];
}

/** Those that have a block to be run. */
export async function shellDocuments(): Promise<readonly ShellDocument[]> {
  const paths: string[] = [];
  for await (const path of glob([...DOCUMENTS], { cwd: ROOT })) if (!LEFT_OUT.includes(path)) paths.push(path);
  const documents = await Promise.all(
    paths.toSorted().map(async (path) => ({ path, blocks: shellBlocksIn(path, await readFile(ROOT + path, 'utf8')) })),
  );
  return documents.filter(({ blocks }) => blocks.some(({ isRun }) => isRun));
}

/** Throws where a command stands in a block of which nobody can tell whether it is run. */
export function shellBlocksIn(path: string, text: string): readonly ShellBlock[] {
  const blocks: ShellBlock[] = [];
  const prose = text.replace(
    /^( *)```([^\n]*)\n([\s\S]*?)^\1```$/gm,
    (all: string, indent: string, info: string, block: string, index: number) => {
      const line = text.slice(0, index).split('\n').length;
      const found = read({ where: `${path}:${line}`, info: info.trim(), text: block.replaceAll(`\n${indent}`, '\n') });
      if (found !== undefined) {
        if (!found.isRun) requireWords(found, text.slice(0, index));
        blocks.push(found);
      }
      return all.replace(/[^\n]/g, '');
    },
  );
  refuseIndented(path, prose);
  return blocks;
}

interface Fence {
  readonly where: string;
  readonly info: string;
  readonly text: string;
}

function read({ where, info, text }: Fence): ShellBlock | undefined {
  if (info === RUN && NEVER_RUN.test(text))
    throw new Error(`${where}: it would change more than its own folder; write ${NOT_RUN}, and say so.`);
  if (info === RUN || info === NOT_RUN) return { where, isRun: info === RUN, text };
  if (/^(?:sh|bash|zsh|shell|console|terminal|powershell)\b/i.test(info))
    throw new Error(`${where}: a block called "${info}"; write ${RUN}, or ${NOT_RUN}.`);
  if (info === '' && COMMAND.test(text))
    throw new Error(`${where}: commands in a block without a name; write ${RUN}, or ${NOT_RUN}.`);
  return undefined;
}

function requireWords({ where, text }: ShellBlock, before: string): void {
  const near = before
    .split('\n')
    .slice(-1 - LINES_BEFORE)
    .join('\n');
  if (!SAYS_SO.test(near) && !SAYS_SO.test(text))
    throw new Error(`${where}: a block that is ${NOT_RUN}, and the text before it does not say "not run".`);
}

/** Four blanks make code as well, and nobody would look at it. */
function refuseIndented(path: string, prose: string): void {
  const lines = prose.split('\n');
  const place = lines.findIndex((line, at) => {
    const before = lines[at - 1] ?? '';
    return line.startsWith('    ') && COMMAND.test(line.slice(4)) && (before === '' || before.startsWith('    '));
  });
  if (place >= 0)
    throw new Error(`${path}:${place + 1}: commands by indentation; use a block called ${RUN}, or ${NOT_RUN}.`);
}

const BEGINS = '=== ';

/** One script of all blocks that are run, in their order: what one of them sets is there for the next. */
export function scriptOf({ blocks }: ShellDocument): string {
  const parts = blocks.filter(({ isRun }) => isRun).map(({ where, text }) => `echo '${BEGINS}${where}' >&2\n${text}`);
  return ['set -euo pipefail', ...parts].join('\n');
}

/** The programs of others that a document uses. */
export function programsIn({ blocks }: ShellDocument): readonly string[] {
  const text = blocks
    .filter(({ isRun }) => isRun)
    .map((block) => block.text)
    .join('\n');
  return ['curl', 'openssl'].filter((program) => new RegExp(`\\b${program} `).test(text));
}
