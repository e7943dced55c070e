// Schedules a campaign of either generation: the package is found and checked, then one command is given.
import { type Account, type Package, profileOf } from '../accounts/index.ts';
import type { CampaignId, Generation, PackageFacts, PackageKind, Transport } from '../campaigns/index.ts';
import { LIMITS, type Protocol } from '../contract/index.ts';
import type { ApiContext } from './call.ts';
import { contentHash } from './canonical.ts';
import { doubtsAbout } from './doubts.ts';
import { refuseToSchedule } from './image-trust.ts';
import { refusePilot } from './pilot.ts';
import { invalid, Refusal, refuse, refuseOrder } from './refusal.ts';
import type { Told } from './render.ts';
import { idempotencyKey, remember, repetitionOf } from './repeats.ts';
import { type RolloutOrder, refuseTerms } from './rollout.ts';
import { sha256 } from './secrets.ts';
import { type RequestedTimes, refuseHorizon, refuseZone, type Standing, standingOf, timetableOf } from './timetable.ts';
import { haltedIfWithdrawn, refuseWithdrawn } from './withdrawn.ts';

export interface ScheduleRequest {
  readonly account: Account;
  readonly generation: Generation;
  /** Absent: what the generation is for. */
  readonly kind?: 'file';
  readonly campaignName?: string;
  readonly packageName: string;
  readonly from: string;
  readonly to: string;
  readonly protocol: Protocol;
  readonly times: RequestedTimes;
  readonly autoAssignLicense: boolean;
  readonly autoAddDevices: boolean;
  readonly imeis: readonly string[];
  /** Who schedules: an operator, or the client of a customer. */
  readonly orderedBy: string;
  readonly rollout?: RolloutOrder;
  readonly retryOf?: CampaignId;
  readonly endWhenDone?: boolean;
  /** What is known not to go is refused, not warned of. */
  readonly strict?: boolean;
  /** What holds where the times say nothing; absent: the account's. */
  readonly standing?: Standing;
  /** The checked body: what makes two requests the same. */
  readonly body: object;
  readonly keyHeader: string | readonly string[] | undefined;
}

interface Words {
  readonly kind: PackageKind;
  readonly protocolField: string;
  readonly notFound: 'SOFTWARE_NOT_FOUND' | 'FIRMWARE_NOT_FOUND' | 'FILE_NOT_FOUND';
}

const WORDS: Readonly<Record<Generation | 'file', Words>> = {
  v2: { kind: 'software', protocolField: 'distributionType', notFound: 'SOFTWARE_NOT_FOUND' },
  v3: { kind: 'firmware', protocolField: 'protocol', notFound: 'FIRMWARE_NOT_FOUND' },
  file: { kind: 'file', protocolField: 'distributionType', notFound: 'FILE_NOT_FOUND' },
};

const wordsOf = ({ kind, generation }: ScheduleRequest): Words => WORDS[kind ?? generation];

export async function scheduleCampaign(request: ScheduleRequest, context: ApiContext): Promise<Told | Refusal> {
  const header = idempotencyKey(request.keyHeader);
  if (header instanceof Refusal) return header;
  const { account, generation: operation, body } = request;
  const turn = `${account.name} ${header.key === undefined ? contentHash(body) : sha256(header.key)}`;
  return context.inTurn.run(turn, async () => {
    const repetition = await repetitionOf({ account, operation, body, ...header }, context);
    if (repetition.is === 'refused') return repetition.refusal;
    if (repetition.is === 'again') {
      context.answeredAgain.add(body);
      return { campaign: repetition.campaign, warnings: [] };
    }
    const pack = await findPackage(request, context);
    if (pack instanceof Refusal) return pack;
    const checked =
      checkProtocol(request, pack) ??
      refuseZone('timeZone', request.times.timeZone, 'orDevice') ??
      refuseHorizon(request.times.endDate, context) ??
      refuseTerms(request.rollout ?? {}) ??
      refuseWithdrawn(pack) ??
      (await refuseToSchedule(account, pack, context)) ??
      (await refusePilot(account, pack.name, sizeOf(request), context));
    if (checked !== undefined) return checked;
    const id = context.secrets.uuid() as CampaignId;
    await remember(account, repetition.names, id, context);
    return accept(request, pack, id, context);
  });
}

