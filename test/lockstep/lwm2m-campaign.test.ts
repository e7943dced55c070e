// An LwM2M campaign from registration to success, by pull and by push (devices.md: good end, OMA test cases 755 to 771).
import { describe, expect, test } from 'vitest';
import { isFinal } from '../../src/campaigns/index.ts';
import { ACCOUNT, givenWorld, IMEI } from './world.ts';

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

describe('a device whose account wants labels from the network', () => {
  const network = { cell: 18_945, code: 1, country: 262 };
  const labelsOf = async (world: Awaited<ReturnType<typeof givenWorld>>) => {
    await world.during(world.device.register());
    await world.runUntil(isOver);
    return (await world.store.device({ account: ACCOUNT, imei: IMEI }))?.labels;
  };

  test('is asked for its cell and carrier beside its version, and keeps the labels that it was given', async () => {
    const settings = { labelsFromNetwork: true, arrivalCaps: { labels: { cell: 5 } } };
    const world = await givenWorld({ manners: { network }, settings, device: { labels: { site: 'north' } } });
    expect(await labelsOf(world)).toEqual({ site: 'north', cell: '18945', carrier: '262-01' });
    expect(world.log).toEqual([]);
  });

  test('is updated all the same where it does not tell', async () => {
    expect(await labelsOf(await givenWorld({ settings: { labelsFromNetwork: true } }))).toEqual({});
  });

  test('is not asked where the account does not want them', async () => {
    expect(await labelsOf(await givenWorld({ manners: { network } }))).toEqual({});
  });
});
