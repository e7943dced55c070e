// The code examples of the documents: every block of TypeScript in Markdown, and every `@example` of the SDK's comments.
import { glob, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const DOCUMENTS: readonly string[] = ['*.md', 'docs/*.md', 'docs/decisions/*.md', 'src/*/README.md'];
const COMMENTED: readonly string[] = ['src/sdk/*.ts'];

export interface Example {
  /** Like `README.md:61`. */
  readonly where: string;
  /** A fragment is no program by itself: it is parsed, and neither compiled nor run. */
  readonly kind: 'program' | 'fragment';
  readonly text: string;
}

export async function allExamples(): Promise<readonly Example[]> {
  const found: Example[] = [];
  for (const [patterns, read] of [
    [DOCUMENTS, (text: string) => text],
    [COMMENTED, commentsWithExamples],
  ] as const) {
    const paths: string[] = [];
    for await (const path of glob([...patterns], { cwd: ROOT })) paths.push(path);
    for (const path of paths.toSorted()) found.push(...examplesIn(path, read(await readFile(ROOT + path, 'utf8'))));
  }
  return found;
}

/** Any other word for TypeScript, or after it, would keep a block from being looked at. */
export function examplesIn(path: string, text: string): readonly Example[] {
  return [...text.matchAll(/^```([^\n]*)\n([\s\S]*?)^```$/gm)].flatMap(([, info = '', block = ''], place, all) => {
    const where = `${path}:${text.slice(0, all[place]?.index).split('\n').length}`;
    if (!/^(?:ts|js|tsx|jsx|typescript|javascript|mjs)\b/i.test(info)) return [];
    if (info !== 'ts' && info !== 'ts fragment')
      throw new Error(`${where}: a block called "${info}"; write ts, or ts fragment.`);
    return [{ where, kind: info === 'ts' ? ('program' as const) : ('fragment' as const), text: block }];
  });
}

/** Only the comments that hold one, without their stars; lines stay where they are. */
const commentsWithExamples = (text: string): string =>
  text.replace(/\/\*\*[\s\S]*?\*\/|[^\n]/g, (part) =>
    part.startsWith('/**') && part.includes('@example') ? part.replace(/^ *\* ?/gm, '') : part.replace(/[^\n]/g, ''),
  );
