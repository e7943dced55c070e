// A sample stands for a whole fleet: what the whole may do at a time is cut down to what the sample may do.
import { fullArrivals } from '../arrivals.ts';
import { type Campaign, NO_TALLIES, type Tallies } from '../campaign.ts';
import { type Rollout, type Share, stepOf } from '../rollout.ts';
import type { Instant } from '../time.ts';
import { isFinal, type StateName, type Update } from '../update.ts';
import type { SimulationFacts } from './facts.ts';

const LIVE: readonly StateName[] = ['waiting', 'offered', 'downloading', 'downloaded', 'installing', 'verifying'];

/** A canary is a test on a number of devices: it stays as large as it is, as far as that is needed for a verdict. */
const CANARY_KEPT = 100;

const atLeastOne = (count: number): number => Math.max(1, Math.round(count));

function scaledShare(share: Share, part: number, least: number): Share {
  return 'percent' in share
    ? share
    : { devices: Math.max(Math.min(share.devices, least), atLeastOne(share.devices * part)) };
}

function scaledRollout(rollout: Rollout, part: number): Rollout {
  const { policy } = rollout;
  const { canary, maxUnresolved } = policy;
  return {
    ...rollout,
    policy: {
      ...policy,
      waves: policy.waves.map((share) => scaledShare(share, part, 1)),
      ...(canary === undefined ? {} : { canary: scaledShare(canary, part, CANARY_KEPT) }),
      ...(maxUnresolved === undefined ? {} : { maxUnresolved: atLeastOne(maxUnresolved * part) }),
    },
    steps: rollout.steps.map((step) => ({ ...step, size: atLeastOne(step.size * part) })),
  };
}

/** `part`: the share of the fleet that is played, 0 to 1. */
export function scaled(campaign: Campaign, part: number, now: Instant): Campaign {
  if (part >= 1) return campaign;
  const { rollout } = campaign;
  return {
    ...campaign,
    slotsMax: atLeastOne(campaign.slotsMax * part),
    arrivals: fullArrivals(atLeastOne(campaign.arrivals.perMinute * part), now),
    devicesTotal: atLeastOne(campaign.devicesTotal * part),
    tallies: NO_TALLIES,
    ...(rollout === undefined ? {} : { rollout: scaledRollout(rollout, part) }),
  };
}

/** What the account and labels allow, for the part of the fleet that is played. */
export function scaledCaps({ allowance, labelCaps = {}, sampledOf, devices }: SimulationFacts) {
  const part = sampledOf === undefined ? 1 : devices.length / Math.max(1, sampledOf);
  if (part >= 1) return { allowance, labelCaps };
  const caps = Object.entries(labelCaps).map(([key, perMinute]) => [key, atLeastOne(perMinute * part)] as const);
  return {
    allowance: allowance && { ...allowance, perMinute: atLeastOne(allowance.perMinute * part) },
    labelCaps: Object.fromEntries(caps) as Readonly<Record<string, number>>,
  };
}

/** The figures of a campaign that runs, as the rows say that are played; nothing is leased to anybody yet. */
export function countedAnew(campaign: Campaign, rows: readonly Update[]): Campaign {
  const tallies: { -readonly [Name in keyof Tallies]: number } = { ...campaign.tallies };
  for (const name of LIVE) tallies[name as 'waiting'] = 0;
  for (const { state } of rows) if (!isFinal(state)) tallies[state.name] += 1;
  const waiting = tallies.waiting;
  const live = LIVE.reduce((sum, name) => sum + tallies[name as 'waiting'], 0) - waiting;
  const { rollout } = campaign;
  return {
    ...campaign,
    tallies,
    slotsOut: live,
    slotsMax: Math.max(campaign.slotsMax, live),
    ...(rollout === undefined ? {} : { rollout: stepsAnew(rollout, rows) }),
  };
}

/** Of each step the live ones are counted from rows; what has an outcome already stays as it was told. */
function stepsAnew(rollout: Rollout, rows: readonly Update[]): Rollout {
  const live = rollout.steps.map(() => 0);
  for (const update of rows) {
    const step = stepOf(rollout, update);
    if (step !== undefined && !isFinal(update.state) && update.state.name !== 'waiting')
      live[step] = (live[step] ?? 0) + 1;
  }
  return {
    ...rollout,
    steps: rollout.steps.map((step, place) => ({
      ...step,
      tallies: { ...step.tallies, live: live[place] ?? 0 },
    })),
  };
}
