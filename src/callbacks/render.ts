// What a listener reads: the engine's event in the words of its generation (contract.md §6.8).
import { type Audience, type CallbackEvent, type Ledger, OVER, RULES, rfc3339 } from '../campaigns/index.ts';
import {
  type CallbackEventV1,
  type LedgerHead,
  UPGRADE_STATUS_OF,
  type CallbackEvent as WireCallbackEvent,
} from '../contract/index.ts';
import { campaignStatus, deviceStatus, reasonText } from './literals.ts';

/** The same for every try and every replay, so that a listener can tell what it has had already. */
export const eventId = ({ campaign, number }: Pick<CallbackEvent, 'campaign' | 'number'>): string =>
  `evt_${campaign}_${number}`;

export interface ToRender {
  readonly event: CallbackEvent;
  readonly listener: { readonly generation: Audience; readonly username?: string; readonly password?: string };
}

export type CallbackBody = WireCallbackEvent | CallbackEventV1;

export const render = ({ event, listener }: ToRender): CallbackBody =>
  listener.generation === 'v1' ? renderV1(event, listener) : renderStatus(event);

const numbered = (event: CallbackEvent) => ({
  number: event.number,
  time: rfc3339(event.at),
  eventId: eventId(event),
});

/** v2 and v3: the campaign's status, and with it what became of devices. */
function renderStatus(event: CallbackEvent): WireCallbackEvent {
  const { account, campaign, facts, phase, ledgerHead, devices } = event;
  const common = { accountName: account, campaignId: campaign, id: campaign };
  if (phase !== undefined) {
    const told = { status: campaignStatus(phase.name), reasonText: RULES[phase.rule] };
    const head = ledgerHead === undefined ? {} : { ledgerHead: headOnWire(ledgerHead) };
    return { ...common, type: 'campaignStatus', ...told, ...head, ...numbered(event) };
  }
  const deviceList = devices.map((device) => ({
    deviceId: device.imei,
    ...deviceStatus(facts.generation, device),
    reasonText: reasonText(device),
  }));
  return { ...common, type: 'deviceStatus', status: campaignStatus(facts.phase), deviceList, ...numbered(event) };
}

const headOnWire = ({ signedAt, ...head }: Ledger): LedgerHead => ({
  ...head,
  ...(signedAt === undefined ? {} : { signedAt: rfc3339(signedAt) }),
});

type V1Type = 'upgradeScheduled' | 'upgradeProgress' | 'upgradeFinished';

/** v1 knows three moments of an upgrade: it is scheduled, it has started, it (or a device of it) has finished. */
function typeOf({ phase }: CallbackEvent): V1Type {
  if (phase === undefined || OVER.includes(phase.name)) return 'upgradeFinished';
  return phase.name === 'scheduled' ? 'upgradeProgress' : 'upgradeScheduled';
}

/** Parts that are not concerned are empty, as the original sends them. */
function renderV1(event: CallbackEvent, listener: ToRender['listener']): CallbackEventV1 {
  const { account, campaign, facts, phase, devices } = event;
  const type = typeOf(event);
  const deviceList = devices.map((device) => ({ deviceId: device.imei, ...deviceStatus('v1', device) }));
  const part = {
    firmwareName: facts.package,
    upgradeId: campaign,
    startDate: facts.startDate,
    status: UPGRADE_STATUS_OF[campaignStatus(phase?.name ?? facts.phase)],
    ...(deviceList.length === 0 ? {} : { deviceList }),
  };
  return {
    accountName: account,
    participantName: account,
    type,
    username: listener.username ?? '',
    password: listener.password ?? '',
    firmwareList: [],
    upgradeScheduled: {},
    upgradeProgress: {},
    upgradeFinished: {},
    [type]: part,
    ...numbered(event),
  };
}
