// Operator API: devices and packages, as they are imported and as they are shown. Secrets never appear in a view.

import { z } from 'zod';
import { LIMITS } from './limits.ts';
import { accepts, isJsonObject, named, oneOf, text, withoutNulls } from './schema.ts';
import { AccountName, flagText, InstantText, pageOf } from './shared.ts';
import { sized } from './sized.ts';

export const TRANSPORTS = ['LWM2M', 'HTTP'] as const;
export type Transport = (typeof TRANSPORTS)[number];

const IMEI = accepts('an IMEI of 15 digits as a text');
export const Imei = z.string(IMEI).regex(/^\d{15}$/, IMEI);

const upperCase = (value: unknown): unknown => (typeof value === 'string' ? value.trim().toUpperCase() : value);
export const TransportInput = z.preprocess(upperCase, oneOf(TRANSPORTS));

const NAMES = accepts('an object of names and texts');

/** Names with their texts; an empty text clears that name. */
function namedTexts(entriesMax: number, textMax: number) {
  return z
    .record(text(LIMITS.labelLengthMax), text(textMax, 0), NAMES)
    .refine((entries) => Object.keys(entries).length <= entriesMax, accepts(`at most ${entriesMax} names`));
}

const HEX = accepts(
  `a key of ${LIMITS.pskKeyBytesMin} to ${LIMITS.pskKeyBytesMax} bytes in hexadecimal, two digits per byte`,
);
const HEX_KEY = new RegExp(`^(?:[0-9a-fA-F]{2}){${LIMITS.pskKeyBytesMin},${LIMITS.pskKeyBytesMax}}$`);

const Psk = z.object(
  {
    identity: text(LIMITS.pskIdentityBytesMax),
    key: z.string(HEX).regex(HEX_KEY, HEX),
  },
  accepts('an object {"identity": …, "key": "<hexadecimal>"}'),
);

/** Absent = unchanged. Empty (`""`, `{}`, null) = cleared: texts become empty, maps become empty, a key becomes null. */
const deviceFields = {
  make: text(LIMITS.nameLengthMax, 0).exactOptional(),
  model: text(LIMITS.nameLengthMax, 0).exactOptional(),
  transport: TransportInput.exactOptional(),
  firmware: text(LIMITS.versionLengthMax, 0).exactOptional(),
  software: namedTexts(LIMITS.softwarePerDeviceMax, LIMITS.versionLengthMax).exactOptional(),
  timeZone: text(LIMITS.timeZoneLengthMax, 0).exactOptional(),
  psk: Psk.nullable().exactOptional(),
  ddiToken: text(LIMITS.ddiTokenLengthMax, 0).exactOptional(),
  labels: namedTexts(LIMITS.labelsPerDeviceMax, LIMITS.labelLengthMax).exactOptional(),
};

const CLEARED: Readonly<Record<string, unknown>> = {
  make: '',
  model: '',
  firmware: '',
  software: {},
  timeZone: '',
  ddiToken: '',
  labels: {},
};

function withClearedFields(item: unknown): unknown {
  if (!isJsonObject(item)) return item;
  const cleared = Object.entries(item).map(([name, value]) => {
    if (name === 'psk' && isEmptyPsk(value)) return [name, null];
    return [name, value === null ? (CLEARED[name] ?? value) : value];
  });
  return Object.fromEntries(cleared);
}

function isEmptyPsk(value: unknown): boolean {
  if (value === '') return true;
  return isJsonObject(value) && (value['identity'] ?? '') === '' && (value['key'] ?? '') === '';
}

const DEVICE = accepts('an object with imei, make, model, transport');

/** One device of an import, an upsert by IMEI. What a new device must have is decided with the store in hand. */
export const DeviceItem = named(
  'DeviceItem',
  z.preprocess(withClearedFields, z.object({ imei: Imei, ...deviceFields }, DEVICE)),
);
export type DeviceItem = z.infer<typeof DeviceItem>;

export const DevicePatch = named(
  'DevicePatch',
  z.preprocess(withClearedFields, z.object(deviceFields, accepts('an object of device fields'))),
);
export type DevicePatch = z.infer<typeof DevicePatch>;

/** The list as a whole; each entry is parsed by itself with `DeviceItem`, so that one bad device rejects only itself. */
export const DeviceImport = sized(({ importDevicesMax: max }) =>
  z.array(z.unknown(), accepts('a list of devices')).max(max, accepts(`at most ${max} devices`)),
);
export const DeviceImportBody = named('DeviceImportBody', z.array(DeviceItem));

export const ImportQuery = z.object({ dryRun: flagText });

export const DeviceImportResult = named(
  'DeviceImportResult',
  z.object({
    imported: z.int(),
    rejected: z.array(z.object({ imei: z.string(), errorCode: z.string(), errorMessage: z.string() })),
    dryRun: z.boolean().exactOptional(),
  }),
);
export type DeviceImportResult = z.infer<typeof DeviceImportResult>;

