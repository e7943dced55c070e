// The steward's turn in a simulation: the same duties in the same order as in earnest, on rows in memory.

import { isOver } from '../campaign.ts';
import { isEmpty } from '../change.ts';
import { leaseSlots } from '../leases.ts';
import { LIMITS } from '../limits.ts';
import type { HashesByStratum } from '../rollout.ts';
import { advanceRollout, needsPreparing, prepare } from '../stages.ts';
import { approve } from '../steering.ts';
import { advance, fold, opensAnywhere, swept } from '../steward.ts';
import type { Script } from './script.ts';
import type { Stage } from './stage.ts';
import type { Waiting } from './waiting.ts';

const SILENT = { audience: [], gathered: [] } as const;
/** Nobody verifies the ledger of a simulation. */
const NO_DIGEST = { digest: () => '' };
/** Duties of one step of a play: what is left is done in the next one, at the same instant. */
const DUTIES_MAX = 20;
/** Approvals that the policy asks for are taken as given at once; the prediction says so. */
const APPROVER = 'the simulation';

export interface Players {
  readonly stage: Stage;
  readonly waiting: Waiting;
  readonly script: Script;
}

/** True when work was left. */
export function stewardTurn(players: Players): boolean {
  const { stage } = players;
  let left = true;
  for (let duties = 0; left && duties < DUTIES_MAX; duties += 1) left = duty(players);
  const { rollout, phase } = stage.campaign;
  if (rollout !== undefined && !isOver(phase)) stage.chronicle.opened[rollout.at] ??= stage.now;
  return left;
}

/** The first duty that is due; true when there may be another. */
function duty(players: Players): boolean {
  const { stage } = players;
  if (stage.unsealed.length > 0) {
    const unsealed = stage.unsealed.slice(0, LIMITS.foldMax);
    stage.unsealed = stage.unsealed.slice(LIMITS.foldMax);
    const kept = stage.kept === undefined ? {} : { kept: stage.kept };
    stage.store(fold({ ...SILENT, ...kept, campaign: stage.campaign, unsealed }, NO_DIGEST, stage.now));
    return true;
  }
  if (stage.campaign.sweepPending) return sweep(stage);
  for (const next of [
    () => advance(stage.campaign, stage.now),
    () => prepared(players),
    () => approved(stage),
    () => advanceRollout(stage.campaign, stage.now),
  ]) {
    const change = next();
    if (change === undefined || isEmpty(change)) continue;
    stage.store(change);
    players.waiting.stepsOpened();
    return true;
  }
  const granted = grant(players);
  const { leases, allowance, parts } = stage;
  const leasing = { campaign: stage.campaign, leases: [...leases.values()], nodes: parts.nodes, allowance };
  const leased = leaseSlots(leasing, stage.now);
  stage.store(leased);
  return granted || !isEmpty(leased);
}

function sweep(stage: Stage): boolean {
  const { actors } = stage.parts;
  for (let count = 0; count < LIMITS.batchMax && stage.swept < actors.length; count += 1) {
    const actor = actors[stage.swept];
    stage.swept += 1;
    if (actor !== undefined) stage.tell(actor, { type: 'swept' });
  }
  if (stage.swept >= actors.length) stage.store(swept(stage.campaign));
  return true;
}

function prepared({ stage }: Players) {
  const { campaign, parts, now } = stage;
  if (!needsPreparing(campaign)) return undefined;
  const hashes: number[][] = campaign.strata.map(() => []);
  if (campaign.rollout !== undefined)
    for (const { update } of parts.actors)
      if (update.state.name === 'waiting') hashes[update.stratum]?.push(update.hash);
  return prepare(campaign, hashes satisfies HashesByStratum, now);
}

function approved({ campaign, now }: Stage) {
  const { rollout, hold } = campaign;
  const waits = rollout?.awaitsApproval === true && (rollout.at < 0 || rollout.doneAt !== undefined);
  if (!waits || hold !== undefined || isOver(campaign.phase) || campaign.score === undefined) return undefined;
  const result = approve(campaign, { by: APPROVER }, now);
  return result.ok ? result.change : undefined;
}

/** Devices that can be spoken to at any time are asked as slots allow. */
function grant({ stage, waiting, script }: Players): boolean {
  if (stage.campaign.transport !== 'LWM2M' || !opensAnywhere(stage.campaign, stage.now)) return false;
  let granted = false;
  for (let asked = 0; asked < LIMITS.batchMax; asked += 1) {
    const actor = waiting.nextToAsk();
    if (actor === undefined) break;
    script.contacted(actor);
    granted ||= actor.update.state.name !== 'waiting';
  }
  return granted;
}
