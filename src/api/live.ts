// GET /operator/v1/live: news of an account as server-sent events, for operators of any role.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { explainIssues, LIVE_PATH, type LiveChange, LiveQuery, type Operation } from '../contract/index.ts';
import { authenticate } from './authenticate.ts';
import type { ApiContext } from './call.ts';
import type { LiveChanges } from './live-changes.ts';
import { accountOf } from './operator-accounts.ts';
import { refuseOperator } from './operator-caller.ts';
import { invalid, Refusal, refuse, refuseBusy } from './refusal.ts';

/** As the other operations of the operator API are described, for who may call it. */
const OPERATION: Operation = {
  operationId: 'liveChanges',
  family: 'operator',
  tag: 'Live',
  summary: 'Hear of changes as they come.',
  method: 'GET',
  path: LIVE_PATH,
  aliases: [],
  credentials: ['operatorKey'],
  role: 'viewer',
  success: { status: 200 },
};

type SendRefusal = (reply: FastifyReply, refusal: Refusal) => FastifyReply;

export function registerLive(app: FastifyInstance, context: ApiContext, sendRefusal: SendRefusal): void {
  const { live } = context;
  if (live === undefined) return;
  app.addHook('preClose', async () => live.endAll());
  app.get(LIVE_PATH, async (request, reply) => {
    const account = await accountFor(request, reply, context);
    if (account instanceof Refusal) return sendRefusal(reply, account);
    const isKnown = request.headers['last-event-id'] !== undefined;
    const refused = begin(reply, { account, isKnown, live });
    return refused === undefined ? reply : sendRefusal(reply, refused);
  });
}

async function accountFor(
  request: FastifyRequest,
  reply: FastifyReply,
  context: ApiContext,
): Promise<string | Refusal> {
  const setCookie = (cookie: string): void => void reply.removeHeader('set-cookie').header('set-cookie', cookie);
  const caller = await authenticate(OPERATION, request.headers, context, setCookie);
  if (caller instanceof Refusal) return context.rates.refuse({ kind: 'address', name: request.ip }) ?? caller;
  if (caller === undefined || !('operator' in caller)) return refuse('UNAUTHORIZED');
  const tooMany = context.rates.refuse({ kind: 'operator', name: caller.operator.name });
  const refused = tooMany ?? refuseOperator(OPERATION, caller, request.headers);
  if (refused !== undefined) return refused;
  const query = LiveQuery.safeParse(request.query);
  if (!query.success) return invalid(explainIssues(query.error, request.query));
  const account = await accountOf(query.data.account, context);
  return account instanceof Refusal ? account : account.name;
}

const BUSY_SECONDS = 30;

interface Wanted {
  readonly account: string;
  /** The caller was connected before and may have missed something. */
  readonly isKnown: boolean;
  readonly live: LiveChanges;
}

function begin(reply: FastifyReply, { account, isKnown, live }: Wanted): Refusal | undefined {
  const { raw } = reply;
  let number = 0;
  const say = (event: string, data: LiveChange | null): void => {
    number += 1;
    // Who does not read is not waited for: what is lost is made good when it connects again.
    if (raw.writableNeedDrain) end?.();
    else raw.write(`id: ${number}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  };
  const end = live.open({
    account,
    told: (changes) => {
      if (changes.length === 0) say('alive', null);
      for (const change of changes) say('changed', change);
    },
    ended: () => raw.end(),
  });
  if (end === undefined) return refuseBusy('as many live connections as it keeps', BUSY_SECONDS);
  const cookie = reply.getHeader('set-cookie');
  reply.hijack();
  raw.on('close', end);
  raw.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    // Proxies that gather answers would keep the news to themselves.
    'x-accel-buffering': 'no',
    ...(typeof cookie === 'string' ? { 'set-cookie': cookie } : {}),
  });
  if (isKnown) say('changed', { what: 'all' });
  else say('alive', null);
  return undefined;
}
