// The Firmware Update object (/5) and what is read of the Device object (/3): meanings, requests, answers (LwM2M TS 1.0 E.6, 1.1 E.6).

import { CODE } from './codes.ts';
import { executeRequest, readRequest, writeRequest, writtenResource } from './commands.ts';
import { invariant } from './invariant.ts';
import type { Request } from './message.ts';
import { CONTENT_FORMAT, OPTION, pathOptions, uintOption } from './options.ts';
import type { UploadPlan } from './upload.ts';
import { integerOf, type Resources, textOf, valuesIn } from './value.ts';

export const FIRMWARE = {
  object: '/5/0',
  package: '/5/0/0',
  packageUri: '/5/0/1',
  update: '/5/0/2',
  state: '/5/0/3',
  result: '/5/0/5',
  packageName: '/5/0/6',
  packageVersion: '/5/0/7',
  protocols: '/5/0/8',
  delivery: '/5/0/9',
  cancel: '/5/0/10',
} as const;

export const DEVICE = { object: '/3/0', firmwareVersion: '/3/0/3' } as const;

/** Resource 3, by its number. */
export const FIRMWARE_STATES = ['idle', 'downloading', 'downloaded', 'updating'] as const;
export type FirmwareState = (typeof FIRMWARE_STATES)[number];

/** Resource 5, by its number. */
export const FIRMWARE_RESULTS = [
  'initial',
  'success',
  'not_enough_flash',
  'out_of_ram',
  'connection_lost',
  'integrity_failed',
  'unsupported_package',
  'invalid_uri',
  'update_failed',
  'unsupported_protocol',
  'cancelled',
  'deferred',
] as const;
export type FirmwareResult = (typeof FIRMWARE_RESULTS)[number];

/** Resource 8, by its number: over what a device can fetch. */
export const FIRMWARE_PROTOCOLS = ['coap', 'coaps', 'http', 'https', 'coap+tcp', 'coaps+tcp'] as const;
export type FirmwareProtocol = (typeof FIRMWARE_PROTOCOLS)[number];

/** Resource 9, by its number. */
export const FIRMWARE_DELIVERIES = ['pull', 'push', 'both'] as const;
export type FirmwareDelivery = (typeof FIRMWARE_DELIVERIES)[number];

/** What a read of /5/0 showed. A resource that is missing or beyond its table is `undefined`. */
export interface FirmwareReading {
  readonly state: FirmwareState | undefined;
  readonly result: FirmwareResult | undefined;
  readonly packageUri: string | undefined;
  readonly packageName: string | undefined;
  readonly packageVersion: string | undefined;
  /** Absent from LwM2M 1.0 devices that do not tell. */
  readonly protocols: readonly FirmwareProtocol[] | undefined;
  readonly delivery: FirmwareDelivery | undefined;
}

export interface DeviceReading {
  readonly manufacturer: string | undefined;
  readonly model: string | undefined;
  readonly serial: string | undefined;
  readonly firmwareVersion: string | undefined;
}

export function firmwareIn(resources: Resources): FirmwareReading {
  const protocols = resources.get(8);
  return {
    state: FIRMWARE_STATES[integerIn(resources, 3) ?? -1],
    result: FIRMWARE_RESULTS[integerIn(resources, 5) ?? -1],
    packageUri: textIn(resources, 1),
    packageName: textIn(resources, 6),
    packageVersion: textIn(resources, 7),
    protocols:
      protocols === undefined
        ? undefined
        : valuesIn(protocols).flatMap((value) => FIRMWARE_PROTOCOLS[integerOf(value) ?? -1] ?? []),
    delivery: FIRMWARE_DELIVERIES[integerIn(resources, 9) ?? -1],
  };
}

export function deviceIn(resources: Resources): DeviceReading {
  return {
    manufacturer: textIn(resources, 0),
    model: textIn(resources, 1),
    serial: textIn(resources, 2),
    firmwareVersion: textIn(resources, 3),
  };
}

function integerIn(resources: Resources, id: number): number | undefined {
  const [value] = valuesIn(resources.get(id));
  return value === undefined ? undefined : integerOf(value);
}

function textIn(resources: Resources, id: number): string | undefined {
  const [value] = valuesIn(resources.get(id));
  return value === undefined ? undefined : textOf(value);
}

export interface DeliveryFacts {
  readonly protocols?: readonly FirmwareProtocol[] | undefined;
  readonly delivery?: FirmwareDelivery | undefined;
}

/**
 * How an image should reach a device. Fetching lets it sleep, resume and choose its block size, so it is taken unless
 * the device says that it cannot. A device that tells nothing (LwM2M 1.0) is tried by URI first; when that leads to no
 * progress, push.
 */
export function chooseDelivery(
  { protocols, delivery }: DeliveryFacts,
  served: readonly FirmwareProtocol[] = ['coap'],
): 'pull' | 'push' {
  if (delivery === 'pull' || delivery === 'push') return delivery;
  const canFetch = protocols === undefined || served.some((protocol) => protocols.includes(protocol));
  return canFetch ? 'pull' : 'push';
}

// Requests of a server. `root` is the path prefix that the device registered with, nearly always ''.

export const readDevice = (root = ''): Request => readRequest(DEVICE.object, { root });
export const readFirmware = (root = ''): Request => readRequest(FIRMWARE.object, { root });

/** Most devices take the URI as text; the others in one of the forms for structured values. */
export function writePackageUri(
  uri: string,
  { root = '', format = CONTENT_FORMAT.TEXT }: { root?: string; format?: number } = {},
): Request {
  const written = writtenResource(FIRMWARE.packageUri, { kind: 'text', value: uri }, format);
  invariant(written !== undefined, 'a text is written in a form that can hold it');
  return writeRequest(FIRMWARE.packageUri, written, root);
}

export const executeUpdate = (root = ''): Request => executeRequest(FIRMWARE.update, root);

/** The ways back to Idle; which of them a device knows has to be tried. */
export type ResetWay = 'nul_byte' | 'empty_uri' | 'cancel';

export function resetFirmware(way: ResetWay, root = ''): Request {
  switch (way) {
    case 'nul_byte':
      // Not an empty write: some devices take that for a package, and for a broken one.
      return writeRequest(FIRMWARE.package, { format: CONTENT_FORMAT.OPAQUE, bytes: Uint8Array.of(0) }, root);
    case 'empty_uri':
      return writePackageUri('', { root });
    case 'cancel':
      return executeRequest(FIRMWARE.cancel, root);
  }
}

/** What goes with each block of a push: to be given to `beginUpload` together with the length of the image. */
export function pushPlan(length: number, root = '', szx?: number): UploadPlan {
  const options = [...pathOptions(root + FIRMWARE.package), uintOption(OPTION.CONTENT_FORMAT, CONTENT_FORMAT.OPAQUE)];
  return { code: CODE.PUT, options, length, ...(szx === undefined ? {} : { szx }) };
}