export const DeviceView = named(
  'DeviceView',
  z.object({
    imei: z.string(),
    make: z.string().exactOptional(),
    model: z.string().exactOptional(),
    transport: z.enum(TRANSPORTS),
    firmware: z.string().exactOptional(),
    software: z.record(z.string(), z.string()),
    timeZone: z.string().exactOptional(),
    labels: z.record(z.string(), z.string()),
    pskIdentity: z.string().exactOptional(),
    hasPsk: z.boolean(),
    hasDdiToken: z.boolean(),
    versionReadAt: InstantText.exactOptional(),
    lastSeenAt: InstantText.exactOptional(),
    refused: z
      .object({ at: InstantText, why: z.string() })
      .describe('The last contact that this node refused because the caller did not prove to be the device.')
      .exactOptional(),
    nextContactBy: InstantText.describe(
      'When it should have been heard again: after its poll interval, or the lifetime of its registration.',
    ).exactOptional(),
    campaignId: z.string().describe('The live campaign that the device is part of.').exactOptional(),
    updateState: z.string().describe('How far it is in that campaign.').exactOptional(),
    residue: z.boolean().describe('A clean-up on the device is still owed.').exactOptional(),
    autoConfirm: z.boolean().describe('It agrees by itself to what it is offered.').exactOptional(),
    violations: z.int().describe('How often it installed although it was told to wait.').exactOptional(),
  }),
);
export type DeviceView = z.infer<typeof DeviceView>;
export const DevicePage = pageOf('DevicePage', DeviceView);
export const DeviceParams = z.object({ accountName: AccountName, imei: Imei });

export const PACKAGE_KINDS = ['firmware', 'software', 'file'] as const;
export type PackageKind = (typeof PACKAGE_KINDS)[number];

const version = text(LIMITS.versionLengthMax);
const versionList = z
  .array(version, accepts('a list of versions'))
  .min(1, accepts('at least one version'))
  .max(LIMITS.versionsPerPackageMax, accepts(`at most ${LIMITS.versionsPerPackageMax} versions`));

/** How the versions of a package look on the device; default: exactly as in `from` and `to`. */
const PackageReports = z.object(
  {
    from: versionList.exactOptional(),
    to: version.exactOptional(),
    resource: text(LIMITS.nameLengthMax).describe('LwM2M path that shows the version.').exactOptional(),
    attribute: text(LIMITS.nameLengthMax).describe('DDI attribute that shows the version.').exactOptional(),
  },
  accepts('an object with from, to, resource, attribute'),
);

const SIGNATURE = accepts('an Ed25519 signature of 64 bytes in base64');

export const IMAGE_STATES = ['unchecked', 'good', 'damaged'] as const;

export const PackagePart = named(
  'PackagePart',
  z.preprocess(
    withoutNulls,
    z.object(
      {
        kind: oneOf(PACKAGE_KINDS),
        name: text(LIMITS.nameLengthMax),
        from: z.union([version, versionList]).describe('A version, a list of versions, or "*" for a full image.'),
        to: version,
        make: text(LIMITS.nameLengthMax),
        model: text(LIMITS.nameLengthMax),
        transports: z
          .array(TransportInput, accepts(`a list of ${TRANSPORTS.join(', ')}`))
          .min(1, accepts('at least one transport')),
        reports: PackageReports.exactOptional(),
        signature: z
          .string(SIGNATURE)
          .regex(/^[A-Za-z0-9+/_-]{86}(?:==)?$/, SIGNATURE)
          .describe('Ed25519 over the 32 bytes of the SHA-256 of the image, in base64.')
          .exactOptional(),
        fileName: text(LIMITS.nameLengthMax)
          .describe('The name by which devices get the image; absent: the name of the uploaded file.')
          .exactOptional(),
      },
      accepts('an object with kind, name, from, to, make, model, transports'),
    ),
  ),
);
export type PackagePart = z.infer<typeof PackagePart>;

export const PackageView = named(
  'PackageView',
  z.object({
    kind: z.enum(PACKAGE_KINDS),
    name: z.string(),
    from: z.union([z.string(), z.array(z.string())]),
    to: z.string(),
    make: z.string(),
    model: z.string(),
    transports: z.array(z.enum(TRANSPORTS)),
    reports: z
      .object({
        from: z.array(z.string()).exactOptional(),
        to: z.string().exactOptional(),
        resource: z.string().exactOptional(),
        attribute: z.string().exactOptional(),
      })
      .exactOptional(),
    sha256: z.string(),
    size: z.int(),
    signedBy: z
      .string()
      .describe('The image key of the account that its signature fits; absent: none.')
      .exactOptional(),
    image: z
      .object({
        state: z.enum(IMAGE_STATES),
        checkedAt: InstantText.exactOptional(),
        found: z.string().describe('What is wrong with the bytes on disk.').exactOptional(),
      })
      .describe('Whether what lies on disk was found to be what was uploaded.'),
    createdAt: InstantText,
    withdrawn: z
      .object({ at: InstantText, by: z.string(), reason: z.string() })
      .describe('No campaign may use it until it is reinstated.')
      .exactOptional(),
    installed: z
      .object({ from: z.int(), to: z.int(), neither: z.int(), unknown: z.int() })
      .describe(
        'How many devices of this make and model report the old version, the new one, neither, or nothing yet.',
      ),
  }),
);
export type PackageView = z.infer<typeof PackageView>;
export const PackagePage = pageOf('PackagePage', PackageView);
export const PackageParams = z.object({ accountName: AccountName, name: text(LIMITS.nameLengthMax) });
