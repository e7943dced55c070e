// When a registered device listens, when its registration is over, and how it is spoken to.

import { describe, expect, test } from 'vitest';
import type { DeviceKey, Instant, Registration } from '../../campaigns/index.ts';
import { LIMITS } from './limits.ts';
import { isAsleep, isOver, lifetimeOf, type Registered, RegisteredDevices, targetOf } from './registered.ts';

const at = (milliseconds: number): Instant => milliseconds as Instant;
const KEY = { account: 'a', imei: '1' } as DeviceKey;
const registration = (more: Partial<Registration> = {}): Registration => ({
  node: 'n' as Registration['node'],
  location: 'x',
  peer: '10.0.0.1:1',
  endpoint: 'e',
  queueMode: true,
  version: '1.1',
  expiresAt: at(1_000),
  since: at(0),
  ...more,
});
const registered = (more: Partial<Registration> = {}): Registered => ({
  key: KEY,
  registration: registration(more),
  storedUntil: at(1_000),
  heardAt: at(0),
  learned: undefined,
  protocols: undefined,
});

describe('a registered device', () => {
  test('in queue mode listens for a while after it was heard, others always', () => {
    const devices = new RegisteredDevices();
    devices.put(registered());
    const known = devices.of(KEY)!;
    expect([isAsleep(known, at(LIMITS.awakeFor - 1)), isAsleep(known, at(LIMITS.awakeFor))]).toEqual([false, true]);
    devices.heard(KEY, at(50_000));
    expect(isAsleep(known, at(LIMITS.awakeFor))).toBe(false);
    expect(isAsleep(registered({ queueMode: false }), at(1e12))).toBe(false);
  });

  test('is over when its time and what may not have been written down have passed', () => {
    expect(isOver(registration(), at(1_000))).toBe(false);
    expect(isOver(registration(), at(1_000 + LIMITS.expiryWrittenEvery))).toBe(true);
    expect(lifetimeOf(registration())).toBe(86_400_000);
  });

  test('is spoken to as it registered, an unknown version as the oldest', () => {
    expect(targetOf(registration({ rootPath: '/a', formats: [110] }), 110)).toEqual({
      peer: '10.0.0.1:1',
      location: 'x',
      root: '/a',
      version: '1.1',
      formats: [110],
      learned: 110,
    });
    expect(targetOf(registration({ version: '7' })).version).toBe('1.0');
    const devices = new RegisteredDevices();
    devices.learned(KEY, 112);
    devices.put(registered());
    devices.learned(KEY, 112);
    expect(devices.of(KEY)?.learned).toBe(112);
  });
});
