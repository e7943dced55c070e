// Why a device is not updated: for its present campaign or for one that is named.

import type { CallOptions } from './http.ts';
import { type Caller, campaignPath, devicePath } from './operator-call.ts';
import type { ExplanationView } from './wire.gen.ts';

export class OperatorExplain {
  readonly #call: Caller;

  constructor(call: Caller) {
    this.#call = call;
  }

  /** Whatever the device waits for; also of a device in no campaign and of an IMEI that nobody has. */
  async device(accountName: string, imei: string, options: CallOptions = {}): Promise<ExplanationView> {
    const path = `${devicePath(accountName, imei)}/explain`;
    return (await this.#call({ method: 'GET', path, ...options })) as ExplanationView;
  }

  /** Where the device stands in this campaign. */
  async update(
    accountName: string,
    campaignId: string,
    imei: string,
    options: CallOptions = {},
  ): Promise<ExplanationView> {
    const path = `${campaignPath(accountName, campaignId)}/updates/${encodeURIComponent(imei)}/explain`;
    return (await this.#call({ method: 'GET', path, ...options })) as ExplanationView;
  }
}
