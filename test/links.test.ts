// Every link between the documents leads to a file that is there, and to a heading that it has.
import { existsSync } from 'node:fs';
import { glob, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const paths: string[] = [];
for await (const path of glob(['*.md', 'docs/**/*.md', 'src/*/README.md'], { cwd: ROOT })) paths.push(path);

test.each(paths.toSorted())('%s', async (path) => {
  const text = withoutCode(await readFile(ROOT + path, 'utf8'));
  const dead: string[] = [];
  for (const [, target = ''] of text.matchAll(/\]\(([^()\s]+)\)/g)) {
    if (/^[a-z]+:/.test(target)) continue;
    const [file = '', heading] = target.split('#');
    const full = file === '' ? ROOT + path : join(ROOT, dirname(path), file);
    if (!existsSync(full)) dead.push(target);
    else if (heading !== undefined && !headings(await readFile(full, 'utf8')).includes(heading)) dead.push(target);
  }
  expect(dead).toEqual([]);
});

const withoutCode = (text: string): string => text.replace(/^ *```[\s\S]*?^ *```$/gm, '').replace(/`[^`\n]*`/g, '');

/** As GitHub names them. */
const headings = (text: string): readonly string[] =>
  [...text.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