const sizeOf = ({ imeis, autoAddDevices }: ScheduleRequest) => ({ size: new Set(imeis).size, autoAddDevices });

async function accept(
  request: ScheduleRequest,
  pack: Package,
  id: CampaignId,
  context: ApiContext,
): Promise<Told | Refusal> {
  const { account, campaignName, generation, from, autoAssignLicense, autoAddDevices, imeis } = request;
  const { rollout, retryOf, endWhenDone, standing = standingOf(account.settings), orderedBy } = request;
  const timetable = timetableOf(request.times, standing);
  const doubts = await doubtsAbout(request, pack, timetable, context);
  if (doubts instanceof Refusal) return doubts;
  const result = await context.engine.commands.schedule({
    account: account.name,
    id,
    generation,
    ...(campaignName === undefined ? {} : { name: campaignName }),
    package: withVersionAttribute(factsOf(pack), account),
    from,
    // Whatever the package is not made for has been refused.
    transport: request.protocol as Transport,
    timetable,
    autoAssignLicense,
    autoAddDevices,
    checkDigits: account.settings.checkImeiDigits,
    imeis,
    orderedBy,
    ...rollout,
    ...(retryOf === undefined ? {} : { retryOf }),
    ...(endWhenDone === undefined ? {} : { endWhenDone }),
  });
  if (!result.ok) return refuseOrder(result);
  const campaign = await haltedIfWithdrawn(result.campaign, context);
  return { campaign, warnings: [...new Set([...doubts, ...result.warnings])] };
}

/** How devices of this kind tell their versions, where the package does not say it; settled when it is scheduled. */
function withVersionAttribute(facts: PackageFacts, { settings }: Account): PackageFacts {
  const attribute = profileOf(settings, facts).versionAttribute;
  if (attribute === undefined || facts.reports?.attribute !== undefined) return facts;
  return { ...facts, reports: { to: facts.to, ...facts.reports, attribute } };
}

export function factsOf(pack: Package): PackageFacts {
  const {
    withdrawn: _withdrawn,
    account: _account,
    createdAt: _createdAt,
    fileName: _fileName,
    releaseNote: _releaseNote,
    localTargetPath: _path,
    signature: _signature,
    ...facts
  } = pack;
  return facts;
}

const fits = (pack: Package, { from, to }: ScheduleRequest): boolean =>
  pack.to === to && (pack.from === '*' || pack.from.includes(from));

async function findPackage(request: ScheduleRequest, { store }: ApiContext): Promise<Package | Refusal> {
  const { account, packageName: name, from, to } = request;
  const { kind, notFound } = wordsOf(request);
  const named = await store.package(account.name, name);
  const pack = named?.kind === kind ? named : undefined;
  if (pack !== undefined && fits(pack, request)) return pack;
  const others = await store.packages(account.name, { max: LIMITS.pageSizeMax });
  const known = pack === undefined ? others.filter((one) => one.kind === kind) : [pack];
  const facts = { name, account: account.name, known: inWords(known) };
  return notFound === 'FILE_NOT_FOUND'
    ? refuse(notFound, { ...facts, version: to })
    : refuse(notFound, { ...facts, from, to });
}

const KNOWN_SHOWN_MAX = 5;

function inWords(all: readonly Package[]): string {
  const packages = all.filter(({ withdrawn }) => withdrawn === undefined);
  if (packages.length === 0) return 'none';
  const shown = packages.slice(0, KNOWN_SHOWN_MAX).map(({ name, from, to }) => {
    const starts = from === '*' ? 'any version' : from.slice(0, KNOWN_SHOWN_MAX).join(' or ');
    return `${name} (from ${starts} to ${to})`;
  });
  const more = packages.length - shown.length;
  return `${shown.join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}

function checkProtocol(request: ScheduleRequest, pack: Package): Refusal | undefined {
  const { protocolField } = wordsOf(request);
  const able: readonly string[] = pack.transports;
  if (able.includes(request.protocol)) return undefined;
  const accepted = able.join(' or ');
  return request.protocol === 'OMD-DM'
    ? refuse('TRANSPORT_UNAVAILABLE', { field: protocolField, account: request.account.name, accepted })
    : invalid(
        `${protocolField}: given ${request.protocol}, accepted: ${accepted}, for which package ${pack.name} is made.`,
      );
}
