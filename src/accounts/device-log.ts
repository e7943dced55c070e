// What a device did, as client logging and check-in history show it (contract.md §6.9).
import type { DeviceKey, DeviceReading, Instant, Intent, Report, SendOutcome } from '../campaigns/index.ts';
import { ACCOUNT_LIMITS } from './account-list.ts';

/** A device contacted the server by itself, or told how something ended. */
export interface CheckIn {
  readonly key: DeviceKey;
  readonly at: Instant;
  readonly client: 'HTTP' | 'LWM2M';
  readonly result: 'succeeded' | 'failed';
  /** What failed, in the device's or our words. */
  readonly failure?: string;
}

/** Words of the original service that fit what our devices tell. */
export const LOG_TYPES = ['SoftwareUpdate', 'Event'] as const;
export type LogType = (typeof LOG_TYPES)[number];

export interface DeviceLog {
  readonly key: DeviceKey;
  readonly at: Instant;
  readonly type: LogType;
  readonly text: string;
}

const cut = (text: string): string =>
  text.length <= ACCOUNT_LIMITS.logTextLengthMax ? text : `…${text.slice(1 - ACCOUNT_LIMITS.logTextLengthMax)}`;

/** The line of an HTTP device's feedback. */
export function logOfReport(key: DeviceKey, actionId: number, report: Report, at: Instant): DeviceLog {
  const detail = report.detail === undefined ? '' : `: ${report.detail}`;
  return { key, at, type: 'SoftwareUpdate', text: cut(`action ${actionId}, ${report.step}${detail}`) };
}

export const checkInOfReport = (key: DeviceKey, report: Report, at: Instant): CheckIn => ({
  key,
  at,
  client: 'HTTP',
  ...(report.step === 'failed' || report.step === 'rejected'
    ? { result: 'failed', failure: cut(report.detail ?? report.step) }
    : { result: 'succeeded' }),
});

type ToDevice = Exclude<Intent, { readonly kind: 'callback' }>;

/** What an LwM2M device answered, or that it did not. */
export interface Answered {
  readonly key: DeviceKey;
  readonly what: ToDevice['kind'];
  readonly outcome: SendOutcome;
  readonly reading?: DeviceReading;
}

export function logOfAnswer({ key, what, outcome, reading }: Answered, at: Instant): DeviceLog {
  const object5 = reading?.object5;
  const told = [
    ...(reading?.firmware === undefined ? [] : [`version ${reading.firmware}`]),
    ...(object5 === 'absent' ? ['no firmware update object'] : []),
    ...(object5 === undefined || object5 === 'absent' ? [] : [`state ${object5.state}`, `result ${object5.result}`]),
  ];
  const detail = outcome.is === 'refused' ? [outcome.detail] : told;
  const text = `${what}, ${outcome.is}${detail.length === 0 ? '' : `: ${detail.join(', ')}`}`;
  return { key, at, type: what === 'ask' ? 'Event' : 'SoftwareUpdate', text: cut(text) };
}

export function checkInOfAnswer({ key, what, outcome }: Answered, at: Instant): CheckIn | undefined {
  switch (outcome.is) {
    case 'delivered':
      return { key, at, client: 'LWM2M', result: 'succeeded' };
    case 'refused':
      return { key, at, client: 'LWM2M', result: 'failed', failure: cut(`${what} refused: ${outcome.detail}`) };
    default:
      // It was silent, or nothing was sent: no contact.
      return undefined;
  }
}
