// Which addresses a list of networks believes.
import { expect, test } from 'vitest';
import { trusts } from './trusts.ts';

test('networks and single addresses of both families are believed, nothing else is', () => {
  const believes = trusts(['10.0.0.0/8', '192.0.2.7', '2001:db8::/32']);
  for (const good of ['10.1.2.3', '::ffff:10.1.2.3', '192.0.2.7', '2001:db8::5']) expect(believes(good)).toBe(true);
  for (const bad of ['11.0.0.1', '192.0.2.8', '2001:db9::1', '', 'localhost']) expect(believes(bad)).toBe(false);
});

test('without networks nobody is believed', () => {
  expect(trusts([])('127.0.0.1')).toBe(false);
});
