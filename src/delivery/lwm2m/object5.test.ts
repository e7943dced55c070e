// What object 5 means in the words of the engine: the whole table of results, and what a device can do.
import { describe, expect, test } from 'vitest';
import { FIRMWARE_RESULTS, type Resource, tlvIntegerBytes } from '../../lwm2m/index.ts';
import { object5Of, RESULT_WORDS } from './object5.ts';

const integer = (id: number, value: number): [number, Resource] => [
  id,
  { kind: 'single', id, value: { form: 'tlv', bytes: tlvIntegerBytes(value) } },
];

describe('object 5 in the words of the engine', () => {
  test.each([
    [0, 'initial'],
    [1, 'success'],
    [2, 'not-enough-storage'],
    [3, 'out-of-memory'],
    [4, 'connection-lost'],
    [5, 'integrity-failed'],
    [6, 'unsupported-package'],
    [7, 'invalid-uri'],
    [8, 'install-failed'],
    [9, 'unsupported-protocol'],
    [10, 'cancelled'],
    [11, 'deferred'],
    // Beyond the table: some failure of the vendor's own.
    [42, 'download-failed'],
  ] as const)('result %i is "%s"', (result, word) => {
    expect(object5Of(new Map([integer(3, 0), integer(5, result)]))?.result).toBe(word);
  });

  test.each([
    [0, 'idle'],
    [1, 'downloading'],
    [2, 'downloaded'],
    [3, 'updating'],
  ] as const)('state %i is "%s"', (state, word) => {
    expect(object5Of(new Map([integer(3, state)]))).toMatchObject({ state: word, result: 'initial' });
  });

  test('without a state there is nothing to say', () => {
    expect(object5Of(new Map([integer(5, 1)]))).toBeUndefined();
    expect(object5Of(new Map([integer(3, 9)]))).toBeUndefined();
  });

  test.each([
    [undefined, undefined, true, true],
    [0, undefined, true, false],
    [1, undefined, false, true],
    [2, undefined, true, true],
    [2, 0, true, true],
    // Only https, and both ways: push is left.
    [2, 3, false, true],
    // Only https, and pull only: it will say so itself, with Result 9.
    [0, 3, true, false],
    [undefined, 2, false, true],
  ])('delivery %s over protocol %s: pull %s, push %s', (delivery, protocol, canPull, canPush) => {
    const resources = new Map([integer(3, 0)]);
    if (delivery !== undefined) resources.set(...integer(9, delivery));
    if (protocol !== undefined) resources.set(...integer(8, protocol));
    expect(object5Of(resources)).toMatchObject({ canPull, canPush });
  });

  test('every result of the standard has a word', () => {
    expect(Object.keys(RESULT_WORDS)).toEqual([...FIRMWARE_RESULTS]);
  });
});
