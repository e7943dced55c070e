// The SDK's second entry: the operator API with its own credential: the key of an operator, or its session in a browser.

import type { CallOptions, Given } from './http.ts';
import { OperatorSession, Operators } from './operator-access.ts';
import {
  ACCOUNTS,
  type Call,
  type Caller,
  campaignPath,
  eachItem,
  getPage,
  jsonBody,
  type OperatorOrder,
  type PageOptions,
  within,
} from './operator-call.ts';
import { OperatorAudit, OperatorCallbacks } from './operator-callbacks.ts';
import { type OperatorCalls, type OperatorClientOptions, operatorCalls } from './operator-caller.ts';
import { OperatorDevices } from './operator-devices.ts';
import { OperatorEvents } from './operator-events.ts';
import { OperatorExplain } from './operator-explain.ts';
import { OperatorHttpDevices } from './operator-http-devices.ts';
import { OperatorBandwidth, OperatorImageKeys, OperatorUploads } from './operator-images.ts';
import { OperatorLedger } from './operator-ledger.ts';
import type { LiveEvent, LiveOptions } from './operator-live.ts';
import { OperatorOrders } from './operator-orders.ts';
import { OperatorSimulate } from './operator-simulate.ts';
import { type Image, uploadBody } from './upload.ts';
import type {
  AccountCredentials,
  AccountPage,
  AccountSettings,
  AccountView,
  CampaignPage,
  CampaignView,
  CredentialPage,
  CredentialView,
  LimitList,
  LimitView,
  MeView,
  PackagePage,
  PackagePart,
  PackageView,
  UpdatePage,
  UpdateView,
} from './wire.gen.ts';

export { CampanileError } from './error.ts';
export type { CallOptions, Fetch } from './http.ts';
export type { Role } from './operator-access.ts';
export type { OperatorOrder, PageOptions } from './operator-call.ts';
export type { DeliveryOptions, Generation } from './operator-callbacks.ts';
export type { OperatorClientOptions } from './operator-caller.ts';
export type { DeviceListOptions, DeviceSearch, ImportOptions } from './operator-devices.ts';
export type { EventKind, EventOptions } from './operator-events.ts';
export type { Profile } from './operator-http-devices.ts';
export type { ResumableOptions, ResumableUpload } from './operator-images.ts';
export type { LedgerOptions } from './operator-ledger.ts';
export type { LiveEvent, LiveOptions } from './operator-live.ts';
export type { ReasonOptions, ScheduleOptions, SteeringOptions } from './operator-orders.ts';
export type { Image } from './upload.ts';
export type * from './wire.gen.ts';

export interface UpdatesOptions extends PageOptions {
  /** Only those in this state. */
  readonly state?: UpdateView['state'];
}

export class OperatorClient {
  readonly accounts: OperatorAccounts;
  readonly devices: OperatorDevices;
  readonly httpDevices: OperatorHttpDevices;
  readonly packages: OperatorPackages;
  readonly campaigns: OperatorCampaigns;
  readonly callbacks: OperatorCallbacks;
  readonly audit: OperatorAudit;
  readonly ledger: OperatorLedger;
  readonly imageKeys: OperatorImageKeys;
  readonly uploads: OperatorUploads;
  readonly bandwidth: OperatorBandwidth;
  readonly events: OperatorEvents;
  readonly explain: OperatorExplain;
  readonly simulate: OperatorSimulate;
  readonly orders: OperatorOrders;
  readonly operators: Operators;
  readonly session: OperatorSession;
  readonly #call: Caller;
  readonly #live: OperatorCalls['live'];

  constructor(options: OperatorClientOptions) {
    const { call, wait, begun, live } = operatorCalls(options);
    this.#call = call;
    this.#live = live;
    this.accounts = new OperatorAccounts(call);
    this.devices = new OperatorDevices(call);
    this.httpDevices = new OperatorHttpDevices(call);
    this.packages = new OperatorPackages(call);
    this.campaigns = new OperatorCampaigns(call);
    this.callbacks = new OperatorCallbacks(call);
    this.audit = new OperatorAudit(call);
    this.ledger = new OperatorLedger(call);
    this.imageKeys = new OperatorImageKeys(call);
    this.uploads = new OperatorUploads(call, wait);
    this.bandwidth = new OperatorBandwidth(call);
    this.events = new OperatorEvents(call);
    this.explain = new OperatorExplain(call);
    this.simulate = new OperatorSimulate(call);
    this.orders = new OperatorOrders(call);
    this.operators = new Operators(call);
    this.session = new OperatorSession(call, begun);
  }

