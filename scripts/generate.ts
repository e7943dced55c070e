// Writes what is derived from the contract: OpenAPI documents, the SDK's wire types, tables of errors, limits and reasons; `--check` only compares.

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compile, type JSONSchema } from 'json-schema-to-typescript';
import { type OpenApiDocument, openApiDocuments } from '../src/contract/index.ts';
import { cliDocument } from './cli-page.ts';
import { reasonsDocument } from './reasons.ts';
import { errorsDocument, limitsDocument } from './tables.ts';

const ROOT = new URL('../', import.meta.url);
const DEFS = '#/$defs/';
const SCHEMAS = '#/components/schemas/';

const BANNER = `// The wire types, generated from the contract's OpenAPI documents by \`npm run generate\`. Do not edit.`;

async function main(check: boolean): Promise<number> {
  const stale: string[] = [];
  for (const [path, text] of await generated()) {
    const file = fileURLToPath(new URL(path, ROOT));
    const present = await readFile(file, 'utf8').catch(() => '');
    if (present === text) continue;
    stale.push(path);
    if (check) continue;
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  for (const path of stale) process.stdout.write(`${check ? 'stale' : 'written'}: ${path}\n`);
  return check && stale.length > 0 ? 1 : 0;
}

/** Every generated file: its path in the repository and its text. */
async function generated(): Promise<ReadonlyMap<string, string>> {
  const manifest = JSON.parse(await readFile(new URL('package.json', ROOT), 'utf8')) as { version: string };
  const documents = openApiDocuments(manifest.version);
  const files = new Map<string, string>();
  for (const [family, document] of Object.entries(documents)) {
    files.set(`docs/api/openapi-${family}.json`, `${JSON.stringify(document, null, 2)}\n`);
  }
  files.set('docs/cli.md', cliDocument());
  files.set('docs/errors.md', errorsDocument());
  files.set('docs/limits.md', limitsDocument());
  files.set('docs/reasons.md', reasonsDocument());
  return files.set('src/sdk/wire.gen.ts', await wireTypes(Object.values(documents)));
}

/** One schema whose only use is to reach every component; its own type is cut away afterwards. */
async function wireTypes(documents: readonly OpenApiDocument[]): Promise<string> {
  const components = Object.assign({}, ...documents.map((document) => document.components.schemas));
  const names = Object.keys(components).sort();
  const $defs = Object.fromEntries(names.map((name) => [name, { title: name, ...rebased(components[name]) }]));
  const root = { title: 'Wire', type: 'object', $defs, additionalProperties: false };
  const text = await compile(root as JSONSchema, 'Wire', {
    bannerComment: BANNER,
    additionalProperties: false,
    unreachableDefinitions: true,
    ignoreMinAndMaxItems: true,
    style: { singleQuote: true, printWidth: 120 },
  });
  return text
    .replace(/export interface Wire \{\}\n/, '')
    .replace(UNREACHABLE_NOTE, '')
    .replace(EMPTY_COMMENT, '');
}

/** The generator tells of every definition that our root reached it; that root is no part of the result. */
const UNREACHABLE_NOTE =
  /(?: \*\n)? \* This (?:interface|type) was referenced by `Wire`'s JSON-Schema\n \* via the `definition` "\w+"\.\n/g;
const EMPTY_COMMENT = /\/\*\*\n \*\/\n/g;

function rebased(schema: unknown): Record<string, unknown> {
  return JSON.parse(JSON.stringify(schema).replaceAll(SCHEMAS, DEFS)) as Record<string, unknown>;
}

process.exitCode = await main(process.argv.includes('--check'));
