// Campaigns on a real network: sockets, loss both ways, delay, doubles, overtaking and new addresses; nobody is lost, nobody installs twice.
import { describe, expect, test } from 'vitest';
import { campaignIn } from './field.ts';
import { LOSS, season } from './seasons.ts';

/** `npm run network` has 200. */
const DEVICES = 40;
const SEED = 20_261_123;

describe.concurrent('a campaign at 20 % loss each way', () => {
  test.for(['coap', 'coaps'] as const)('over %s reaches every device', { timeout: 65_000 }, async (name) => {
    const { updates, devices, passed, dtls, sha256 } = await campaignIn(season(name, DEVICES, SEED));
    expect(updates.map(({ state }) => state.name)).toEqual(Array(DEVICES).fill('succeeded'));
    for (const device of devices) {
      expect(device).toMatchObject({ runningVersion: '2.0', installs: 1, installsBegun: 1, imageSha256: sha256 });
    }
    // The weather was as bad as it was meant to be.
    expect(passed.lost / passed.datagrams).toBeGreaterThan(LOSS * 0.8);
    expect(passed.doubled).toBeGreaterThan(DEVICES);
    if (name === 'coap') return;
    expect(passed.rebound).toBeGreaterThan(0);
    expect(dtls?.associationsMoved).toBeGreaterThan(0);
    expect(dtls?.recordsReplayed).toBeGreaterThan(0);
  });
});
