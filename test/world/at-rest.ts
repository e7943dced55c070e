// What must be true once all is quiet: everybody final and told, counters equal the rows, nothing left on a device or held.
import { deepEqual } from 'node:assert/strict';
import { type Campaign, isFinal, isLive, isOver, type Update } from '../../src/campaigns/index.ts';
import type { Checks } from './checks.ts';
import { stepOfTheBook } from './grants.ts';
import { updateKey } from './mirror.ts';

export function atRest(checks: Checks): void {
  for (const [key, update] of checks.updates) {
    if (!isFinal(update.state)) checks.fail(`${key} is still ${update.state.name} (${update.rule})`);
    if (!checks.toldFinal.has(key) && !checks.mayMiss)
      checks.fail(`${key} is ${update.state.name} and was never called back`);
  }
  for (const campaign of checks.mirror.campaigns.values()) {
    if (!isOver(campaign.phase)) checks.fail(`campaign ${campaign.id} is still ${campaign.phase.name}`);
    countsAreTrue(checks, campaign);
    stepsAreTrue(checks, campaign);
    slotsAreBack(checks, campaign);
    checks.proofOf(campaign.id).atRest(campaign, (imei) => checks.truth(imei));
  }
  for (const device of checks.mirror.devices.values()) {
    const truth = checks.truth(device.imei);
    if (truth === undefined) continue;
    if (truth.installs > 1) checks.fail(`${device.imei} installed ${truth.installs} times`);
    if (truth.holds && device.residue === undefined && !truth.dead)
      checks.fail(`${device.imei} holds an image of a campaign that is over, and nobody owes a clean-up`);
  }
}

const counted = (rows: readonly Update[], ...names: readonly string[]): number =>
  rows.filter(({ state }) => names.includes(state.name)).length;

function countsAreTrue({ mirror }: Checks, { id, tallies }: Campaign): void {
  const rows = mirror.rowsOf(id);
  const { rejected, alreadyCurrent, succeededLate, ...others } = tallies;
  const { waiting, succeeded, failed, expired, aborted, cancelled, ...live } = others;
  const told = {
    waiting,
    live: Object.values(live).reduce((sum, one) => sum + one, 0),
    succeeded,
    failed,
    expired,
    aborted,
    cancelled,
    rejected: rejected + alreadyCurrent,
    succeededLate,
  };
  const late = rows.filter(({ lateResult }) => lateResult?.result === 'succeeded').length;
  const finals = ['succeeded', 'failed', 'expired', 'aborted', 'cancelled', 'rejected'] as const;
  const seen = Object.fromEntries(finals.map((name) => [name, counted(rows, name)]));
  deepEqual(told, { waiting: 0, live: 0, ...seen, succeededLate: late }, `counters of ${id}`);
}

function stepsAreTrue({ mirror, grants }: Checks, campaign: Campaign): void {
  const members = grants.members.get(campaign.id);
  const steps = campaign.rollout?.steps ?? [];
  if (members === undefined || steps.length === 0) return;
  const rows = mirror.rowsOf(campaign.id).filter((update) => members.has(updateKey(update)));
  for (const [place, { tallies }] of steps.entries()) {
    const own = rows.filter((update) => stepOfTheBook(campaign, update) === place);
    const other = counted(own, 'rejected', 'expired', 'aborted', 'cancelled');
    const seen = { live: 0, succeeded: counted(own, 'succeeded'), failed: counted(own, 'failed'), other };
    deepEqual({ ...tallies }, seen, `counters of step ${place} of ${campaign.id}`);
  }
}

/** What the steward counts as out is what leases and live attempts have. */
function slotsAreBack(checks: Checks, { id, slotsOut }: Campaign): void {
  const leases = [...checks.mirror.leases.values()].filter((lease) => lease.campaign === id);
  const leased = leases.reduce((sum, lease) => sum + lease.free, 0);
  const live = checks.mirror.rowsOf(id).filter(({ state }) => isLive(state)).length;
  if (slotsOut !== leased + live)
    checks.fail(`campaign ${id} counts ${slotsOut} slots, and ${leased + live} are in use`);
}
