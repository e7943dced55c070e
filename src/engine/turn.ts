// The steward's turn on one campaign: count, admit, advance, sweep, lease, grant, until nothing is left to do now.
import {
  admitPart,
  advance,
  advanceRollout,
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
  needsPreparing,
  openHashes,
  opensAnywhere,
  prepare,
  sealedAtOnce,
  swept,
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
  const asked = await grant(parts, key, seen);
  const leased = leaseSlots(seen, parts.clock.now());
  if (!isEmpty(leased)) return stored(parts, leased);
  return asked;
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
  await parts.store.commit([change], parts.clock.now());
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
  const free = seen.leases
    .filter((lease) => now < lease.until)
    .reduce((sum, lease) => sum + Math.min(lease.free, lease.arrivals), 0);
  if (free === 0 || seen.campaign.transport !== 'LWM2M' || !opensAnywhere(seen.campaign, now)) return false;
  const keys = await parts.store.loadReady(key, now, {
    max: Math.min(free, LIMITS.batchMax),
    open: openHashes(seen.campaign),
  });
  let granted = false;
  for (const lease of seen.leases) {
    if (keys.length === 0) break;
    const snapshots = await parts.store.loadUpdates(keys, lease.node);
    const own = snapshots
      .filter((one) => one !== undefined)
      .filter((one) => one.device.registration?.node === lease.node);
    const changes = own
      .map((one) => decide(one, { type: 'contact' }, { ...momentOf(parts), node: lease.node }))
      .filter((change) => !isEmpty(change));
    const results = changes.length === 0 ? [] : await parts.store.commit(changes, now);
    granted ||= results.includes('saved');
  }
  return granted;
}
