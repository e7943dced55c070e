// Subscriptions and licences of each generation, and the candidates for taking back (contract.md §6.1, §6.6).
import {
  type Account,
  type CancellationList as Candidates,
  cancellationOf,
  LICENCE_OUTCOMES,
  type LicenceResult,
} from '../accounts/index.ts';
import type { PageRequest } from '../accounts/ports.ts';
import { BrokenInvariant, type Licence, type LicencePool, rfc3339 } from '../campaigns/index.ts';
import {
  type CancellationChange,
  type CancellationList,
  type CancellationRequest,
  LICENSE_LITERALS,
  LIMITS,
  type LicenseChangeV1,
  type LicenseChangeV2,
  type LicenseChangeV3,
  type LicenseLiteral,
  type LicenseRequest,
  type LicenseSummary,
  type LicenseSummaryV1,
  licenseStatus,
  type Subscription,
} from '../contract/index.ts';
import type { LicencesResult } from '../engine/index.ts';
import type { AccountCaller, ApiContext, Handler } from './call.ts';
import { refuseForeign } from './fota-campaign.ts';
import { afterId, devicesPage, fromIndex, indexPage, refuseIndex } from './neighbour-pages.ts';
import { invalid, Refusal } from './refusal.ts';

export interface LicenceCall {
  readonly caller: AccountCaller;
  readonly params: { readonly account: string };
}

/** The wire wants a number where the subscription has none: the most that an account can have. */
const totalOf = ({ settings }: Account): number => settings.subscription.licenseCount ?? LIMITS.licensesPerAccountMax;

async function subscription({ caller, params }: LicenceCall, { store }: ApiContext): Promise<Subscription | Refusal> {
  const { account } = caller;
  const foreign = refuseForeign(caller, params.account);
  if (foreign !== undefined) return foreign;
  const pool = await store.licencePool(account.name);
  return {
    accountName: account.name,
    purchaseType: account.settings.subscription.purchaseType,
    licenseCount: totalOf(account),
    licenseUsedCount: pool.assigned,
    updateTime: rfc3339(pool.updatedAt ?? account.createdAt),
  };
}

const summary = (account: Account, { assigned }: LicencePool) => ({
  accountName: account.name,
  totalLicense: totalOf(account),
  totalLicenses: totalOf(account),
  assignedLicenses: assigned,
});

const holder = ({ imei, assignedAt }: Licence) => ({ deviceId: imei, assignmentTime: rfc3339(assignedAt) });

async function listFromIndex(
  { caller, params }: LicenceCall,
  startIndex: number,
  { store }: ApiContext,
): Promise<LicenseSummaryV1 | Refusal> {
  const foreign = refuseForeign(caller, params.account);
  if (foreign !== undefined) return foreign;
  const { account } = caller;
  const page = await fromIndex(startIndex, (request) => store.licences(account.name, request));
  const beyond = refuseIndex(startIndex, page.rows.length);
  if (beyond !== undefined) return beyond;
  const pool = await store.licencePool(account.name);
  return { ...summary(account, pool), ...indexPage(page, startIndex), deviceList: page.rows.map(holder) };
}

async function listAfter(
  { caller, params }: LicenceCall,
  lastSeen: string | undefined,
  { store }: ApiContext,
): Promise<LicenseSummary | Refusal> {
  const foreign = refuseForeign(caller, params.account);
  if (foreign !== undefined) return foreign;
  const { account } = caller;
  const page = await afterId(lastSeen, (request: PageRequest) => store.licences(account.name, request));
  const pool = await store.licencePool(account.name);
  const idOf = ({ imei }: Licence): string => imei;
  return { ...summary(account, pool), ...devicesPage(page, idOf), deviceList: page.rows.map(holder) };
}

export interface ChangeCall extends LicenceCall {
  readonly body: LicenseRequest;
}
type Act = 'Assign' | 'Remove';

interface Changed {
  readonly counts: Pick<LicenseChangeV1, 'accountName' | 'licCount' | 'licTotalCount' | 'licUsedCount'>;
  readonly results: LicencesResult['results'];
}

async function change(
  { caller, params, body }: ChangeCall,
  act: Act,
  { engine }: ApiContext,
): Promise<Changed | Refusal> {
  const foreign = refuseForeign(caller, params.account) ?? refuseForeign(caller, body.accountName ?? params.account);
  if (foreign !== undefined) return foreign;
  const { account } = caller;
  const { commands } = engine;
  const { pool, results } =
    act === 'Assign'
      ? await commands.assignLicences(account.name, body.deviceList)
      : await commands.removeLicences(account.name, body.deviceList);
  const total = totalOf(account);
  return {
    counts: { accountName: account.name, licCount: total, licTotalCount: total, licUsedCount: pool.assigned },
    results,
  };
}

interface Outcome {
  readonly deviceId: string;
  readonly literal: LicenseLiteral;
  readonly reasonText: string;
}

const outcomeOf = ({ imei, outcome }: LicenceResult): Outcome => ({
  deviceId: imei,
  literal: LICENSE_LITERALS[outcome],
  reasonText: LICENCE_OUTCOMES[outcome],
});

const changeV1 =
  (act: Act) =>
  async (call: ChangeCall, context: ApiContext): Promise<LicenseChangeV1 | Refusal> => {
    const changed = await change(call, act, context);
    if (changed instanceof Refusal) return changed;
    const deviceList = changed.results.map(outcomeOf).map(({ deviceId, literal, reasonText }) => ({
      deviceId,
      status: licenseStatus(act, literal),
      Reason: literal.reason,
      reasonText,
    }));
    return { ...changed.counts, deviceList };
  };

