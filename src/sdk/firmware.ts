// What firmware can be installed, and which version devices run.

import { type FotaCaller, path } from './caller.ts';
import type { CallOptions } from './http.ts';
import type { FirmwareListV1, FirmwarePackageList, FirmwareReportRequested, FirmwareSyncResponse } from './wire.gen.ts';

export interface ProtocolOptions extends CallOptions {
  readonly protocol?: 'LWM2M' | 'OMD-DM' | 'HTTP' | 'all';
}

export class Firmware {
  readonly #call: FotaCaller;

  constructor(call: FotaCaller) {
    this.#call = call;
  }

  /** Firmware that can be installed (v1). */
  async listV1(account: string, options?: CallOptions): Promise<FirmwareListV1> {
    return (await this.#call({ method: 'GET', path: path`/v1/firmware/${account}`, ...options })) as FirmwareListV1;
  }

  /** Firmware that can be installed (v3), by default over every protocol. */
  async listV3(account: string, { protocol = 'all', ...options }: ProtocolOptions = {}): Promise<FirmwarePackageList> {
    return (await this.#call({
      method: 'GET',
      path: path`/v3/firmware/${account}`,
      query: { protocol },
      ...options,
    })) as FirmwarePackageList;
  }

  /** Brings the stored versions of devices up to date (v3); the answer tells them. */
  async synchronizeV3(
    account: string,
    deviceList: readonly string[],
    options?: CallOptions,
  ): Promise<FirmwareSyncResponse> {
    return (await this.#call({
      method: 'PUT',
      path: path`/v3/firmware/${account}/devices`,
      body: { deviceList },
      ...options,
    })) as FirmwareSyncResponse;
  }

  /** Brings the stored version of one device up to date (v3). */
  async synchronizeDeviceV3(account: string, deviceId: string, options?: CallOptions): Promise<FirmwareSyncResponse> {
    return (await this.#call({
      method: 'PUT',
      path: path`/v3/firmware/${account}/${deviceId}`,
      ...options,
    })) as FirmwareSyncResponse;
  }

  /** Asks a device to report its firmware (v3); what it tells is read with `devices.queryV3` later. */
  async requestReportV3(account: string, deviceId: string, options?: CallOptions): Promise<FirmwareReportRequested> {
    return (await this.#call({
      method: 'PUT',
      path: path`/v3/firmware/${account}/async/${deviceId}`,
      ...options,
    })) as FirmwareReportRequested;
  }
}
