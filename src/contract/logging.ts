// Client logging of HTTP devices, their logs and their check-in history (contract.md §6.9).

import { z } from 'zod';
import { accepts, named, withoutNulls } from './schema.ts';
import { DayText, deviceListUpTo, InstantText } from './shared.ts';

export const LoggingRequest = named(
  'LoggingRequest',
  z.preprocess(
    withoutNulls,
    z.object({ deviceIds: deviceListUpTo('loggingDevicesMax') }, accepts('an object {"deviceIds": […]}')),
  ),
);
export type LoggingRequest = z.infer<typeof LoggingRequest>;

export const DeviceLogging = named('DeviceLogging', z.object({ deviceId: z.string(), expiryDate: DayText }));
export type DeviceLogging = z.infer<typeof DeviceLogging>;
export const DeviceLoggingList = named('DeviceLoggingList', z.array(DeviceLogging));

export const LOG_TYPES = [
  'SoftwareUpdate',
  'Event',
  'UserNotification',
  'AgentService',
  'Wireless',
  'WirelessWeb',
  'MobileBroadbandModem',
  'WindowsMDM',
] as const;

export const DeviceLog = named(
  'DeviceLog',
  z.object({
    deviceId: z.string(),
    logTime: InstantText,
    logType: z.enum(LOG_TYPES),
    eventLog: z.string(),
    binaryLogFileBase64: z.string(),
    binaryLogFilename: z.string(),
  }),
);
export type DeviceLog = z.infer<typeof DeviceLog>;
export const DeviceLogList = named('DeviceLogList', z.array(DeviceLog));

/** The values of `result` and `failureType` are not documented; these are ours. */
export const DeviceCheckIn = named(
  'DeviceCheckIn',
  z.object({
    deviceId: z.string(),
    clientType: z.string(),
    result: z.string(),
    failureType: z.string(),
    timeCompleted: InstantText,
  }),
);
export type DeviceCheckIn = z.infer<typeof DeviceCheckIn>;
export const DeviceCheckInList = named('DeviceCheckInList', z.array(DeviceCheckIn));
