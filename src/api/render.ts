// What a campaign looks like on the wire of each generation, made from the domain's own (contract.md §2.0).
import {
  type Campaign,
  type HourWindow,
  OVER,
  REJECT_REASONS,
  type RejectReason,
  type Rollout,
  RULES,
} from '../campaigns/index.ts';
import {
  CAMPAIGN_STATUS_OF,
  type CampaignSoftware,
  type CampaignStatus,
  type FirmwareCampaign,
  type TimeWindow,
  type Campaign as WireCampaign,
} from '../contract/index.ts';
import { rolloutView } from './rollout.ts';

/** A campaign and what its request should be told beside it. */
export interface Told {
  readonly campaign: Campaign;
  readonly warnings: readonly string[];
}

export const statusOf = ({ phase }: Campaign): CampaignStatus => CAMPAIGN_STATUS_OF[phase.name];

const HELD = { paused: 'Paused', halted: 'Halted', undecided: 'Undecided' } as const;

const waitsForApproval = ({ awaitsApproval, steps, at, doneAt }: Rollout): boolean =>
  awaitsApproval && at < steps.length - 1 && (at === -1 || doneAt !== undefined);

/** Why the campaign is in its status, as a sentence (engine.md §2). */
export function statusReasonOf({ phase, hold, rejections, rollout }: Campaign): string {
  if (hold !== undefined && !OVER.includes(phase.name)) return `${HELD[hold.kind]}: ${hold.reason}`;
  if (phase.name === 'scheduled' && rollout !== undefined && waitsForApproval(rollout))
    return `${RULES[phase.rule]} Step ${rollout.at + 2} of its rollout waits for an approval.`;
  if (phase.name !== 'failed') return RULES[phase.rule];
  const reasons = Object.entries(rejections).map(
    ([reason, count]) => `${count} × ${REJECT_REASONS[reason as RejectReason]}`,
  );
  return [RULES[phase.rule], ...reasons].join(' ');
}

export const windowsOnWire = (windows: readonly HourWindow[]): TimeWindow[] =>
  windows.map(({ from, until }) => ({ startTime: from, endTime: until }));

/** No window at all is always open, and an absent list says so (contract.md §1.6). */
const listed = <Name extends string>(
  name: Name,
  windows: readonly HourWindow[],
): Partial<Record<Name, TimeWindow[]>> =>
  windows.length === 0 ? {} : ({ [name]: windowsOnWire(windows) } as Record<Name, TimeWindow[]>);

function common({ campaign, warnings }: Told) {
  const { id, account, name, transport, timetable, from, retryOf } = campaign;
  const rollout = rolloutView(campaign);
  const { make, model, to } = campaign.package;
  return {
    id,
    accountName: account,
    ...(name === undefined ? {} : { campaignName: name }),
    packageName: campaign.package.name,
    transport,
    make,
    model,
    from,
    to,
    dates: { startDate: timetable.startDate, endDate: timetable.endDate },
    extras: {
      timeZone: timetable.zone,
      rule: timetable.rule,
      statusReason: statusReasonOf(campaign),
      ...(warnings.length === 0 ? {} : { warnings: [...warnings] }),
      ...(retryOf === undefined ? {} : { retryOf }),
      ...(rollout === undefined ? {} : { rollout }),
    },
  };
}

export function softwareCampaign(told: Told): CampaignSoftware {
  const { packageName, transport, from, to, dates, extras, ...facts } = common(told);
  const { timetable } = told.campaign;
  const { downloadAfterDate, installAfterDate } = timetable;
  return {
    ...facts,
    softwareName: packageName,
    distributionType: transport,
    softwareFrom: from,
    softwareTo: to,
    ...dates,
    ...(downloadAfterDate === undefined ? {} : { downloadAfterDate }),
    ...listed('downloadTimeWindowList', timetable.downloadWindows),
    ...(installAfterDate === undefined ? {} : { installAfterDate }),
    ...listed('installTimeWindowList', timetable.installWindows),
    status: statusOf(told.campaign),
    ...extras,
  };
}

export function firmwareCampaign(told: Told): FirmwareCampaign {
  const { packageName, transport, from, to, dates, extras, ...facts } = common(told);
  const { campaign } = told;
  return {
    ...facts,
    firmwareName: packageName,
    firmwareFrom: from,
    firmwareTo: to,
    protocol: transport,
    status: statusOf(campaign),
    ...dates,
    ...listed('campaignTimeWindowList', campaign.timetable.downloadWindows),
    autoAssignLicenseFlag: campaign.autoAssignLicense,
    autoAddDevicesFlag: campaign.autoAddDevices,
    ...extras,
  };
}

/** contract.md §2, disagreement A: the read answer alone has the windows under both names. */
export function campaignLevel(told: Told): WireCampaign {
  return { ...firmwareCampaign(told), ...listed('timeWindowList', told.campaign.timetable.downloadWindows) };
}
