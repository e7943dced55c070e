// The Firmware Update object (/5) and what is read of the Device object (/3): meanings, requests, answers (LwM2M TS 1.0 E.6, 1.1 E.6).

import { CODE } from './codes.ts';
import { type Request, request } from './message.ts';
import { OBSERVE_BEGIN, OBSERVE_END } from './observe.ts';
import { CONTENT_FORMAT, OPTION, type Option, pathOptions, textOption, uintOption } from './options.ts';
import { encodeTlv } from './tlv.ts';
import { utf8Bytes } from './utf8.ts';
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

export function readRequest(path: string, { root = '', accept }: { root?: string; accept?: number } = {}): Request {
  const accepted = accept === undefined ? [] : [uintOption(OPTION.ACCEPT, accept)];
  return request(CODE.GET, [...pathOptions(root + path), ...accepted]);
}

export const readDevice = (root = ''): Request => readRequest(DEVICE.object, { root });
export const readFirmwareVersion = (root = ''): Request => readRequest(DEVICE.firmwareVersion, { root });
export const readFirmware = (root = ''): Request => readRequest(FIRMWARE.object, { root });

/** Most devices take the URI as text; for the others there is TLV. */
export function writePackageUri(
  uri: string,
  { root = '', form = 'text' }: { root?: string; form?: 'text' | 'tlv' } = {},
): Request {
  const value = utf8Bytes(uri);
  if (form === 'text') return writeRequest(root + FIRMWARE.packageUri, CONTENT_FORMAT.TEXT, value);
  const tlv = encodeTlv([{ kind: 'resource', id: 1, value }]);
  return writeRequest(root + FIRMWARE.packageUri, CONTENT_FORMAT.TLV, tlv);
}

/** Without an argument, as the plainest devices want it. */
export const executeUpdate = (root = ''): Request => request(CODE.POST, pathOptions(root + FIRMWARE.update));

/** The ways back to Idle; which of them a device knows has to be tried. */
export type ResetWay = 'nul_byte' | 'empty_uri' | 'cancel';

export function resetFirmware(way: ResetWay, root = ''): Request {
  switch (way) {
    case 'nul_byte':
      // Not an empty write: some devices take that for a package, and for a broken one.
      return writeRequest(root + FIRMWARE.package, CONTENT_FORMAT.OPAQUE, Uint8Array.of(0));
    case 'empty_uri':
      return writePackageUri('', { root });
    case 'cancel':
      return request(CODE.POST, pathOptions(root + FIRMWARE.cancel));
  }
}

/** What goes with each block of a push: to be given to `beginUpload` together with the length of the image. */
export function pushPlan(length: number, root = ''): { code: number; options: readonly Option[]; length: number } {
  const options = [...pathOptions(root + FIRMWARE.package), uintOption(OPTION.CONTENT_FORMAT, CONTENT_FORMAT.OPAQUE)];
  return { code: CODE.PUT, options, length };
}

export const observeRequest = (path: string, root = ''): Request =>
  request(CODE.GET, [OBSERVE_BEGIN, ...pathOptions(root + path)]);
export const stopObservingRequest = (path: string, root = ''): Request =>
  request(CODE.GET, [OBSERVE_END, ...pathOptions(root + path)]);

/** Write-Attributes: how often the device notifies (LwM2M TS 1.0 §5.1.2). */
export function writeAttributes(path: string, attributes: Readonly<Record<string, number>>, root = ''): Request {
  const queries = Object.entries(attributes).map(([name, value]) => textOption(OPTION.URI_QUERY, `${name}=${value}`));
  return request(CODE.PUT, [...pathOptions(root + path), ...queries]);
}

function writeRequest(path: string, contentFormat: number, payload: Uint8Array): Request {
  return request(CODE.PUT, [...pathOptions(path), uintOption(OPTION.CONTENT_FORMAT, contentFormat)], payload);
}
