// Adding and removing devices of a campaign: long lists go in chunks, each stored whole, and every device is answered.
import {
  append,
  type Campaign,
  type CampaignKey,
  type Candidate,
  type Change,
  type Leaver,
  LIMITS,
  type MembershipResult,
  mayChangeDevices,
  type Refused,
  remove,
  type Write,
} from '../campaigns/index.ts';
import type { EngineParts, IntakePart } from './ports.ts';
import { retrying } from './run.ts';

export type DeviceListResult =
  | { readonly ok: true; readonly campaign: Campaign; readonly results: MembershipResult['results'] }
  | Refused;

/** A steward on another node may be admitting the same campaign: its commits are short and many. */
const CHUNK_TRIES_MAX = 40;

type Results = MembershipResult['results'];

const nothing = (): Change => ({ writes: [], entries: [], intents: [], rule: 'update.no-change' });

/**
 * Undefined: there is no such campaign. A crash leaves whole chunks; the repeated request answers the same and does the
 * rest. When the campaign is scheduled or ends in between, the refusal tells how many were done.
 */
export async function changeDevices(
  parts: EngineParts,
  key: CampaignKey,
  type: 'append' | 'remove',
  imeis: readonly string[],
): Promise<DeviceListResult | undefined> {
  const unique = [...new Set(imeis)];
  const list = new ListedDevices(parts, key);
  const order = unique.length <= LIMITS.batchMax ? unique : await list.inOrderOfParts(unique);
  const answers = new Map<string, Results[number]>();
  let last: DeviceListResult | undefined;
  for (let at = 0; at === 0 || at < order.length; at += LIMITS.batchMax) {
    const chunk = order.slice(at, at + LIMITS.batchMax);
    last = await oneChunk(parts, key, { type, chunk, list });
    if (last === undefined) return undefined;
    if (!last.ok) return at === 0 ? last : cutShort(last, at, order.length);
    for (const result of last.results) answers.set(result.imei, result);
  }
  if (last === undefined || !last.ok) return last;
  return { ...last, results: unique.flatMap((imei) => answers.get(imei) ?? []) };
}

const cutShort = (refused: Refused, done: number, all: number): Refused => ({
  ...refused,
  sentence: `${refused.sentence} The first ${done} of ${all} devices had been handled by then.`,
});

interface Chunk {
  readonly type: 'append' | 'remove';
  readonly chunk: readonly string[];
  readonly list: ListedDevices;
}

function oneChunk(
  parts: EngineParts,
  key: CampaignKey,
  { type, chunk, list }: Chunk,
): Promise<DeviceListResult | undefined> {
  let again = false;
  return retrying<DeviceListResult | undefined>(
    parts,
    async () => {
      if (again) list.forget();
      again = true;
      const campaign = await parts.store.loadCampaign(key);
      if (campaign === undefined) return { change: nothing(), result: undefined };
      const no = mayChangeDevices(campaign);
      if (no !== undefined) return { change: nothing(), result: no };
      const candidates = await parts.store.loadCandidates(key, chunk);
      await list.readFor(campaign);
      const { change, results } =
        type === 'append'
          ? await appended(parts, campaign, candidates, list)
          : removed(parts, campaign, candidates, list);
      return { change, result: { ok: true, campaign, results } };
    },
    `devices of ${key.campaign}`,
    CHUNK_TRIES_MAX,
  );
}

/** What admission has not looked at yet is a member already. */
async function appended(
  parts: EngineParts,
  campaign: Campaign,
  candidates: readonly Candidate[],
  list: ListedDevices,
): Promise<MembershipResult> {
  const known = candidates.map((one) => (list.has(one.imei) ? { ...one, present: true } : one));
  const licensing = await parts.store.loadLicensing(
    campaign.account,
    candidates.map(({ imei }) => imei),
  );
  const result = append(campaign, known, parts.clock.now(), licensing);
  list.written(campaign, []);
  return result;
}

function removed(
  parts: EngineParts,
  campaign: Campaign,
  candidates: readonly Candidate[],
  list: ListedDevices,
): MembershipResult {
  const leavers = candidates.map(
    ({ imei, update, device }): Leaver => ({
      imei,
      inIntake: list.has(imei),
      ...(update === undefined ? {} : { update }),
      ...(device === undefined ? {} : { device }),
    }),
  );
  const shortened = list.without(new Set(candidates.map(({ imei }) => imei)));
  const result = remove(campaign, leavers, shortened, parts.clock.now());
  list.written(campaign, shortened);
  return result;
}

/** The lines that admission has not looked at; read once, and again whenever somebody else has written the campaign. */
class ListedDevices {
  readonly #parts: EngineParts;
  readonly #key: CampaignKey;
  readonly #lines = new Map<number, readonly string[]>();
  readonly #partOf = new Map<string, number>();
  /** The revision of the campaign that goes with what was read, and with what will be stored of it. */
  #revision: number | undefined;

  constructor(parts: EngineParts, key: CampaignKey) {
    this.#parts = parts;
    this.#key = key;
  }

  has(imei: string): boolean {
    return this.#partOf.has(imei);
  }

  async readFor({ revision, intakePending }: Campaign): Promise<void> {
    if (this.#revision === revision) return;
    this.#keep(intakePending ? await this.#parts.store.loadIntakeAll(this.#key) : []);
    this.#revision = revision;
  }

  /** Lines of one part follow one another, so that each part is written by few chunks. */
  async inOrderOfParts(imeis: readonly string[]): Promise<readonly string[]> {
    this.#keep(await this.#parts.store.loadIntakeAll(this.#key));
    const placeOf = (imei: string): number => this.#partOf.get(imei) ?? -1;
    return imeis.toSorted((one, other) => placeOf(one) - placeOf(other));
  }

  #keep(parts: readonly IntakePart[]): void {
    this.#lines.clear();
    this.#partOf.clear();
    for (const { part, imeis } of parts) {
      this.#lines.set(part, imeis);
      for (const imei of imeis) this.#partOf.set(imei, part);
    }
  }

  /** The parts that some of these are in, without them. */
  without(leaving: ReadonlySet<string>): readonly Write[] {
    const touched = new Set([...leaving].map((imei) => this.#partOf.get(imei)).filter((part) => part !== undefined));
    return [...touched].map((part) => ({
      op: 'replace-intake',
      ...this.#key,
      part,
      imeis: (this.#lines.get(part) ?? []).filter((imei) => !leaving.has(imei)),
    }));
  }

  /** What was to be stored was not. */
  forget(): void {
    this.#revision = undefined;
  }

  /** As it will be once the change is stored. */
  written(campaign: Campaign, writes: readonly Write[]): void {
    for (const write of writes) {
      if (write.op !== 'replace-intake') continue;
      for (const imei of this.#lines.get(write.part) ?? []) this.#partOf.delete(imei);
      for (const imei of write.imeis) this.#partOf.set(imei, write.part);
      this.#lines.set(write.part, write.imeis);
    }
    this.#revision = campaign.revision + 1;
  }
}
