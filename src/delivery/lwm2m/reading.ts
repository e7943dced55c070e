// Asks a device what it is, what it runs and how its update stands, in whichever form it is able to tell.

import type { DeviceReading, FirmwareObject, ImageProtocol } from '../../campaigns/index.ts';
import {
  CODE,
  CONNECTIVITY,
  connectivityIn,
  DEVICE,
  decodeRead,
  decodeResource,
  deviceIn,
  FIRMWARE,
  type Form,
  isFormProblem,
  learnedForm,
  objectForms,
  type Resource,
  type Resources,
  resourceForms,
  textOf,
  valuesIn,
} from '../../lwm2m/index.ts';
import { object5Of, protocolsIn } from './object5.ts';
import type { Got, Talk } from './talk.ts';

const isMissing = (code: number): boolean => code === CODE.NOT_FOUND || code === CODE.METHOD_NOT_ALLOWED;

async function readForms<Value>(
  talk: Talk,
  path: string,
  forms: readonly Form[],
  decode: (format: number | undefined, bytes: Uint8Array) => Value | undefined,
): Promise<Got<{ readonly value: Value; readonly form: Form }>> {
  let last: { readonly is: 'refused'; readonly code: number } = { is: 'refused', code: CODE.NOT_ACCEPTABLE };
  for (const form of forms) {
    const got = await talk.read(path, form);
    if (got.is === 'silent') return got;
    if (got.is === 'refused') {
      last = got;
      if (!isFormProblem(got.code)) return got;
      continue;
    }
    const value = decode(got.value.format, got.value.bytes);
    if (value !== undefined) return { is: 'got', value: { value, form: learnedForm(form, got.value.format) } };
  }
  return last;
}

/** In the form that worked last time, else from the smallest to the oldest; which one it was is kept. */
async function readObject(talk: Talk, path: string): Promise<Got<Resources>> {
  const { dialect } = talk;
  const got = await readForms(talk, path, objectForms(dialect), (format, bytes) => {
    const decoded = decodeRead(format, bytes, path);
    return decoded.ok && decoded.resources.size > 0 ? decoded.resources : undefined;
  });
  if (got.is !== 'got') return got;
  if (got.value.form !== dialect.learned) talk.learned(got.value.form);
  return { is: 'got', value: got.value.value };
}

async function readResource(talk: Talk, path: string): Promise<Got<Resource>> {
  const got = await readForms(talk, path, resourceForms(talk.dialect), (format, bytes) => {
    const decoded = decodeResource(format, bytes, path);
    return decoded.ok ? decoded.resource : undefined;
  });
  return got.is === 'got' ? { is: 'got', value: got.value.value } : got;
}

export interface Wanted {
  /** Where the version is, when not in /3/0/3. */
  readonly versionPath: string | undefined;
  /** What images are served over. */
  readonly served: readonly ImageProtocol[];
}

/**
 * Everything that an `ask` wants to know. Object 5 comes first: the version is then at least as new as the state that it
 * is judged with, also when the device restarts in between.
 */
export async function readAll(talk: Talk, { versionPath, served }: Wanted): Promise<Got<DeviceReading>> {
  const object5 = await readObject5(talk, served);
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
export async function readObject5(
  talk: Talk,
  served?: readonly ImageProtocol[],
): Promise<Got<FirmwareObject | 'absent'>> {
  const object = await readObject(talk, FIRMWARE.object);
  if (object.is === 'silent') return object;
  if (object.is === 'refused' && object.code === CODE.NOT_FOUND) return { is: 'got', value: 'absent' };
  const whole = object.is === 'got' ? object5Of(object.value, served) : undefined;
  if (object.is === 'got' && whole !== undefined) {
    talk.said(protocolsIn(object.value));
    return { is: 'got', value: whole };
  }
  const singles = new Map<number, Resource>();
  for (const path of [FIRMWARE.state, FIRMWARE.result, FIRMWARE.protocols, FIRMWARE.delivery]) {
    const one = await readResource(talk, path);
    if (one.is === 'silent') return one;
    if (one.is === 'got') singles.set(one.value.id, one.value);
    else if (path === FIRMWARE.state) return isMissing(one.code) ? { is: 'got', value: 'absent' } : one;
  }
  const value = object5Of(singles, served);
  if (value === undefined) return { is: 'refused', code: CODE.UNSUPPORTED_FORMAT };
  talk.said(protocolsIn(singles));
  return { is: 'got', value };
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
