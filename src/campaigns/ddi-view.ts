// What a polling HTTP device may see at this instant: an action, a cancellation, the wish for its attributes.
import { awaitsConfirmation } from './confirmation.ts';
import { type Device, type DeviceProfile, owesCleanUp, type Residue } from './device.ts';
import type { Snapshot } from './input.ts';
import { wantsFreshVersion } from './offer.ts';
import { mayDownload, mayInstall, transferStillOpen } from './permits.ts';
import type { Instant } from './time.ts';
import { type Attempt, isLive } from './update.ts';

/** A device, the update it takes part in, and the one it was offered last. */
export interface DeviceSnapshot {
  readonly device: Device;
  readonly profile: DeviceProfile;
  readonly live?: Snapshot;
  readonly last?: Snapshot;
}

export interface DdiAction {
  readonly attempt: Attempt;
  readonly snapshot: Snapshot;
  /** `skip`: nothing of this may happen now. */
  readonly download: 'skip' | 'attempt' | 'forced';
  readonly update: 'skip' | 'attempt' | 'forced';
  readonly maintenance: 'available' | 'unavailable';
}

export interface DdiView {
  readonly action?: DdiAction;
  /** Waits for the word of the device's user. */
  readonly confirm?: DdiAction;
  readonly cancel?: Residue;
  readonly wantsAttributes: boolean;
}

export function ddiView(seen: DeviceSnapshot, now: Instant): DdiView {
  const { device, live } = seen;
  const wantsAttributes = device.attributesAt === undefined || (live !== undefined && asksForVersion(live));
  if (device.residue !== undefined && owesCleanUp(device, now)) return { cancel: device.residue, wantsAttributes };
  const action = live === undefined ? undefined : actionOf(live, now);
  if (live === undefined || action === undefined) return { wantsAttributes };
  const told = live.profile.handling === 'attempt' ? unforced(action) : action;
  return awaitsConfirmation(live, told.attempt)
    ? { wantsAttributes, confirm: told }
    : { wantsAttributes, action: told };
}

/** What may happen now is left to the device. */
const unforced = (action: DdiAction): DdiAction => ({
  ...action,
  download: action.download === 'forced' ? 'attempt' : action.download,
  update: action.update === 'forced' ? 'attempt' : action.update,
});

/** Until a newer word about its version arrives (engine.md §6). */
function asksForVersion(snapshot: Snapshot): boolean {
  const { update, device } = snapshot;
  const { state } = update;
  if (state.name === 'waiting') return wantsFreshVersion(snapshot);
  return state.name === 'verifying' && (device.attributesAt === undefined || device.attributesAt < state.since);
}

const ALLOWED = { update: 'forced', maintenance: 'available' } as const;
const WAITING = { update: 'skip', maintenance: 'unavailable' } as const;

/** No link before the permit: a client that has read a link cannot be trusted to wait (engine.md §3). */
function actionOf(snapshot: Snapshot, now: Instant): DdiAction | undefined {
  const { state } = snapshot.update;
  if (!isLive(state) || state.name === 'verifying') return undefined;
  const { attempt } = state;
  const streaming = snapshot.profile.ddiClient === 'streaming';
  if (state.name === 'installing') {
    // A client that waits to be allowed may be about to begin: outside the window it is told to wait again.
    const may = streaming || mayInstall(snapshot, now).ok;
    const { update, maintenance } = may ? ALLOWED : WAITING;
    return { attempt, snapshot, download: 'forced', update, maintenance };
  }
  if (state.name === 'downloaded')
    return { attempt, snapshot, download: 'skip', update: 'skip', maintenance: 'unavailable' };
  const open = mayDownload(snapshot, now).ok || transferStillOpen(snapshot, attempt.transfer, now);
  if (streaming)
    return open ? { attempt, snapshot, download: 'forced', update: 'forced', maintenance: 'available' } : undefined;
  const install = open && mayInstall(snapshot, now).ok;
  if (!open && state.name === 'offered' && state.actedAt === undefined) return undefined;
  return {
    attempt,
    snapshot,
    download: open ? 'forced' : 'skip',
    update: install ? 'forced' : 'skip',
    maintenance: install ? 'available' : 'unavailable',
  };
}
