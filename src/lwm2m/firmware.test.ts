// The firmware object: what a server asks, and what it reads out of the answers of old and new devices.

import { describe, expect, test } from 'vitest';
import { CODE } from './codes.ts';
import { observeRequest, stopObservingRequest, writeAttributesRequest } from './commands.ts';
import {
  chooseDelivery,
  deviceIn,
  executeUpdate,
  FIRMWARE,
  FIRMWARE_RESULTS,
  firmwareIn,
  pushPlan,
  readFirmware,
  resetFirmware,
  writePackageUri,
} from './firmware.ts';
import type { Request } from './message.ts';
import { CONTENT_FORMAT, OPTION, pathOf, queriesOf, uintOf } from './options.ts';
import { decodeTlv, encodeTlv, type TlvEntry, tlvIntegerBytes } from './tlv.ts';
import { beginUpload, neededBlock, uploadRequest } from './upload.ts';
import { utf8Bytes, utf8Text } from './utf8.ts';
import { decodeRead } from './value.ts';

const integer = (id: number, value: number): TlvEntry => ({ kind: 'resource', id, value: tlvIntegerBytes(value) });
const text = (id: number, value: string): TlvEntry => ({ kind: 'resource', id, value: utf8Bytes(value) });

function read(path: string, entries: readonly TlvEntry[]) {
  const decoded = decodeRead(CONTENT_FORMAT.TLV, encodeTlv(entries), path);
  if (!decoded.ok) throw new Error(decoded.reason);
  return decoded.resources;
}

const short = ({ code, options, payload }: Request) =>
  `${code} ${pathOf(options)} ${uintOf(options, OPTION.CONTENT_FORMAT) ?? '-'} "${utf8Text(payload)}"`;

describe('reading /5/0', () => {
  test('a 1.1 device tells its state, its result, its protocols and its delivery', () => {
    const protocols: TlvEntry = {
      kind: 'multiple',
      id: 8,
      entries: [0, 2, 99].map((value, id) => ({ kind: 'resource_instance', id, value: tlvIntegerBytes(value) })),
    };
    const entries = [integer(3, 2), integer(5, 0), text(6, 'fw'), text(7, '2.0'), protocols, integer(9, 2)];
    expect(firmwareIn(read('/5/0', entries))).toEqual({
      state: 'downloaded',
      result: 'initial',
      packageUri: undefined,
      packageName: 'fw',
      packageVersion: '2.0',
      protocols: ['coap', 'http'],
      delivery: 'both',
    });
  });

  test('a 1.0 device tells less, and numbers beyond the tables mean nothing', () => {
    expect(firmwareIn(read('/5/0', [integer(3, 0), integer(5, 77)]))).toMatchObject({
      state: 'idle',
      result: undefined,
      protocols: undefined,
      delivery: undefined,
    });
    expect(FIRMWARE_RESULTS[11]).toBe('deferred');
  });

  test('/3/0 tells who the device is', () => {
    expect(deviceIn(read('/3/0', [text(0, 'Acme'), text(1, 'M1'), text(3, '1.0')]))).toEqual({
      manufacturer: 'Acme',
      model: 'M1',
      serial: undefined,
      firmwareVersion: '1.0',
    });
  });
});

describe('the requests of a server', () => {
  test('each has its path, its format and its payload', () => {
    expect(short(readFirmware())).toBe(`${CODE.GET} /5/0 - ""`);
    expect(short(readFirmware('/lwm2m'))).toBe(`${CODE.GET} /lwm2m/5/0 - ""`);
    expect(short(writePackageUri('coap://h/f/t'))).toBe(`${CODE.PUT} /5/0/1 0 "coap://h/f/t"`);
    expect(short(executeUpdate())).toBe(`${CODE.POST} /5/0/2 - ""`);
    expect(short(resetFirmware('nul_byte'))).toBe(`${CODE.PUT} /5/0/0 42 "\0"`);
    expect(short(resetFirmware('empty_uri'))).toBe(`${CODE.PUT} /5/0/1 0 ""`);
    expect(short(resetFirmware('cancel'))).toBe(`${CODE.POST} /5/0/10 - ""`);
    expect(decodeTlv(writePackageUri('x', { format: CONTENT_FORMAT.TLV }).payload)).toEqual({
      ok: true,
      entries: [text(1, 'x')],
    });
  });

  test('observing begins and ends on the same path, attributes are queries', () => {
    expect(uintOf(observeRequest(FIRMWARE.state).options, OPTION.OBSERVE)).toBe(0);
    expect(uintOf(stopObservingRequest(FIRMWARE.result).options, OPTION.OBSERVE)).toBe(1);
    expect(queriesOf(writeAttributesRequest('/5/0', { pmin: 2, pmax: 10 }).options)).toEqual(['pmin=2', 'pmax=10']);
  });

  test('a push goes to /5/0/0 as opaque blocks', () => {
    const upload = beginUpload(pushPlan(3_000));
    const { length } = neededBlock(upload);
    const first = uploadRequest(upload, new Uint8Array(length));
    expect([pathOf(first.options), uintOf(first.options, OPTION.CONTENT_FORMAT), first.payload.length]).toEqual([
      '/5/0/0',
      42,
      1_024,
    ]);
  });
});

test('an image is fetched unless the device says that it cannot', () => {
  expect(chooseDelivery({})).toBe('pull');
  expect(chooseDelivery({ delivery: 'push' })).toBe('push');
  expect(chooseDelivery({ delivery: 'both' })).toBe('pull');
  expect(chooseDelivery({ delivery: 'both', protocols: ['https'] })).toBe('push');
  expect(chooseDelivery({ delivery: 'both', protocols: ['https'] }, ['coap', 'https'])).toBe('pull');
  expect(chooseDelivery({ delivery: 'pull', protocols: ['https'] })).toBe('pull');
  expect(chooseDelivery({ protocols: [] })).toBe('push');
});
