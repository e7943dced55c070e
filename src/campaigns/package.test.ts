// Which version of a package a device runs, and whose word that is.
import { describe, expect, test } from 'vitest';
import type { Device, Reading } from './device.ts';
import { withAttributes, withReading } from './inventory.ts';
import { judgeVersion, runningVersion } from './package.ts';
import { givenDevice, givenHttpDevice, givenPackage, START } from './testing/given.ts';
import { after as later, seconds } from './time.ts';

const LATER = later(START, seconds(1));
const imported = (value: string, at = START): Reading => ({ value, at, source: 'import' });
const told = (device: Device, data: Readonly<Record<string, string>>, at = LATER): Device =>
  withAttributes(device, { mode: 'merge', data }, at);

describe('the running version', () => {
  const firmware = givenPackage();

  test('of an LwM2M device is what was read last', () => {
    const device = withReading(givenDevice(), { firmware: '1.7' }, LATER);
    expect(runningVersion(device, firmware)).toEqual({ value: '1.7', at: LATER, source: 'reported' });
    expect(withReading(device, {}, LATER).firmware?.value).toBe('1.7');
  });

  test('of an HTTP device is the newer of its own word and the import', () => {
    const device = givenHttpDevice({ firmware: imported('1.0'), attributes: {} });
    expect(runningVersion(device, firmware)).toEqual(imported('1.0'));
    expect(runningVersion(told(device, { fw_version: '2.0' }), firmware)).toMatchObject({
      value: '2.0',
      source: 'reported',
    });
    const later = { ...told(device, { fw_version: '2.0' }, START), firmware: imported('1.0', LATER) };
    expect(runningVersion(later, firmware)).toEqual(imported('1.0', LATER));
  });

  test('is looked for under the attribute that the package names, and no other', () => {
    const named = givenPackage({ reports: { to: '2.0', attribute: 'os' } });
    const device = told(givenHttpDevice({ attributes: {} }), { version: '2.0' });
    expect(judgeVersion(device, named)).toEqual({ is: 'unknown' });
    expect(judgeVersion(told(device, { os: '2.0' }), named).is).toBe('to');
  });

  test('is compared exactly', () => {
    const runs = (value: string) => judgeVersion(givenDevice({ firmware: imported(value) }), firmware).is;
    expect(runs('1.0')).toBe('from');
    expect(runs('2.0')).toBe('to');
    expect(runs('1.0 ')).toBe('other');
    expect(runs('v1.0')).toBe('other');
  });

  test('does not matter to a file', () => {
    const file = givenPackage({ kind: 'file', from: '*' });
    const { attributesAt: _never, ...device } = givenHttpDevice({ attributes: {} });
    expect(judgeVersion(device, file).is).toBe('from');
  });
});

describe('attributes', () => {
  const device = told(givenHttpDevice({ attributes: {} }), { a: '1', b: '2' });
  const modes = [
    ['merge', { a: '1', b: '3', c: '4' }],
    ['replace', { b: '3', c: '4' }],
    ['remove', { a: '1' }],
  ] as const;
  test.each(modes)('that are put with mode %s', (mode, attributes) => {
    expect(withAttributes(device, { mode, data: { b: '3', c: '4' } }, LATER).attributes).toEqual(attributes);
  });
});
