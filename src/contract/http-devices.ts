// Operator API: how kinds of device behave, HTTP devices that wait for approval, the token of an account's gateways.

import { z } from 'zod';
import { LIMITS } from './limits.ts';
import { DeviceProfileRule } from './operator.ts';
import { accepts, named, text, withoutNulls } from './schema.ts';
import { AccountName, InstantText, pageOf } from './shared.ts';

export const DeviceProfiles = named(
  'DeviceProfiles',
  z.object(
    {
      profiles: z
        .array(DeviceProfileRule, accepts('a list of profiles'))
        .max(LIMITS.profilesPerAccountMax, accepts(`at most ${LIMITS.profilesPerAccountMax} profiles`)),
    },
    accepts('an object {"profiles": […]}'),
  ),
);
export type DeviceProfiles = z.infer<typeof DeviceProfiles>;

export const HELD_PROOFS = ['token', 'gateway', 'none'] as const;

export const HeldDevice = named(
  'HeldDevice',
  z.object({
    imei: z.string(),
    state: z.enum(['held', 'refused']),
    firstSeenAt: InstantText,
    lastSeenAt: InstantText,
    proof: z
      .enum(HELD_PROOFS)
      .describe('token: by one of its own that nobody knows yet. gateway: by the gateway token. none: by nothing.'),
    tokenFingerprint: z
      .string()
      .describe('The first 16 hex digits of the SHA-256 of its token, to compare with the device.')
      .exactOptional(),
    disputed: z
      .boolean()
      .describe('It came with another token later: one of the two is not the device.')
      .exactOptional(),
  }),
);
export type HeldDevice = z.infer<typeof HeldDevice>;
export const HeldDevicePage = pageOf('HeldDevicePage', HeldDevice);

export const HeldParams = z.object({ accountName: AccountName, imei: text(LIMITS.deviceIdLengthMax) });

/** What is known of the device beside its IMEI. */
export const DeviceApproval = named(
  'DeviceApproval',
  z.preprocess(
    withoutNulls,
    z.object(
      { make: text(LIMITS.nameLengthMax).exactOptional(), model: text(LIMITS.nameLengthMax).exactOptional() },
      accepts('an object {"make": …, "model": …}'),
    ),
  ),
);
export type DeviceApproval = z.infer<typeof DeviceApproval>;

export const ApprovedDevice = named(
  'ApprovedDevice',
  z.object({
    imei: z.string(),
    ddiToken: z.string().describe('Shown this once, when the device has none of its own.').exactOptional(),
  }),
);
export type ApprovedDevice = z.infer<typeof ApprovedDevice>;

export const GatewayToken = named(
  'GatewayToken',
  z.object({ gatewayToken: z.string().describe('Shown this once.'), createdAt: InstantText }),
);
export type GatewayToken = z.infer<typeof GatewayToken>;
