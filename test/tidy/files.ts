/** Finds the repository's own text files, without asking git: an unpacked archive is checked as well. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { Source } from './source.ts';

const ROOT = join(import.meta.dirname, '..', '..');

/** Where people write; what is built, installed or stored at run time lies elsewhere. */
const FOLDERS: readonly string[] = ['src', 'test', 'bench', 'scripts', 'docs', 'types', '.ci'];
const NOT_OURS: readonly string[] = ['node_modules', 'dist'];
const TEXT = /\.(?:tsx?|json|md|html|css|sql|sh|txt|ya?ml)$|\/run$/;

export function readRepository(): readonly Source[] {
  const atRoot = readdirSync(ROOT, { withFileTypes: true }).filter((entry) => entry.isFile());
  const below = FOLDERS.flatMap((folder) => filesBelow(join(ROOT, folder)));
  return [...atRoot.map((entry) => join(ROOT, entry.name)), ...below]
    .map((path) => relative(ROOT, path).split(sep).join('/'))
    .filter((path) => TEXT.test(path) && path !== 'package-lock.json')
    .sort()
    .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));
}

function filesBelow(folder: string): readonly string[] {
  return entriesOf(folder).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return NOT_OURS.includes(entry.name) ? [] : filesBelow(path);
    return entry.isFile() ? [path] : [];
  });
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
