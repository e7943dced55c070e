/** The bytes that the real senders hand to sockets stand in the ledger with their instants, also of transfers that we cut. */
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { type CampaignId, type CampaignKey, type Entry, isFinal, verifyLedger } from '../../src/campaigns/index.ts';
import type { Store } from '../../src/store/index.ts';
import { answerOf, Client, imageLink } from '../ddi/client.ts';
import { someBytes } from '../ddi/hands.ts';
import { ACCOUNT as DDI_ACCOUNT, CAMPAIGN as DDI_CAMPAIGN } from '../ddi/rows.ts';
import { givenWorld as givenDdi } from '../ddi/world.ts';
import { ACCOUNT, givenWorld, HOUR, TEN } from '../lockstep/world.ts';
import { digest, exported, newKey, verifyEd25519 } from './exported.ts';

const CHUNK = 65_536;

async function verified(store: Store, at: CampaignKey) {
  const key = newKey();
  const lines = await exported(store, at, key);
  const report = await verifyLedger(lines, { campaign: at.campaign, digest, verify: verifyEd25519, keys: [key] });
  expect(report.violations.first).toEqual([]);
  expect(report.ok).toBe(true);
  const entries = lines.slice(0, -1).map((line): Entry => JSON.parse(JSON.parse(line).text).entry);
  return { report, sent: entries.filter(({ kind }) => kind === 'last-byte') };
}

describe('over LwM2M', () => {
  test.each([
    ['fetched', 0],
    ['pushed', 1],
  ] as const)('an image that is %s has a first and a last byte', async (_, delivery) => {
    const world = await givenWorld({ manners: { delivery, szx: 4 } });
    await world.during(world.device.register());
    const update = await world.runUntil(({ state }) => isFinal(state));
    await world.run(60_000);
    const { report, sent } = await verified(world.store, { account: ACCOUNT, campaign: update.campaign });
    expect(report.transfers).toEqual({ ended: 1, unknown: 0 });
    const { firstByteAt, lastByteAt, ...facts } = sent[0]?.facts ?? {};
    expect(facts).toEqual({ attempt: 1, bytes: world.image.length, complete: true });
    expect(lastByteAt).toBeGreaterThan(Number(firstByteAt));
  });

  test.each([
    ['fetch', 0],
    ['push', 1],
  ] as const)('a %s that is cut at the close tells what had left before it', async (_, delivery) => {
    const world = await givenWorld({
      manners: { delivery, szx: 0 },
      imageBytes: 20_000,
      downloadWindows: [
        { from: 10, until: 11 },
        { from: 12, until: 13 },
      ],
    });
    await world.run(HOUR - 12_000);
    await world.during(world.device.register());
    const update = await world.runUntil(({ state }) => isFinal(state));
    await world.run(60_000);
    const { sent } = await verified(world.store, { account: ACCOUNT, campaign: update.campaign });
    const [cut] = sent.filter(({ rule }) => rule === 'update.suspended');
    expect(cut?.facts?.['bytes']).toBeGreaterThan(0);
    expect(cut?.facts?.['lastByteAt']).toBeLessThan(TEN + HOUR);
    expect(sent.at(-1)?.facts).toMatchObject({ bytes: 20_000, complete: true });
  });
});

describe('over HTTP', () => {
  const KEY = { account: DDI_ACCOUNT, campaign: DDI_CAMPAIGN as CampaignId };

  test('each answer has a first and a last byte', async () => {
    await using world = await givenDdi();
    const client = new Client(world);
    const link = imageLink(await client.readAction());
    await client.call('GET', link, { range: 'bytes=0-69999' });
    await client.call('GET', link, { range: 'bytes=70000-' });
    await world.until(({ state }) => state.name === 'installing');
    await world.tick();
    const { report, sent } = await verified(world.store, KEY);
    expect(report.transfers).toEqual({ ended: 2, unknown: 0 });
    expect(sent.map(({ facts }) => [facts?.['bytes'], facts?.['complete']])).toEqual([
      [70_000, false],
      [100_000, true],
    ]);
  });

  test('an answer that an abort cuts tells what had left, although the update is over', async () => {
    await using world = await givenDdi({ image: someBytes(5 * CHUNK) });
    const client = new Client(world);
    const link = imageLink(await client.readAction());
    let open = (): void => {};
    const held = new Promise<void>((resolve) => {
      open = resolve;
    });
    world.images.gate = (place) => (place < 1 ? Promise.resolve() : held);
    const asked = client.open('GET', link, {});
    const answered = answerOf(asked);
    asked.end();
    await once(asked, 'response');
    await world.abort();
    world.clock.pass(5_000);
    expect((await answered).broken).toBe(true);
    open();
    await world.app.close();
    await world.tick();
    const { report, sent } = await verified(world.store, KEY);
    expect(await world.state()).toBe('aborted');
    expect(report.transfers).toEqual({ ended: 1, unknown: 0 });
    expect(sent[0]?.facts).toMatchObject({ bytes: CHUNK, complete: false });
  });
});
