// The ten campaign operations, each one HTTP call.

import type { FotaCall, FotaCaller, OrderOptions } from './caller.ts';
import type { CallOptions, Given } from './http.ts';
import type {
  AddOrRemoveDeviceRequest,
  AddOrRemoveDeviceResp,
  AddOrRemoveDeviceResp1,
  Campaign,
  CampaignFirmwareUpgrade,
  CampaignSoftware,
  CampaignSoftwareUpgrade,
  ChangeCampaignDatesRequest,
  ChangeCampaignDatesRequest1,
  FirmwareCampaign,
  SuccessResponse,
} from './wire.gen.ts';

const v2 = (account: string, rest = ''): string => `/v2/campaigns/${encodeURIComponent(account)}${rest}`;
const v3 = (account: string, rest = ''): string => `/v3/campaigns/${encodeURIComponent(account)}${rest}`;
const v3Firmware = (account: string, rest = ''): string =>
  `/v3/campaigns/firmware/${encodeURIComponent(account)}${rest}`;
const id = (campaignId: string): string => `/${encodeURIComponent(campaignId)}`;

export class Campaigns {
  readonly #call: FotaCaller;

  constructor(call: FotaCaller) {
    this.#call = call;
  }

  /** Schedules a software campaign (v2). An answer means accepted, not yet scheduled. */
  async scheduleSoftwareUpgrade(
    account: string,
    body: Given<CampaignSoftwareUpgrade>,
    options?: OrderOptions,
  ): Promise<CampaignSoftware> {
    return (await this.#call({ method: 'POST', path: v2(account), body, ...options })) as CampaignSoftware;
  }

  /** Reads a software campaign (v2). */
  async getSoftwareUpgradeDetails(
    account: string,
    campaignId: string,
    options?: CallOptions,
  ): Promise<CampaignSoftware> {
    return (await this.#call({ method: 'GET', path: v2(account, id(campaignId)), ...options })) as CampaignSoftware;
  }

  /** Adds or removes devices of a software campaign (v2) before it is scheduled. */
  async updateSoftwareUpgrade(
    account: string,
    campaignId: string,
    body: Given<AddOrRemoveDeviceRequest>,
    options?: CallOptions,
  ): Promise<AddOrRemoveDeviceResp> {
    const call: FotaCall = { method: 'PUT', path: v2(account, id(campaignId)), body, ...options };
    return (await this.#call(call)) as AddOrRemoveDeviceResp;
  }

  /** Cancels a software campaign (v2) that has not started. */
  async cancelScheduledSoftwareUpgrade(
    account: string,
    campaignId: string,
    options?: CallOptions,
  ): Promise<SuccessResponse> {
    return (await this.#call({ method: 'DELETE', path: v2(account, id(campaignId)), ...options })) as SuccessResponse;
  }

  /** Changes dates and windows of a software campaign (v2). Fields that stay must be given again. */
  async changeCampaignDatesAndTimeWindows(
    account: string,
    campaignId: string,
    body: Given<ChangeCampaignDatesRequest>,
    options?: CallOptions,
  ): Promise<CampaignSoftware> {
    const call: FotaCall = { method: 'PUT', path: v2(account, `${id(campaignId)}/dates`), body, ...options };
    return (await this.#call(call)) as CampaignSoftware;
  }

  /** Schedules a firmware campaign (v3). An answer means accepted, not yet scheduled. */
  async scheduleAFirmwareUpgrade(
    account: string,
    body: Given<CampaignFirmwareUpgrade>,
    options?: OrderOptions,
  ): Promise<FirmwareCampaign> {
    return (await this.#call({ method: 'POST', path: v3Firmware(account), body, ...options })) as FirmwareCampaign;
  }

  /** Adds or removes devices of a firmware campaign (v3) before it is scheduled; the answer tells of each device. */
  async addOrRemoveDevices(
    account: string,
    campaignId: string,
    body: Given<AddOrRemoveDeviceRequest>,
    options?: CallOptions,
  ): Promise<AddOrRemoveDeviceResp1> {
    const call: FotaCall = { method: 'PUT', path: v3Firmware(account, id(campaignId)), body, ...options };
    return (await this.#call(call)) as AddOrRemoveDeviceResp1;
  }

  /** Changes dates and windows of a firmware campaign (v3). Fields that stay must be given again. */
  async changeCampaignDatesTime(
    account: string,
    campaignId: string,
    body: Given<ChangeCampaignDatesRequest1>,
    options?: CallOptions,
  ): Promise<FirmwareCampaign> {
    const call: FotaCall = { method: 'PUT', path: v3Firmware(account, `${id(campaignId)}/dates`), body, ...options };
    return (await this.#call(call)) as FirmwareCampaign;
  }

  /** Reads a firmware campaign (v3). */
  async retrieveCampaignLevelInformation(
    account: string,
    campaignId: string,
    options?: CallOptions,
  ): Promise<Campaign> {
    return (await this.#call({ method: 'GET', path: v3(account, id(campaignId)), ...options })) as Campaign;
  }

  /** Cancels a firmware campaign (v3) that has not started. */
  async deleteACampaign(account: string, campaignId: string, options?: CallOptions): Promise<SuccessResponse> {
    return (await this.#call({ method: 'DELETE', path: v3(account, id(campaignId)), ...options })) as SuccessResponse;
  }
}
