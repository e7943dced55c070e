// What the memory store shows the engine: snapshots of updates and devices, a steward's view, lists of what to do next.
import { ACCOUNT_SCOPE, DEFAULT_SETTINGS, profileOf } from '../accounts/index.ts';
import {
  type AccountName,
  type CampaignId,
  type CampaignKey,
  type Candidate,
  type Device,
  type DeviceKey,
  type DeviceSnapshot,
  type Imei,
  type Instant,
  LIMITS,
  type NodeId,
  type Snapshot,
  type Update,
  type UpdateKey,
} from '../campaigns/index.ts';
import type { HashRow, IntakePart, StewardSnapshot } from '../engine/ports.ts';
import { freshBudget, labelBudgets } from './budgets.ts';
import { readyAtOf } from './derived.ts';
import { loadTelling } from './memory-callbacks.ts';
import { campaignText, deviceText, keyOfUpdate, type MemoryRows, slotsText, updateText } from './memory-rows.ts';
import { byText, pageOf } from './memory-table.ts';

const settingsIn = (rows: MemoryRows, account: AccountName) => rows.accounts.get(account)?.settings ?? DEFAULT_SETTINGS;

const profileIn = (rows: MemoryRows, device: Device) => profileOf(settingsIn(rows, device.account), device);

/** What all campaigns of the account may begin together. */
function allowanceIn(rows: MemoryRows, account: AccountName) {
  const perMinute = settingsIn(rows, account).arrivalCaps?.perMinute;
  if (perMinute === undefined) return {};
  const row = rows.budgets.get(`${account} ${ACCOUNT_SCOPE}`) ?? freshBudget(account, ACCOUNT_SCOPE, perMinute);
  return { allowance: { row, perMinute } };
}

export function loadUpdate(rows: MemoryRows, key: UpdateKey, node: NodeId): Snapshot | undefined {
  const update = rows.updates.get(updateText(key))?.update;
  const campaign = rows.campaigns.get(campaignText(key))?.campaign;
  const device = rows.devices.get(deviceText(key));
  if (update === undefined || campaign === undefined || device === undefined) return undefined;
  const slots = rows.slots.get(slotsText({ ...key, node }));
  const labels = labelBudgets(settingsIn(rows, key.account), device, rows.budgets);
  const profile = profileIn(rows, device);
  return { update, campaign, device, profile, ...labels, ...(slots === undefined ? {} : { slots }) };
}

export function loadDevice(rows: MemoryRows, key: DeviceKey, node: NodeId): DeviceSnapshot | undefined {
  const device = rows.devices.get(deviceText(key));
  if (device === undefined) return undefined;
  const partIn = (campaign: CampaignId | undefined): Snapshot | undefined =>
    campaign === undefined ? undefined : loadUpdate(rows, { account: key.account, imei: key.imei, campaign }, node);
  const live = partIn(device.liveCampaign);
  const last = partIn(device.lastCampaign);
  return {
    device,
    profile: profileIn(rows, device),
    ...(live === undefined ? {} : { live }),
    ...(last === undefined ? {} : { last }),
  };
}

export function loadSteward(rows: MemoryRows, key: CampaignKey, now: Instant): StewardSnapshot | undefined {
  const campaign = rows.campaigns.get(campaignText(key))?.campaign;
  if (campaign === undefined) return undefined;
  const unsealed = rows.entries.group(`unsealed ${campaignText(key)}`).toSorted((one, other) => one.id - other.id);
  const kept = rows.scoreBooks.get(campaignText(key));
  return {
    campaign,
    unsealed: unsealed.slice(0, LIMITS.foldMax).map(({ id, entry }) => ({ id, entry })),
    leases: rows.slots.group(campaignText(key)).toSorted(byText(({ node }) => node)),
    nodes: liveNodes(rows, now),
    ...(kept === undefined ? {} : { kept }),
    ...allowanceIn(rows, key.account),
    ...loadTelling(rows, key),
  };
}

export const liveNodes = (rows: MemoryRows, now: Instant): readonly NodeId[] =>
  rows.nodes
    .all()
    .filter(({ until }) => until >= now)
    .map(({ node }) => node)
    .sort();

export function loadIntakeAll(rows: MemoryRows, key: CampaignKey): readonly IntakePart[] {
  const parts = rows.intake.group(campaignText(key)).toSorted((one, other) => one.part - other.part);
  return parts.map(({ part, imeis }, index) => ({ part, imeis, last: index === parts.length - 1 }));
}

export function loadIntake(rows: MemoryRows, key: CampaignKey): IntakePart | undefined {
  const [first, ...others] = loadIntakeAll(rows, key);
  return first === undefined ? undefined : { ...first, last: others.length === 0 };
}

export function loadCandidate(rows: MemoryRows, key: CampaignKey, imei: string): Candidate {
  const device = rows.devices.get(deviceText({ account: key.account, imei: imei as Imei }));
  const update = rows.updates.get(updateText({ ...key, imei: imei as Imei }))?.update;
  return {
    imei,
    present: update !== undefined,
    ...(update === undefined ? {} : { update }),
    ...(device === undefined ? {} : { device }),
  };
}

const inGrantOrder = (one: Update, other: Update): number =>
  one.attempts - other.attempts || one.hash - other.hash || byText(({ imei }: Update) => imei)(one, other);

export function loadReady(
  rows: MemoryRows,
  key: CampaignKey,
  now: Instant,
  { max, open }: { readonly max: number; readonly open?: readonly number[] | undefined },
): readonly UpdateKey[] {
  const isReady = (update: Update): boolean => {
    const readyAt = readyAtOf(update);
    const inOpenStep = open === undefined ? update.stratum === 0 : update.hash <= (open[update.stratum] ?? -1);
    return update.awake && readyAt !== undefined && readyAt <= now && inOpenStep;
  };
  return rows.updates
    .group(`waiting ${campaignText(key)}`)
    .map(({ update }) => update)
    .filter(isReady)
    .sort(inGrantOrder)
    .slice(0, max)
    .map(keyOfUpdate);
}

export function loadHashes(
  rows: MemoryRows,
  key: CampaignKey,
  page: { readonly after?: string; readonly max: number },
): readonly HashRow[] {
  const found = rows.updates.group(`campaign ${campaignText(key)}`).map(({ update }) => update);
  return pageOf(found, ({ imei }) => imei, page).map(({ imei, stratum, hash, state }) => ({
    imei,
    stratum,
    hash,
    waits: state.name === 'waiting',
  }));
}

export const loadSweep = (rows: MemoryRows, key: CampaignKey, max: number): readonly UpdateKey[] =>
  rows.updates
    .group(`swept ${campaignText(key)}`)
    .map(({ update }) => update)
    .sort(byText(({ state, imei }) => `${state.name} ${imei}`))
    .slice(0, max)
    .map(keyOfUpdate);
