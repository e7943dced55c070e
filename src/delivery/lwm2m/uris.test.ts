// Which protocol a device is given, by what it says, how it registered, and the profile of its model.
import { describe, expect, test } from 'vitest';
import { ImageUris, protocolsFor } from './uris.ts';

const ALL = ['coap', 'coaps', 'http', 'https'] as const;
const COAP = { host: '192.0.2.1', port: 5683 };
const COAPS = { host: '192.0.2.1', port: 5684 };
const TOKEN = 'A'.repeat(22);

describe('the row of protocols', () => {
  test.each([
    ['registered with its key, saying nothing', true, undefined, ['coaps', 'https', 'coap', 'http']],
    ['registered without, saying nothing', false, undefined, ['coap', 'http', 'https', 'coaps']],
    ['registered with its key, saying coap and http', true, ['coap', 'http'], ['coap', 'http']],
    ['saying nothing that we serve', false, [], []],
  ] as const)('of a device %s', (_which, secure, said, row) => {
    expect(protocolsFor({ said, secure, profile: undefined }, ALL)).toEqual(row);
  });

  test('is that of the profile where there is one, as far as it is served', () => {
    const one = { said: ['coap'], secure: false, profile: ['https', 'http'] } as const;
    expect(protocolsFor(one, ['coap', 'http'])).toEqual(['http']);
  });
});

describe('addresses', () => {
  test('begin with what is public, and go round when one could not be used', () => {
    const uris = new ImageUris(
      { coap: COAP, coaps: COAPS },
      { publicCoaps: 'coaps://fota.example', publicHttp: () => 'http://i.example' },
    );
    const uri = (failed: number) => uris.uriFor(TOKEN, { said: undefined, secure: true, profile: undefined, failed });
    expect([0, 1, 2, 3].map(uri)).toEqual([
      `coaps://fota.example/f/${TOKEN}`,
      `coap://192.0.2.1:5683/f/${TOKEN}`,
      `http://i.example/f/${TOKEN}`,
      `coaps://fota.example/f/${TOKEN}`,
    ]);
  });

  test('over HTTP are not served where devices could not keep them', () => {
    const long = `https://${'a'.repeat(60)}.example`;
    expect(new ImageUris({ coap: COAP, coaps: undefined }, { publicHttp: () => long }).served).toEqual(['coap']);
  });

  test.each(['publicCoap', 'publicCoaps'] as const)('that would be too long are refused by name: %s', (which) => {
    const told = { [which]: `${which === 'publicCoap' ? 'coap' : 'coaps'}://${'a'.repeat(60)}.example` };
    expect(() => new ImageUris({ coap: COAP, coaps: COAPS }, told)).toThrow(/devices keep 80/);
  });
});
