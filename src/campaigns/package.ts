// A package as the engine sees it, and the question which of its versions a device runs.
import type { Device, Reading, Transport } from './device.ts';
import type { ImageHash } from './ids.ts';

export const PACKAGE_KINDS = ['firmware', 'software', 'file'] as const;
export type PackageKind = (typeof PACKAGE_KINDS)[number];

/** How the versions of a package look on the device, when that differs from the names used on the wire (engine.md §1). */
export interface VersionReports {
  readonly from?: readonly string[];
  readonly to: string;
  /** LwM2M path of the running version; default /3/0/3. */
  readonly resource?: string;
  /** DDI attribute of the running version. */
  readonly attribute?: string;
}

export interface PackageFacts {
  readonly kind: PackageKind;
  readonly name: string;
  /** `*`: a full image that installs over any version. */
  readonly from: readonly string[] | '*';
  readonly to: string;
  readonly make: string;
  readonly model: string;
  readonly transports: readonly Transport[];
  readonly reports?: VersionReports;
  readonly image: { readonly sha256: ImageHash; readonly size: number };
}

export type VersionVerdict =
  | { readonly is: 'from' | 'to' | 'other'; readonly reading: Reading }
  | { readonly is: 'unknown' };

// Keys that clients commonly use when the package does not name the attribute.
const SOFTWARE_ATTRIBUTES = ['version', 'sw_version'] as const;
const FIRMWARE_ATTRIBUTES = ['firmware', 'fw_version', 'version'] as const;

/** The attribute of a DDI device that tells this package's version, newest word of the device itself. */
function reportedAttribute(device: Device, pack: PackageFacts): Reading | undefined {
  const keys =
    pack.reports?.attribute !== undefined
      ? [pack.reports.attribute]
      : [pack.name, ...(pack.kind === 'firmware' ? FIRMWARE_ATTRIBUTES : SOFTWARE_ATTRIBUTES)];
  for (const key of keys) {
    const value = device.attributes[key];
    if (value !== undefined && device.attributesAt !== undefined) {
      return { value, at: device.attributesAt, source: 'reported' };
    }
  }
  return undefined;
}

/** Installed software is matched by name or by version, because the wire uses either (contract.md §9-19). */
function installedSoftware(device: Device, pack: PackageFacts): Reading | undefined {
  const own = device.software[pack.name];
  if (own !== undefined) return own;
  const wanted = [pack.reports?.to ?? pack.to, ...fromStrings(pack)];
  for (const target of wanted) {
    for (const [name, reading] of Object.entries(device.software)) {
      if (reading.value === target || name === target) return { ...reading, value: target };
    }
  }
  // The wire's package names are rarely those of components: where there is only one, it is the one that is replaced.
  const all = Object.values(device.software);
  return all.length === 1 ? all[0] : undefined;
}

const fromStrings = (pack: PackageFacts): readonly string[] =>
  pack.reports?.from ?? (pack.from === '*' ? [] : pack.from);

/** What the device runs of this package, as far as is known. */
export function runningVersion(device: Device, pack: PackageFacts): Reading | undefined {
  const reported = device.transport === 'HTTP' ? reportedAttribute(device, pack) : undefined;
  const known = pack.kind === 'firmware' ? device.firmware : installedSoftware(device, pack);
  if (reported === undefined) return known;
  return known === undefined || known.at <= reported.at ? reported : known;
}

/** Compared exactly, string by string (engine.md §1). */
export function judgeVersion(device: Device, pack: PackageFacts): VersionVerdict {
  const reading = runningVersion(device, pack);
  if (reading === undefined) return pack.from === '*' && pack.kind === 'file' ? anyVersion(device) : { is: 'unknown' };
  if (reading.value === (pack.reports?.to ?? pack.to)) return { is: 'to', reading };
  if (pack.from === '*' || fromStrings(pack).includes(reading.value)) return { is: 'from', reading };
  return { is: 'other', reading };
}

// A file replaces whatever lies on the device (contract.md §6.2: no prerequisite version).
const anyVersion = (device: Device): VersionVerdict => ({
  is: 'from',
  reading: { value: '', at: device.attributesAt ?? (0 as Reading['at']), source: 'import' },
});
