// Files for devices: uploads and their campaigns, and the newer schedule calls, which tell hours as texts (contract.md §6.2).
import type { Multipart } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import type { Account, Package } from '../accounts/index.ts';
import { dayOf, type ImageHash } from '../campaigns/index.ts';
import { type CampaignSoftware, explainIssues, FileUpload, LIMITS, type UploadedFile } from '../contract/index.ts';
import { drained } from './body.ts';
import type { ApiContext, Handler } from './call.ts';
import { contentHash } from './canonical.ts';
import { refuseForeign } from './fota-campaign.ts';
import { scheduleSoftware } from './fota-v2.ts';
import { storeImage } from './image-trust.ts';
import { type Intake, readForm, readImage, type Source } from './package-upload.ts';
import type { ImageIntake, ReceivedImage } from './ports.ts';
import { invalid, Refusal } from './refusal.ts';
import { softwareCampaign } from './render.ts';
import { rolloutOrder } from './rollout.ts';
import { factsOf, scheduleCampaign } from './schedule.ts';
import { softwareTimes } from './timetable.ts';

const FILE_PART = 'fileupload';
const TRANSPORT = 'HTTP';
/** contract.md §6.2: the only value that is documented. */
const PLATFORM = 'IoT';

interface ReadUpload {
  readonly facts: FileUpload;
  readonly image: ReceivedImage;
  readonly fileName: string;
}

/** The parts come in any order. */
async function readUpload(request: FastifyRequest, intake: Intake): Promise<ReadUpload | Refusal> {
  if (!request.isMultipart()) {
    return drained(
      request.raw,
      invalid(
        `the body: given no multipart form, accepted: the parts ${FILE_PART}, fileVersion, make, model, localTargetPath.`,
      ),
    );
  }
  return readForm(request, intake, (parts, source) => readParts(parts, { images: intake.images, source }));
}

async function readParts(
  parts: AsyncIterable<Multipart>,
  reader: { readonly images: ImageIntake; readonly source: Source },
): Promise<ReadUpload | Refusal> {
  const fields: Record<string, unknown> = {};
  let image: ReceivedImage | undefined;
  let fileName = '';
  for await (const one of parts) {
    if (one.fieldname === FILE_PART) {
      if (image !== undefined) return invalid(`part "${FILE_PART}": given twice, accepted: once.`);
      const kept = await readImage(one, reader);
      if (kept instanceof Refusal) return kept;
      image = kept;
      fileName = one.type === 'file' ? one.filename : '';
    } else if (one.type === 'file') one.file.resume();
    else fields[one.fieldname] = one.value;
  }
  const facts = FileUpload.safeParse(fields);
  if (!facts.success) return invalid(explainIssues(facts.error, fields));
  if (image === undefined) return invalid(`part "${FILE_PART}": given nothing, accepted: a file.`);
  return { facts: facts.data, image, fileName };
}

/** Letters that are safe in a path on any device. */
const plain = (text: string): string => text.replace(/[^A-Za-z0-9.-]+/g, '-');
const baseName = (path: string): string => path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);

/** Like `configfile-Verizon_VZW1_hello-world.txt`; a later version of the same file has its version in the name. */
function namesOf({ facts, fileName }: ReadUpload): readonly [string, string] {
  const { make, model, fileVersion } = facts;
  const own = plain(baseName(fileName)) || 'file';
  const start = `configfile-${plain(make)}_${plain(model)}`;
  return [`${start}_${own}`, `${start}_${plain(fileVersion)}_${own}`];
}

const packageOf = (account: Account, upload: ReadUpload, name: string, { clock }: ApiContext): Package => ({
  account: account.name,
  kind: 'file',
  name,
  from: '*',
  to: upload.facts.fileVersion,
  make: upload.facts.make,
  model: upload.facts.model,
  transports: [TRANSPORT],
  image: { sha256: upload.image.sha256 as ImageHash, size: upload.image.size },
  createdAt: clock.now(),
  fileName: upload.fileName,
  localTargetPath: upload.facts.localTargetPath,
});

const isSame = (one: Package, other: Package): boolean =>
  one.localTargetPath === other.localTargetPath && contentHash(factsOf(one)) === contentHash(factsOf(other));

