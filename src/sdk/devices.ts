// The devices of an account.

import {
  eachOf,
  type FotaCaller,
  type FromIndex,
  type LastSeenDevice,
  type OrderOptions,
  path,
  readDevices,
} from './caller.ts';
import type {
  AccountDeviceListV1,
  AccountDeviceListV2,
  AccountDeviceListV3,
  AccountDeviceV1,
  AccountDeviceV2,
  AccountDeviceV3,
  DeviceQueryResponse,
} from './wire.gen.ts';

export interface DevicesV2 extends LastSeenDevice {
  readonly distributionType?: 'LWM2M' | 'OMD-DM' | 'HTTP' | 'all';
}

export interface DevicesV3 extends LastSeenDevice {
  readonly protocol?: 'LWM2M' | 'OMD-DM' | 'HTTP' | 'all';
}

export class Devices {
  readonly #call: FotaCaller;

  constructor(call: FotaCaller) {
    this.#call = call;
  }

  /** One page of the devices (v1). */
  async listV1(account: string, { startIndex = 0, ...options }: FromIndex = {}): Promise<AccountDeviceListV1> {
    return (await this.#call({
      method: 'GET',
      path: path`/v1/devices/${account}/index/${startIndex}`,
      ...options,
    })) as AccountDeviceListV1;
  }

  /** Every device (v1), page by page. */
  eachV1(account: string, options: FromIndex = {}): AsyncGenerator<AccountDeviceV1, void, undefined> {
    return eachOf(
      (startIndex) => this.listV1(account, startIndex === undefined ? options : { ...options, startIndex }),
      (page: AccountDeviceListV1) => readDevices(page),
    );
  }

  /** One page of the devices (v2). */
  async listV2(
    account: string,
    { lastSeenDeviceId, distributionType, ...options }: DevicesV2 = {},
  ): Promise<AccountDeviceListV2> {
    return (await this.#call({
      method: 'GET',
      path: path`/v2/devices/${account}`,
      query: { lastSeenDeviceId, distributionType },
      ...options,
    })) as AccountDeviceListV2;
  }

  /** Every device (v2), page by page. */
  eachV2(account: string, options: DevicesV2 = {}): AsyncGenerator<AccountDeviceV2, void, undefined> {
    return eachOf(
      (lastSeenDeviceId) =>
        this.listV2(account, lastSeenDeviceId === undefined ? options : { ...options, lastSeenDeviceId }),
      (page: AccountDeviceListV2) => readDevices(page),
    );
  }

  /** One page of the devices (v3), by default those over LwM2M. */
  async listV3(
    account: string,
    { lastSeenDeviceId, protocol, ...options }: DevicesV3 = {},
  ): Promise<AccountDeviceListV3> {
    return (await this.#call({
      method: 'GET',
      path: path`/v3/devices/${account}`,
      query: { lastSeenDeviceId, protocol },
      ...options,
    })) as AccountDeviceListV3;
  }

  /** Every device (v3), page by page. */
  eachV3(account: string, options: DevicesV3 = {}): AsyncGenerator<AccountDeviceV3, void, undefined> {
    return eachOf(
      (lastSeenDeviceId) =>
        this.listV3(account, lastSeenDeviceId === undefined ? options : { ...options, lastSeenDeviceId }),
      (page: AccountDeviceListV3) => readDevices(page),
    );
  }

  /** Reads some devices (v3), whether the account has them or not. */
  async queryV3(account: string, deviceList: readonly string[], options?: OrderOptions): Promise<DeviceQueryResponse> {
    return (await this.#call({
      method: 'POST',
      path: path`/v3/devices/${account}`,
      body: { deviceList },
      ...options,
    })) as DeviceQueryResponse;
  }
}
