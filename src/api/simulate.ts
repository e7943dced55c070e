// Operator API: what would become of a campaign, and what of one that runs; nothing is stored.

import type { Package } from '../accounts/index.ts';
import {
  type Campaign,
  type CampaignId,
  type CommandResult,
  changeDates,
  changePace,
  compareOutcomes,
  type Instant,
  isOver,
  narrowWindows,
  Simulation,
  schedule,
  type Transport,
} from '../campaigns/index.ts';
import type { LivePrediction, SimulatedCampaign, SimulatedChange } from '../contract/index.ts';
import type { ApiContext, Handler } from './call.ts';
import { accountOf } from './operator-accounts.ts';
import { campaignOf } from './operator-campaigns.ts';
import { invalid, Refusal, refuse, refuseOrder } from './refusal.ts';
import { refuseTerms, rolloutOrder } from './rollout.ts';
import { factsOf } from './schedule.ts';
import { drawDevices, drawUpdates, type Gathered, gather, type Subject } from './simulation-facts.ts';
import { predictionView } from './simulation-view.ts';
import type { PlayOn } from './simulations.ts';
import { refuseZone, standingOf, timetableOf } from './timetable.ts';
import { refuseWithdrawn } from './withdrawn.ts';

const SEED = 1;

const simulateOrder: Handler<'simulateOrder'> = async ({ params, body }, context) => {
  const account = await accountOf(params.accountName, context);
  if (account instanceof Refusal) return account;
  const pack = await context.store.package(account.name, body.packageName);
  if (pack === undefined) return refuse('PACKAGE_NOT_FOUND', { name: body.packageName, account: account.name });
  const wrong =
    refuseWithdrawn(pack) ??
    refuseZone('timeZone', body.timeZone, 'orDevice') ??
    refuseTerms(rolloutOrder(body.rollout));
  if (wrong !== undefined) return wrong;
  const transport = transportOf(body, pack);
  if (transport instanceof Refusal) return transport;
  const { deviceList: imeis, filter, failurePercent = 0, seed = SEED } = body;
  const drawnFor = (campaign: Campaign): Subject => ({ account, campaign, failurePercent, seed });
  return context.simulations.run(limited(context), async (playOn) => {
    const blank = ordered(body, pack, transport, imeis ?? [], account, context);
    if (blank instanceof Refusal) return blank;
    const which = {
      ...(imeis === undefined ? {} : { imeis }),
      ...(filter?.labels === undefined ? {} : { labels: filter.labels }),
    };
    const drawn = await drawDevices(drawnFor(blank), which, context);
    const subject = drawnFor({ ...blank, devicesTotal: drawn.count });
    const played = await play(await gather(subject, drawn, context), playOn);
    return predictionView(played.prediction);
  });
};

const limited = ({ clock, pause, limits }: ApiContext) => ({ clock, pause, simulationsMax: limits.simulationsMax });

function transportOf({ transport }: SimulatedCampaign, { transports, name }: Package): Transport | Refusal {
  const able: readonly string[] = transports;
  const wanted = transport ?? (transports.length === 1 ? transports[0] : undefined);
  if (wanted !== undefined && able.includes(wanted)) return wanted as Transport;
  return invalid(
    `transport: given ${wanted ?? 'nothing'}, accepted: ${able.join(' or ')}, for which package ${name} is made.`,
  );
}

/** The campaign as it would be accepted; the list itself is drawn apart. */
function ordered(
  body: SimulatedCampaign,
  pack: Package,
  transport: Transport,
  imeis: readonly string[],
  account: Subject['account'],
  { clock, secrets }: ApiContext,
): Campaign | Refusal {
  const result = schedule(
    {
      account: account.name,
      id: secrets.uuid() as CampaignId,
      generation: pack.kind === 'firmware' ? 'v3' : 'v2',
      package: factsOf(pack),
      from: body.from ?? (pack.from === '*' ? '*' : (pack.from[0] ?? '*')),
      transport,
      timetable: timetableOf(body, standingOf(account.settings)),
      // A licence that would be assigned is not held against a device.
      autoAssignLicense: true,
      autoAddDevices: false,
      checkDigits: account.settings.checkImeiDigits,
      imeis,
      ...rolloutOrder(body.rollout),
    },
    clock.now(),
  );
  return result.ok ? result.campaign : refuseOrder(result);
}