const fileView = ({
  name,
  to,
  make,
  model,
  localTargetPath = '',
  releaseNote = '',
  createdAt,
}: Package): UploadedFile => ({
  fileName: name,
  fileVersion: to,
  launchDate: dayOf(createdAt),
  releaseNote,
  model,
  make,
  distributionType: TRANSPORT,
  devicePlatformId: PLATFORM,
  localTargetPath,
});

/** An upload whose answer was lost may be sent again: it is found by what it is. */
const uploadFileV2: Handler<'uploadFileV2'> = async ({ caller, params, request, once }, context) => {
  const foreign = refuseForeign(caller, params.account);
  if (foreign !== undefined) return drained(request.raw, foreign);
  const upload = await readUpload(request, context);
  if (upload instanceof Refusal) return upload;
  const { facts, image, fileName } = upload;
  return once({ facts, fileName, sha256: image.sha256 }, () => storeFile(caller.account, upload, context));
};

async function storeFile(account: Account, upload: ReadUpload, context: ApiContext): Promise<UploadedFile | Refusal> {
  const names = namesOf(upload);
  const tooLong = names.find((name) => name.length > LIMITS.nameLengthMax);
  if (tooLong !== undefined) {
    return invalid(
      `fileName: made from make, model and the file's own name ${tooLong.length} characters long, accepted: at most ${LIMITS.nameLengthMax}.`,
    );
  }
  await storeImage(upload.image, context);
  for (const name of names) {
    const pack = packageOf(account, upload, name, context);
    if (await context.store.insertPackage(pack)) return fileView(pack);
    const stored = await context.store.package(account.name, name);
    if (stored !== undefined && isSame(stored, pack)) return fileView(stored);
  }
  const { fileVersion } = upload.facts;
  return invalid(
    `fileVersion: given ${fileVersion}, of which account ${account.name} has file ${names[1]} with another content or place, accepted: a version that is new.`,
  );
}

const textWindows = (windows: CampaignSoftware['downloadTimeWindowList'] = []) =>
  windows.map(({ startTime, endTime }) => ({ startTime: String(startTime), endTime: String(endTime) }));

type WindowLists = Pick<CampaignSoftware, 'downloadTimeWindowList' | 'installTimeWindowList'>;

/** contract.md §2.0: hours are texts in these two answers alone. */
function withTextWindows<Answer extends WindowLists>(answer: Answer) {
  const { downloadTimeWindowList: download, installTimeWindowList: install, ...facts } = answer;
  return {
    ...facts,
    ...(download === undefined ? {} : { downloadTimeWindowList: textWindows(download) }),
    ...(install === undefined ? {} : { installTimeWindowList: textWindows(install) }),
  };
}

const scheduleFileUpgradeV2: Handler<'scheduleFileUpgradeV2'> = async ({ body, caller, params, request }, context) => {
  const foreign = refuseForeign(caller, params.account);
  if (foreign !== undefined) return foreign;
  const told = await scheduleCampaign(
    {
      account: caller.account,
      generation: 'v2',
      kind: 'file',
      ...(body.campaignName === undefined ? {} : { campaignName: body.campaignName }),
      packageName: body.fileName,
      from: '*',
      to: body.fileVersion,
      protocol: body.distributionType,
      times: softwareTimes(body),
      autoAssignLicense: false,
      autoAddDevices: false,
      imeis: body.deviceList,
      orderedBy: caller.clientId,
      rollout: rolloutOrder(body.rollout),
      body,
      keyHeader: request.headers['idempotency-key'],
    },
    context,
  );
  if (told instanceof Refusal) return told;
  const { softwareName, softwareFrom: _from, softwareTo, ...campaign } = softwareCampaign(told);
  return {
    ...withTextWindows(campaign),
    fileName: softwareName,
    fileVersion: softwareTo,
    deviceList: [...body.deviceList],
  };
};

const scheduleHttpSoftwareV2: Handler<'scheduleHttpSoftwareV2'> = async (call, context) => {
  const told = await scheduleSoftware(call, context);
  return told instanceof Refusal ? told : withTextWindows(softwareCampaign(told));
};

export const FILE_HANDLERS = { uploadFileV2, scheduleFileUpgradeV2, scheduleHttpSoftwareV2 } as const;
