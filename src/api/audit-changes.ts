// What each operation changes, for the audit log; the compiler proves that no changing operation is missing.
import type { AccountName, CampaignId, CampaignKey, Imei } from '../campaigns/index.ts';
import type { GENERATIONS, OPERATIONS, OperationId } from '../contract/index.ts';
import { type ApiContext, type Caller, callerAccount } from './call.ts';

type Fields = Readonly<Record<string, unknown>>;

export interface AuditedCall {
  readonly params: Fields | undefined;
  readonly query: Fields | undefined;
  readonly body: Fields | undefined;
  readonly caller: Caller;
}

export interface Change {
  /** A verb and its object. */
  readonly action: string;
  readonly target: (call: AuditedCall, answer: unknown) => string;
  /** What it looks like; asked before and after. */
  readonly look?: (call: AuditedCall, context: ApiContext) => Promise<object | undefined>;
  /** What it was changed to, and why; beside what is seen afterwards. */
  readonly facts?: (call: AuditedCall, answer: unknown) => object | undefined;
  /** It was a rehearsal, or the first answer was given again. */
  readonly didNothing?: (call: AuditedCall, answer: unknown, context: ApiContext) => boolean;
}

type ChangingId = {
  [Id in OperationId]: (typeof OPERATIONS)[Id]['method'] extends 'GET' ? never : Id;
}[OperationId];

const field = (source: unknown, name: string): string => {
  const value: unknown = typeof source === 'object' && source !== null ? (source as Fields)[name] : undefined;
  return typeof value === 'string' ? value : '';
};
const ofParams =
  (name: string) =>
  ({ params }: AuditedCall): string =>
    field(params, name);
const ofAnswer =
  (name: string) =>
  (_call: AuditedCall, answer: unknown): string =>
    field(answer, name);
const accountTarget = ({ params, caller }: AuditedCall): string =>
  callerAccount(caller)?.name ?? field(params, 'accountName');
/** A list of changes is told as one field. */
const bodyFacts = ({ body }: AuditedCall): object | undefined => (Array.isArray(body) ? { changes: body } : body);

const accountName = (call: AuditedCall): AccountName => accountTarget(call) as AccountName;

const lookAtCampaign =
  (name: 'campaignId' | 'upgradeId') =>
  async (call: AuditedCall, { store }: ApiContext): Promise<object | undefined> => {
    const key: CampaignKey = { account: accountName(call), campaign: field(call.params, name) as CampaignId };
    const campaign = await store.campaign(key);
    if (campaign === undefined) return undefined;
    const { phase, timetable, devicesTotal, hold, rollout, arrivals, slotsMax, endWhenDone } = campaign;
    return {
      phase: phase.name,
      ...timetable,
      devicesTotal,
      hold: hold === undefined ? 'none' : hold.kind,
      ...(hold === undefined ? {} : { holdReason: hold.reason }),
      ...(rollout === undefined ? {} : { awaitsApproval: rollout.awaitsApproval, approvedBy: rollout.approvedBy }),
      arrivalsPerMinute: arrivals.perMinute,
      slots: slotsMax,
      endWhenDone,
    };
  };

const cancelCampaign: Change = {
  action: 'cancel campaign',
  target: ofParams('campaignId'),
  look: lookAtCampaign('campaignId'),
};
const changeDates: Change = { ...cancelCampaign, action: 'change campaign dates' };
const changeDevices: Change = {
  action: 'change campaign devices',
  target: ofParams('campaignId'),
  facts: bodyFacts,
};

const scheduleCampaign: Change = {
  action: 'schedule campaign',
  target: ofAnswer('id'),
  facts: bodyFacts,
  didNothing: ({ body }, _answer, { answeredAgain }) => body !== undefined && answeredAgain.has(body),
};

const assignLicences: Change = {
  action: 'assign licences',
  target: accountTarget,
  facts: bodyFacts,
};
const removeLicences: Change = { ...assignLicences, action: 'remove licences' };

const setCancellations: Change = {
  action: 'change cancellation list',
  target: accountTarget,
  look: async (call, { store }) => ({ imeis: (await store.accountList(accountName(call), 'cancellation')).imeis }),
};

