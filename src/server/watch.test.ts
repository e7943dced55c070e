// What the watch raises and clears: its own machine's affairs on every node, the others' on one of them.
import { beforeEach, expect, test } from 'vitest';
import { ALARM_LIMITS, haltSighting, type OperatorEvent } from '../accounts/index.ts';
import type { AccountName, CampaignId, Instant, NodeId } from '../campaigns/index.ts';
import { openMemoryStore, type Store } from '../store/index.ts';
import type { DiskSpace } from './disks.ts';
import type { Survey } from './survey.ts';
import { Watch } from './watch.ts';

const NOW = 1_800_000_000_000 as Instant;
const CAMPAIGN = { account: '0000000001-00001' as AccountName, campaign: 'c' as CampaignId };
const GIB = 1024 ** 3;

let store: Store;
let now: Instant;
let survey: Survey;
let free: number;
let ends: Instant | undefined;
let said: string[];

beforeEach(async () => {
  store = openMemoryStore();
  now = NOW;
  free = 50 * GIB;
  ends = undefined;
  said = [];
  survey = { ...EMPTY };
  await store.beat('a' as NodeId, NOW, at(3_600_000));
});

const EMPTY: Survey = {
  at: NOW,
  states: new Map(),
  rejections: new Map(),
  slots: { used: 0, leased: 0, free: 0 },
  campaigns: new Map(),
  waiting: 0,
  largest: [],
  sightings: [],
};
const at = (later: number): Instant => (NOW + later) as Instant;
const disks = async (): Promise<readonly DiskSpace[]> => [{ what: 'data', free, size: 100 * GIB, used: 1 }];

const watch = (node = 'a', host = node): Watch =>
  new Watch({
    store,
    survey: async () => survey,
    disks,
    certificateEnds: () => ends,
    clock: { now: () => now },
    node: node as NodeId,
    host,
    happened: (text) => said.push(text),
  });

const open = async (): Promise<readonly OperatorEvent[]> => store.operatorEvents({ max: 9 }, { open: true });
const kinds = async () => (await open()).map(({ kind }) => kind);

test('a disk that runs full is told once, and again when there is room', async () => {
  const own = watch();
  await own.look();
  expect(said).toEqual([]);
  free = GIB;
  await own.look();
  await own.look();
  expect(said).toEqual([expect.stringContaining('has 1024 MiB left')]);
  free = 50 * GIB;
  await own.look();
  expect(said[1]).toMatch(/^It is over: /);
  expect(await kinds()).toEqual([]);
});

test('each node tells of its own machine only', async () => {
  await store.beat('b' as NodeId, NOW, at(3_600_000));
  free = GIB;
  await watch('a').look();
  await watch('b').look();
  expect((await open()).map(({ cause }) => cause)).toEqual(['disk-low b data', 'disk-low a data']);
  free = 50 * GIB;
  await watch('b').look();
  expect((await open()).map(({ cause }) => cause)).toEqual(['disk-low a data']);
});

test('a halt is told by one of the nodes, and is over when the campaign goes on', async () => {
  await store.beat('b' as NodeId, NOW, at(3_600_000));
  survey = { ...EMPTY, sightings: [haltSighting(CAMPAIGN, { since: NOW, reason: 'r' })] };
  await watch('b').look();
  expect(await kinds()).toEqual([]);
  await watch('a').look();
  expect(await kinds()).toEqual(['halted']);
  survey = EMPTY;
  await watch('b').look();
  expect(await kinds()).toEqual(['halted']);
  await watch('a').look();
  expect(await kinds()).toEqual([]);
});

test('a node that is lost is told of; one that takes its leave is not missed', async () => {
  await store.beat('b' as NodeId, NOW, at(10));
  await store.beat('c' as NodeId, NOW, at(10));
  await store.forgetNode('c' as NodeId);
  now = at(11 + ALARM_LIMITS.nodeLost);
  await watch('a').look();
  expect((await open()).map(({ facts }) => facts['node'])).toEqual(['b']);
  await store.forgetNode('b' as NodeId);
  await watch('a').look();
  expect(await kinds()).toEqual([]);
});

test('a broken promise is told for a day, also when the server starts again meanwhile', async () => {
  const own = watch();
  const entry = { ...CAMPAIGN, at: NOW, kind: 'offer', rule: 'update.offered' } as const;
  own.breached({ kind: 'outside-window', entry });
  await own.look();
  expect(said[0]).toContain('Campaign c, rule update.offered.');
  await watch().look();
  expect(await kinds()).toEqual(['violation']);
  now = at(ALARM_LIMITS.faultsOver);
  await watch().look();
  expect(await kinds()).toEqual([]);
});

test('a certificate that expires and a damaged image are told until they are mended', async () => {
  ends = at(3 * 86_400_000);
  await store.insertImage({ sha256: 's', sha1: '', md5: '', size: 5 } as Parameters<Store['insertImage']>[0]);
  await store.noteImageCheck('s', { at: NOW, found: 'its file is missing' });
  const own = watch();
  await own.look();
  expect((await kinds()).toSorted()).toEqual(['certificate-expiring', 'image-damaged']);
  ends = at(90 * 86_400_000);
  await store.noteImageCheck('s', { at: NOW });
  await own.look();
  expect(await kinds()).toEqual([]);
});
