// The operations of the operator API that schedule and steer campaigns, as data.

import { PackageParams } from './inventory.ts';
import type { Operation } from './operation.ts';
import { OperatorAccountParams, OperatorCampaignParams } from './operator.ts';
import { FOR_OPERATORS } from './roles.ts';
import {
  CampaignDates,
  CampaignPace,
  CampaignRetry,
  NarrowedWindows,
  NewCampaign,
  OrderedCampaign,
  OrderedCampaigns,
  OrderedPackage,
  OrderReason,
  OrderWithReason,
  PreviewQuery,
  ScheduleQuery,
} from './steering.ts';

const ACCOUNT = '/operator/v1/accounts/{accountName}';
const CAMPAIGN = `${ACCOUNT}/campaigns/{campaignId}`;
const PACKAGE = `${ACCOUNT}/packages/{name}`;

const ORDER = {
  ...FOR_OPERATORS,
  tag: 'Campaigns',
  method: 'POST',
  params: OperatorCampaignParams,
  query: PreviewQuery,
  success: { status: 200, schema: OrderedCampaign },
} as const;
const WITH_REASON = { media: 'json', schema: OrderReason, bytesMax: 'bodyBytesMax', optional: true } as const;
const NEEDS_REASON = { media: 'json', schema: OrderWithReason, bytesMax: 'bodyBytesMax' } as const;

const campaignOrders = {
  scheduleCampaign: {
    ...FOR_OPERATORS,
    operationId: 'scheduleCampaign',
    tag: 'Campaigns',
    summary: 'Schedule a campaign of either generation: firmware packages make v3 ones, others v2.',
    method: 'POST',
    path: `${ACCOUNT}/campaigns`,
    params: OperatorAccountParams,
    query: ScheduleQuery,
    body: { media: 'json', schema: NewCampaign, bytesMax: 'scheduleBodyBytesMax' },
    success: { status: 201, schema: OrderedCampaign },
  },
  pauseCampaign: {
    ...ORDER,
    operationId: 'pauseCampaign',
    summary: 'Pause a campaign: nothing more is sent until it is resumed; installations under way go on.',
    path: `${CAMPAIGN}/pause`,
    body: WITH_REASON,
  },
  resumeCampaign: {
    ...ORDER,
    operationId: 'resumeCampaign',
    summary: 'Resume a paused or halted campaign; one that halted needs a reason and begins its score anew.',
    path: `${CAMPAIGN}/resume`,
    body: WITH_REASON,
  },
  abortCampaign: {
    ...ORDER,
    operationId: 'abortCampaign',
    summary:
      'Stop a campaign at once: no offer, byte or order to install more; installations under way still tell their outcome.',
    path: `${CAMPAIGN}/abort`,
    body: WITH_REASON,
  },
  approveCampaign: {
    ...ORDER,
    operationId: 'approveCampaign',
    summary: 'Approve the next step of a rollout, or a canary that ended undecided; not for who scheduled it.',
    path: `${CAMPAIGN}/approve`,
    body: WITH_REASON,
  },
  retryCampaign: {
    ...ORDER,
    operationId: 'retryCampaign',
    summary: 'Take up the failed and expired devices of a campaign that is over in a new one.',
    path: `${CAMPAIGN}/retry`,
    query: ScheduleQuery,
    body: { media: 'json', schema: CampaignRetry, bytesMax: 'bodyBytesMax', optional: true },
    success: { status: 201, schema: OrderedCampaign },
  },
  narrowCampaignWindows: {
    ...ORDER,
    operationId: 'narrowCampaignWindows',
    summary: 'Take hours away from the windows of a campaign, also of one that runs.',
    path: `${CAMPAIGN}/narrow-windows`,
    body: { media: 'json', schema: NarrowedWindows, bytesMax: 'bodyBytesMax' },
  },
  changeCampaignPace: {
    ...ORDER,
    operationId: 'changeCampaignPace',
    summary: 'Change how fast a campaign goes about it, and whether it ends when it is done.',
    path: `${CAMPAIGN}/pace`,
    body: { media: 'json', schema: CampaignPace, bytesMax: 'bodyBytesMax' },
  },
  patchCampaignDates: {
    ...ORDER,
    operationId: 'patchCampaignDates',
    summary: 'Change dates and windows: everything before the start; then the end, and more windows.',
    method: 'PATCH',
    path: `${CAMPAIGN}/dates`,
    body: { media: 'json', schema: CampaignDates, bytesMax: 'bodyBytesMax' },
  },
} as const satisfies Record<string, Operation>;

const wideOrders = {
  withdrawPackage: {
    ...ORDER,
    operationId: 'withdrawPackage',
    tag: 'Packages',
    summary: 'Withdraw a package: no new campaign may use it, and those that do halt at once.',
    path: `${PACKAGE}/withdraw`,
    params: PackageParams,
    body: NEEDS_REASON,
    success: { status: 200, schema: OrderedPackage },
  },
  reinstatePackage: {
    ...ORDER,
    operationId: 'reinstatePackage',
    tag: 'Packages',
    summary: 'Allow a withdrawn package again; its campaigns stay halted until each is resumed.',
    path: `${PACKAGE}/reinstate`,
    params: PackageParams,
    body: WITH_REASON,
    success: { status: 200, schema: OrderedPackage },
  },
  stopAccount: {
    ...ORDER,
    operationId: 'stopAccount',
    tag: 'Accounts',
    summary: 'Pause every campaign of an account that is not over.',
    path: `${ACCOUNT}/stop-all`,
    params: OperatorAccountParams,
    body: NEEDS_REASON,
    success: { status: 200, schema: OrderedCampaigns },
  },
  resumeAccount: {
    ...ORDER,
    operationId: 'resumeAccount',
    tag: 'Accounts',
    summary: 'Resume every campaign of an account that was paused by stopping the account.',
    path: `${ACCOUNT}/resume-all`,
    params: OperatorAccountParams,
    body: WITH_REASON,
    success: { status: 200, schema: OrderedCampaigns },
  },
} as const satisfies Record<string, Operation>;

export const STEERING_OPERATIONS = { ...campaignOrders, ...wideOrders } as const satisfies Record<string, Operation>;
