// Licences: who has one, assigning and removing them, and those that may be taken back.

import {
  eachOf,
  type FotaCaller,
  type FromIndex,
  type LastSeenDevice,
  type OrderOptions,
  path,
  readDevices,
} from './caller.ts';
import type { CallOptions, Given } from './http.ts';
import type {
  AssignedLicense,
  CancellationChange,
  CancellationList,
  CancellationRequest,
  LicenseChangeV1,
  LicenseChangeV2,
  LicenseChangeV3,
  LicenseSummary,
  LicenseSummaryV1,
  SuccessResponse,
} from './wire.gen.ts';

export class Licenses {
  readonly #call: FotaCaller;

  constructor(call: FotaCaller) {
    this.#call = call;
  }

  /** The counts, and one page of the devices that have a licence (v1). */
  async listV1(account: string, { startIndex = 0, ...options }: FromIndex = {}): Promise<LicenseSummaryV1> {
    return (await this.#call({
      method: 'GET',
      path: path`/v1/licenses/${account}/index/${startIndex}`,
      ...options,
    })) as LicenseSummaryV1;
  }

  /** Every device that has a licence (v1), page by page. */
  eachV1(account: string, options: FromIndex = {}): AsyncGenerator<AssignedLicense, void, undefined> {
    return eachOf(
      (startIndex) => this.listV1(account, startIndex === undefined ? options : { ...options, startIndex }),
      (page: LicenseSummaryV1) => readDevices(page),
    );
  }

  /** The counts, and one page of the devices that have a licence (v2). */
  async listV2(account: string, { lastSeenDeviceId, ...options }: LastSeenDevice = {}): Promise<LicenseSummary> {
    return (await this.#call({
      method: 'GET',
      path: path`/v2/licenses/${account}`,
      query: { lastSeenDeviceId },
      ...options,
    })) as LicenseSummary;
  }

  /** Every device that has a licence (v2), page by page. */
  eachV2(account: string, options: LastSeenDevice = {}): AsyncGenerator<AssignedLicense, void, undefined> {
    return eachOf(
      (lastSeenDeviceId) =>
        this.listV2(account, lastSeenDeviceId === undefined ? options : { ...options, lastSeenDeviceId }),
      (page: LicenseSummary) => readDevices(page),
    );
  }

  /** The counts, and one page of the devices that have a licence (v3). */
  async listV3(account: string, { lastSeenDeviceId, ...options }: LastSeenDevice = {}): Promise<LicenseSummary> {
    return (await this.#call({
      method: 'GET',
      path: path`/v3/licenses/${account}`,
      query: { lastSeenDeviceId },
      ...options,
    })) as LicenseSummary;
  }

  /** Every device that has a licence (v3), page by page. */
  eachV3(account: string, options: LastSeenDevice = {}): AsyncGenerator<AssignedLicense, void, undefined> {
    return eachOf(
      (lastSeenDeviceId) =>
        this.listV3(account, lastSeenDeviceId === undefined ? options : { ...options, lastSeenDeviceId }),
      (page: LicenseSummary) => readDevices(page),
    );
  }

  /** Assigns licences (v1); the answer tells of each device. */
  async assignV1(account: string, deviceList: readonly string[], options?: OrderOptions): Promise<LicenseChangeV1> {
    return (await this.#call({
      method: 'POST',
      path: path`/v1/licenses/${account}/assign`,
      body: { deviceList },
      ...options,
    })) as LicenseChangeV1;
  }

  /** Takes unused licences back (v1); the answer tells of each device. */
  async removeV1(account: string, deviceList: readonly string[], options?: OrderOptions): Promise<LicenseChangeV1> {
    return (await this.#call({
      method: 'POST',
      path: path`/v1/licenses/${account}/remove`,
      body: { deviceList },
      ...options,
    })) as LicenseChangeV1;
  }

  /** Assigns licences (v2); the answer tells of each device. */
  async assignV2(account: string, deviceList: readonly string[], options?: OrderOptions): Promise<LicenseChangeV2> {
    return (await this.#call({
      method: 'POST',
      path: path`/v2/licenses/${account}/assign`,
      body: { deviceList },
      ...options,
    })) as LicenseChangeV2;
  }

  /** Takes unused licences back (v2); the answer tells of each device. */
  async removeV2(account: string, deviceList: readonly string[], options?: OrderOptions): Promise<LicenseChangeV2> {
    return (await this.#call({
      method: 'POST',
      path: path`/v2/licenses/${account}/remove`,
      body: { deviceList },
      ...options,
    })) as LicenseChangeV2;
  }

  /** Assigns licences (v3); the answer tells of each device. */
  async assignV3(account: string, deviceList: readonly string[], options?: OrderOptions): Promise<LicenseChangeV3> {
    return (await this.#call({
      method: 'POST',
      path: path`/v3/licenses/${account}/assign`,
      body: { deviceList },
      ...options,
    })) as LicenseChangeV3;
  }

  /** Takes unused licences back (v3); the answer tells of each device. */
  async removeV3(account: string, deviceList: readonly string[], options?: OrderOptions): Promise<LicenseChangeV3> {
    return (await this.#call({
      method: 'POST',
      path: path`/v3/licenses/${account}/remove`,
      body: { deviceList },
      ...options,
    })) as LicenseChangeV3;
  }

  /** Names devices whose licences may be taken back (v1); without `append` they replace those named before. */
  async setCancellationsV1(
    account: string,
    body: Given<CancellationRequest>,
    options?: OrderOptions,
  ): Promise<CancellationChange> {
    return (await this.#call({
      method: 'POST',
      path: path`/v1/licenses/${account}/cancel`,
      body,
      ...options,
    })) as CancellationChange;
  }

  /** One page of the devices whose licences may be taken back (v1). */
  async listCancellationsV1(
    account: string,
    { startIndex = 0, ...options }: FromIndex = {},
  ): Promise<CancellationList> {
    return (await this.#call({
      method: 'GET',
      path: path`/v1/licenses/${account}/cancel/index/${startIndex}`,
      ...options,
    })) as CancellationList;
  }

  /** Names no device any more (v1). */
  async clearCancellationsV1(account: string, options?: CallOptions): Promise<SuccessResponse> {
    return (await this.#call({
      method: 'DELETE',
      path: path`/v1/licenses/${account}/cancel`,
      ...options,
    })) as SuccessResponse;
  }

  /** Names devices whose licences may be taken back (v2); without `append` they replace those named before. */
  async setCancellationsV2(
    account: string,
    body: Given<CancellationRequest>,
    options?: OrderOptions,
  ): Promise<CancellationChange> {
    return (await this.#call({
      method: 'POST',
      path: path`/v2/licenses/${account}/cancel`,
      body,
      ...options,
    })) as CancellationChange;
  }

  /** One page of the devices whose licences may be taken back (v2). */
  async listCancellationsV2(
    account: string,
    { startIndex = 0, ...options }: FromIndex = {},
  ): Promise<CancellationList> {
    return (await this.#call({
      method: 'GET',
      path: path`/v2/licenses/${account}/cancel`,
      query: { startIndex: String(startIndex) },
      ...options,
    })) as CancellationList;
  }

  /** Names no device any more (v2). */
  async clearCancellationsV2(account: string, options?: CallOptions): Promise<SuccessResponse> {
    return (await this.#call({
      method: 'DELETE',
      path: path`/v2/licenses/${account}/cancel`,
      ...options,
    })) as SuccessResponse;
  }
}
