// Facts that are looked for in rows and follow from them: the same for every kind of store.
import type { DeviceSecrets } from '../accounts/index.ts';
import {
  type DeviceIntent,
  type DeviceKey,
  type ImageToken,
  type Instant,
  isFinal,
  isLive,
  type StateName,
  type Update,
} from '../campaigns/index.ts';

/** The token by which its device may fetch: of the current or the suspended attempt, while the update is not final. */
export function tokenOf({ state }: Update): ImageToken | undefined {
  if (isLive(state)) return state.attempt.token;
  return state.name === 'waiting' ? state.suspended?.token : undefined;
}

/** When a waiting update may be asked or offered again. */
export function readyAtOf({ state }: Update): Instant | undefined {
  if (state.name !== 'waiting') return undefined;
  return state.askAt === undefined ? state.readyAt : (Math.max(state.readyAt, state.askAt) as Instant);
}

/** States that the sweep of an ended campaign has to end: neither final nor under installation (engine.md §2). */
export const SWEPT_STATES = ['waiting', 'offered', 'downloading', 'downloaded'] as const satisfies readonly StateName[];

export const isSwept = ({ state }: Update): boolean =>
  !isFinal(state) && SWEPT_STATES.some((name) => name === state.name);

/** The device that an intent speaks to. */
export function deviceOfIntent(intent: DeviceIntent): DeviceKey {
  const { account, imei } = 'update' in intent ? intent.update : intent.device;
  return { account, imei };
}

/** A row as a replacing write stores it. */
export const nextRevision = <Row extends { readonly revision: number }>(row: Row): Row => ({
  ...row,
  revision: row.revision + 1,
});

/** What an import leaves of a device's secrets: absent stays as it is, an empty text clears. */
export const mergedSecrets = (stored: DeviceSecrets, given: DeviceSecrets): DeviceSecrets =>
  Object.fromEntries(Object.entries({ ...stored, ...given }).filter(([, value]) => value !== ''));
