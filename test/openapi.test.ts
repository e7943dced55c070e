// The documents of the API are OpenAPI 3.1 by the standard's own schema, and refer to nothing that is not there.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, test } from 'vitest';

const FOLDER = fileURLToPath(new URL('../docs/api/', import.meta.url));

const documents = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));

async function problems(document: Record<string, unknown>): Promise<unknown> {
  const validator = new Validator();
  const { valid, errors } = await validator.validate(document);
  if (!valid) return errors;
  expect(validator.version).toBe('3.1');
  // Throws where a reference leads nowhere.
  validator.resolveRefs();
  return undefined;
}

describe('an OpenAPI document', () => {
  test.each(documents)('%s is valid', async (name) => {
    expect(await problems(JSON.parse(readFileSync(FOLDER + name, 'utf8')))).toBeUndefined();
  });

  test('with a mistake is refused', async () => {
    const name = documents[0] ?? '';
    const document = JSON.parse(readFileSync(FOLDER + name, 'utf8')) as { paths: object } & Record<string, unknown>;
    const [path = ''] = Object.keys(document.paths);
    const broken = { ...document, paths: { ...document.paths, [path]: { get: { responses: 'none' } } } };
    expect(await problems(broken)).toBeDefined();
  });
});
