/** What every store knows of registrations that have run out. */
import { describe, expect, test } from 'vitest';
import { change, device, deviceKey, later, NOW, registration } from './given.ts';
import { type Open, withStore } from './open.ts';

export function expiryConformance(open: Open): void {
  const story = withStore(open);
  describe('devices', () => {
    test(
      'whose registration has run out are found, the longest ago first, also after it was extended or ended',
      story(async (store) => {
        const registered = (number: number, ms: number) =>
          device(number, { registration: { ...registration(number), expiresAt: later(ms) } });
        const lines = [registered(1, 3_000), registered(2, 1_000), registered(3, 9_000), device(4)];
        await store.writeDevices(lines.map((one) => ({ device: one, isNew: true })));
        expect(await store.registrationsOver(later(5_000), 10)).toEqual([deviceKey(2), deviceKey(1)]);
        expect(await store.registrationsOver(later(5_000), 1)).toEqual([deviceKey(2)]);
        expect(await store.registrationsOver(later(1_000), 10)).toEqual([]);
        await store.commit([change([{ op: 'replace-device', row: registered(2, 8_000) }])], NOW);
        await store.commit([change([{ op: 'replace-device', row: device(1) }])], NOW);
        expect(await store.registrationsOver(later(5_000), 10)).toEqual([]);
        expect(await store.registrationsOver(later(10_000), 10)).toEqual([deviceKey(2), deviceKey(3)]);
      }),
    );
  });
}
