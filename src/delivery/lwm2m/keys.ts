// Whose key a PSK identity is: two look-ups each time, so that an unknown identity takes as long as a known one.

import type { AccountName, DeviceKey, Imei } from '../../campaigns/index.ts';
import { utf8Bytes, utf8Text } from '../../lwm2m/index.ts';
import type { DeviceDirectory } from './ports.ts';

export interface FoundKey {
  readonly device: DeviceKey;
  readonly psk: Uint8Array;
}

/** No import has such a line: its secrets are looked for where there is no device to look at. */
const NOBODY: DeviceKey = { account: '' as AccountName, imei: '000000000000000' as Imei };

/** The name that a device gave itself, if it is text at all; what is not text is nobody's. */
export function identityText(identity: Uint8Array): string {
  const name = utf8Text(identity);
  const again = utf8Bytes(name);
  const same = again.length === identity.length && again.every((byte, place) => byte === identity[place]);
  return same ? name : '';
}

export async function keyOf(inventory: DeviceDirectory, identity: string): Promise<FoundKey | undefined> {
  const device = await inventory.lookUp('psk', identity);
  const { pskIdentity, pskKey } = await inventory.secrets(device ?? NOBODY);
  // The directory and the device's own row may be a moment apart.
  if (device === undefined || pskIdentity !== identity || pskKey === undefined) return undefined;
  const psk = bytesOfHex(pskKey);
  return psk === undefined ? undefined : { device, psk };
}

function bytesOfHex(hex: string): Uint8Array | undefined {
  if (!/^(?:[0-9a-fA-F]{2})+$/.test(hex)) return undefined;
  const bytes = new Uint8Array(hex.length / 2);
  for (let place = 0; place < bytes.length; place += 1) {
    bytes[place] = Number.parseInt(hex.slice(2 * place, 2 * place + 2), 16);
  }
  return bytes;
}
