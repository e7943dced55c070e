// Operator API: device profiles, HTTP devices that wait for approval, the token of an account's gateways.
import { type Account, type Held, type HeldList, importDevice, refuseHeld, withoutHeld } from '../accounts/index.ts';
import { rfc3339 } from '../campaigns/index.ts';
import type { DeviceApproval, HeldDevice } from '../contract/index.ts';
import type { ApiContext, Handler } from './call.ts';
import { accountOf, changeSettings, profileView } from './operator-accounts.ts';
import { readPage } from './page.ts';
import { invalid, Refusal, refuse, refuseBusy } from './refusal.ts';
import { sha256 } from './secrets.ts';

const STALE_TRIES_MAX = 8;
const STALE_RETRY_SECONDS = 1;
const FINGERPRINT_LENGTH = 16;

const profilesOf = ({ settings }: Account) => ({ profiles: settings.profiles.map(profileView) });

const getProfiles: Handler<'getProfiles'> = async ({ params }, context) => {
  const account = await accountOf(params.accountName, context);
  return account instanceof Refusal ? account : profilesOf(account);
};

const putProfiles: Handler<'putProfiles'> = async ({ params, body }, context) => {
  const changed = await changeSettings(params.accountName, { profiles: body.profiles }, context);
  return changed instanceof Refusal ? changed : profilesOf(changed);
};

/** Undefined: there is none any more. */
async function setGatewayToken(
  name: string,
  tokenHash: string | undefined,
  context: ApiContext,
): Promise<undefined | Refusal> {
  const account = await accountOf(name, context);
  if (account instanceof Refusal) return account;
  const createdAt = context.clock.now();
  for (let tries = 0; tries < STALE_TRIES_MAX; tries += 1) {
    const { revision } = await context.store.accountList(account.name, 'gateway');
    const row = { account: account.name, kind: 'gateway', revision } as const;
    const next = tokenHash === undefined ? row : { ...row, tokenHash, createdAt };
    if (await context.store.replaceAccountList(next)) return undefined;
  }
  return refuseBusy(`other changes of account ${name}`, STALE_RETRY_SECONDS);
}

const rotateGatewayToken: Handler<'rotateGatewayToken'> = async ({ params }, context) => {
  const gatewayToken = context.secrets.token();
  const refused = await setGatewayToken(params.accountName, sha256(gatewayToken), context);
  return refused ?? { gatewayToken, createdAt: rfc3339(context.clock.now()) };
};

const deleteGatewayToken: Handler<'deleteGatewayToken'> = ({ params }, context) =>
  setGatewayToken(params.accountName, undefined, context);

const heldView = ({ imei, firstSeenAt, lastSeenAt, proof, token, disputed, refused }: Held): HeldDevice => ({
  imei,
  state: refused === true ? 'refused' : 'held',
  firstSeenAt: rfc3339(firstSeenAt),
  lastSeenAt: rfc3339(lastSeenAt),
  proof,
  ...(token === undefined ? {} : { tokenFingerprint: sha256(token).slice(0, FINGERPRINT_LENGTH) }),
  ...(disputed === true ? { disputed } : {}),
});

const listHeldDevices: Handler<'listHeldDevices'> = async ({ params, query }, context) => {
  const account = await accountOf(params.accountName, context);
  if (account instanceof Refusal) return account;
  const { devices } = await context.store.accountList(account.name, 'held');
  const sorted = devices.toSorted((one, other) => (one.imei < other.imei ? -1 : 1));
  const { rows, next } = await readPage(
    query,
    async ({ after = '', max }) => sorted.filter(({ imei }) => imei > after).slice(0, max),
    ({ imei }) => imei,
  );
  return { items: rows.map(heldView), ...next };
};

interface HeldParams {
  readonly accountName: string;
  readonly imei: string;
}

interface Found {
  readonly account: Account;
  readonly list: HeldList;
  readonly held: Held;
}

async function findHeld({ accountName, imei }: HeldParams, context: ApiContext): Promise<Found | Refusal> {
  const account = await accountOf(accountName, context);
  if (account instanceof Refusal) return account;
  const list = await context.store.accountList(account.name, 'held');
  const held = list.devices.find((one) => one.imei === imei);
  return held === undefined ? refuse('HELD_DEVICE_NOT_FOUND', { imei, account: accountName }) : { account, list, held };
}

/** The device as it was held before the list was changed. */
async function changeHeld(
  params: HeldParams,
  change: (list: HeldList) => HeldList,
  context: ApiContext,
): Promise<Held | Refusal> {
  for (let tries = 0; tries < STALE_TRIES_MAX; tries += 1) {
    const found = await findHeld(params, context);
    if (found instanceof Refusal) return found;
    if (await context.store.replaceAccountList(change(found.list))) return found.held;
  }
  return refuseBusy(`other changes of account ${params.accountName}`, STALE_RETRY_SECONDS);
}

/** The device is stored before it leaves the list: an approval that was cut off in between is given once more. */
const approveHeldDevice: Handler<'approveHeldDevice'> = async ({ params, body }, context) => {
  const found = await findHeld(params, context);
  if (found instanceof Refusal) return found;
  const { account, held } = found;
  const known = await context.store.device({ account: account.name, imei: held.imei });
  const made = known === undefined ? await take(account, held, body, context) : {};
  if (made instanceof Refusal) return made;
  await changeHeld(params, (list) => withoutHeld(list, held.imei), context);
  return { imei: held.imei, ...made };
};

/** Stores the device; answers the token that was made for one that has none. */
async function take(
  account: Account,
  held: Held,
  facts: DeviceApproval,
  { store, clock, secrets }: ApiContext,
): Promise<{ readonly ddiToken?: string } | Refusal> {
  const line = { ...facts, imei: held.imei, transport: 'HTTP' } as const;
  const result = importDevice(account.name, line, undefined, clock.now());
  if (!result.ok) return invalid(result.sentence);
  const made = held.proof === 'none' ? secrets.token() : undefined;
  const ddiToken = held.token ?? made;
  const own = ddiToken === undefined ? {} : { secrets: { ddiToken } };
  const [stored] = await store.writeDevices([{ device: result.device, isNew: true, ...own }]);
  if (stored !== 'saved') return refuseBusy('another change of this device', STALE_RETRY_SECONDS);
  return made === undefined ? {} : { ddiToken: made };
}

const refuseHeldDevice: Handler<'refuseHeldDevice'> = async ({ params }, context) => {
  const found = await changeHeld(params, (list) => refuseHeld(list, params.imei), context);
  return found instanceof Refusal ? found : heldView({ ...found, refused: true });
};

const deleteHeldDevice: Handler<'deleteHeldDevice'> = async ({ params }, context) => {
  const found = await changeHeld(params, (list) => withoutHeld(list, params.imei), context);
  return found instanceof Refusal ? found : undefined;
};

export const HTTP_DEVICE_HANDLERS = {
  getProfiles,
  putProfiles,
  rotateGatewayToken,
  deleteGatewayToken,
  listHeldDevices,
  approveHeldDevice,
  refuseHeldDevice,
  deleteHeldDevice,
} as const;
