// A campaign that is being put together, and the order that it becomes.

import type { CampaignView, NewCampaign, PackageView, RolloutPolicy } from '../../../sdk/operator.ts';
import { dayOf, type When } from '../../parts/when.ts';

export type RolloutKind = 'guarded' | 'canary' | 'waves';

export interface RolloutDraft {
  readonly kind: RolloutKind;
  readonly canaryDevices: number;
  /** Percent of all devices, one wave after the other. */
  readonly waves: string;
  readonly soakHours: number;
  readonly needsApproval: boolean;
  readonly arrivalsPerMinute: number | undefined;
}

export interface Draft {
  readonly name: string;
  readonly packageName: string | null;
  readonly from: string | null;
  readonly transport: CampaignView['transport'] | null;
  readonly imeis: readonly string[];
  readonly when: When;
  readonly rollout: RolloutDraft;
}

const DAYS = 7;
/** engine.md §7: 36 successes without a failure are the earliest acceptance; a few more allow for devices that never come. */
const CANARY_DEVICES = 50;

const ROLLOUT: RolloutDraft = {
  kind: 'guarded',
  canaryDevices: CANARY_DEVICES,
  waves: '10, 30',
  soakHours: 12,
  needsApproval: false,
  arrivalsPerMinute: undefined,
};

export const newDraft = (now: number, imeis: readonly string[]): Draft => ({
  name: '',
  packageName: null,
  from: null,
  transport: null,
  imeis,
  when: {
    startDate: dayOf(now),
    endDate: dayOf(now, DAYS),
    downloadWindows: [],
    installWindows: [],
    timeZone: 'UTC',
    rule: 'strict',
  },
  rollout: ROLLOUT,
});

/** Package, hours, zone and rule of another campaign; its days have passed. */
export const draftLike = (draft: Draft, other: CampaignView): Draft => ({
  ...draft,
  packageName: other.packageName,
  from: other.from,
  transport: other.transport,
  when: {
    ...draft.when,
    downloadWindows: other.downloadWindows,
    installWindows: other.installWindows,
    timeZone: other.timeZone,
    rule: other.rule,
  },
});

export const versionsFrom = ({ from }: PackageView): readonly string[] => (typeof from === 'string' ? [from] : from);

/** `10, 30` as shares; undefined where it is not a list of percents that stays under 100 in all. */
export function wavesOf(text: string): readonly number[] | undefined {
  const parts = text.split(/[\s,;]+/).filter((one) => one !== '');
  const percents = parts.map(Number);
  const isGood = percents.every((one) => one > 0) && percents.reduce((sum, one) => sum + one, 0) <= 100;
  return isGood ? percents : undefined;
}

type Policy = { -readonly [Name in keyof RolloutPolicy]?: RolloutPolicy[Name] };

export function policyOf({
  kind,
  canaryDevices,
  waves,
  soakHours,
  needsApproval,
  arrivalsPerMinute,
}: RolloutDraft): RolloutPolicy | undefined {
  const policy: Policy = {};
  if (kind !== 'guarded') policy.canary = { devices: canaryDevices };
  if (kind === 'waves') policy.waves = (wavesOf(waves) ?? []).map((percent) => ({ percent }));
  if (kind !== 'guarded' && soakHours > 0) policy.soakHours = soakHours;
  if (needsApproval) policy.approval = kind === 'waves' ? 'every-step' : 'start';
  if (arrivalsPerMinute !== undefined) policy.arrivalsPerMinute = arrivalsPerMinute;
  return Object.keys(policy).length === 0 ? undefined : policy;
}

/** Undefined: something is missing yet. */
export function orderOf({ name, packageName, from, transport, imeis, when, rollout }: Draft): NewCampaign | undefined {
  if (packageName === null || imeis.length === 0) return undefined;
  const policy = policyOf(rollout);
  return {
    packageName,
    ...(name.trim() === '' ? {} : { campaignName: name.trim() }),
    ...(from === null ? {} : { from }),
    ...(transport === null ? {} : { transport }),
    ...when,
    downloadWindows: [...when.downloadWindows],
    installWindows: [...when.installWindows],
    ...(policy === undefined ? {} : { rollout: policy }),
    deviceList: [...imeis],
  };
}
