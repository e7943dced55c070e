// One route per operation and path: authenticate, parse, one command, render.
import multipart from '@fastify/multipart';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import {
  type BodyMedia,
  errorBody,
  explainIssues,
  type Limits,
  OPERATIONS,
  type Operation,
  type OperationId,
  operationsWithin,
  routePath,
} from '../contract/index.ts';
import { answerText } from './answer.ts';
import { audited } from './audit.ts';
import type { AuditedCall } from './audit-changes.ts';
import { authenticate } from './authenticate.ts';
import { BodyHold, LargeBodies, parseForm, parseJson, readText } from './body.ts';
import type { ApiContext, Caller } from './call.ts';
import { registerDocuments } from './documents.ts';
import { HANDLERS } from './handlers.ts';
import { answeredOnce, type KeyedCall } from './idempotency.ts';
import { InTurn } from './in-turn.ts';
import { Lines } from './lines.ts';
import { registerLive } from './live.ts';
import { refuseOperator } from './operator-caller.ts';
import type { ApiLog, ApiParts } from './ports.ts';
import { RateLimiter, type Requester, ratesOf } from './rate-limit.ts';
import { invalid, Refusal, refuse } from './refusal.ts';
import { Simulations } from './simulations.ts';

/** Serves every operation of the contract, the documents about them, and the answer to all other paths. */
export async function registerApi(app: FastifyInstance, parts: ApiParts): Promise<void> {
  const context: ApiContext = {
    ...parts,
    largeBodies: new LargeBodies(),
    inTurn: new InTurn(),
    simulations: new Simulations(),
    operations: operationsWithin(parts.limits),
    rates: new RateLimiter(parts.clock, ratesOf(parts.limits)),
    answeredAgain: new WeakSet(),
  };
  app.setNotFoundHandler((request, reply) => sendRefusal(reply, nothingAt(request)));
  await app.register(async (scope) => {
    await scope.register(multipart);
    // Bodies are read by the operations themselves, whatever they are said to be (contract.md §1.5).
    scope.removeContentTypeParser(['application/json', 'text/plain']);
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null, undefined));
    scope.setErrorHandler((error: FastifyError, _request, reply) => sendRefusal(reply, refusalFor(error, context)));
    for (const id of Object.keys(OPERATIONS) as OperationId[]) registerOperation(scope, id, context);
    registerDocuments(scope, parts);
    registerLive(scope, context, sendRefusal);
  });
}

function registerOperation(scope: FastifyInstance, id: OperationId, context: ApiContext): void {
  const operation: Operation = OPERATIONS[id];
  for (const path of [operation.path, ...operation.aliases]) {
    scope.route({
      method: operation.method,
      url: routePath(path),
      onRequest: (request, _reply, done) => {
        // A Content-Type that the framework cannot read must not keep a good body out.
        if (operation.body?.media !== 'multipart') delete request.raw.headers['content-type'];
        done();
      },
      handler: (request, reply) => serve(id, { request, reply }, context),
    });
  }
}

interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

async function serve(id: OperationId, { request, reply }: Exchange, context: ApiContext): Promise<FastifyReply> {
  const operation: Operation = OPERATIONS[id];
  const hold = new BodyHold(context.largeBodies);
  try {
    const answer = await carryOut(id, { request, reply }, hold, context);
    if (answer instanceof Refusal) return sendRefusal(reply, answer);
    reply.code(operation.success.status).header('cache-control', 'no-store');
    if (answer instanceof Lines)
      return reply.header('content-type', 'application/x-ndjson').send(answer.text(operation));
    const text = answerText(operation, answer);
    return text === undefined ? reply.send() : asJson(reply).send(text);
  } finally {
    hold.release();
  }
}

async function carryOut(
  id: OperationId,
  { request, reply }: Exchange,
  hold: BodyHold,
  context: ApiContext,
): Promise<unknown> {
  const operation = context.operations[id];
  const setCookie = (cookie: string): void => void reply.removeHeader('set-cookie').header('set-cookie', cookie);
  const caller = await authenticate(operation, request.headers, context, setCookie);
  const tooMany = context.rates.refuse(requesterOf(operation, caller, request));
  if (tooMany !== undefined) return tooMany;
  if (caller instanceof Refusal) return caller;
  const refused = refuseCaller(operation, caller, request);
  if (refused !== undefined) return refused;
  const params = parsed(operation.params, request.params);
  if (params instanceof Refusal) return params;
  const query = parsed(operation.query, request.query);
  if (query instanceof Refusal) return query;
  const body = await parsedBody(operation, request, { hold, limits: context.limits });
  if (body instanceof Refusal) return body;
  // The table is typed operation by operation; here the operation is only known at run time.
  const handler = HANDLERS[id] as (call: unknown, context: ApiContext) => Promise<unknown>;
  const given = { params: params.value, query: query.value, body: body.value, caller };
  const keyed: KeyedCall = { ...given, id, keyHeader: request.headers['idempotency-key'] };
  const again = () => void context.answeredAgain.add(given);
  const handle = (once?: AnyOnce) => handler({ ...given, request, hold, setCookie, once }, context);
  // Of a body that the handler reads, only the handler knows whether it is the same one again.
  const carried = isReadByHandler(operation)
    ? () => handle((content, run) => answeredOnce({ ...keyed, content, again }, context, run))
    : () => handle();
  const run = () => audited(id, given as AuditedCall, context, carried);
  return isReadByHandler(operation) ? run() : answeredOnce(keyed, context, run);
}