const changeLogging: Change = {
  action: 'change client logging',
  target: accountTarget,
  look: async (call, { store }) => {
    const { devices } = await store.accountList(accountName(call), 'logging');
    return { devices: devices.map(({ imei }) => imei) };
  },
};

const lookAtListener =
  (generation: (typeof GENERATIONS)[number]) =>
  async (call: AuditedCall, { store }: ApiContext): Promise<object | undefined> => {
    const listener = await store.listener(accountName(call), generation);
    if (listener === undefined) return undefined;
    const { url, username, password, secret } = listener;
    return { url, username, password, secret };
  };
const registerListener = (generation: (typeof GENERATIONS)[number]): Change => ({
  action: 'register callback listener',
  target: () => generation,
  look: lookAtListener(generation),
});
const removeListener = (generation: (typeof GENERATIONS)[number]): Change => ({
  ...registerListener(generation),
  action: 'remove callback listener',
});

const lookAtAccount = async (call: AuditedCall, { store }: ApiContext): Promise<object | undefined> =>
  (await store.account(accountName(call)))?.settings;

const lookAtDevice = async (call: AuditedCall, { store }: ApiContext): Promise<object | undefined> => {
  const key = { account: accountName(call), imei: field(call.params, 'imei') as Imei };
  const device = await store.device(key);
  if (device === undefined) return undefined;
  const { make, model, transport, firmware, software, timeZone, labels } = device;
  const secrets = await store.secrets(key);
  return { make, model, transport, firmware, software, timeZone, labels, ...secrets };
};

const generationTarget = ofParams('generation');

const isPreview: NonNullable<Change['didNothing']> = ({ query }) => query?.['preview'] === true;
/** Why it was ordered, as far as somebody has said it. */
const reasonFacts = ({ body }: AuditedCall): object => {
  const reason = field(body, 'reason');
  return reason === '' ? {} : { reason };
};
const orderOf = (action: string): Change => ({
  ...cancelCampaign,
  action,
  facts: reasonFacts,
  didNothing: isPreview,
});
const lookAtPackage = async (call: AuditedCall, { store }: ApiContext): Promise<object | undefined> => {
  const pack = await store.package(accountName(call), field(call.params, 'name'));
  return pack === undefined ? undefined : { withdrawn: pack.withdrawn ?? 'no' };
};
/** Of an order to many campaigns: how many it has changed. */
const wideFacts = (call: AuditedCall, answer: unknown): object => {
  const { campaignsTotal, campaignsChanged } = answer as { campaignsTotal: number; campaignsChanged: number };
  return { campaignsTotal, campaignsChanged, ...reasonFacts(call) };
};
const orderPackage = (action: string): Change => ({
  action,
  target: ofParams('name'),
  look: lookAtPackage,
  facts: wideFacts,
  didNothing: isPreview,
});
const orderAccount = (action: string): Change => ({
  action,
  target: accountTarget,
  facts: wideFacts,
  didNothing: isPreview,
});

const CAMPAIGN_ORDERS = {
  scheduleCampaign,
  retryCampaign: {
    ...scheduleCampaign,
    action: 'retry campaign',
    facts: (call, answer) => ({ ...bodyFacts(call), retryOf: field(answer, 'retryOf') }),
  },
  abortCampaign: orderOf('abort campaign'),
  pauseCampaign: orderOf('pause campaign'),
  resumeCampaign: orderOf('resume campaign'),
  approveCampaign: orderOf('approve campaign'),
  narrowCampaignWindows: orderOf('narrow campaign windows'),
  changeCampaignPace: orderOf('change campaign pace'),
  patchCampaignDates: orderOf('change campaign dates'),
  withdrawPackage: orderPackage('withdraw package'),
  reinstatePackage: orderPackage('reinstate package'),
  stopAccount: orderAccount('stop account'),
  resumeAccount: orderAccount('resume account'),
} as const satisfies Partial<Record<ChangingId, Change>>;

