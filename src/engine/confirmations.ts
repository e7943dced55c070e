// What the user of an HTTP device says to what it is offered (hawkBit DDI, confirmationBase).
import {
  type AutoConfirm,
  type Change,
  type Consent,
  consent,
  type DeviceKey,
  withAutoConfirm,
} from '../campaigns/index.ts';
import type { EngineParts } from './ports.ts';
import { retrying, runDevice } from './run.ts';

const NOTHING: Change = { writes: [], entries: [], intents: [], rule: 'update.no-change' };

/** False when this is not the action that the device is offered. */
export const deviceConsents = (parts: EngineParts, key: DeviceKey, actionId: number, said: Consent): Promise<boolean> =>
  retrying(
    parts,
    async () => {
      const seen = await parts.store.loadDevice(key, parts.node);
      const change = seen?.live === undefined ? undefined : consent(seen.live, actionId, said, parts.clock.now());
      return { change: change ?? NOTHING, result: change !== undefined };
    },
    `device ${key.imei}`,
  );

/** From now on the device agrees by itself to whatever it is offered; `undefined`: no longer. */
export async function deviceAutoConfirms(
  parts: EngineParts,
  key: DeviceKey,
  autoConfirm: Omit<AutoConfirm, 'at'> | undefined,
): Promise<void> {
  await runDevice(parts, key, {
    device: ({ device }, at) => withAutoConfirm(device, autoConfirm === undefined ? undefined : { ...autoConfirm, at }),
  });
}
