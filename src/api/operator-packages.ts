// Operator API: packages, and how many devices of their make and model run what.
import type { Package, VersionCounts } from '../accounts/index.ts';
import {
  type AccountName,
  type ImageHash,
  judgeVersion,
  type PackageFacts,
  rfc3339,
  type VersionReports,
} from '../campaigns/index.ts';
import { LIMITS, type PackagePart, type PackageView } from '../contract/index.ts';
import type { ApiContext, Handler } from './call.ts';
import { contentHash } from './canonical.ts';
import { imageView, keysOf, refuseSignature, storeImage } from './image-trust.ts';
import { accountOf } from './operator-accounts.ts';
import { readUpload, type Upload } from './package-upload.ts';
import { everyPage, readPage } from './page.ts';
import { invalid, Refusal, refuse } from './refusal.ts';
import { factsOf } from './schedule.ts';

const uploadPackage: Handler<'uploadPackage'> = async ({ params, request, once }, context) => {
  const account = await accountOf(params.accountName, context);
  if (account instanceof Refusal) return account;
  const upload = await readUpload(request, context, refuseFrom);
  if (upload instanceof Refusal) return upload;
  const { part, image, fileName } = upload;
  return once({ part, fileName, sha256: image.sha256 }, () => storePackage(account.name, upload, context));
};

async function storePackage(account: AccountName, upload: Upload, context: ApiContext): Promise<PackageView | Refusal> {
  await storeImage(upload.image, context);
  const { sha256 } = upload.image;
  const unsigned = await refuseSignature(account, { sha256, signature: upload.part.signature }, context);
  return unsigned ?? addPackage(account, upload, context);
}

/** The package of an image that is stored. */
export async function addPackage(
  account: AccountName,
  upload: Upload,
  context: ApiContext,
): Promise<PackageView | Refusal> {
  const pack = packageOf(account, upload, context);
  if (await context.store.insertPackage(pack)) return viewOf(pack, context);
  const stored = await context.store.package(account, pack.name);
  // An upload whose answer was lost may be sent again.
  return stored !== undefined && isSame(stored, pack)
    ? viewOf(stored, context)
    : refuse('PACKAGE_EXISTS', { name: pack.name, account });
}

const isSame = (one: Package, other: Package): boolean =>
  one.signature === other.signature && contentHash(factsOf(one)) === contentHash(factsOf(other));

export function refuseFrom({ from }: PackagePart): Refusal | undefined {
  if (!Array.isArray(from) || from.length === 1 || !from.includes('*')) return undefined;
  return invalid('part "package": from: given "*" beside other versions, accepted: "*" alone, or versions.');
}

function fromOf(from: PackagePart['from']): PackageFacts['from'] {
  const list = typeof from === 'string' ? [from] : [...new Set(from)];
  return list.includes('*') ? '*' : list;
}

function reportsOf({ reports, to }: PackagePart): VersionReports | undefined {
  return reports === undefined ? undefined : { ...reports, to: reports.to ?? to };
}

function packageOf(account: AccountName, { part, image, fileName }: Upload, { clock }: ApiContext): Package {
  const reports = reportsOf(part);
  const { signature, fileName: named = fileName } = part;
  return {
    account,
    kind: part.kind,
    name: part.name,
    from: fromOf(part.from),
    to: part.to,
    make: part.make,
    model: part.model,
    transports: [...new Set(part.transports)],
    ...(reports === undefined ? {} : { reports }),
    image: { sha256: image.sha256 as ImageHash, size: image.size },
    createdAt: clock.now(),
    ...(named === undefined ? {} : { fileName: named }),
    ...(signature === undefined ? {} : { signature }),
  };
}

const listPackages: Handler<'listPackages'> = async ({ params, query }, context) => {
  const account = await accountOf(params.accountName, context);
  if (account instanceof Refusal) return account;
  const { rows, next } = await readPage(
    query,
    (page) => context.store.packages(account.name, page),
    (pack) => pack.name,
  );
  return { items: await viewsOf(rows, context), ...next };
};

const getPackage: Handler<'getPackage'> = async ({ params }, context) => {
  const account = await accountOf(params.accountName, context);
  if (account instanceof Refusal) return account;
  const pack = await context.store.package(account.name, params.name);
  return pack === undefined
    ? refuse('PACKAGE_NOT_FOUND', { name: params.name, account: account.name })
    : viewOf(pack, context);
};

export async function viewOf(pack: Package, context: ApiContext): Promise<PackageView> {
  const counts = await countVersions([pack], context);
  const image = await imageView(pack, await keysOf(pack.account, context), context);
  return packageView(pack, counts.get(pack) ?? NO_DEVICES, image);
}

/** Packages of one make and model are counted in one pass over its devices. */
async function viewsOf(packages: readonly Package[], context: ApiContext): Promise<PackageView[]> {
  const groups = new Map<string, Package[]>();
  for (const pack of packages) {
    const group = JSON.stringify([pack.make, pack.model]);
    groups.set(group, [...(groups.get(group) ?? []), pack]);
  }
  const counts = new Map<Package, VersionCounts>();
  for (const group of groups.values()) {
    for (const [pack, count] of await countVersions(group, context)) counts.set(pack, count);
  }
  const [first] = packages;
  const keys = first === undefined ? [] : await keysOf(first.account, context);
  return Promise.all(
    packages.map(async (pack) =>
      packageView(pack, counts.get(pack) ?? NO_DEVICES, await imageView(pack, keys, context)),
    ),
  );
}

const NO_DEVICES: VersionCounts = { from: 0, to: 0, neither: 0, unknown: 0 };

/** All of one account, make and model. */
async function countVersions(
  packages: readonly Package[],
  { store }: ApiContext,
): Promise<ReadonlyMap<Package, VersionCounts>> {
  const counts = new Map(packages.map((pack) => [pack, { ...NO_DEVICES }]));
  const [first] = packages;
  if (first === undefined) return counts;
  const pages = everyPage(
    LIMITS.pageSizeMax,
    (page) => store.devicesOf(first.account, first.make, first.model, page),
    (device) => device.imei,
  );
  for await (const devices of pages) {
    for (const [pack, count] of counts) {
      for (const device of devices) {
        const { is } = judgeVersion(device, pack);
        count[is === 'other' ? 'neither' : is] += 1;
      }
    }
  }
  return counts;
}

function packageView(
  pack: Package,
  installed: VersionCounts,
  told: Pick<PackageView, 'image' | 'signedBy'>,
): PackageView {
  const { kind, name, from, to, make, model, transports, reports, image, createdAt, withdrawn } = pack;
  return {
    kind,
    name,
    from: from === '*' || from.length !== 1 ? copyOf(from) : (from[0] ?? ''),
    to,
    make,
    model,
    transports: [...transports],
    ...(reports === undefined ? {} : { reports: reportsView(reports) }),
    sha256: image.sha256,
    size: image.size,
    ...told,
    createdAt: rfc3339(createdAt),
    ...(withdrawn === undefined ? {} : { withdrawn: { ...withdrawn, at: rfc3339(withdrawn.at) } }),
    installed: { ...installed },
  };
}

const copyOf = (from: PackageFacts['from']): string | string[] => (from === '*' ? '*' : [...from]);

const reportsView = ({ from, ...rest }: VersionReports): NonNullable<PackageView['reports']> => ({
  ...rest,
  ...(from === undefined ? {} : { from: [...from] }),
});

export const PACKAGE_HANDLERS = { uploadPackage, listPackages, getPackage } as const;
