// What may be installed: firmware of v1 and v3, software and files of v2 (contract.md §6.1 to §6.3).
import type { Package } from '../accounts/index.ts';
import { type AccountName, dayOf, type PackageKind, rfc3339, type Transport } from '../campaigns/index.ts';
import {
  type AvailableFile,
  type FirmwarePackage,
  type FirmwareV1,
  LIMITS,
  type ProtocolFilter,
  type SoftwarePackage,
} from '../contract/index.ts';
import type { ApiContext, Handler } from './call.ts';
import { refuseForeign } from './fota-campaign.ts';
import { everyPage } from './page.ts';

export async function packagesOf(
  account: AccountName,
  kind: PackageKind,
  { store }: ApiContext,
): Promise<readonly Package[]> {
  const pages = everyPage(
    LIMITS.pageSizeMax,
    (page) => store.packages(account, page),
    ({ name }) => name,
  );
  const found: Package[] = [];
  for await (const packages of pages) found.push(...packages.filter((pack) => pack.kind === kind));
  return found;
}

/** One line for each version that it starts from; `*` starts from any. */
const startsOf = ({ from }: Package): readonly string[] => (from === '*' ? ['*'] : from);

const transportsOf = ({ transports }: Package, filter: ProtocolFilter): readonly Transport[] =>
  transports.filter((transport) => filter === 'all' || filter === transport);

const common = ({ releaseNote = '', make, model }: Package) => ({ releaseNote, make, model });

const firmwareV1 = (pack: Package): readonly FirmwareV1[] =>
  startsOf(pack).map((fromVersion) => ({
    ...common(pack),
    firmwareName: pack.name,
    participantName: pack.account,
    launchDate: rfc3339(pack.createdAt),
    fromVersion,
    toVersion: pack.to,
  }));

const listFirmwareV1: Handler<'listFirmwareV1'> = async ({ caller, params }, context) => {
  const foreign = refuseForeign(caller, params.account);
  if (foreign !== undefined) return foreign;
  return (await packagesOf(caller.account.name, 'firmware', context)).flatMap(firmwareV1);
};

const firmwareV3 = (pack: Package, filter: ProtocolFilter): readonly FirmwarePackage[] =>
  transportsOf(pack, filter).flatMap((protocol) =>
    startsOf(pack).map((firmwareFrom) => ({
      ...common(pack),
      firmwareName: pack.name,
      firmwareFrom,
      firmwareTo: pack.to,
      launchDate: rfc3339(pack.createdAt),
      protocol,
    })),
  );

const listFirmwareV3: Handler<'listFirmwareV3'> = async ({ caller, params, query }, context) => {
  const foreign = refuseForeign(caller, params.account);
  if (foreign !== undefined) return foreign;
  const packages = await packagesOf(caller.account.name, 'firmware', context);
  return packages.flatMap((pack) => firmwareV3(pack, query.protocol));
};

/** contract.md §6.2: the only value that is documented. */
const PLATFORM = 'IoT';

const software = (pack: Package, filter: ProtocolFilter): readonly SoftwarePackage[] =>
  transportsOf(pack, filter).map((distributionType) => ({
    ...common(pack),
    softwareName: pack.name,
    launchDate: dayOf(pack.createdAt),
    distributionType,
    devicePlatformId: PLATFORM,
  }));

const listSoftwareV2: Handler<'listSoftwareV2'> = async ({ caller, params, query }, context) => {
  const foreign = refuseForeign(caller, params.account);
  if (foreign !== undefined) return foreign;
  const packages = await packagesOf(caller.account.name, 'software', context);
  return packages.flatMap((pack) => software(pack, query.distributionType));
};

const file = (pack: Package, filter: ProtocolFilter): readonly AvailableFile[] =>
  transportsOf(pack, filter).map((distributionType) => ({
    ...common(pack),
    fileName: pack.name,
    fileVersion: pack.to,
    localTargetPath: pack.localTargetPath ?? '',
    distributionType,
    devicePlatformId: PLATFORM,
  }));

const listFilesV2: Handler<'listFilesV2'> = async ({ caller, params, query }, context) => {
  const foreign = refuseForeign(caller, params.account);
  if (foreign !== undefined) return foreign;
  const packages = await packagesOf(caller.account.name, 'file', context);
  return { AvailableFilesResponse: packages.flatMap((pack) => file(pack, query.distributionType)) };
};

export const NEIGHBOUR_LIST_HANDLERS = { listFirmwareV1, listFirmwareV3, listSoftwareV2, listFilesV2 } as const;
