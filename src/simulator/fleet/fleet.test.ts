// A fleet as a whole: its specimens, and what it refuses before it opens a socket.

import { describe, expect, test } from 'vitest';
import { HTTP_TRAITS, LWM2M_TRAITS } from '../device/index.ts';
import { seededRandom } from './chance.ts';
import { startFleet } from './fleet.ts';
import { imeiOf, specimens } from './specimens.ts';

const PLAN = { lwm2m: 25, http: 25, make: 'Acme', lwm2mModel: 'Modem', httpModel: 'Box', from: '1.0' };

describe('specimens', () => {
  test('are as many as were asked for, each with an IMEI of its own', () => {
    const made = specimens(PLAN);
    expect(new Set(made.map(({ imei }) => imei)).size).toBe(50);
    expect(made.filter(({ transport }) => transport === 'LWM2M')).toHaveLength(25);
  });

  test('have only traits of their transport', () => {
    for (const { transport, traits } of specimens(PLAN)) {
      const known: readonly string[] = transport === 'LWM2M' ? LWM2M_TRAITS : HTTP_TRAITS;
      for (const trait of traits) expect(known).toContain(trait);
    }
  });

  test('have IMEIs of 15 digits whose check digit is right', () => {
    // The example of 3GPP TS 23.003 in its usual form.
    expect(imeiOf('49015420', 323751)).toBe('490154203237518');
    for (const { imei } of specimens(PLAN)) expect(imei).toMatch(/^\d{15}$/);
  });
});

describe('starting a fleet', () => {
  test.each([undefined, 'localhost', '127.0.0.1:port'])('refuses "%s" as the address of LwM2M devices', (coap) => {
    const devices = specimens({ ...PLAN, lwm2m: 1, http: 0 });
    expect(() => startFleet({ account: 'a', devices, ...(coap === undefined ? {} : { coap }) })).toThrow('host:port');
  });

  test('refuses to guess the address of HTTP devices', () => {
    const devices = specimens({ ...PLAN, lwm2m: 0, http: 1 });
    expect(() => startFleet({ account: 'a', devices })).toThrow('http://host:port');
  });
});

test('the same seed gives the same chance, another seed another one', () => {
  const draw = (seed: string) => Array.from({ length: 4 }, seededRandom(seed).uint32);
  expect(draw('a')).toEqual(draw('a'));
  expect(draw('a')).not.toEqual(draw('b'));
});
