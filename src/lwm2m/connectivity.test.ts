// Where a device says that it is: its cell and its network, as far as it shows them.
import { expect, test } from 'vitest';
import { connectivityIn } from './connectivity.ts';
import { encodeTlv, tlvIntegerBytes } from './tlv.ts';
import { decodeRead } from './value.ts';

const TLV = 11542;

function shown(values: Readonly<Record<number, number>>) {
  const entries = Object.entries(values).map(
    ([id, value]) => ({ kind: 'resource', id: Number(id), value: tlvIntegerBytes(value) }) as const,
  );
  const decoded = decodeRead(TLV, encodeTlv(entries), '/4/0');
  if (!decoded.ok) throw new Error('what was encoded cannot be decoded');
  return connectivityIn(decoded.resources);
}

test('a cell and a network are shown, the codes with the zeros that a number loses', () => {
  expect(shown({ 8: 18_945, 9: 1, 10: 262 })).toEqual({ cell: '18945', carrier: '262-01' });
  expect(shown({ 8: 0, 9: 480, 10: 311 })).toEqual({ cell: '0', carrier: '311-480' });
});

test('a device in no mobile network shows neither, and half a network is none', () => {
  expect(shown({ 0: 21 })).toEqual({});
  expect(shown({ 8: 7, 10: 262 })).toEqual({ cell: '7' });
});
