// What may be installed and what devices run: firmware of v1 and v3, software and files of v2 (contract.md §6.1 to §6.3).

import { z } from 'zod';
import { LIMITS } from './limits.ts';
import { accepts, named, text, withoutNulls } from './schema.ts';
import {
  CampaignStatus,
  campaignExtras,
  Day,
  DayText,
  DeviceList,
  deviceListUpTo,
  InstantText,
  PROTOCOLS,
  ProtocolInput,
  scheduleExtras,
  TimeWindowList,
  withPlainWindows,
} from './shared.ts';
import { CampaignSoftware } from './v2.ts';

export const FirmwareV1 = named(
  'FirmwareV1',
  z.object({
    firmwareName: z.string(),
    participantName: z.string(),
    launchDate: InstantText,
    releaseNote: z.string(),
    model: z.string(),
    make: z.string(),
    fromVersion: z.string(),
    toVersion: z.string(),
  }),
);
export type FirmwareV1 = z.infer<typeof FirmwareV1>;
export const FirmwareListV1 = named('FirmwareListV1', z.array(FirmwareV1));

export const FirmwarePackage = named(
  'FirmwarePackage',
  z.object({
    firmwareName: z.string(),
    firmwareFrom: z.string(),
    firmwareTo: z.string(),
    launchDate: InstantText,
    releaseNote: z.string(),
    model: z.string(),
    make: z.string(),
    protocol: z.enum(PROTOCOLS),
  }),
);
export type FirmwarePackage = z.infer<typeof FirmwarePackage>;
export const FirmwarePackageList = named('FirmwarePackageList', z.array(FirmwarePackage));

export const SoftwarePackage = named(
  'SoftwarePackage',
  z.object({
    softwareName: z.string(),
    launchDate: DayText,
    releaseNote: z.string(),
    model: z.string(),
    make: z.string(),
    distributionType: z.enum(PROTOCOLS),
    devicePlatformId: z.string(),
  }),
);
export type SoftwarePackage = z.infer<typeof SoftwarePackage>;
export const SoftwarePackageList = named('SoftwarePackageList', z.array(SoftwarePackage));

const availableFile = {
  fileName: z.string(),
  fileVersion: z.string(),
  releaseNote: z.string(),
  make: z.string(),
  model: z.string(),
  localTargetPath: z.string(),
  distributionType: z.enum(PROTOCOLS),
  devicePlatformId: z.string(),
};
export const AvailableFile = named('AvailableFile', z.object(availableFile));
export type AvailableFile = z.infer<typeof AvailableFile>;
/** The capital A is part of the wire. */
export const AvailableFilesResponse = named(
  'AvailableFilesResponse',
  z.object({ AvailableFilesResponse: z.array(AvailableFile) }),
);
export type AvailableFilesResponse = z.infer<typeof AvailableFilesResponse>;

/** The parts of an upload beside `fileupload`, which holds the bytes. */
export const FileUpload = named(
  'FileUpload',
  z.object(
    {
      fileVersion: text(LIMITS.versionLengthMax),
      make: text(LIMITS.nameLengthMax),
      model: text(LIMITS.nameLengthMax),
      localTargetPath: text(LIMITS.filePathLengthMax),
    },
    accepts('the parts fileupload, fileVersion, make, model, localTargetPath'),
  ),
);
export type FileUpload = z.infer<typeof FileUpload>;
export const UploadedFile = named('UploadedFile', z.object({ ...availableFile, launchDate: DayText }));
export type UploadedFile = z.infer<typeof UploadedFile>;

/** contract.md §2.0: hours are texts in the answers of the two newer schedule calls, and nowhere else. */
export const DownloadTimeWindow = named('DownloadTimeWindow', z.object({ startTime: z.string(), endTime: z.string() }));
export type DownloadTimeWindow = z.infer<typeof DownloadTimeWindow>;

const textWindows = {
  downloadTimeWindowList: z.array(DownloadTimeWindow).exactOptional(),
  installTimeWindowList: z.array(DownloadTimeWindow).exactOptional(),
};

/** The same campaign as `CampaignSoftware`, as POST /campaigns/software answers it. */
export const CampaignSoftwareHttp = named('CampaignSoftwareHttp', CampaignSoftware.extend(textWindows));
export type CampaignSoftwareHttp = z.infer<typeof CampaignSoftwareHttp>;

export const CampaignFileUpgrade = named(
  'CampaignFileUpgrade',
  z.preprocess(
    withPlainWindows,
    z.object(
      {
        campaignName: text(LIMITS.nameLengthMax, 0).exactOptional(),
        fileName: text(LIMITS.nameLengthMax),
        fileVersion: text(LIMITS.versionLengthMax),
        distributionType: ProtocolInput.default('HTTP'),
        startDate: Day,
        endDate: Day,
        downloadAfterDate: Day.exactOptional(),
        downloadTimeWindowList: TimeWindowList.exactOptional(),
        installAfterDate: Day.exactOptional(),
        installTimeWindowList: TimeWindowList.exactOptional(),
        deviceList: DeviceList,
        ...scheduleExtras,
      },
      accepts('a JSON object'),
    ),
  ),
);
export type CampaignFileUpgrade = z.infer<typeof CampaignFileUpgrade>;

export const CampaignFile = named(
  'CampaignFile',
  z.object({
    id: z.string(),
    accountName: z.string(),
    campaignName: z.string().exactOptional(),
    fileName: z.string(),
    fileVersion: z.string(),
    distributionType: z.enum(PROTOCOLS),
    make: z.string(),
    model: z.string(),
    startDate: DayText,
    endDate: DayText,
    downloadAfterDate: DayText.exactOptional(),
    installAfterDate: DayText.exactOptional(),
    ...textWindows,
    status: CampaignStatus,
    deviceList: z.array(z.string()),
    ...campaignExtras,
  }),
);
export type CampaignFile = z.infer<typeof CampaignFile>;

export const FirmwareSyncRequest = named(
  'FirmwareSyncRequest',
  z.preprocess(
    withoutNulls,
    z.object({ deviceList: deviceListUpTo('firmwareSyncDevicesMax') }, accepts('an object {"deviceList": […]}')),
  ),
);
export type FirmwareSyncRequest = z.infer<typeof FirmwareSyncRequest>;

/** contract.md §6.3: only the success is documented; the other is ours. */
export const FIRMWARE_SYNC_STATUSES = ['FirmwareVersionUpdateSuccess', 'FirmwareVersionUpdateFailed'] as const;

export const DeviceFirmwareVersion = named(
  'DeviceFirmwareVersion',
  z.object({
    deviceId: z.string(),
    firmwareVersion: z.string().describe('Empty while no version is known.'),
    status: z.enum(FIRMWARE_SYNC_STATUSES),
    reason: z.string(),
    reasonText: z.string().exactOptional(),
    firmwareVersionUpdateTime: InstantText.exactOptional(),
  }),
);
export type DeviceFirmwareVersion = z.infer<typeof DeviceFirmwareVersion>;

/** contract.md §8-6: `Firmwar` is part of the wire. */
export const FirmwareSyncResponse = named(
  'FirmwareSyncResponse',
  z.object({ accountName: z.string(), deviceFirmwarVersionList: z.array(DeviceFirmwareVersion) }),
);
export type FirmwareSyncResponse = z.infer<typeof FirmwareSyncResponse>;

/** The device is asked after this answer; what it tells is read with POST /v3/devices. */
export const FirmwareReportRequested = named(
  'FirmwareReportRequested',
  z.object({ accountName: z.string(), requestId: z.string() }),
);
export type FirmwareReportRequested = z.infer<typeof FirmwareReportRequested>;
