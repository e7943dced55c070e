// Operator API: what the operator of the server is told, and the listener that it is told to.
import { type EventListener, registeredEventListener, SECRET_OVERLAP } from '../accounts/index.ts';
import { type Instant, rfc3339 } from '../campaigns/index.ts';
import type { EventListenerView } from '../contract/index.ts';
import { pageNumber } from './audit.ts';
import type { ApiContext, Handler } from './call.ts';
import { freshSecret } from './callbacks.ts';
import { invalid, Refusal, refuse } from './refusal.ts';

const listOperatorEvents: Handler<'listOperatorEvents'> = async ({ query }, { store, callbacks }) => {
  const before = pageNumber(query.after);
  if (before instanceof Refusal) return before;
  const { kind, open, limit } = query;
  const filter = {
    ...(kind === undefined ? {} : { kind }),
    ...(open === undefined ? {} : { open: open === 'true' }),
  };
  const found = await store.operatorEvents({ max: limit + 1, ...before }, filter);
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  return {
    items: rows.map(callbacks.renderOperatorEvent),
    ...(found.length > rows.length && last !== undefined ? { nextPageToken: String(last.id) } : {}),
  };
};

const viewOf = ({ url, allowPrivateCallbackHosts, createdAt }: EventListener): EventListenerView => ({
  url,
  allowPrivateCallbackHosts: [...allowPrivateCallbackHosts],
  createdAt: rfc3339(createdAt),
});

/** One after the other, so that no two replace the same one. */
const inTurn = <Result>(context: ApiContext, work: () => Promise<Result>): Promise<Result> =>
  context.inTurn.run('event listener', work);

const putEventListener: Handler<'putEventListener'> = ({ body }, context) => {
  const bad = context.callbacks.refuseUrl(body.url, body.allowPrivateCallbackHosts);
  if (bad !== undefined) return Promise.resolve(invalid(bad));
  return inTurn(context, async () => {
    const { store, clock } = context;
    const stored = await store.eventListener();
    const listener = registeredEventListener(body, stored, freshSecret(context), clock.now());
    await store.putEventListener(listener);
    return { ...viewOf(listener), ...(stored === undefined ? { secret: listener.secret } : {}) };
  });
};

const listenerOf = async ({ store }: ApiContext): Promise<EventListener | Refusal> =>
  (await store.eventListener()) ?? refuse('EVENT_LISTENER_NOT_FOUND');

const getEventListener: Handler<'getEventListener'> = async (_call, context) => {
  const listener = await listenerOf(context);
  return listener instanceof Refusal ? listener : viewOf(listener);
};

const deleteEventListener: Handler<'deleteEventListener'> = (_call, context) =>
  inTurn(context, async () =>
    (await context.store.deleteEventListener()) ? undefined : refuse('EVENT_LISTENER_NOT_FOUND'),
  );

const rotateEventListenerSecret: Handler<'rotateEventListenerSecret'> = (_call, context) =>
  inTurn(context, async () => {
    const listener = await listenerOf(context);
    if (listener instanceof Refusal) return listener;
    const until = (context.clock.now() + SECRET_OVERLAP) as Instant;
    const secret = freshSecret(context);
    await context.store.putEventListener({ ...listener, secret, previous: { secret: listener.secret, until } });
    return { secret, previousUntil: rfc3339(until) };
  });

const testEventListener: Handler<'testEventListener'> = async (_call, context) => {
  const listener = await listenerOf(context);
  if (listener instanceof Refusal) return listener;
  const result = await context.callbacks.testEvents(listener);
  return {
    delivered: result.ok,
    url: listener.url,
    ...(result.status === undefined ? {} : { status: result.status }),
    ...(result.ok ? {} : { error: result.error }),
    milliseconds: Math.round(result.took),
  };
};

export const OPERATOR_EVENT_HANDLERS = {
  listOperatorEvents,
  putEventListener,
  getEventListener,
  deleteEventListener,
  rotateEventListenerSecret,
  testEventListener,
} as const;
