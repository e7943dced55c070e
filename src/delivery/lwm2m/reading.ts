// Asks a device what it is, what it runs and how its update stands, in whichever form it is able to tell.

import type { DeviceReading, FirmwareObject } from '../../campaigns/index.ts';
import {
  CODE,
  CONNECTIVITY,
  CONTENT_FORMAT,
  connectivityIn,
  DEVICE,
  decodeRead,
  decodeResource,
  deviceIn,
  FIRMWARE,
  type Resource,
  type Resources,
  textOf,
  valuesIn,
} from '../../lwm2m/index.ts';
import { object5Of } from './object5.ts';
import type { Got, Talk } from './talk.ts';

/** TLV is what all versions have in common; who does not know the Accept option is asked without it (devices.md). */
const OBJECT_FORMS = [CONTENT_FORMAT.TLV, undefined] as const;
const RESOURCE_FORMS = [undefined, CONTENT_FORMAT.TEXT] as const;

const isFormProblem = (code: number): boolean =>
  code === CODE.NOT_ACCEPTABLE || code === CODE.BAD_OPTION || code === CODE.UNSUPPORTED_FORMAT;

const isMissing = (code: number): boolean => code === CODE.NOT_FOUND || code === CODE.METHOD_NOT_ALLOWED;

async function readForms<Value>(
  talk: Talk,
  path: string,
  forms: readonly (number | undefined)[],
  decode: (format: number | undefined, bytes: Uint8Array) => Value | undefined,
): Promise<Got<Value>> {
  let last: Got<Value> = { is: 'refused', code: CODE.NOT_ACCEPTABLE };
  for (const accept of forms) {
    const got = await talk.read(path, accept);
    if (got.is === 'silent') return got;
    if (got.is === 'refused') {
      last = got;
      if (!isFormProblem(got.code)) return got;
      continue;
    }
    const value = decode(got.value.format, got.value.bytes);
    if (value !== undefined) return { is: 'got', value };
  }
  return last;
}

const readObject = (talk: Talk, path: string): Promise<Got<Resources>> =>
  readForms(talk, path, OBJECT_FORMS, (format, bytes) => {
    const decoded = decodeRead(format, bytes, path);
    return decoded.ok ? decoded.resources : undefined;
  });

const readResource = (talk: Talk, path: string): Promise<Got<Resource>> =>
  readForms(talk, path, RESOURCE_FORMS, (format, bytes) => {
    const decoded = decodeResource(format, bytes, path);
    return decoded.ok ? decoded.resource : undefined;
  });

/**
 * Everything that an `ask` wants to know. `versionPath`: where the version is, when not in /3/0/3. Object 5 comes first:
 * the version is then at least as new as the state that it is judged with, also when the device restarts in between.
 */
export async function readAll(talk: Talk, versionPath: string | undefined): Promise<Got<DeviceReading>> {
  const object5 = await readObject5(talk);
  if (object5.is === 'silent') return object5;
  const device = await readDevice(talk, versionPath);
  if (device.is !== 'got') return device;
  return { is: 'got', value: object5.is === 'got' ? { ...device.value, object5: object5.value } : device.value };
}

async function readDevice(talk: Talk, versionPath: string | undefined): Promise<Got<DeviceReading>> {
  const object = await readObject(talk, DEVICE.object);
  if (object.is === 'silent') return object;
  const { manufacturer, model, firmwareVersion } = deviceIn(object.is === 'got' ? object.value : new Map());
  const told: DeviceReading = {
    ...(manufacturer === undefined ? {} : { make: manufacturer }),
    ...(model === undefined ? {} : { model }),
  };
  if (versionPath === undefined && firmwareVersion !== undefined) {
    return { is: 'got', value: { ...told, firmware: firmwareVersion } };
  }
  const version = await readResource(talk, versionPath ?? DEVICE.firmwareVersion);
  if (version.is === 'silent') return version;
  const [text] = version.is === 'got' ? valuesIn(version.value).map(textOf) : [];
  return { is: 'got', value: text === undefined ? told : { ...told, firmware: text } };
}

/** `refused`: it has the object and will not show it. */
export async function readObject5(talk: Talk): Promise<Got<FirmwareObject | 'absent'>> {
  const object = await readObject(talk, FIRMWARE.object);
  if (object.is === 'silent') return object;
  if (object.is === 'refused' && object.code === CODE.NOT_FOUND) return { is: 'got', value: 'absent' };
  const whole = object.is === 'got' ? object5Of(object.value) : undefined;
  if (whole !== undefined) return { is: 'got', value: whole };
  const singles = new Map<number, Resource>();
  for (const path of [FIRMWARE.state, FIRMWARE.result, FIRMWARE.protocols, FIRMWARE.delivery]) {
    const one = await readResource(talk, path);
    if (one.is === 'silent') return one;
    if (one.is === 'got') singles.set(one.value.id, one.value);
    else if (path === FIRMWARE.state) return isMissing(one.code) ? { is: 'got', value: 'absent' } : one;
  }
  const value = object5Of(singles);
  return value === undefined ? { is: 'refused', code: CODE.UNSUPPORTED_FORMAT } : { is: 'got', value };
}

/** In which cell and whose network it is; a device that does not tell is none the worse. */
export async function readNetwork(talk: Talk): Promise<Pick<DeviceReading, 'labels'>> {
  const object = await readObject(talk, CONNECTIVITY.object);
  const labels = object.is === 'got' ? connectivityIn(object.value) : {};
  return Object.keys(labels).length === 0 ? {} : { labels: { ...labels } };
}

/** Only /5/0/3 and /5/0/5: how a reset went. */
export async function readState(talk: Talk): Promise<Got<FirmwareObject>> {
  const singles = new Map<number, Resource>();
  for (const path of [FIRMWARE.state, FIRMWARE.result]) {
    const one = await readResource(talk, path);
    if (one.is === 'silent') return one;
    if (one.is === 'got') singles.set(one.value.id, one.value);
    else if (path === FIRMWARE.state) return one;
  }
  const value = object5Of(singles);
  return value === undefined ? { is: 'refused', code: CODE.UNSUPPORTED_FORMAT } : { is: 'got', value };
}
