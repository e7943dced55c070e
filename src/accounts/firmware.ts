// What the server knows of the firmware of devices, and since when (contract.md §6.3).
import type { Device, Imei, Reading } from '../campaigns/index.ts';

export type FirmwareLine =
  | { readonly imei: string; readonly is: 'known'; readonly device: Device; readonly firmware: Reading }
  /** It never told its version, and nobody said it. */
  | { readonly imei: string; readonly is: 'not-read'; readonly device: Device }
  | { readonly imei: string; readonly is: 'device-unknown' };

/** Devices of one request to synchronise. */
export const FIRMWARE_DEVICES_MAX = 1_000;

export const firmwareLines = (imeis: readonly string[], devices: ReadonlyMap<Imei, Device>): readonly FirmwareLine[] =>
  imeis.map((imei) => {
    const device = devices.get(imei as Imei);
    if (device === undefined) return { imei, is: 'device-unknown' };
    const { firmware } = device;
    return firmware === undefined ? { imei, is: 'not-read', device } : { imei, is: 'known', device, firmware };
  });
