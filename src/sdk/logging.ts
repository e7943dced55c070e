// Client logging of HTTP devices, their logs and their check-ins (v2).

import { type FotaCaller, path } from './caller.ts';
import type { CallOptions } from './http.ts';
import type { DeviceCheckInList, DeviceLogging, DeviceLoggingList, DeviceLogList } from './wire.gen.ts';

export class Logging {
  readonly #call: FotaCaller;

  constructor(call: FotaCaller) {
    this.#call = call;
  }

  /** Devices whose clients log. */
  async listV2(account: string, options?: CallOptions): Promise<DeviceLoggingList> {
    return (await this.#call({
      method: 'GET',
      path: path`/v2/logging/${account}/devices`,
      ...options,
    })) as DeviceLoggingList;
  }

  /** Lets clients log; it ends by itself after seven days. */
  async enableV2(account: string, deviceIds: readonly string[], options?: CallOptions): Promise<DeviceLoggingList> {
    return (await this.#call({
      method: 'PUT',
      path: path`/v2/logging/${account}/devices`,
      body: { deviceIds },
      ...options,
    })) as DeviceLoggingList;
  }

  /** Stops clients from logging. */
  async disableV2(account: string, deviceIds: readonly string[], options?: CallOptions): Promise<void> {
    await this.#call({
      method: 'DELETE',
      path: path`/v2/logging/${account}/devices`,
      query: { deviceIds },
      ...options,
    });
  }

  /** Lets the client of one device log. */
  async enableDeviceV2(account: string, deviceId: string, options?: CallOptions): Promise<DeviceLogging> {
    return (await this.#call({
      method: 'PUT',
      path: path`/v2/logging/${account}/devices/${deviceId}`,
      ...options,
    })) as DeviceLogging;
  }

  /** Stops the client of one device from logging. */
  async disableDeviceV2(account: string, deviceId: string, options?: CallOptions): Promise<void> {
    await this.#call({ method: 'DELETE', path: path`/v2/logging/${account}/devices/${deviceId}`, ...options });
  }

  /** What the client of a device has logged. */
  async logsV2(account: string, deviceId: string, options?: CallOptions): Promise<DeviceLogList> {
    return (await this.#call({
      method: 'GET',
      path: path`/v2/logging/${account}/devices/${deviceId}/logs`,
      ...options,
    })) as DeviceLogList;
  }

  /** When a device has checked in, and with which result. */
  async checkInsV2(account: string, deviceId: string, options?: CallOptions): Promise<DeviceCheckInList> {
    return (await this.#call({
      method: 'GET',
      path: path`/v2/logging/${account}/devices/${deviceId}/checkInHistory`,
      ...options,
    })) as DeviceCheckInList;
  }
}
