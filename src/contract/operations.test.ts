// The operations as data: one id each, no path twice, documents that hold together.

import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { CAMPAIGN_OPERATIONS, OPERATIONS, type Operation, openApiDocuments, routePath } from './index.ts';

const all: readonly Operation[] = Object.values(OPERATIONS);

test('an operation is found under its own id', () => {
  for (const [id, operation] of Object.entries(OPERATIONS)) expect(operation.operationId).toBe(id);
});

test('the campaign operations are ten, each with both tokens', () => {
  const operations: readonly Operation[] = Object.values(CAMPAIGN_OPERATIONS);
  expect(operations).toHaveLength(10);
  for (const { credentials } of operations) expect(credentials).toEqual(['bearer', 'session']);
});

test('every operation of a generation needs both tokens and is served without /api too', () => {
  for (const { operationId, family, credentials, path, aliases } of all) {
    if (family !== 'v1' && family !== 'v2' && family !== 'v3') continue;
    expect(credentials, operationId).toEqual(['bearer', 'session']);
    expect(aliases, operationId).toContain(path.slice('/api'.length));
  }
});

test('no method and path means two operations', () => {
  const routes = all.flatMap(({ method, path, aliases }) => [path, ...aliases].map((each) => `${method} ${each}`));
  expect(new Set(routes).size).toBe(routes.length);
});

test('the names of path parameters agree with their schema', () => {
  for (const { operationId, path, aliases, params } of all) {
    const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
    const shape = params !== undefined && 'shape' in params ? Object.keys(params.shape as object).sort() : [];
    expect(shape, operationId).toEqual(names);
    for (const alias of aliases) expect([...alias.matchAll(/\{(\w+)\}/g)].length, alias).toBe(names.length);
  }
});

test('a router’s path has colons', () => {
  expect(routePath('/a/{account}/{campaignId}/dates')).toBe('/a/:account/:campaignId/dates');
});

describe('an OpenAPI document', () => {
  for (const [family, document] of Object.entries(openApiDocuments('1.2.3'))) {
    test(`of ${family} refers only to what it contains`, () => {
      const text = JSON.stringify(document);
      const names = new Set([...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name));
      expect([...names].sort()).toEqual(Object.keys(document.components.schemas).sort());
      expect(text).not.toContain('"schema":{}');
    });
  }

  test('tells the key of a repeated POST, the wait of a busy server, and what a listener is sent', () => {
    const { v3, auth } = openApiDocuments('1.2.3');
    const schedule = JSON.stringify(v3.paths['/api/fota/v3/campaigns/firmware/{account}']?.['post']);
    expect(schedule).toContain('"Idempotency-Key"');
    expect(schedule).toContain('"Retry-After"');
    expect(JSON.stringify(auth.paths['/api/ts/v1/oauth2/token'])).not.toContain('"Idempotency-Key"');
    expect(JSON.stringify(v3.webhooks)).toContain('#/components/schemas/CallbackEvent"');
    expect(auth.webhooks).toBeUndefined();
  });

  test('shows the parts of an upload: fields, or a document beside the bytes', () => {
    const { v2, operator } = openApiDocuments('1.2.3');
    expect(JSON.stringify(v2.paths['/api/fota/v2/files/{account}']?.['post'])).toContain('"fileupload"');
    const upload = JSON.stringify(operator.paths['/operator/v1/accounts/{accountName}/packages']?.['post']);
    expect(upload).toContain('"required":["package","image"]');
  });

  test('shows the documented form of a body, not what else is accepted', () => {
    const { v3 } = openApiDocuments('1.2.3');
    expect(v3.components.schemas['AddOrRemoveDeviceRequest']).toMatchObject({ required: ['Type', 'deviceList'] });
    expect(v3.components.schemas['CampaignFirmwareUpgrade']).toMatchObject({
      required: ['firmwareName', 'firmwareFrom', 'firmwareTo', 'startDate', 'endDate', 'deviceList'],
    });
  });
});

/** Kinds of all schemas inside one. */
function kindsIn(value: unknown, seen = new Set<unknown>()): readonly string[] {
  if (typeof value !== 'object' || value === null || seen.has(value)) return [];
  seen.add(value);
  if (value instanceof z.ZodType) return [value.def.type, ...kindsIn(value.def, seen)];
  return Object.values(value).flatMap((inner) => kindsIn(inner, seen));
}

test('an answer can be encoded: nothing in its schema works in one direction only', () => {
  for (const { operationId, success } of all) {
    const kinds = kindsIn(success.schema);
    expect(kinds, operationId).not.toContain('transform');
    expect(kinds, operationId).not.toContain('pipe');
  }
  expect(kindsIn(z.preprocess((value) => value, z.string()))).toContain('pipe');
});