async function play({ facts, refused }: Gathered, playOn: PlayOn) {
  const simulation = new Simulation(facts, refused);
  await playOn(simulation);
  const { prediction, updatedAt } = simulation;
  if (prediction === undefined || updatedAt === undefined) throw new Error('a simulation without a play');
  return { prediction, updatedAt };
}

const simulateCampaign: Handler<'simulateCampaign'> = async ({ params, body }, context) => {
  const campaign = await campaignOf(params, context);
  if (campaign instanceof Refusal) return campaign;
  if (isOver(campaign.phase))
    return refuse('CAMPAIGN_STATE_INVALID', { sentence: 'The campaign is over; there is nothing left to predict.' });
  const account = await accountOf(params.accountName, context);
  if (account instanceof Refusal) return account;
  const zone = refuseZone('timeZone', body.timeZone, 'orDevice');
  if (zone !== undefined) return zone;
  const changed = changedBy(campaign, body, context.clock.now());
  if (changed instanceof Refusal) return changed;
  const { failurePercent = 0, seed = SEED } = body;
  const subject: Subject = { account, campaign, failurePercent, seed };
  return context.simulations.run(limited(context), async (playOn): Promise<LivePrediction> => {
    const gathered = await gather(subject, await drawUpdates(subject, context), context);
    const now = await play(gathered, playOn);
    if (changed === undefined) return { prediction: predictionView(now.prediction) };
    const then = await play({ ...gathered, facts: { ...gathered.facts, campaign: changed } }, playOn);
    const { gains, loses, sooner, later } = compareOutcomes(gathered.facts, now.updatedAt, then.updatedAt);
    return {
      prediction: predictionView(now.prediction),
      changed: predictionView(then.prediction),
      gains: { devices: gains.devices, named: [...gains.named] },
      loses: { devices: loses.devices, named: [...loses.named] },
      sooner,
      later,
    };
  });
};

/** The campaign as the orders of the body would leave it; undefined: the body orders nothing. */
function changedBy(campaign: Campaign, body: SimulatedChange, now: Instant): Campaign | undefined | Refusal {
  const { arrivalsPerMinute, slots, failurePercent: _assumed, seed: _seed, ...times } = body;
  const paces = arrivalsPerMinute !== undefined || slots !== undefined;
  const moves = Object.keys(times).length > 0;
  if (!paces && !moves) return undefined;
  const moved = moves ? retimed(campaign, times, now) : undefined;
  if (moved?.ok === false) return refuseOrder(moved);
  const base = moved?.campaign ?? campaign;
  if (!paces) return base;
  const pace = {
    ...(arrivalsPerMinute === undefined ? {} : { arrivalsPerMinute }),
    ...(slots === undefined ? {} : { slots }),
  };
  const paced = changePace(base, pace, PREVIEWER, now);
  return paced.ok ? paced.campaign : refuseOrder(paced);
}

/** A preview is ordered by nobody. */
const PREVIEWER = { by: 'a preview' };

/** Hours that are only taken away may be so while it runs; everything else is a change of dates. */
function retimed(
  campaign: Campaign,
  times: Omit<SimulatedChange, 'arrivalsPerMinute' | 'slots' | 'failurePercent' | 'seed'>,
  now: Instant,
): CommandResult {
  const { timetable } = campaign;
  const { startDate = timetable.startDate, endDate = timetable.endDate, ...rest } = times;
  const wanted = timetableOf({ ...rest, startDate, endDate }, timetable);
  const changed = changeDates(campaign, wanted, now);
  if (changed.ok || times.startDate !== undefined || times.endDate !== undefined) return changed;
  const narrowed = narrowWindows(campaign, wanted, PREVIEWER, now);
  return narrowed.ok ? narrowed : changed;
}

export const SIMULATION_HANDLERS = { simulateOrder, simulateCampaign } as const;
