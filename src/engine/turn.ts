// The steward's turn on one campaign: count, admit, advance, sweep, lease, grant, until nothing is left to do now.
import {
  admitPart,
  advance,
  advanceRollout,
  asksLeft,
  type Campaign,
  type CampaignKey,
  type Change,
  decide,
  flush,
  fold,
  type HashesByStratum,
  isEmpty,
  isFlushDue,
  isOver,
  LIMITS,
  leaseSlots,
  type NodeId,
  needsPreparing,
  openHashes,
  opensAnywhere,
  passOver,
  prepare,
  sealedAtOnce,
  swept,
  type UpdateKey,
  withAsked,
} from '../campaigns/index.ts';
import { joining } from './join.ts';
import type { EngineParts, StewardSnapshot } from './ports.ts';
import { momentOf } from './run.ts';

/** Commits of one turn; what is left waits for the next tick, so that one campaign cannot hold up the others. */
const TURN_STEPS_MAX = 50;

/** Takes turns until the campaign needs none now; true when work was left. */
export async function stewardTurn(
  parts: EngineParts,
  key: CampaignKey,
  letsPass: () => boolean = () => false,
): Promise<boolean> {
  for (let step = 0; step < TURN_STEPS_MAX; step += 1) {
    if (letsPass()) return true;
    const seen = await parts.store.loadSteward(key, parts.clock.now());
    if (seen === undefined) return false;
    const more = await duty(parts, key, seen);
    if (!more) return false;
  }
  return true;
}

/** The first duty that is due; true when there may be another. A stale commit only means that somebody was quicker. */
async function duty(parts: EngineParts, key: CampaignKey, seen: StewardSnapshot): Promise<boolean> {
  const { campaign, unsealed } = seen;
  const now = parts.clock.now();
  if (unsealed.length > 0) return stored(parts, fold(seen, parts, now));
  if (isFlushDue(campaign, now)) return stored(parts, flush(campaign, seen, now));
  if (campaign.sweepPending) return sweep(parts, key, seen);
  if (campaign.intakePending && !isOver(campaign.phase)) return stored(parts, await admission(parts, key, seen));
  const joined = isOver(campaign.phase) ? undefined : await joining(parts, key, seen);
  if (joined !== undefined) return stored(parts, joined);
  const moved = advance(campaign, parts.clock.now());
  if (!isEmpty(moved)) return stored(parts, moved);
  if (needsPreparing(campaign)) return stored(parts, prepare(campaign, await hashesOf(parts, key, campaign), now));
  const opened = advanceRollout(campaign, parts.clock.now());
  if (!isEmpty(opened)) return stored(parts, opened);
  if (await grant(parts, key, seen)) return true;
  const leased = leaseSlots(seen, parts.clock.now());
  return isEmpty(leased) ? false : stored(parts, leased);
}

const HASH_PAGE = 10_000;

/** Of the waiting devices, by stratum: only read where a rollout is cut by them. */
async function hashesOf(parts: EngineParts, key: CampaignKey, campaign: Campaign): Promise<HashesByStratum> {
  const hashes: number[][] = campaign.strata.map(() => []);
  if (campaign.rollout === undefined) return hashes;
  let page = await parts.store.loadHashes(key, { max: HASH_PAGE });
  for (;;) {
    for (const { stratum, hash, waits } of page) if (waits) hashes[stratum]?.push(hash);
    const last = page.at(-1);
    if (last === undefined || page.length < HASH_PAGE) return hashes;
    page = await parts.store.loadHashes(key, { after: last.imei, max: HASH_PAGE });
  }
}

async function stored(parts: EngineParts, change: Change): Promise<boolean> {
  const [result] = await parts.store.commit([change], parts.clock.now());
  if (result === 'saved') parts.ruled?.(change.rule);
  return true;
}

/** Looks at the next part of the device list. Everything before it is counted, so that it is counted in the same commit. */
async function admission(parts: EngineParts, key: CampaignKey, seen: StewardSnapshot): Promise<Change> {
  const { campaign } = seen;
  const intake = await parts.store.loadIntake(key);
  if (intake === undefined) {
    const row = { ...campaign, intakePending: false };
    return { writes: [{ op: 'replace-campaign', row }], entries: [], intents: [], rule: 'campaign.admitted' };
  }
  const candidates = await parts.store.loadCandidates(key, intake.imeis);
  const licensing = await parts.store.loadLicensing(key.account, intake.imeis);
  const now = parts.clock.now();
  const { change } = admitPart(campaign, intake.part, candidates, intake.last, now, licensing);
  return sealedAtOnce(change, seen, parts, now);
}

