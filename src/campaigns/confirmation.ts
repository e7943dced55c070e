// The consent of a device's user (hawkBit DDI, confirmationBase): asked for before the action is shown.
import { type Change, type Entry, noChange } from './change.ts';
import type { AutoConfirm, Device } from './device.ts';
import type { Snapshot } from './input.ts';
import type { Instant } from './time.ts';
import { type Attempt, attemptOf } from './update.ts';

/** What a device's user says to one action. */
export interface Consent {
  readonly is: 'confirmed' | 'denied';
  readonly detail?: string;
}

/** Nothing of the attempt is shown or sent yet, because the device's user has not agreed. */
export const awaitsConfirmation = (
  { profile, device }: Pick<Snapshot, 'profile' | 'device'>,
  attempt: Attempt,
): boolean =>
  device.transport === 'HTTP' &&
  profile.confirms === true &&
  device.autoConfirm === undefined &&
  device.confirmedAction !== attempt.actionId;

/** A denial leaves the offer as it is: the user is asked again, and no attempt is spent. */
export function consent(snapshot: Snapshot, actionId: number, said: Consent, now: Instant): Change | undefined {
  const attempt = attemptOf(snapshot.update);
  if (attempt?.actionId !== actionId) return undefined;
  const { account, campaign, imei } = snapshot.update;
  const rule = said.is === 'confirmed' ? 'update.confirmed' : 'update.confirmation-denied';
  if (!awaitsConfirmation(snapshot, attempt)) return noChange(rule);
  const detail = said.detail === undefined ? {} : { detail: said.detail };
  const entry: Entry = { account, campaign, imei, at: now, kind: 'report', rule, facts: { actionId, ...detail } };
  const row: Device = { ...snapshot.device, confirmedAction: actionId };
  return {
    writes: said.is === 'confirmed' ? [{ op: 'replace-device', row }] : [],
    entries: [entry],
    intents: [],
    rule,
  };
}

/** `undefined`: its user is asked again for each action. */
export function withAutoConfirm(device: Device, autoConfirm: AutoConfirm | undefined): Device {
  const { autoConfirm: _before, ...rest } = device;
  return autoConfirm === undefined ? rest : { ...rest, autoConfirm };
}
