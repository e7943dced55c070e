// The SDK's second entry: the operator API with its own credential.

import { type CallOptions, type Exchange, exchange, type Fetch, type Given, join, platformFetch } from './http.ts';
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
  DeviceImportResult,
  DeviceItem,
  DevicePage,
  DevicePatch,
  DeviceView,
  PackagePage,
  PackagePart,
  PackageView,
  UpdatePage,
  UpdateView,
} from './wire.gen.ts';

export { CampanileError } from './error.ts';
export type { CallOptions, Fetch } from './http.ts';
export type { Image } from './upload.ts';
export type * from './wire.gen.ts';

export interface OperatorClientOptions {
  readonly baseUrl: string;
  readonly operatorKey: string;
  readonly fetch?: Fetch;
}

export interface PageOptions extends CallOptions {
  /** Items per page, 1 to 1000. */
  readonly limit?: number;
  /** The `nextPageToken` of the page before. */
  readonly after?: string;
}

export interface ImportOptions extends CallOptions {
  /** Judge everything, store nothing. */
  readonly dryRun?: boolean;
}

interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextPageToken?: string;
}

type Call = Omit<Exchange, 'url'> & { readonly path: string };
type Caller = (call: Call) => Promise<unknown>;

const ACCOUNTS = '/operator/v1/accounts';

export class OperatorClient {
  readonly accounts: OperatorAccounts;
  readonly devices: OperatorDevices;
  readonly packages: OperatorPackages;
  readonly campaigns: OperatorCampaigns;

  constructor({ baseUrl, operatorKey, fetch = platformFetch }: OperatorClientOptions) {
    const call: Caller = ({ path, headers, ...rest }) =>
      exchange(fetch, {
        ...rest,
        url: join(baseUrl, path),
        headers: { authorization: `Bearer ${operatorKey}`, ...headers },
      });
    this.accounts = new OperatorAccounts(call);
    this.devices = new OperatorDevices(call);
    this.packages = new OperatorPackages(call);
    this.campaigns = new OperatorCampaigns(call);
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
    options: CallOptions & { readonly settings?: Given<AccountSettings> } = {},
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
  async addCredentials(accountName: string, options: CallOptions = {}): Promise<AccountCredentials> {
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

class OperatorDevices {
  readonly #call: Caller;

  constructor(call: Caller) {
    this.#call = call;
  }

  /** An upsert by IMEI: what is absent stays, what is empty is cleared. */
  async import(
    accountName: string,
    devices: readonly Given<DeviceItem>[],
    options: ImportOptions = {},
  ): Promise<DeviceImportResult> {
    return this.#import(accountName, jsonBody(devices), options);
  }

  async importCsv(accountName: string, csv: string, options: ImportOptions = {}): Promise<DeviceImportResult> {
    return this.#import(accountName, { headers: { 'content-type': 'text/csv' }, body: csv }, options);
  }

  async #import(
    accountName: string,
    content: Pick<Call, 'headers' | 'body'>,
    { dryRun, ...options }: ImportOptions,
  ): Promise<DeviceImportResult> {
    const path = within(accountName, dryRun === true ? '/devices?dryRun=1' : '/devices');
    return (await this.#call({ method: 'POST', path, ...content, ...options })) as DeviceImportResult;
  }

  async list(accountName: string, options: PageOptions = {}): Promise<DevicePage> {
    return (await this.#call(getPage(within(accountName, '/devices'), options))) as DevicePage;
  }

  each(accountName: string, options: PageOptions = {}): AsyncGenerator<DeviceView, void, undefined> {
    return eachItem((page) => this.list(accountName, page), options);
  }

  async get(accountName: string, imei: string, options: CallOptions = {}): Promise<DeviceView> {
    return (await this.#call({ method: 'GET', path: devicePath(accountName, imei), ...options })) as DeviceView;
  }

  async patch(
    accountName: string,
    imei: string,
    changes: Given<DevicePatch>,
    options: CallOptions = {},
  ): Promise<DeviceView> {
    const call: Call = { method: 'PATCH', path: devicePath(accountName, imei), ...jsonBody(changes), ...options };
    return (await this.#call(call)) as DeviceView;
  }

  async delete(accountName: string, imei: string, options: CallOptions = {}): Promise<void> {
    await this.#call({ method: 'DELETE', path: devicePath(accountName, imei), ...options });
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
    options: CallOptions = {},
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
  async abort(accountName: string, campaignId: string, options: CallOptions = {}): Promise<CampaignView> {
    const path = `${campaignPath(accountName, campaignId)}/abort`;
    return (await this.#call({ method: 'POST', path, ...options })) as CampaignView;
  }

  /** One page of the updates of a campaign. */
  async updates(accountName: string, campaignId: string, options: PageOptions = {}): Promise<UpdatePage> {
    return (await this.#call(getPage(`${campaignPath(accountName, campaignId)}/updates`, options))) as UpdatePage;
  }

  /** Every update of a campaign, page by page. */
  eachUpdate(
    accountName: string,
    campaignId: string,
    options: PageOptions = {},
  ): AsyncGenerator<UpdateView, void, undefined> {
    return eachItem((page) => this.updates(accountName, campaignId, page), options);
  }
}

function within(accountName: string, rest = ''): string {
  return `${ACCOUNTS}/${encodeURIComponent(accountName)}${rest}`;
}

function devicePath(accountName: string, imei: string): string {
  return within(accountName, `/devices/${encodeURIComponent(imei)}`);
}

function campaignPath(accountName: string, campaignId: string): string {
  return within(accountName, `/campaigns/${encodeURIComponent(campaignId)}`);
}

function jsonBody(value: unknown): Pick<Call, 'headers' | 'body'> {
  return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}

function getPage(path: string, { limit, after, ...options }: PageOptions): Call {
  const query = new URLSearchParams();
  if (limit !== undefined) query.set('limit', String(limit));
  if (after !== undefined) query.set('after', after);
  return { method: 'GET', path: query.size === 0 ? path : `${path}?${query}`, ...options };
}

async function* eachItem<Item>(
  list: (page: PageOptions) => Promise<Page<Item>>,
  options: PageOptions,
): AsyncGenerator<Item, void, undefined> {
  let page = await list(options);
  while (true) {
    yield* page.items;
    if (page.nextPageToken === undefined) return;
    page = await list({ ...options, after: page.nextPageToken });
  }
}
