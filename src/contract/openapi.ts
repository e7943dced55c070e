// Builds the OpenAPI 3.1 documents, one per family, from the operations and zod's own JSON Schema output.

import { z } from 'zod';
import { OAuthErrorResponse } from './auth.ts';
import { LIMITS } from './limits.ts';
import { CallbackEvent, CallbackEventV1, WEBHOOK_HEADERS } from './listeners.ts';
import { FAMILIES, type Family, type Operation, pathParams } from './operation.ts';
import { OPERATIONS } from './operations.ts';
import { CSRF_HEADER, SESSION_COOKIE } from './operator-access.ts';
import { OperatorEventCallback } from './operator-events.ts';
import { COMPONENTS } from './schema.ts';
import { ErrorResponse } from './shared.ts';

export type JsonSchema = Readonly<Record<string, unknown>>;

export interface OpenApiDocument {
  readonly openapi: '3.1.0';
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly webhooks?: Readonly<Record<string, JsonSchema>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, JsonSchema>>;
    readonly securitySchemes: Readonly<Record<string, JsonSchema>>;
  };
}

const TITLES: Readonly<Record<Family, string>> = {
  v1: 'Campanile: firmware upgrades (v1)',
  v2: 'Campanile: software campaigns (v2)',
  v3: 'Campanile: firmware campaigns (v3)',
  auth: 'Campanile: tokens and sessions',
  operator: 'Campanile: operator API',
};

const SECURITY: Readonly<Record<string, JsonSchema>> = {
  bearer: { type: 'http', scheme: 'bearer', description: 'Access token of POST /api/ts/v1/oauth2/token.' },
  session: { type: 'apiKey', in: 'header', name: 'VZ-M2M-Token', description: 'Token of a session login.' },
  basic: { type: 'http', scheme: 'basic', description: 'Client id and client secret.' },
  operatorKey: { type: 'http', scheme: 'bearer', description: 'The key of an operator.' },
  operatorSession: { type: 'apiKey', in: 'cookie', name: SESSION_COOKIE, description: 'Session of a browser.' },
};

const SCHEMA_PATH = '#/components/schemas/';

export function openApiDocuments(version: string): Readonly<Record<Family, OpenApiDocument>> {
  const documents = FAMILIES.map((family) => [family, openApiDocument(family, version)] as const);
  return Object.fromEntries(documents) as Record<Family, OpenApiDocument>;
}

export function openApiDocument(family: Family, version: string): OpenApiDocument {
  const operations = Object.values<Operation>(OPERATIONS).filter((operation) => operation.family === family);
  const schemas = new Schemas();
  const paths: Record<string, Record<string, unknown>> = {};
  for (const operation of operations) {
    const item = paths[operation.path] ?? {};
    item[operation.method.toLowerCase()] = describeOperation(operation, schemas);
    paths[operation.path] = item;
  }
  const used = new Set(operations.flatMap(securityOf).flatMap((way) => Object.keys(way)));
  return {
    openapi: '3.1.0',
    info: { title: TITLES[family], version, description: 'Extra request fields are ignored; null means absent.' },
    tags: [...new Set(operations.map((operation) => operation.tag))].map((name) => ({ name })),
    paths,
    ...describeWebhooks(family, schemas),
    components: {
      schemas: schemas.used(),
      securitySchemes: Object.fromEntries(Object.entries(SECURITY).filter(([name]) => used.has(name))),
    },
  };
}

function describeOperation(operation: Operation, schemas: Schemas): JsonSchema {
  const error = schemas.answer(operation.tag === 'OAuth2' ? OAuthErrorResponse : ErrorResponse);
  const answer = operation.success.schema;
  const { media } = operation.success;
  const content =
    answer === undefined
      ? {}
      : { content: media === 'ndjson' ? ndjson(schemas.answer(answer)) : json(schemas.answer(answer)) };
  return {
    operationId: operation.operationId,
    tags: [operation.tag],
    summary: operation.summary,
    security: securityOf(operation),
    ...(operation.role === undefined ? {} : { 'x-role': operation.role }),
    parameters: [
      ...pathParameters(operation, schemas),
      ...queryParameters(operation, schemas),
      ...(hasIdempotencyKey(operation) ? [IDEMPOTENCY_KEY] : []),
      ...(needsCsrf(operation) ? [CSRF_TOKEN] : []),
    ],
    ...describeBody(operation, schemas),
    responses: {
      [operation.success.status]: { description: 'Done.', ...content },
      429: { description: 'Too many requests.', headers: RETRY_AFTER, content: json(error) },
      503: { description: 'The server is busy.', headers: RETRY_AFTER, content: json(error) },
      default: { description: 'Refused: a code and a sentence.', content: json(error) },
    },
  };
}

