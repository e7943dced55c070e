// Operator API: operators, their roles and their keys, which are shown once.
import { changedOperator, type Operator, type Principal, ROOT, refusedSelf } from '../accounts/index.ts';
import { type Instant, rfc3339 } from '../campaigns/index.ts';
import { LIMITS, type OperatorView } from '../contract/index.ts';
import type { ApiContext, Handler } from './call.ts';
import { keyHashOf } from './operator-caller.ts';
import { readPage } from './page.ts';
import { Refusal, refuse, refuseBusy } from './refusal.ts';

const KEY_PREFIX = 'ok_';
const newKey = ({ secrets }: ApiContext): string => KEY_PREFIX + secrets.token();

const createOperator: Handler<'createOperator'> = async ({ body: { name, role } }, context) => {
  const { store, clock, inTurn } = context;
  if (name === ROOT) return refuse('OPERATOR_EXISTS', { name });
  return inTurn.run('operators', async () => {
    const max = LIMITS.operatorsMax;
    if ((await store.operator(name)) !== undefined) return refuse('OPERATOR_EXISTS', { name });
    if ((await store.operators({ max })).length >= max) return refuse('OPERATOR_LIMIT', { limit: max });
    const key = newKey(context);
    const operator = { name, revision: 0, role, keyHash: keyHashOf(key), createdAt: clock.now() };
    return (await store.insertOperator(operator)) ? { name, role, key } : refuse('OPERATOR_EXISTS', { name });
  });
};

async function operatorView(operator: Operator, { store }: ApiContext): Promise<OperatorView> {
  const { name, role, createdAt, disabledAt } = operator;
  const signedIn = await store.lastSignIn(name);
  return {
    name,
    role,
    createdAt: rfc3339(createdAt),
    ...shown('disabledAt', disabledAt),
    // Whoever had the name before was somebody else.
    ...shown('lastSignInAt', signedIn !== undefined && signedIn >= createdAt ? signedIn : undefined),
  };
}

const shown = <Name extends string>(name: Name, at: Instant | undefined) =>
  (at === undefined ? {} : { [name]: rfc3339(at) }) as { readonly [Key in Name]?: string };

const listOperators: Handler<'listOperators'> = async ({ query }, context) => {
  const { rows, next } = await readPage(
    query,
    (page) => context.store.operators(page),
    (operator) => operator.name,
  );
  return { items: await Promise.all(rows.map((operator) => operatorView(operator, context))), ...next };
};

async function operatorNamed(name: string, { store }: ApiContext): Promise<Operator | Refusal> {
  if (name === ROOT) return refuse('OPERATOR_ROOT');
  return (await store.operator(name)) ?? refuse('OPERATOR_NOT_FOUND', { name });
}

const getOperator: Handler<'getOperator'> = async ({ params }, context) => {
  const operator = await operatorNamed(params.name, context);
  return operator instanceof Refusal ? operator : operatorView(operator, context);
};

const STALE_TRIES_MAX = 8;
const STALE_RETRY_SECONDS = 1;

/** Changes what is stored at that moment; somebody else's change in between is not lost. */
async function change(
  name: string,
  make: (operator: Operator) => Operator | Refusal,
  context: ApiContext,
): Promise<Operator | Refusal> {
  for (let tries = 0; tries < STALE_TRIES_MAX; tries += 1) {
    const operator = await operatorNamed(name, context);
    const changed = operator instanceof Refusal ? operator : make(operator);
    if (changed instanceof Refusal || (await context.store.replaceOperator(changed))) return changed;
  }
  return refuseBusy(`other changes of operator ${name}`, STALE_RETRY_SECONDS);
}

function refuseSelf(by: Principal, of: Operator, wanted: Parameters<typeof refusedSelf>[2]): Refusal | undefined {
  const act = refusedSelf(by, of, wanted);
  return act === undefined ? undefined : refuse('OPERATOR_SELF', { act });
}

const patchOperator: Handler<'patchOperator'> = async ({ params, body, caller }, context) => {
  const make = (operator: Operator) =>
    refuseSelf(caller.operator, operator, body) ?? changedOperator(operator, body, context.clock.now());
  const changed = await change(params.name, make, context);
  return changed instanceof Refusal ? changed : operatorView(changed, context);
};

const rotateOperatorKey: Handler<'rotateOperatorKey'> = async ({ params }, context) => {
  const key = newKey(context);
  const changed = await change(params.name, (operator) => ({ ...operator, keyHash: keyHashOf(key) }), context);
  return changed instanceof Refusal ? changed : { name: changed.name, role: changed.role, key };
};

const deleteOperator: Handler<'deleteOperator'> = async ({ params, caller }, context) => {
  const operator = await operatorNamed(params.name, context);
  if (operator instanceof Refusal) return operator;
  const refused = refuseSelf(caller.operator, operator, 'delete');
  if (refused !== undefined) return refused;
  const isGone = await context.store.deleteOperator(operator.name);
  return isGone ? undefined : refuse('OPERATOR_NOT_FOUND', { name: operator.name });
};

const getMe: Handler<'getMe'> = async ({ caller: { operator, session } }) => ({
  name: operator.name,
  role: operator.role,
  signedInBy: session === undefined ? 'key' : 'session',
});

export const OPERATOR_HANDLERS = {
  createOperator,
  listOperators,
  getOperator,
  patchOperator,
  rotateOperatorKey,
  deleteOperator,
  getMe,
} as const;
