// An LwM2M campaign from registration to success, by pull and by push (devices.md: good end, OMA test cases 755 to 771).
import { describe, expect, test } from 'vitest';
import { isFinal } from '../../src/campaigns/index.ts';
import { givenWorld } from './world.ts';

const isOver = (update: { readonly state: Parameters<typeof isFinal>[0] }): boolean => isFinal(update.state);

describe('a device that fetches its image', () => {
  test('registers, is asked, fetches, is ordered to install, comes back from a new port and is verified', async () => {
    const world = await givenWorld({ manners: { delivery: 0 } });
    await world.during(world.device.register());
    const update = await world.runUntil(isOver);
    expect(update.state).toMatchObject({ name: 'succeeded', evidence: 'version', attempt: 1 });
    expect(Buffer.from(world.device.image).equals(world.image)).toBe(true);
    expect(world.device.uris).toHaveLength(1);
    expect(Buffer.byteLength(world.device.uris[0]!)).toBeLessThanOrEqual(80);
    expect(world.device.installs).toBe(1);
    expect(world.log).toEqual([]);
  });
});

describe('a device into which its image is written', () => {
  test('gets it block by block and is verified by its version', async () => {
    const world = await givenWorld({ manners: { delivery: 1, szx: 4 } });
    await world.during(world.device.register());
    const update = await world.runUntil(isOver);
    expect(update.state).toMatchObject({ name: 'succeeded', evidence: 'version', attempt: 1 });
    expect(Buffer.from(world.device.image).equals(world.image)).toBe(true);
    expect(world.device.uris).toEqual([]);
    expect(world.log).toEqual([]);
  });
});