type AnyOnce = (content: unknown, run: () => Promise<unknown>) => Promise<unknown>;

const READ_BY_HANDLERS: ReadonlySet<BodyMedia> = new Set(['multipart', 'jsonOrCsv', 'bytes']);

const isReadByHandler = ({ body }: Operation): boolean => body !== undefined && READ_BY_HANDLERS.has(body.media);

/** Whoever shows no good credential is known by the address alone. */
function requesterOf({ operationId }: Operation, caller: Caller | Refusal, request: FastifyRequest): Requester {
  if (operationId === 'createOperatorSession') return { kind: 'signIn', name: request.ip };
  if (caller === undefined || caller instanceof Refusal) return { kind: 'address', name: request.ip };
  if ('operator' in caller) return { kind: 'operator', name: caller.operator.name };
  return { kind: 'client', name: caller.clientId };
}

const refuseCaller = (operation: Operation, caller: Caller, { headers }: FastifyRequest): Refusal | undefined =>
  caller !== undefined && 'operator' in caller ? refuseOperator(operation, caller, headers) : undefined;

type Parsed = { readonly value: unknown } | Refusal;

function parsed(schema: Operation['params'], given: unknown): Parsed {
  if (schema === undefined) return { value: undefined };
  const result = schema.safeParse(given);
  return result.success ? { value: result.data } : invalid(explainIssues(result.error, given));
}

interface Reading {
  readonly hold: BodyHold;
  readonly limits: Limits;
}

async function parsedBody(operation: Operation, request: FastifyRequest, { hold, limits }: Reading): Promise<Parsed> {
  const { body, tag } = operation;
  if (body === undefined || isReadByHandler(operation)) return { value: undefined };
  const read = await readText(request.raw, { bytesMax: limits[body.bytesMax], hold });
  if (read instanceof Refusal) return read;
  const text = read.text.trim() === '' && body.optional === true ? '{}' : read.text;
  const document = body.media === 'form' ? parseForm(text) : parseJson(text);
  const result = document instanceof Refusal ? document : parsed(body.schema, document.value);
  return result instanceof Refusal && tag === 'OAuth2' ? asOAuth(result) : result;
}

/** RFC 6749 §5.2: the token endpoint has a shape of its own. */
function asOAuth({ status, body }: Refusal): Refusal {
  const reason = 'errorMessage' in body ? String(body.errorMessage) : '';
  return new Refusal(status, { error: 'invalid_request', error_description: reason });
}

const asJson = (reply: FastifyReply): FastifyReply => reply.header('content-type', 'application/json; charset=utf-8');

function sendRefusal(reply: FastifyReply, { status, body, headers }: Refusal): FastifyReply {
  return asJson(reply.code(status).headers(headers)).header('cache-control', 'no-store').send(JSON.stringify(body));
}

/** contract.md §1.4: the gateway before the original answers an unknown path with a fault. */
function nothingAt(request: FastifyRequest): Refusal {
  const { method } = request;
  const [path = ''] = request.url.split('?');
  const facts = { method, path: path.slice(0, PATH_SHOWN_MAX) };
  return path.startsWith('/api/') ? refuse('RESOURCE_UNKNOWN', facts) : refuse('NOT_FOUND', facts);
}

const PATH_SHOWN_MAX = 200;

function refusalFor(error: FastifyError, { secrets, log }: { secrets: ApiParts['secrets']; log: ApiLog }): Refusal {
  const { statusCode = 500 } = error;
  if (statusCode >= 400 && statusCode < 500) {
    return invalid(`the request: given something that cannot be read (${error.message}), accepted: an HTTP request.`);
  }
  const number = secrets.uuid();
  log.error(number, error);
  return new Refusal(500, errorBody('INTERNAL_SYSTEM_ERROR', { number }));
}
