// What software can be installed, and the newer call that schedules it.

import { type DistributionOptions, type FotaCaller, type OrderOptions, path } from './caller.ts';
import type { Given } from './http.ts';
import type { CampaignSoftwareHttp, CampaignSoftwareUpgrade, SoftwarePackageList } from './wire.gen.ts';

export class Software {
  readonly #call: FotaCaller;

  constructor(call: FotaCaller) {
    this.#call = call;
  }

  /** Software that can be installed (v2), by default over every transport. */
  async listV2(
    account: string,
    { distributionType, ...options }: DistributionOptions = {},
  ): Promise<SoftwarePackageList> {
    return (await this.#call({
      method: 'GET',
      path: path`/v2/software/${account}`,
      query: { distributionType },
      ...options,
    })) as SoftwarePackageList;
  }

  /** Schedules a software campaign (v2); the hours of the answer are texts. The other calls on it are in `campaigns`. */
  async scheduleHttpV2(
    account: string,
    body: Given<CampaignSoftwareUpgrade>,
    options?: OrderOptions,
  ): Promise<CampaignSoftwareHttp> {
    return (await this.#call({
      method: 'POST',
      path: path`/v2/campaigns/software/${account}`,
      body,
      ...options,
    })) as CampaignSoftwareHttp;
  }
}
