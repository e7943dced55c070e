/** What the worlds write down can be verified, and shows nothing that should not have been done. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { verifyLedger } from '../../src/campaigns/index.ts';
import { openMemoryStore } from '../../src/store/index.ts';
import { ACCOUNT, CAMPAIGN } from '../world/operator.ts';
import { given, http, lwm2m, type Scenario } from '../world/scenario.ts';
import { swarm } from '../world/swarm.ts';
import { World } from '../world/world.ts';
import { digest, exported, newKey, signedHead, verifyEd25519 } from './exported.ts';

const KEY = { account: ACCOUNT, campaign: CAMPAIGN };

async function ledgerOf(scenario: Scenario) {
  const store = openMemoryStore();
  await (await World.open(scenario, { store })).run();
  const key = newKey();
  const lines = await exported(store, KEY, key);
  const report = await verifyLedger(lines, { campaign: CAMPAIGN, digest, verify: verifyEd25519, keys: [key] });
  return { lines, key, report };
}

const noon = { downloadWindows: [{ from: 12, until: 14 }], installWindows: [{ from: 12, until: 14 }] };

describe('the ledger of a world', () => {
  const STORIES: Readonly<Record<string, Scenario>> = {
    'of devices that fetch and that are pushed to': given({ devices: [lwm2m(1, 'pull-only'), lwm2m(2, 'push-only')] }),
    'of windows': given({ devices: [lwm2m(1), lwm2m(2, 'queue-mode')], ...noon }),
    'of HTTP clients': given({ devices: [http(1), http(2, 'fails-flash-once')], ...noon }),
    'of split clients': given({
      devices: [http(1, 'split')],
      downloadWindows: [{ from: 11, until: 13 }],
      installWindows: [{ from: 2, until: 4 }],
    }),
    'of an abort': given({ devices: [lwm2m(1), lwm2m(2, 'queue-mode')], orders: [{ at: 1, act: { is: 'abort' } }] }),
  };
  for (const [title, scenario] of Object.entries(STORIES)) {
    test(`${title} shows no violation`, async () => {
      const { report } = await ledgerOf(scenario);
      expect(report.broken).toBeUndefined();
      expect(report.violations.first).toEqual([]);
      expect(report).toMatchObject({ ok: true, signature: 'valid', tzDifferences: { count: 0 } });
    });
  }

  test.each([1, 2, 3, 4, 5, 6, 7, 8])('of swarm %i shows no violation', async (seed) => {
    const { report } = await ledgerOf(swarm(seed));
    expect(report.violations.first).toEqual([]);
    expect(report.ok).toBe(true);
  });
});

test('any change of one byte before a head that was kept is seen', async () => {
  const { lines, key } = await ledgerOf(given({ devices: [lwm2m(1), lwm2m(2)], ...noon }));
  const length = Math.floor(lines.length / 2);
  const keptHead = signedHead(CAMPAIGN, length, JSON.parse(lines[length - 1] ?? '').hash, key, 1);
  const before = Buffer.from(lines.slice(0, length).join('\n'));
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: before.length - 1 }),
      fc.integer({ min: 1, max: 255 }),
      async (place, flip) => {
        const other = Buffer.from(before);
        other[place] = (before[place] ?? 0) ^ flip;
        const changed = [...other.toString('utf8').split('\n'), ...lines.slice(length)];
        const by = { campaign: CAMPAIGN, digest, verify: verifyEd25519, keys: [key], keptHead };
        const report = await verifyLedger(changed, by);
        expect(report.ok).toBe(false);
        expect(report.broken !== undefined || report.keptHead !== 'found').toBe(true);
      },
    ),
    { seed: 8, numRuns: 500 },
  );
});
