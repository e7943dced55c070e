// Commands to a device as requests, and the order in which content formats are tried.

import { describe, expect, test } from 'vitest';
import { CODE } from './codes.ts';
import {
  discovered,
  discoverRequest,
  executeRequest,
  observeRequest,
  readRequest,
  stopObservingRequest,
  updateInstanceRequest,
  writeAttributesRequest,
  writeRequest,
  writtenInstance,
  writtenResource,
} from './commands.ts';
import { type Dialect, isFormProblem, learnedForm, objectForms, resourceForms, writeForms } from './forms.ts';
import type { Request } from './message.ts';
import { CONTENT_FORMAT, OPTION, pathOf, queriesOf, uintOf } from './options.ts';
import { decodeSenmlCbor } from './senml-cbor.ts';
import { decodeSenmlJson } from './senml-json.ts';
import { decodeTlv } from './tlv.ts';
import { utf8Bytes, utf8Text } from './utf8.ts';

const { SENML_CBOR, SENML_JSON, TLV, TEXT, OPAQUE, LINK_FORMAT } = CONTENT_FORMAT;
const short = ({ code, options, payload }: Request): string =>
  [code, pathOf(options), uintOf(options, OPTION.CONTENT_FORMAT) ?? '-', utf8Text(payload)].join(' ').trim();

describe('commands', () => {
  test('read, observe and its end go to a path, below the root, with or without a form', () => {
    expect(short(readRequest('/3/0/3'))).toBe(`${CODE.GET} /3/0/3 -`);
    expect(uintOf(readRequest('/3/0', { accept: SENML_CBOR }).options, OPTION.ACCEPT)).toBe(112);
    const observing = observeRequest('/5/0/3', { root: '/lwm2m', accept: SENML_JSON });
    expect(short(observing)).toBe(`${CODE.GET} /lwm2m/5/0/3 -`);
    expect(uintOf(observing.options, OPTION.OBSERVE)).toBe(0);
    expect(uintOf(observing.options, OPTION.ACCEPT)).toBe(110);
    expect(uintOf(stopObservingRequest('/5/0/3').options, OPTION.OBSERVE)).toBe(1);
  });

  test('a write replaces, an update of an instance adds', () => {
    const written = { format: TEXT, bytes: utf8Bytes('60') };
    expect(short(writeRequest('/1/0/1', written))).toBe(`${CODE.PUT} /1/0/1 0 60`);
    expect(short(updateInstanceRequest('/1/0', { format: TLV, bytes: utf8Bytes('x') }, '/a'))).toBe(
      `${CODE.POST} /a/1/0 ${TLV} x`,
    );
  });

  test('an execute has no payload unless it has arguments', () => {
    expect(short(executeRequest('/5/0/2'))).toBe(`${CODE.POST} /5/0/2 -`);
    expect(short(executeRequest('/3/0/4', '', [{ digit: 0, value: 'now' }, { digit: 7 }]))).toBe(
      `${CODE.POST} /3/0/4 0 0='now',7`,
    );
  });

  test('attributes are queries, and one without a value is taken back', () => {
    const asked = writeAttributesRequest('/5/0', { pmin: 2, pmax: 10, gt: undefined });
    expect(asked.code).toBe(CODE.PUT);
    expect(queriesOf(asked.options)).toEqual(['pmin=2', 'pmax=10', 'gt']);
  });

  test('discover asks for links and reads them below the root', () => {
    expect(uintOf(discoverRequest('/5/0').options, OPTION.ACCEPT)).toBe(LINK_FORMAT);
    const payload = utf8Bytes('</lwm2m/5>;ver=1.1;pmin=2,</lwm2m/5/0/3>;pmax=9,</other>');
    expect(discovered(payload, '/lwm2m')?.map(({ target, attributes }) => [target, attributes.get('pmax')])).toEqual([
      ['/5', undefined],
      ['/5/0/3', '9'],
    ]);
    expect(discovered(utf8Bytes('nonsense'))).toBeUndefined();
  });
});