/** Rows that the end of the campaign ends, a batch at a time. */
async function sweep(parts: EngineParts, key: CampaignKey, { campaign }: StewardSnapshot): Promise<boolean> {
  const intake = await parts.store.loadIntake(key);
  if (intake !== undefined) {
    const { account, campaign: id } = key;
    return stored(parts, {
      writes: [{ op: 'delete-intake', account, campaign: id, part: intake.part }],
      entries: [],
      intents: [],
      rule: campaign.phase.rule,
    });
  }
  const joined = await joining(parts, key, { campaign });
  if (joined !== undefined) return stored(parts, joined);
  const keys = await parts.store.loadSweep(key, LIMITS.batchMax);
  if (keys.length === 0) return stored(parts, swept(campaign));
  const snapshots = await parts.store.loadUpdates(keys, parts.node);
  const changes = snapshots
    .filter((one) => one !== undefined)
    .map((one) => decide(one, { type: 'swept' }, momentOf(parts)));
  await parts.store.commit(
    changes.filter((change) => !isEmpty(change)),
    parts.clock.now(),
  );
  return true;
}

/** Devices that we can reach at any time are asked as slots allow; all others come by themselves (engine.md §4). */
async function grant(parts: EngineParts, key: CampaignKey, seen: StewardSnapshot): Promise<boolean> {
  const now = parts.clock.now();
  const max = Math.min(asksLeft(seen, now), LIMITS.batchMax);
  if (max <= 0 || seen.campaign.transport !== 'LWM2M' || !opensAnywhere(seen.campaign, now)) return false;
  const keys = await parts.store.loadReady(key, now, { max, open: openHashes(seen.campaign) });
  let [asked, written] = [0, 0];
  const left = new Set<UpdateKey>(keys);
  for (const lease of seen.leases) {
    if (left.size === 0) break;
    const own = await readyAt(parts, [...left], lease.node);
    for (const { place } of own) left.delete(place);
    const moment = { ...momentOf(parts), node: lease.node };
    const changes = own.map(({ snapshot }) => {
      const change = decide(snapshot, { type: 'contact' }, moment);
      return isEmpty(change) ? passOver(snapshot, moment) : change;
    });
    const saved = await storedOf(parts, changes);
    written += saved.length;
    asked += saved.filter(({ intents }) => intents.length > 0).length;
  }
  // Whoever is registered on a node that is gone would stand before all others until its registration ends.
  written += (await storedOf(parts, await passedOver(parts, [...left], seen.nodes))).length;
  // Those that were only put off make room for others in this very turn.
  return asked > 0 ? stored(parts, withAsked(seen.campaign, asked, now)) : written > 0;
}

/** Those of the updates whose device is registered on this node. */
async function readyAt(parts: EngineParts, keys: readonly UpdateKey[], node: NodeId) {
  const snapshots = await parts.store.loadUpdates(keys, node);
  return keys.flatMap((place, at) => {
    const snapshot = snapshots[at];
    return snapshot?.device.registration?.node === node ? [{ place, snapshot }] : [];
  });
}

async function passedOver(
  parts: EngineParts,
  keys: readonly UpdateKey[],
  nodes: readonly NodeId[],
): Promise<readonly Change[]> {
  if (keys.length === 0) return [];
  const snapshots = await parts.store.loadUpdates(keys, parts.node);
  const gone = snapshots
    .filter((one) => one !== undefined)
    .filter(({ device: { registration } }) => registration === undefined || !nodes.includes(registration.node));
  return gone.map((one) => passOver(one, momentOf(parts)));
}

/** Those of the changes that were stored. */
async function storedOf(parts: EngineParts, decided: readonly Change[]): Promise<readonly Change[]> {
  const changes = decided.filter((change) => !isEmpty(change));
  const results = changes.length === 0 ? [] : await parts.store.commit(changes, parts.clock.now());
  const saved = changes.filter((_, place) => results[place] === 'saved');
  for (const { rule } of saved) parts.ruled?.(rule);
  return saved;
}
