// What operators order, run against the stored campaign; an order acts as the campaign's steward for one commit.
import {
  type AccountName,
  type Campaign,
  type CampaignKey,
  type Change,
  type CommandResult,
  type Device,
  type ScheduleOrder,
  schedule,
} from '../campaigns/index.ts';
import { joinFitting } from './join.ts';
import { assign, type LicencesResult, remove } from './licences.ts';
import { changeDevices, type DeviceListResult } from './membership.ts';
import type { Orders } from './orders.ts';
import type { EngineParts } from './ports.ts';
import { retrying } from './run.ts';

/** A busy campaign is written by its steward many times a second, on whichever node that is. */
const ORDER_TRIES_MAX = 40;

const nothing = (): Change => ({ writes: [], entries: [], intents: [], rule: 'update.no-change' });

export class Commands {
  readonly #parts: EngineParts;
  readonly #orders: Orders;

  constructor(parts: EngineParts, orders: Orders) {
    this.#parts = parts;
    this.#orders = orders;
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
    return this.#orders.during(key, () => this.#order(key, decideOrder));
  }

  #order(key: CampaignKey, decideOrder: Parameters<Commands['order']>[1]): Promise<CommandResult | undefined> {
    return retrying<CommandResult | undefined>(
      this.#parts,
      async () => {
        const campaign = await this.#parts.store.loadCampaign(key);
        if (campaign === undefined) return { change: nothing(), result: undefined };
        const result = decideOrder(campaign, this.#parts.clock.now());
        return { change: result.ok ? result.change : nothing(), result };
      },
      `campaign ${key.campaign}`,
      ORDER_TRIES_MAX,
    );
  }

  /** What the order would do; nothing is stored. */
  async preview(key: CampaignKey, decideOrder: Parameters<Commands['order']>[1]): Promise<CommandResult | undefined> {
    const campaign = await this.#parts.store.loadCampaign(key);
    return campaign === undefined ? undefined : decideOrder(campaign, this.#parts.clock.now());
  }

  /** Adds or removes; every device is answered, in the order of the request. */
  changeDevices(
    key: CampaignKey,
    type: 'append' | 'remove',
    imeis: readonly string[],
  ): Promise<DeviceListResult | undefined> {
    return this.#orders.during(key, () => changeDevices(this.#parts, key, type, imeis));
  }

  assignLicences(account: AccountName, imeis: readonly string[]): Promise<LicencesResult> {
    return assign(this.#parts, account, imeis);
  }

  removeLicences(account: AccountName, imeis: readonly string[]): Promise<LicencesResult> {
    return remove(this.#parts, account, imeis);
  }

  /** To be called after devices were imported or changed: those that fit join a campaign that adds devices by itself. */
  devicesWritten(account: AccountName, devices: readonly Device[]): Promise<number> {
    return joinFitting(this.#parts, account, devices);
  }
}