describe('a written resource', () => {
  const uri = { kind: 'text', value: 'coap://h/f/t' } as const;

  test('stands in each form that can hold it', () => {
    expect(utf8Text(writtenResource('/5/0/1', uri, TEXT)!.bytes)).toBe('coap://h/f/t');
    expect(decodeTlv(writtenResource('/5/0/1', uri, TLV)!.bytes)).toMatchObject({ entries: [{ id: 1 }] });
    expect(decodeSenmlCbor(writtenResource('/5/0/1', uri, SENML_CBOR)!.bytes)).toEqual({
      ok: true,
      records: [{ path: '/5/0/1', value: uri }],
    });
    expect(decodeSenmlJson(writtenResource('/5/0/1', uri, SENML_JSON)!.bytes)).toMatchObject({ ok: true });
    expect(writtenResource('/5/0/1', uri, OPAQUE)).toBeUndefined();
    expect(writtenResource('/5/0/0', { kind: 'opaque', value: Uint8Array.of(0) }, TEXT)).toBeUndefined();
    expect(writtenResource('/5/0/0', { kind: 'opaque', value: Uint8Array.of(0) }, OPAQUE)?.bytes).toEqual(
      Uint8Array.of(0),
    );
  });

  test('of each kind has its bytes in TLV', () => {
    const records = [
      { path: '/9/0/1', value: { kind: 'boolean', value: true } },
      { path: '/9/0/2', value: { kind: 'link', value: '66:1' } },
      { path: '/9/0/3', value: { kind: 'number', value: 0.5 } },
      { path: '/9/0/4', value: { kind: 'number', value: 300 } },
      { path: '/9/0/5', value: { kind: 'opaque', value: Uint8Array.of(9) } },
    ] as const;
    const decoded = decodeTlv(writtenInstance(records, TLV)!.bytes);
    expect(decoded.ok && decoded.entries.map((entry) => 'value' in entry && [...entry.value])).toEqual([
      [1],
      [0, 66, 0, 1],
      [0x3f, 0xe0, 0, 0, 0, 0, 0, 0],
      [1, 44],
      [9],
    ]);
    expect(decodeSenmlCbor(writtenInstance(records, SENML_CBOR)!.bytes)).toEqual({ ok: true, records });
    expect(decodeSenmlJson(writtenInstance(records, SENML_JSON)!.bytes)).toEqual({ ok: true, records });
    expect(writtenInstance(records, TEXT)).toBeUndefined();
  });
});

describe('the form that a device is asked in', () => {
  const old: Dialect = { version: '1.0', formats: [] };
  const newer: Dialect = { version: '1.1', formats: [] };

  test('is TLV before SenML existed, then CBOR, JSON, TLV, and at last whatever it likes', () => {
    expect(objectForms(old)).toEqual([TLV, 'its-own']);
    expect(objectForms(newer)).toEqual([SENML_CBOR, SENML_JSON, TLV, 'its-own']);
    expect(objectForms({ ...newer, version: '1.2' })).toEqual(objectForms(newer));
    expect(resourceForms(old)).toEqual(['its-own', TEXT]);
    expect(resourceForms(newer)).toEqual(['its-own', TEXT, SENML_CBOR, SENML_JSON, TLV]);
  });

  test('is first what it names, and first of all what it answered', () => {
    expect(objectForms({ ...newer, formats: [60, SENML_JSON] })).toEqual([SENML_JSON, TLV, 'its-own']);
    expect(objectForms({ ...old, formats: [TLV] })).toEqual([TLV, 'its-own']);
    expect(objectForms({ ...newer, learned: 'its-own' })).toEqual(['its-own', SENML_CBOR, SENML_JSON, TLV]);
    expect(resourceForms({ ...newer, learned: SENML_CBOR })[0]).toBe(SENML_CBOR);
    expect(resourceForms({ ...newer, learned: TLV })[0]).toBe('its-own');
    expect(writeForms({ ...newer, learned: TLV })).toEqual([TEXT, TLV, SENML_CBOR, SENML_JSON]);
    expect(writeForms(old)).toEqual([TEXT, TLV]);
  });

  test('is learned from the answer, not from the question', () => {
    expect(learnedForm(SENML_CBOR, TLV)).toBe(TLV);
    expect(learnedForm(SENML_CBOR, undefined)).toBe(SENML_CBOR);
    expect(learnedForm(TLV, 1_542)).toBe(TLV);
    expect(learnedForm('its-own', TLV)).toBe('its-own');
    expect([CODE.NOT_ACCEPTABLE, CODE.UNSUPPORTED_FORMAT, CODE.BAD_OPTION, CODE.NOT_FOUND].map(isFormProblem)).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });
});