const changeV2 =
  (act: Act) =>
  async (call: ChangeCall, context: ApiContext): Promise<LicenseChangeV2 | Refusal> => {
    const changed = await change(call, act, context);
    if (changed instanceof Refusal) return changed;
    const deviceList = changed.results.map(outcomeOf).map(({ deviceId, literal, reasonText }) => ({
      deviceId,
      status: literal.status,
      resultReason: literal.reason,
      reasonText,
    }));
    return { ...changed.counts, deviceList };
  };

const changeV3 =
  (act: Act) =>
  async (call: ChangeCall, context: ApiContext): Promise<LicenseChangeV3 | Refusal> => {
    const changed = await change(call, act, context);
    if (changed instanceof Refusal) return changed;
    const deviceList = changed.results.map(outcomeOf).map(({ deviceId, literal, reasonText }) => ({
      deviceId,
      status: licenseStatus(act, literal),
      resultReason: literal.reason,
      reasonText,
    }));
    return { ...changed.counts, deviceList };
  };

/** Somebody else on another node may write the same row; each time one of them gets on. */
const WRITE_TRIES_MAX = 20;

async function writeCandidates(
  { account }: AccountCaller,
  change: (list: Candidates) => ReturnType<typeof cancellationOf>,
  { store, inTurn }: ApiContext,
): Promise<readonly string[] | Refusal> {
  return inTurn.run(`cancellation ${account.name}`, async () => {
    for (let tries = 0; tries < WRITE_TRIES_MAX; tries += 1) {
      const changed = change(await store.accountList(account.name, 'cancellation'));
      if (!changed.ok) return invalid(changed.sentence);
      if (await store.replaceAccountList(changed.list)) return changed.list.imeis;
    }
    throw new BrokenInvariant(`the candidates of ${account.name} were written by others ${WRITE_TRIES_MAX} times`);
  });
}

export interface CandidatesCall extends LicenceCall {
  readonly body: CancellationRequest;
}

async function setCandidates(
  { caller, params, body }: CandidatesCall,
  context: ApiContext,
): Promise<CancellationChange | Refusal> {
  const foreign = refuseForeign(caller, params.account);
  if (foreign !== undefined) return foreign;
  const now = context.clock.now();
  const how = body.type ?? 'replace';
  const imeis = await writeCandidates(caller, (list) => cancellationOf(list, body.deviceList, how, now), context);
  return imeis instanceof Refusal ? imeis : { count: imeis.length, deviceList: [...imeis] };
}

async function clearCandidates({ caller, params }: LicenceCall, context: ApiContext) {
  const foreign = refuseForeign(caller, params.account);
  if (foreign !== undefined) return foreign;
  const now = context.clock.now();
  const imeis = await writeCandidates(caller, (list) => cancellationOf(list, [], 'replace', now), context);
  return imeis instanceof Refusal ? imeis : { success: true };
}

async function listCandidates(
  { caller, params }: LicenceCall,
  startIndex: number,
  { store }: ApiContext,
): Promise<CancellationList | Refusal> {
  const foreign = refuseForeign(caller, params.account);
  if (foreign !== undefined) return foreign;
  const { account } = caller;
  const { imeis, updatedAt } = await store.accountList(account.name, 'cancellation');
  const deviceList = imeis.slice(startIndex, startIndex + LIMITS.fotaPageSizeMax);
  const beyond = refuseIndex(startIndex, deviceList.length);
  if (beyond !== undefined) return beyond;
  return {
    count: imeis.length,
    hasMoreData: startIndex + deviceList.length < imeis.length,
    updateTime: rfc3339(updatedAt ?? account.createdAt),
    deviceList,
  };
}

export interface AfterDevice extends LicenceCall {
  readonly query: { readonly lastSeenDeviceId?: string };
}

const firstPage: Handler<'listLicensesV1'> = (call, context) => listFromIndex(call, 0, context);
const atIndex: Handler<'listLicensesFromIndexV1'> = (call, context) =>
  listFromIndex(call, call.params.startIndex, context);
const afterDevice = (call: AfterDevice, context: ApiContext) => listAfter(call, call.query.lastSeenDeviceId, context);
const behindDevice: Handler<'listLicensesFromDeviceV3'> = (call, context) =>
  listAfter(call, call.params.lastSeenDeviceId, context);
const candidatesV1: Handler<'listCancellationsV1'> = (call, context) =>
  listCandidates(call, call.params.startIndex, context);
const candidatesV2: Handler<'listCancellationsV2'> = (call, context) =>
  listCandidates(call, call.query.startIndex, context);

export const NEIGHBOUR_LICENCE_HANDLERS = {
  getSubscriptionV1: subscription,
  getSubscriptionV2: subscription,
  getSubscriptionV3: subscription,
  listLicensesV1: firstPage,
  listLicensesFromIndexV1: atIndex,
  listLicensesV2: afterDevice,
  listLicensesV3: afterDevice,
  listLicensesFromDeviceV3: behindDevice,
  assignLicensesV1: changeV1('Assign'),
  removeLicensesV1: changeV1('Remove'),
  assignLicensesV2: changeV2('Assign'),
  removeLicensesV2: changeV2('Remove'),
  assignLicensesV3: changeV3('Assign'),
  removeLicensesV3: changeV3('Remove'),
  setCancellationsV1: setCandidates,
  setCancellationsV2: setCandidates,
  listCancellationsV1: candidatesV1,
  listCancellationsV2: candidatesV2,
  clearCancellationsV1: clearCandidates,
  clearCancellationsV2: clearCandidates,
} as const;