const CAMPAIGN_CHANGES = {
  scheduleSoftwareUpgrade: scheduleCampaign,
  scheduleHttpSoftwareV2: scheduleCampaign,
  scheduleFileUpgradeV2: scheduleCampaign,
  scheduleAFirmwareUpgrade: scheduleCampaign,
  scheduleUpgradeV1: scheduleCampaign,
  updateSoftwareUpgrade: changeDevices,
  addOrRemoveDevices: changeDevices,
  changeUpgradeDevicesV1: { ...changeDevices, target: ofParams('upgradeId') },
  changeCampaignDatesAndTimeWindows: changeDates,
  changeCampaignDatesTime: changeDates,
  cancelScheduledSoftwareUpgrade: cancelCampaign,
  deleteACampaign: cancelCampaign,
  cancelUpgradeV1: { ...cancelCampaign, target: ofParams('upgradeId'), look: lookAtCampaign('upgradeId') },
  ...CAMPAIGN_ORDERS,
} as const satisfies Partial<Record<ChangingId, Change>>;

const NEIGHBOUR_CHANGES = {
  assignLicensesV1: assignLicences,
  assignLicensesV2: assignLicences,
  assignLicensesV3: assignLicences,
  removeLicensesV1: removeLicences,
  removeLicensesV2: removeLicences,
  removeLicensesV3: removeLicences,
  setCancellationsV1: setCancellations,
  setCancellationsV2: setCancellations,
  clearCancellationsV1: setCancellations,
  clearCancellationsV2: setCancellations,
  registerCallbackV1: registerListener('v1'),
  registerCallbackV2: registerListener('v2'),
  registerCallbackV3: registerListener('v3'),
  replaceCallbackV2: registerListener('v2'),
  replaceCallbackV3: registerListener('v3'),
  deregisterCallbackV1: removeListener('v1'),
  deregisterCallbackV2: removeListener('v2'),
  deregisterCallbackV3: removeListener('v3'),
  enableLoggingV2: changeLogging,
  disableLoggingV2: changeLogging,
  enableDeviceLoggingV2: changeLogging,
  disableDeviceLoggingV2: changeLogging,
  uploadFileV2: { action: 'upload file', target: ofAnswer('fileName'), facts: (_call, answer) => answer as object },
  requestFirmwareReportV3: { action: 'ask device for its firmware', target: ofParams('deviceId') },
  synchronizeFirmwareV3: { action: 'synchronise firmware', target: accountTarget, facts: bodyFacts },
  synchronizeDeviceFirmwareV3: { action: 'synchronise firmware', target: ofParams('deviceId') },
} as const satisfies Partial<Record<ChangingId, Change>>;

const OPERATOR_CHANGES = {
  createAccount: { action: 'create account', target: ofAnswer('accountName'), facts: bodyFacts },
  patchAccount: { action: 'change account settings', target: accountTarget, look: lookAtAccount },
  addCredentials: {
    action: 'add credentials',
    target: ofAnswer('clientId'),
    facts: (_call, answer) => ({ username: field(answer, 'username') }),
  },
  deleteCredentials: { action: 'delete credentials', target: ofParams('clientId') },
  importDevices: {
    action: 'import devices',
    target: accountTarget,
    facts: (_call, answer) => {
      const { imported, rejected } = answer as { readonly imported: number; readonly rejected: readonly unknown[] };
      return { imported, rejected: rejected.length };
    },
    didNothing: ({ query }) => query?.['dryRun'] === true,
  },
  patchDevice: { action: 'change device', target: ofParams('imei'), look: lookAtDevice },
  deleteDevice: { action: 'delete device', target: ofParams('imei'), look: lookAtDevice },
  putProfiles: {
    action: 'change device profiles',
    target: accountTarget,
    look: async (call, { store }) => ({ profiles: (await store.account(accountName(call)))?.settings.profiles }),
  },
  rotateGatewayToken: { action: 'rotate gateway token', target: accountTarget },
  deleteGatewayToken: { action: 'delete gateway token', target: accountTarget },
  approveHeldDevice: { action: 'approve unknown device', target: ofParams('imei'), facts: bodyFacts },
  refuseHeldDevice: { action: 'refuse unknown device', target: ofParams('imei') },
  deleteHeldDevice: { action: 'forget unknown device', target: ofParams('imei') },
  addImageKey: { action: 'add image key', target: ofAnswer('keyId'), facts: bodyFacts },
  deleteImageKey: { action: 'delete image key', target: ofParams('keyId') },
  setBandwidth: { action: 'change download cap', target: ofParams('campaignId'), facts: bodyFacts },
  finishUpload: { action: 'upload package', target: ofAnswer('name'), facts: (_call, answer) => answer as object },
  uploadPackage: { action: 'upload package', target: ofAnswer('name'), facts: (_call, answer) => answer as object },
  rotateListenerSecret: {
    action: 'rotate callback secret',
    target: generationTarget,
    facts: (_call, answer) => ({ previousUntil: field(answer, 'previousUntil') }),
  },
  testListener: {
    action: 'test callback listener',
    target: generationTarget,
    facts: (_call, answer) => answer as object,
  },
  replayListener: { action: 'replay callbacks', target: generationTarget, facts: bodyFacts },
} as const satisfies Partial<Record<ChangingId, Change>>;

