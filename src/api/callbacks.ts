// Registers, shows and removes the callback listeners of an account, one for each generation (contract.md §6.1, §6.7).
import { type Listener, type ListenerRequest, registeredListener } from '../accounts/index.ts';
import type { CallbackListener, CallbackListenerV1, Generation } from '../contract/index.ts';
import type { AccountCaller, ApiContext, Handler } from './call.ts';
import { refuseForeign } from './fota-campaign.ts';
import { invalid, Refusal } from './refusal.ts';
import { sha256 } from './secrets.ts';

interface ListenerCall {
  readonly caller: AccountCaller;
  readonly params: { readonly account: string };
}

/** As Standard Webhooks writes a secret; 32 bytes, whatever the length of what was drawn. */
export const freshSecret = ({ secrets }: Pick<ApiContext, 'secrets'>): string =>
  `whsec_${Buffer.from(sha256(secrets.token()), 'hex').toString('base64')}`;

/** One after the other, so that no two replace the same one. */
export const inListenerTurn = <Result>(
  account: string,
  { inTurn }: ApiContext,
  work: () => Promise<Result>,
): Promise<Result> => inTurn.run(`listeners ${account}`, work);

async function register(
  { caller, params }: ListenerCall,
  generation: Generation,
  request: ListenerRequest,
  context: ApiContext,
): Promise<Listener | Refusal> {
  const foreign = refuseForeign(caller, params.account);
  if (foreign !== undefined) return foreign;
  const { name: account, settings } = caller.account;
  const bad = context.callbacks.refuseUrl(request.url, settings.allowPrivateCallbackHosts ?? []);
  if (bad !== undefined) return invalid(bad);
  return inListenerTurn(account, context, async () => {
    const stored = await context.store.listener(account, generation);
    const secret = freshSecret(context);
    const listener = registeredListener({ account, generation }, request, stored, secret, context.clock.now());
    await context.store.putListener(listener);
    return listener;
  });
}

async function read(
  { caller, params }: ListenerCall,
  generation: Generation,
  { store }: ApiContext,
): Promise<Listener | undefined | Refusal> {
  return refuseForeign(caller, params.account) ?? store.listener(caller.account.name, generation);
}

/** A DELETE that is repeated because its answer was lost succeeds too (contract.md §1.6). */
async function deregister(
  { caller, params }: ListenerCall,
  generation: Generation,
  context: ApiContext,
): Promise<{ success: boolean } | Refusal> {
  const foreign = refuseForeign(caller, params.account);
  if (foreign !== undefined) return foreign;
  const account = caller.account.name;
  await inListenerTurn(account, context, () => context.store.deleteListener(account, generation));
  return { success: true };
}

const shown = (listener: Listener | undefined): CallbackListener =>
  listener === undefined ? {} : { url: listener.url };

async function show(call: ListenerCall, generation: Generation, context: ApiContext) {
  const listener = await read(call, generation, context);
  return listener instanceof Refusal ? listener : shown(listener);
}

async function registerPlain(
  call: ListenerCall & { readonly body: { readonly url: string } },
  generation: Generation,
  context: ApiContext,
) {
  const listener = await register(call, generation, call.body, context);
  return listener instanceof Refusal ? listener : shown(listener);
}

const SERVICE = 'Fota';

const shownV1 = ({ account, url, username }: Listener): CallbackListenerV1 => ({
  aname: account,
  name: SERVICE,
  url,
  ...(username === undefined ? {} : { username }),
});

/** Without a listener the object of the older clients would lack what it must have; a list may be empty. */
const getCallbackV1: Handler<'getCallbackV1'> = async (call, context) => {
  const listener = await read(call, 'v1', context);
  if (listener instanceof Refusal) return listener;
  if (listener === undefined) return [];
  return call.caller.account.settings.v1CallbacksAsList === true ? [shownV1(listener)] : shownV1(listener);
};

const registerCallbackV1: Handler<'registerCallbackV1'> = async (call, context) => {
  const { url, username, password } = call.body;
  const request = {
    url,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
  };
  const listener = await register(call, 'v1', request, context);
  return listener instanceof Refusal ? listener : { accountName: listener.account, serviceName: SERVICE };
};

const deregisterCallbackV1: Handler<'deregisterCallbackV1'> = (call, context) => deregister(call, 'v1', context);

const getCallbackV2: Handler<'getCallbackV2'> = (call, context) => show(call, 'v2', context);
const registerCallbackV2: Handler<'registerCallbackV2'> = (call, context) => registerPlain(call, 'v2', context);
const replaceCallbackV2: Handler<'replaceCallbackV2'> = (call, context) => registerPlain(call, 'v2', context);
const deregisterCallbackV2: Handler<'deregisterCallbackV2'> = (call, context) => deregister(call, 'v2', context);

const getCallbackV3: Handler<'getCallbackV3'> = (call, context) => show(call, 'v3', context);
const registerCallbackV3: Handler<'registerCallbackV3'> = (call, context) => registerPlain(call, 'v3', context);
const replaceCallbackV3: Handler<'replaceCallbackV3'> = (call, context) => registerPlain(call, 'v3', context);
const deregisterCallbackV3: Handler<'deregisterCallbackV3'> = (call, context) => deregister(call, 'v3', context);

export const CALLBACK_HANDLERS = {
  getCallbackV1,
  registerCallbackV1,
  deregisterCallbackV1,
  getCallbackV2,
  registerCallbackV2,
  replaceCallbackV2,
  deregisterCallbackV2,
  getCallbackV3,
  registerCallbackV3,
  replaceCallbackV3,
  deregisterCallbackV3,
} as const;
