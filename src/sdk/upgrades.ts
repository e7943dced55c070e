// Firmware upgrades of generation 1.

import { type FotaCaller, type OrderOptions, path } from './caller.ts';
import type { CallOptions, Given } from './http.ts';
import type {
  FirmwareUpgrade,
  FirmwareUpgradeChange,
  FirmwareUpgradeChangeRequest,
  FirmwareUpgradeRequest,
  SuccessResponse,
} from './wire.gen.ts';

export class Upgrades {
  readonly #call: FotaCaller;

  constructor(call: FotaCaller) {
    this.#call = call;
  }

  /** Schedules an upgrade; the account is in the body. */
  async scheduleV1(body: Given<FirmwareUpgradeRequest>, options?: OrderOptions): Promise<FirmwareUpgrade> {
    return (await this.#call({ method: 'POST', path: '/v1/upgrades', body, ...options })) as FirmwareUpgrade;
  }

  /** Reads an upgrade with its devices. */
  async getV1(account: string, upgradeId: string, options?: CallOptions): Promise<FirmwareUpgrade> {
    return (await this.#call({
      method: 'GET',
      path: path`/v1/upgrades/${account}/upgrade/${upgradeId}`,
      ...options,
    })) as FirmwareUpgrade;
  }

  /** Adds devices or removes them before it starts; the answer tells of each device. */
  async changeDevicesV1(
    account: string,
    upgradeId: string,
    body: Given<FirmwareUpgradeChangeRequest>,
    options?: CallOptions,
  ): Promise<FirmwareUpgradeChange> {
    return (await this.#call({
      method: 'PUT',
      path: path`/v1/upgrades/${account}/upgrade/${upgradeId}`,
      body,
      ...options,
    })) as FirmwareUpgradeChange;
  }

  /** Cancels an upgrade that has not started. */
  async cancelV1(account: string, upgradeId: string, options?: CallOptions): Promise<SuccessResponse> {
    return (await this.#call({
      method: 'DELETE',
      path: path`/v1/upgrades/${account}/upgrade/${upgradeId}`,
      ...options,
    })) as SuccessResponse;
  }
}
