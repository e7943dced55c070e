// Contacts are collected and written together.
import { expect, test } from 'vitest';
import { type DeviceKey, instant } from '../../campaigns/index.ts';
import { LastSeen } from './last-seen.ts';

const device = (imei: string) => ({ account: '0000000001-00001', imei }) as DeviceKey;

test('many polls of one device are one row, written once', async () => {
  const written: unknown[][] = [];
  const lastSeen = new LastSeen({ putLastSeen: async (seen) => void written.push([...seen]) });
  lastSeen.seen(device('1'), instant(1));
  lastSeen.seen(device('2'), instant(2));
  lastSeen.seen(device('1'), instant(3));
  await lastSeen.flush();
  await lastSeen.flush();
  expect(written).toEqual([
    [
      { key: device('1'), at: 3 },
      { key: device('2'), at: 2 },
    ],
  ]);
});

test('what could not be written is written the next time, unless the device was seen again', async () => {
  let fails = true;
  const written: unknown[] = [];
  const lastSeen = new LastSeen({
    putLastSeen: async (seen) => {
      if (fails) {
        lastSeen.seen(device('1'), instant(9));
        throw new Error('disk');
      }
      written.push(...seen);
    },
  });
  lastSeen.seen(device('1'), instant(1));
  lastSeen.seen(device('2'), instant(2));
  await expect(lastSeen.flush()).rejects.toThrow('disk');
  fails = false;
  await lastSeen.flush();
  expect(written).toEqual([
    { key: device('1'), at: 9 },
    { key: device('2'), at: 2 },
  ]);
});