const lookAtOperator = async ({ params }: AuditedCall, { store }: ApiContext): Promise<object | undefined> => {
  const operator = await store.operator(field(params, 'name'));
  if (operator === undefined) return undefined;
  const { role, disabledAt } = operator;
  return { role, disabled: disabledAt !== undefined };
};

const ACCESS_CHANGES = {
  createOperator: {
    action: 'create operator',
    target: ofAnswer('name'),
    facts: (_call, answer) => ({ role: field(answer, 'role') }),
  },
  patchOperator: { action: 'change operator', target: ofParams('name'), look: lookAtOperator },
  deleteOperator: { action: 'delete operator', target: ofParams('name'), look: lookAtOperator },
  rotateOperatorKey: { action: 'rotate operator key', target: ofParams('name') },
  createSignInLink: { action: 'make sign-in link', target: ofAnswer('name') },
  deleteOperatorSession: {
    action: 'sign out',
    target: ({ caller }: AuditedCall) => (caller !== undefined && 'operator' in caller ? caller.operator.name : ''),
  },
} as const satisfies Partial<Record<ChangingId, Change>>;

const lookAtEventListener = async (_call: AuditedCall, { store }: ApiContext): Promise<object | undefined> => {
  const listener = await store.eventListener();
  if (listener === undefined) return undefined;
  const { url, allowPrivateCallbackHosts } = listener;
  return { url, allowPrivateCallbackHosts };
};
const eventListener = (): string => 'event listener';

const EVENT_CHANGES = {
  putEventListener: { action: 'set event listener', target: eventListener, look: lookAtEventListener },
  deleteEventListener: { action: 'remove event listener', target: eventListener, look: lookAtEventListener },
  rotateEventListenerSecret: {
    action: 'rotate event listener secret',
    target: eventListener,
    facts: (_call, answer) => ({ previousUntil: field(answer, 'previousUntil') }),
  },
  testEventListener: {
    action: 'test event listener',
    target: eventListener,
    facts: (_call, answer) => answer as object,
  },
} as const satisfies Partial<Record<ChangingId, Change>>;

const AUTH_CHANGES = {
  resetPassword: {
    action: 'reset password',
    target: ({ caller }: AuditedCall) =>
      caller !== undefined && 'account' in caller ? (caller.session?.username ?? '') : '',
  },
} as const satisfies Partial<Record<ChangingId, Change>>;

/**
 * They change nothing but tokens and sessions, or bytes that are no package yet; where nobody calls yet, the handler
 * records it, which alone knows by whom.
 */
type Unrecorded =
  | 'issueToken'
  | 'revokeToken'
  | 'logIn'
  | 'logOut'
  | 'queryDevicesV3'
  | 'createOperatorSession'
  | 'createUpload'
  | 'appendUpload'
  | 'deleteUpload'
  // They only tell what would be.
  | 'simulateOrder'
  | 'simulateCampaign';

export const CHANGES: { readonly [Id in Exclude<ChangingId, Unrecorded>]: Change } = {
  ...CAMPAIGN_CHANGES,
  ...NEIGHBOUR_CHANGES,
  ...OPERATOR_CHANGES,
  ...ACCESS_CHANGES,
  ...EVENT_CHANGES,
  ...AUTH_CHANGES,
};
