/** A server that is struck down while it admits a long list goes on where it was: nobody is lost, nobody is there twice. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSqliteStore, type Store } from '../../src/store/index.ts';
import { KEY } from '../conformance/given.ts';
import { deskOver, device, imeisOf, imported, openAccount, order, range } from './desk.ts';

const DEVICES = 20_000;

/** A store whose server dies at a commit: before it, or after it was stored and before anybody heard of it. */
function dyingAt(commits: number, when: 'before' | 'after') {
  let left = commits;
  return (store: Store): Store => ({
    ...store,
    commit: async (changes, now) => {
      left -= 1;
      if (left < 0 || (left === 0 && when === 'before')) throw new Error('struck down');
      const results = await store.commit(changes, now);
      if (left === 0) throw new Error('struck down');
      return results;
    },
  });
}

test('admission of 20,000 devices survives two deaths and a new start', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'campanile-admission-'));
  try {
    for (const [commits, when] of [
      [14, 'before'],
      [11, 'after'],
    ] as const) {
      await using store = await openSqliteStore({ directory });
      const desk = deskOver(store, { between: dyingAt(commits, when) });
      if (when === 'before') {
        await openAccount(store, { subscription: { purchaseType: 'TS-HFOTA-MRC', licenseCount: DEVICES - 5 } });
        await imported(
          store,
          range(DEVICES).map((one) => device(one)),
        );
        await desk.engine.commands.schedule(order({ imeis: imeisOf(range(DEVICES)), autoAssignLicense: true }));
      }
      await expect(desk.run()).rejects.toThrow('struck down');
      expect((await store.loadCampaign(KEY))?.intakePending).toBe(true);
    }
    await using store = await openSqliteStore({ directory });
    const desk = deskOver(store);
    // The lease of the steward that died belongs to this node.
    await desk.run();
    const campaign = await desk.campaign();
    expect(campaign).toMatchObject({
      intakePending: false,
      devicesTotal: DEVICES,
      phase: { name: 'prescheduled' },
      tallies: { waiting: DEVICES - 5, rejected: 5 },
      rejections: { 'no-licence': 5 },
    });
    expect((await store.licencePool(KEY.account)).assigned).toBe(DEVICES - 5);
    expect(await store.updates(KEY, { max: DEVICES + 1 })).toHaveLength(DEVICES);
    const entries = await store.ledger(KEY, 1, 2 * DEVICES);
    const admissions = entries.filter(({ text }) => text.includes('"kind":"admission"'));
    expect(admissions).toHaveLength(DEVICES);
  } finally {
    await rm(directory, { recursive: true });
  }
});