  /** Who this client calls as, and with which role. */
  async me(options: CallOptions = {}): Promise<MeView> {
    return (await this.#call({ method: 'GET', path: '/operator/v1/me', ...options })) as MeView;
  }

  /** Every limit of the server, and whether it can be set. */
  async limits(options: CallOptions = {}): Promise<readonly LimitView[]> {
    return ((await this.#call({ method: 'GET', path: '/operator/v1/limits', ...options })) as LimitList).items;
  }

  /** What changes in an account, as it changes, until the server ends the connection or `signal` is aborted. */
  live(accountName: string, options?: LiveOptions): AsyncGenerator<LiveEvent, void, undefined> {
    return this.#live(accountName, options);
  }
}

class OperatorAccounts {
  readonly #call: Caller;

  constructor(call: Caller) {
    this.#call = call;
  }

  /** Makes an account with its first credential pair, whose secrets are shown this once. */
  async create(
    accountName: string,
    options: OperatorOrder & { readonly settings?: Given<AccountSettings> } = {},
  ): Promise<AccountCredentials> {
    const { settings, ...rest } = options;
    const body = settings === undefined ? { accountName } : { accountName, settings };
    return (await this.#call({ method: 'POST', path: ACCOUNTS, ...jsonBody(body), ...rest })) as AccountCredentials;
  }

  async list(options: PageOptions = {}): Promise<AccountPage> {
    return (await this.#call(getPage(ACCOUNTS, options))) as AccountPage;
  }

  each(options: PageOptions = {}): AsyncGenerator<AccountView, void, undefined> {
    return eachItem((page) => this.list(page), options);
  }

  async get(accountName: string, options: CallOptions = {}): Promise<AccountView> {
    return (await this.#call({ method: 'GET', path: within(accountName), ...options })) as AccountView;
  }

  async patch(accountName: string, settings: Given<AccountSettings>, options: CallOptions = {}): Promise<AccountView> {
    const call: Call = { method: 'PATCH', path: within(accountName), ...jsonBody(settings), ...options };
    return (await this.#call(call)) as AccountView;
  }

  /** Adds the second credential pair, for rotation. */
  async addCredentials(accountName: string, options: OperatorOrder = {}): Promise<AccountCredentials> {
    const path = within(accountName, '/credentials');
    return (await this.#call({ method: 'POST', path, ...options })) as AccountCredentials;
  }

  async listCredentials(accountName: string, options: PageOptions = {}): Promise<CredentialPage> {
    return (await this.#call(getPage(within(accountName, '/credentials'), options))) as CredentialPage;
  }

  eachCredentials(accountName: string, options: PageOptions = {}): AsyncGenerator<CredentialView, void, undefined> {
    return eachItem((page) => this.listCredentials(accountName, page), options);
  }

  /** Deletes a credential pair; its tokens stop working. */
  async deleteCredentials(accountName: string, clientId: string, options: CallOptions = {}): Promise<void> {
    const path = within(accountName, `/credentials/${encodeURIComponent(clientId)}`);
    await this.#call({ method: 'DELETE', path, ...options });
  }
}

class OperatorPackages {
  readonly #call: Caller;

  constructor(call: Caller) {
    this.#call = call;
  }

  /** Uploads a package with its image. A stream is sent as it comes, where the platform can do that. */
  async upload(
    accountName: string,
    part: Given<PackagePart>,
    image: Image,
    options: OperatorOrder = {},
  ): Promise<PackageView> {
    const path = within(accountName, '/packages');
    return (await this.#call({ method: 'POST', path, ...uploadBody(part, image), ...options })) as PackageView;
  }

  async list(accountName: string, options: PageOptions = {}): Promise<PackagePage> {
    return (await this.#call(getPage(within(accountName, '/packages'), options))) as PackagePage;
  }

  each(accountName: string, options: PageOptions = {}): AsyncGenerator<PackageView, void, undefined> {
    return eachItem((page) => this.list(accountName, page), options);
  }

  async get(accountName: string, name: string, options: CallOptions = {}): Promise<PackageView> {
    const path = within(accountName, `/packages/${encodeURIComponent(name)}`);
    return (await this.#call({ method: 'GET', path, ...options })) as PackageView;
  }
}

class OperatorCampaigns {
  readonly #call: Caller;

  constructor(call: Caller) {
    this.#call = call;
  }

  async list(accountName: string, options: PageOptions = {}): Promise<CampaignPage> {
    return (await this.#call(getPage(within(accountName, '/campaigns'), options))) as CampaignPage;
  }

  each(accountName: string, options: PageOptions = {}): AsyncGenerator<CampaignView, void, undefined> {
    return eachItem((page) => this.list(accountName, page), options);
  }

  async get(accountName: string, campaignId: string, options: CallOptions = {}): Promise<CampaignView> {
    const path = campaignPath(accountName, campaignId);
    return (await this.#call({ method: 'GET', path, ...options })) as CampaignView;
  }

  /** Stops a campaign at once; installations under way still tell their outcome. */
  async abort(accountName: string, campaignId: string, options: OperatorOrder = {}): Promise<CampaignView> {
    const path = `${campaignPath(accountName, campaignId)}/abort`;
    return (await this.#call({ method: 'POST', path, ...options })) as CampaignView;
  }

  /** One page of the updates of a campaign. */
  async updates(
    accountName: string,
    campaignId: string,
    { state, ...options }: UpdatesOptions = {},
  ): Promise<UpdatePage> {
    const path = `${campaignPath(accountName, campaignId)}/updates`;
    return (await this.#call(getPage(path, options, { state }))) as UpdatePage;
  }

  /** Every update of a campaign, page by page. */
  eachUpdate(
    accountName: string,
    campaignId: string,
    options: UpdatesOptions = {},
  ): AsyncGenerator<UpdateView, void, undefined> {
    return eachItem((page) => this.updates(accountName, campaignId, page), options);
  }
}
