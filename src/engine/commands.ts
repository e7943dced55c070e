// What operators order, run against the stored campaign; an order acts as the campaign's steward for one commit.
import {
  type AccountName,
  append,
  type Campaign,
  type CampaignKey,
  type Change,
  type CommandResult,
  type Leaver,
  type MembershipResult,
  mayChangeDevices,
  type Refused,
  remove,
  type ScheduleOrder,
  schedule,
  type Write,
} from '../campaigns/index.ts';
import type { EngineParts, IntakePart } from './ports.ts';
import { retrying } from './run.ts';

const nothing = (): Change => ({ writes: [], entries: [], intents: [], rule: 'update.no-change' });

export type DeviceListResult =
  | { readonly ok: true; readonly campaign: Campaign; readonly results: MembershipResult['results'] }
  | Refused;

export class Commands {
  readonly #parts: EngineParts;

  constructor(parts: EngineParts) {
    this.#parts = parts;
  }

  /** Accepts a campaign; when this resolves it is stored with its whole device list. */
  async schedule(order: ScheduleOrder): Promise<CommandResult> {
    const result = schedule(order, this.#parts.clock.now());
    if (result.ok) await this.#parts.store.commit([result.change], this.#parts.clock.now());
    return result;
  }

  /** Any order about the campaign itself: decided on the stored row, again if that changed meanwhile. */
  async order(
    key: CampaignKey,
    decideOrder: (campaign: Campaign, now: Campaign['createdAt']) => CommandResult,
  ): Promise<CommandResult | undefined> {
    return retrying<CommandResult | undefined>(
      this.#parts,
      async () => {
        const campaign = await this.#parts.store.loadCampaign(key);
        if (campaign === undefined) return { change: nothing(), result: undefined };
        const result = decideOrder(campaign, this.#parts.clock.now());
        return { change: result.ok ? result.change : nothing(), result };
      },
      `campaign ${key.campaign}`,
    );
  }

  async changeDevices(
    key: CampaignKey,
    type: 'append' | 'remove',
    imeis: readonly string[],
  ): Promise<DeviceListResult | undefined> {
    const unique = [...new Set(imeis)];
    return retrying<DeviceListResult | undefined>(
      this.#parts,
      async () => {
        const campaign = await this.#parts.store.loadCampaign(key);
        if (campaign === undefined) return { change: nothing(), result: undefined };
        const no = mayChangeDevices(campaign);
        if (no !== undefined) return { change: nothing(), result: no };
        const { change, results } =
          type === 'append' ? await this.#append(key, campaign, unique) : await this.#remove(key, campaign, unique);
        return { change, result: { ok: true, campaign, results } };
      },
      `devices of ${key.campaign}`,
    );
  }

  async #append(key: CampaignKey, campaign: Campaign, imeis: readonly string[]): Promise<MembershipResult> {
    const listed = new Set((await this.#parts.store.loadIntakeAll(key)).flatMap((part) => part.imeis));
    const candidates = await this.#parts.store.loadCandidates(key, imeis);
    // What admission has not looked at yet is a member already.
    const known = candidates.map((one) => (listed.has(one.imei) ? { ...one, present: true } : one));
    return append(campaign, known, this.#parts.clock.now());
  }

  async #remove(key: CampaignKey, campaign: Campaign, imeis: readonly string[]): Promise<MembershipResult> {
    const intake = await this.#parts.store.loadIntakeAll(key);
    const listed = new Set(intake.flatMap((part) => part.imeis));
    const candidates = await this.#parts.store.loadCandidates(key, imeis);
    const leavers = candidates.map(
      ({ imei, update, device }): Leaver => ({
        imei,
        inIntake: listed.has(imei),
        ...(update === undefined ? {} : { update }),
        ...(device === undefined ? {} : { device }),
      }),
    );
    return remove(campaign, leavers, shortened(key, intake, new Set(imeis)), this.#parts.clock.now());
  }
}

/** The parts of a list without these devices. */
function shortened(
  { account, campaign }: { readonly account: AccountName; readonly campaign: CampaignKey['campaign'] },
  intake: readonly IntakePart[],
  leaving: ReadonlySet<string>,
): readonly Write[] {
  return intake
    .filter((part) => part.imeis.some((imei) => leaving.has(imei)))
    .map((part) => ({
      op: 'replace-intake',
      account,
      campaign,
      part: part.part,
      imeis: part.imeis.filter((imei) => !leaving.has(imei)),
    }));
}