/** All of them together; for an operator either of the two. */
function securityOf({ credentials }: Operation): readonly Readonly<Record<string, readonly string[]>>[] {
  if (credentials.includes('operatorKey')) return [{ operatorKey: [] }, { operatorSession: [] }];
  return [Object.fromEntries(credentials.map((credential) => [credential, []]))];
}

const RETRY_AFTER = {
  'Retry-After': { description: 'Seconds to wait before the same request.', schema: { type: 'integer' } },
};

const IDEMPOTENCY_KEY: JsonSchema = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'The same key with the same request answers the first one again, for 24 hours.',
  schema: { type: 'string', minLength: 1, maxLength: LIMITS.idempotencyKeyLengthMax },
};

/** engine.md §2: every POST but those of OAuth, which has rules of its own. */
const hasIdempotencyKey = ({ method, tag }: Operation): boolean => method === 'POST' && tag !== 'OAuth2';

const needsCsrf = ({ method, credentials }: Operation): boolean =>
  method !== 'GET' && credentials.includes('operatorKey');

const CSRF_TOKEN: JsonSchema = {
  name: CSRF_HEADER,
  in: 'header',
  required: false,
  description: 'The csrfToken of the session; not needed with a key.',
  schema: { type: 'string' },
};

interface Webhook {
  readonly event: z.ZodType;
  readonly name: string;
  readonly operationId: string;
  readonly tag: string;
}
const callback = (family: Family, event: z.ZodType): Webhook => ({
  event,
  name: 'campaignEvent',
  operationId: `receiveCallback${family.toUpperCase()}`,
  tag: `Callbacks (${family})`,
});

const WEBHOOKS: Readonly<Partial<Record<Family, Webhook>>> = {
  v1: callback('v1', CallbackEventV1),
  v2: callback('v2', CallbackEvent),
  v3: callback('v3', CallbackEvent),
  operator: {
    event: OperatorEventCallback,
    name: 'operatorEvent',
    operationId: 'receiveOperatorEvent',
    tag: 'Events',
  },
};

/** contract.md §6.8: what is sent to a registered listener. */
function describeWebhooks(family: Family, schemas: Schemas): Pick<OpenApiDocument, 'webhooks'> {
  const webhook = WEBHOOKS[family];
  if (webhook === undefined) return {};
  const { event, name: webhookName, operationId, tag } = webhook;
  const post = {
    operationId,
    tags: [tag],
    summary: 'What the registered listener is sent, signed; it answers 2xx within ten seconds.',
    parameters: Object.entries(WEBHOOK_HEADERS).map(([name, description]) => ({
      name,
      in: 'header',
      required: true,
      description,
      schema: { type: 'string' },
    })),
    requestBody: { required: true, content: json(schemas.answer(event)) },
    responses: { '2XX': { description: 'Received.' }, default: { description: 'It is sent again later.' } },
  };
  return { webhooks: { [webhookName]: { post } } };
}

function pathParameters(operation: Operation, schemas: Schemas): readonly JsonSchema[] {
  const properties = operation.params === undefined ? {} : schemas.properties(operation.params).properties;
  return pathParams(operation.path).map((name) => ({
    name,
    in: 'path',
    required: true,
    schema: properties[name] ?? { type: 'string' },
  }));
}

function queryParameters(operation: Operation, schemas: Schemas): readonly JsonSchema[] {
  if (operation.query === undefined) return [];
  const { properties, required } = schemas.properties(operation.query);
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }));
}

