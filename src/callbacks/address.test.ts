// Which addresses callbacks may go to.
import { describe, expect, test } from 'vitest';
import { isAllowed, refuseAddress, refuseUrl, specialKind } from './address.ts';

const REFUSED: readonly (readonly [address: string, kind: string])[] = [
  ['0.0.0.0', 'unspecified'],
  ['10.1.2.3', 'private'],
  ['100.64.0.1', 'shared (carrier)'],
  ['127.0.0.1', 'loopback'],
  ['127.255.255.254', 'loopback'],
  ['169.254.169.254', 'link-local'],
  ['172.16.0.1', 'private'],
  ['172.31.255.255', 'private'],
  ['192.0.0.8', 'special'],
  ['192.168.1.1', 'private'],
  ['198.18.0.1', 'benchmarking'],
  ['203.0.113.9', 'documentation'],
  ['224.0.0.1', 'multicast'],
  ['255.255.255.255', 'reserved'],
  ['::', 'unspecified'],
  ['::1', 'loopback'],
  ['fc00::1', 'private'],
  ['fd12:3456::1', 'private'],
  ['fe80::1', 'link-local'],
  ['fe80::1%eth0', 'scoped'],
  ['ff02::1', 'multicast'],
  ['2001:db8::1', 'documentation'],
  ['2001::1', 'special'],
  ['2002:7f00:1::', '6to4'],
  ['::ffff:127.0.0.1', 'loopback'],
  ['::ffff:7f00:1', 'loopback'],
  ['::ffff:10.0.0.1', 'private'],
  ['::7f00:1', 'loopback'],
  ['64:ff9b::a00:1', 'private'],
  ['64:ff9b:1::1', 'reserved'],
  ['4000::1', 'reserved'],
  ['not an address', 'scoped'],
];
const PUBLIC = ['1.1.1.1', '8.8.8.8', '172.32.0.1', '2606:4700::1111', '::ffff:8.8.8.8', '64:ff9b::808:808'];

describe('an address', () => {
  test.each(REFUSED)('%s is refused: %s', (address, kind) => {
    expect(specialKind(address)).toBe(kind);
    expect(refuseAddress('customer.example', address, [])).toContain('allowPrivateCallbackHosts');
  });

  test.each(PUBLIC)('%s is public', (address) => expect(specialKind(address)).toBeUndefined());

  test('is allowed by its host name, by itself or by its range, and by nothing else', () => {
    const allowed = (line: string, address = '10.1.2.3') => isAllowed('hooks.inside.example', address, [line]);
    for (const line of ['hooks.inside.example', 'Hooks.Inside.Example', '10.1.2.3', '10.1.0.0/16', '0.0.0.0/0'])
      expect([line, allowed(line)]).toEqual([line, true]);
    for (const line of ['inside.example', '10.1.2.4', '10.2.0.0/16', '10.1.0.0/x', '10.1.0.0/33', '', '/', '::/0'])
      expect([line, allowed(line)]).toEqual([line, false]);
    expect(allowed('fd00::/8', 'fd00::7')).toBe(true);
    expect(refuseAddress('h', '10.1.2.3', ['10.0.0.0/8'])).toBeUndefined();
  });
});

describe('an address that is to be registered', () => {
  test.each([
    ['no url', 'https or http'],
    ['ftp://customer.example/', 'https or http'],
    ['file:///etc/passwd', 'https or http'],
    ['https://user:secret@customer.example/', 'without user name'],
    ['http://127.0.0.1/', 'loopback'],
    ['http://2130706433/', 'loopback'],
    ['http://0x7f.1/', 'loopback'],
    ['http://[::1]/', 'loopback'],
    ['http://[::ffff:10.0.0.1]:80/', 'private'],
    ['http://localhost:8080/', 'loopback'],
    ['http://api.localhost/', 'loopback'],
    ['http://169.254.169.254/latest/meta-data', 'link-local'],
  ])('%s is refused', (url, why) => expect(refuseUrl(url, [])).toContain(why));

  test('is any https or http address of a host that may be reached', () => {
    expect(refuseUrl('https://customer.example/hooks?x=1', [])).toBeUndefined();
    expect(refuseUrl('http://1.1.1.1:9001/', [])).toBeUndefined();
    expect(refuseUrl('http://localhost:8080/', ['localhost'])).toBeUndefined();
    expect(refuseUrl('http://127.0.0.1:8080/', ['127.0.0.0/8'])).toBeUndefined();
  });
});
