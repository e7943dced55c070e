// Devices and packages of the operator API: clearing, secrets, bounds.

import { describe, expect, test } from 'vitest';
import { DeviceItem, DeviceView, ImportQuery, NewAccount, PackagePart, PageQuery } from './index.ts';

const imei = '990013907835573';

describe('a device item', () => {
  test('keeps absent and empty apart, and null is empty', () => {
    expect(DeviceItem.parse({ imei })).toEqual({ imei });
    expect(DeviceItem.parse({ imei, firmware: '', software: null, labels: {}, psk: null, timeZone: null })).toEqual({
      imei,
      firmware: '',
      software: {},
      labels: {},
      psk: null,
      timeZone: '',
    });
    expect(DeviceItem.parse({ imei, psk: { identity: '', key: '' } })).toEqual({ imei, psk: null });
  });

  test('needs 15 digits, a known transport and a key in hexadecimal', () => {
    const bad = [
      { imei: '9900139078355' },
      { imei: 990013907835573 },
      { imei, transport: 'FTP' },
      { imei, transport: null },
      { imei, psk: { identity: 'a', key: 'abc' } },
      { imei, psk: { identity: 'a', key: '00112233445566778' } },
      'text',
    ];
    for (const item of bad) expect(DeviceItem.safeParse(item).success, JSON.stringify(item)).toBe(false);
  });
});

test('a view of a device has no place for secrets', () => {
  const view = { imei, transport: 'HTTP', software: {}, labels: {}, hasPsk: true, hasDdiToken: true };
  expect(DeviceView.parse({ ...view, psk: { identity: 'i', key: 'k' }, ddiToken: 't' })).toEqual(view);
});

test('a package may come from one version, several, or any', () => {
  const part = { kind: 'firmware', name: 'f', to: '2', make: 'm', model: 'o', transports: ['lwm2m'] };
  for (const from of ['1', ['1', '1.1'], '*']) {
    expect(PackagePart.parse({ ...part, from })).toEqual({ ...part, from, transports: ['LWM2M'] });
  }
  expect(PackagePart.safeParse({ ...part, from: [] }).success).toBe(false);
  expect(PackagePart.safeParse({ ...part, from: '1', transports: [] }).success).toBe(false);
});

test('query values are texts', () => {
  expect(PageQuery.parse({})).toEqual({ limit: 100 });
  expect(PageQuery.parse({ limit: '5', after: 'x' })).toEqual({ limit: 5, after: 'x' });
  expect(PageQuery.safeParse({ limit: '1001' }).success).toBe(false);
  expect(['1', 'true', '', '0', 'no'].map((dryRun) => ImportQuery.parse({ dryRun }).dryRun)).toEqual([
    true,
    true,
    true,
    false,
    false,
  ]);
  expect(ImportQuery.parse({})).toEqual({ dryRun: false });
});

test('an account name is ten digits, a hyphen, five digits', () => {
  expect(NewAccount.parse({ accountName: '0000123456-00001' })).toEqual({ accountName: '0000123456-00001' });
  expect(NewAccount.safeParse({ accountName: 'firmware' }).success).toBe(false);
});
