// Reports: campaigns by status, the devices of a campaign, the history of a device.

import { eachOf, type FotaCaller, type FromIndex, type LastSeenDevice, path, readDevices } from './caller.ts';
import type { CallOptions } from './http.ts';
import type {
  CampaignDeviceV2,
  CampaignDeviceV3,
  CampaignHistoryV2,
  CampaignHistoryV3,
  CampaignSoftware,
  CampaignStatus,
  DeviceHistoryV1,
  DeviceHistoryV2,
  DeviceHistoryV3,
  DeviceStatusV2,
  DeviceStatusV3,
  FirmwareCampaignSummary,
  FirmwareUpgrade,
  UpgradeReport,
} from './wire.gen.ts';

export interface LastSeenCampaign extends CallOptions {
  /** Campaigns after this one; absent: from the first on. */
  readonly lastSeenCampaignId?: string;
}

export class Reports {
  readonly #call: FotaCaller;

  constructor(call: FotaCaller) {
    this.#call = call;
  }

  /** One page of the campaigns of a status (v2). */
  async campaignsV2(
    account: string,
    campaignStatus: CampaignStatus,
    { lastSeenCampaignId, ...options }: LastSeenCampaign = {},
  ): Promise<CampaignHistoryV2> {
    const query = { campaignStatus, lastSeenCampaignId };
    return (await this.#call({
      method: 'GET',
      path: path`/v2/reports/${account}/campaigns`,
      query,
      ...options,
    })) as CampaignHistoryV2;
  }

  /** Every campaign of a status (v2), page by page. */
  eachCampaignV2(
    account: string,
    campaignStatus: CampaignStatus,
    options: LastSeenCampaign = {},
  ): AsyncGenerator<CampaignSoftware, void, undefined> {
    return eachOf(
      (lastSeenCampaignId) =>
        this.campaignsV2(
          account,
          campaignStatus,
          lastSeenCampaignId === undefined ? options : { ...options, lastSeenCampaignId },
        ),
      readCampaigns<CampaignSoftware>,
    );
  }

  /** One page of the devices of a campaign, with what became of each (v2). */
  async campaignDevicesV2(
    account: string,
    campaignId: string,
    { lastSeenDeviceId, ...options }: LastSeenDevice = {},
  ): Promise<CampaignDeviceV2> {
    const call = { path: path`/v2/reports/${account}/campaigns/${campaignId}/devices`, query: { lastSeenDeviceId } };
    return (await this.#call({ method: 'GET', ...call, ...options })) as CampaignDeviceV2;
  }

  /** Every device of a campaign (v2), page by page. */
  eachCampaignDeviceV2(
    account: string,
    campaignId: string,
    options: LastSeenDevice = {},
  ): AsyncGenerator<DeviceStatusV2, void, undefined> {
    return eachOf(
      (lastSeenDeviceId) =>
        this.campaignDevicesV2(
          account,
          campaignId,
          lastSeenDeviceId === undefined ? options : { ...options, lastSeenDeviceId },
        ),
      (page: CampaignDeviceV2) => readDevices(page),
    );
  }

  /** What became of a device in its campaigns (v2). */
  async deviceHistoryV2(account: string, deviceId: string, options?: CallOptions): Promise<DeviceHistoryV2> {
    return (await this.#call({
      method: 'GET',
      path: path`/v2/reports/${account}/devices/${deviceId}`,
      ...options,
    })) as DeviceHistoryV2;
  }

  /** One page of the campaigns of a status (v3). */
  async campaignsV3(
    account: string,
    campaignStatus: CampaignStatus,
    { lastSeenCampaignId, ...options }: LastSeenCampaign = {},
  ): Promise<CampaignHistoryV3> {
    const query = { campaignStatus, lastSeenCampaignId };
    return (await this.#call({
      method: 'GET',
      path: path`/v3/reports/${account}/firmware/campaigns`,
      query,
      ...options,
    })) as CampaignHistoryV3;
  }

  /** Every campaign of a status (v3), page by page. */
  eachCampaignV3(
    account: string,
    campaignStatus: CampaignStatus,
    options: LastSeenCampaign = {},
  ): AsyncGenerator<FirmwareCampaignSummary, void, undefined> {
    return eachOf(
      (lastSeenCampaignId) =>
        this.campaignsV3(
          account,
          campaignStatus,
          lastSeenCampaignId === undefined ? options : { ...options, lastSeenCampaignId },
        ),
      readCampaigns<FirmwareCampaignSummary>,
    );
  }

  /** One page of the devices of a campaign, with what became of each (v3). */
  async campaignDevicesV3(
    account: string,
    campaignId: string,
    { lastSeenDeviceId, ...options }: LastSeenDevice = {},
  ): Promise<CampaignDeviceV3> {
    const call = { path: path`/v3/reports/${account}/campaigns/${campaignId}/devices`, query: { lastSeenDeviceId } };
    return (await this.#call({ method: 'GET', ...call, ...options })) as CampaignDeviceV3;
  }

  /** Every device of a campaign (v3), page by page. */
  eachCampaignDeviceV3(
    account: string,
    campaignId: string,
    options: LastSeenDevice = {},
  ): AsyncGenerator<DeviceStatusV3, void, undefined> {
    return eachOf(
      (lastSeenDeviceId) =>
        this.campaignDevicesV3(
          account,
          campaignId,
          lastSeenDeviceId === undefined ? options : { ...options, lastSeenDeviceId },
        ),
      (page: CampaignDeviceV3) => readDevices(page),
    );
  }

  /** What became of a device in its campaigns (v3). */
  async deviceHistoryV3(account: string, deviceId: string, options?: CallOptions): Promise<DeviceHistoryV3> {
    return (await this.#call({
      method: 'GET',
      path: path`/v3/reports/${account}/devices/${deviceId}`,
      ...options,
    })) as DeviceHistoryV3;
  }

  /** What became of a device in its upgrades (v1). */
  async deviceHistoryV1(account: string, deviceId: string, options?: CallOptions): Promise<DeviceHistoryV1> {
    return (await this.#call({
      method: 'GET',
      path: path`/v1/reports/${account}/devices/${deviceId}`,
      ...options,
    })) as DeviceHistoryV1;
  }

  /** One page of the upgrades of a status (v1). */
  async upgradesV1(
    account: string,
    status: FirmwareUpgrade['status'],
    { startIndex = 0, ...options }: FromIndex = {},
  ): Promise<UpgradeReport> {
    const where = path`/v1/reports/${account}/status/${status}/index/${startIndex}`;
    return (await this.#call({ method: 'GET', path: where, ...options })) as UpgradeReport;
  }

  /** Every upgrade of a status (v1), page by page. */
  eachUpgradeV1(
    account: string,
    status: FirmwareUpgrade['status'],
    options: FromIndex = {},
  ): AsyncGenerator<FirmwareUpgrade, void, undefined> {
    return eachOf(
      (startIndex) => this.upgradesV1(account, status, startIndex === undefined ? options : { ...options, startIndex }),
      ({ hasMoreFlag, lastSeenUpgradeId, reportList }: UpgradeReport) => ({
        items: reportList,
        next: hasMoreFlag ? lastSeenUpgradeId : undefined,
      }),
    );
  }
}

interface CampaignPage<Item> {
  readonly hasMoreData: boolean;
  readonly lastSeenCampaignId?: string;
  /** Later client generations allow for null here. */
  readonly campaignList: readonly Item[] | null;
}

function readCampaigns<Item>({ hasMoreData, lastSeenCampaignId, campaignList }: CampaignPage<Item>) {
  return { items: campaignList ?? [], next: hasMoreData ? lastSeenCampaignId : undefined };
}