function describeBody(operation: Operation, schemas: Schemas): JsonSchema {
  const { body } = operation;
  if (body === undefined) return {};
  const schema = schemas.request(body.documented ?? body.schema);
  switch (body.media) {
    case 'json':
      return { requestBody: { required: body.optional !== true, content: json(schema) } };
    case 'form':
      return { requestBody: { required: true, content: { 'application/x-www-form-urlencoded': { schema } } } };
    case 'jsonOrCsv':
      return {
        requestBody: { required: true, content: { ...json(schema), 'text/csv': { schema: { type: 'string' } } } },
      };
    case 'bytes':
      return { requestBody: { required: true, content: { 'application/octet-stream': { schema } } } };
    case 'multipart':
      return {
        requestBody: { required: true, content: { 'multipart/form-data': { schema: uploadOf(schema, body.parts) } } },
      };
  }
}

function uploadOf(schema: JsonSchema, parts: NonNullable<Operation['body']>['parts']): JsonSchema {
  const { json: part, file = 'file' } = parts ?? {};
  const bytes = { type: 'string', contentMediaType: 'application/octet-stream' };
  if (part !== undefined) {
    return { type: 'object', properties: { [part]: schema, [file]: bytes }, required: [part, file] };
  }
  return { allOf: [schema, { type: 'object', properties: { [file]: bytes }, required: [file] }] };
}

/** One document of this schema on each line. */
function ndjson(schema: JsonSchema): JsonSchema {
  return { 'application/x-ndjson': { schema } };
}

function json(schema: JsonSchema): JsonSchema {
  return { 'application/json': { schema } };
}

type Direction = 'input' | 'output';

/** Turns zod schemas into references and keeps what they reach; a name that means two things is a broken contract. */
class Schemas {
  readonly #used = new Map<string, JsonSchema>();
  readonly #all = { input: componentSchemas('input'), output: componentSchemas('output') };

  request(schema: z.ZodType): JsonSchema {
    return this.#reference(schema, 'input');
  }

  answer(schema: z.ZodType): JsonSchema {
    return this.#reference(schema, 'output');
  }

  /** Parameters are described in place. */
  properties(schema: z.ZodType): {
    readonly properties: Readonly<Record<string, JsonSchema>>;
    readonly required: readonly string[];
  } {
    const { properties, required } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
    return { properties: (properties ?? {}) as Record<string, JsonSchema>, required: required ?? [] };
  }

  used(): Readonly<Record<string, JsonSchema>> {
    return Object.fromEntries([...this.#used].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  #reference(schema: z.ZodType, direction: Direction): JsonSchema {
    const id = COMPONENTS.get(schema)?.id;
    if (id === undefined) throw new Error('a body without a name: give its schema one with named()');
    this.#keep(id, direction);
    return { $ref: SCHEMA_PATH + id };
  }

  #keep(id: string, direction: Direction): void {
    const schema = this.#all[direction][id];
    if (schema === undefined) throw new Error(`no component is called ${id}`);
    const known = this.#used.get(id);
    if (known !== undefined) {
      if (JSON.stringify(known) !== JSON.stringify(schema)) throw new Error(`${id} means two different schemas`);
      return;
    }
    this.#used.set(id, schema);
    for (const inner of referencesIn(schema)) this.#keep(inner, direction);
  }
}

function componentSchemas(direction: Direction): Readonly<Record<string, JsonSchema>> {
  const { schemas } = z.toJSONSchema(COMPONENTS, {
    io: direction,
    unrepresentable: 'any',
    uri: (id) => SCHEMA_PATH + id,
    override: ({ jsonSchema }) => {
      // Extra fields are ignored, never refused, and JSON has no other bound for a whole number than the safe one.
      if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      delete jsonSchema.propertyNames;
    },
  });
  return Object.fromEntries(Object.entries(schemas).map(([id, { $schema, $id, ...schema }]) => [id, schema]));
}

function referencesIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (key === '$ref' && typeof inner === 'string') return [inner.slice(SCHEMA_PATH.length)];
    return referencesIn(inner);
  });
}
