// Look-ups of keys: as many for nobody as for somebody, and nothing of an identity that is no text.
import { describe, expect, test } from 'vitest';
import type { AccountName, Imei } from '../../campaigns/index.ts';
import { identityText, keyOf } from './keys.ts';

const KEY = { account: 'a' as AccountName, imei: '990000000000011' as Imei };

function directory(secrets: { readonly pskIdentity?: string; readonly pskKey?: string }) {
  const asked: string[] = [];
  return {
    asked,
    lookUp: async (_kind: string, name: string) => {
      asked.push('look-up');
      return name === 'bell' ? KEY : undefined;
    },
    secrets: async () => {
      asked.push('secrets');
      return secrets;
    },
  } as const;
}

describe('the key of an identity', () => {
  test('is that of its device', async () => {
    const inventory = directory({ pskIdentity: 'bell', pskKey: '00ff10' });
    expect(await keyOf(inventory as never, 'bell')).toEqual({ device: KEY, psk: Uint8Array.of(0, 255, 16) });
  });

  test('is looked for just as long where nobody has it', async () => {
    const [known, unknown] = [directory({ pskIdentity: 'bell', pskKey: '00' }), directory({})];
    await keyOf(known as never, 'bell');
    expect(await keyOf(unknown as never, 'nobody')).toBeUndefined();
    expect(unknown.asked).toEqual(known.asked);
  });

  test.each([
    { pskIdentity: 'other', pskKey: '00' },
    { pskIdentity: 'bell' },
    { pskIdentity: 'bell', pskKey: '' },
    { pskIdentity: 'bell', pskKey: 'xy' },
  ])('is none while the device has %j', async (secrets) =>
    expect(await keyOf(directory(secrets) as never, 'bell')).toBeUndefined(),
  );
});

test('an identity that is no text is nobody', () => {
  expect(identityText(new TextEncoder().encode('Glocke-ü'))).toBe('Glocke-ü');
  expect(identityText(Uint8Array.of(0xff, 0xfe))).toBe('');
});
