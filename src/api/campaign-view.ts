// A campaign as an operator sees it: dates, counts, why it is held, how far its rollout is, how near to a halt it stands.
import { type Campaign, type Hold, isOver, rfc3339, sharesOf, startedAt } from '../campaigns/index.ts';
import type { CampaignView, UpdateStateName } from '../contract/index.ts';
import type { ApiContext } from './call.ts';
import { statusOf, statusReasonOf, windowsOnWire } from './render.ts';
import { rolloutView } from './rollout.ts';

export type StateCounts = Record<UpdateStateName, number>;

export function countsOf({ tallies }: Campaign): StateCounts {
  const { succeededLate: _late, alreadyCurrent, ...counts } = tallies;
  return { ...counts, rejected: tallies.rejected + alreadyCurrent };
}

const hasRun = ({ phase }: Campaign): boolean => ['scheduled', 'aborted', 'ended'].includes(phase.name);

export function campaignView(campaign: Campaign, context: ApiContext): CampaignView {
  const { hold, timetable, phase, rejections, retryOf, orderedBy, endWhenDone } = campaign;
  const { kind, name: packageName, to, make, model } = campaign.package;
  const { downloadAfterDate, installAfterDate } = timetable;
  const started = startedAt(campaign);
  const hasBegun = started !== undefined && started <= context.clock.now() && phase.name !== 'cancelled';
  const rollout = rolloutView(campaign);
  return {
    id: campaign.id,
    accountName: campaign.account,
    ...(campaign.name === undefined ? {} : { campaignName: campaign.name }),
    kind,
    transport: campaign.transport,
    packageName,
    from: campaign.from,
    to,
    make,
    model,
    status: statusOf(campaign),
    statusReason: statusReasonOf(campaign),
    ...(hold === undefined ? {} : { hold: holdView(hold) }),
    ...(rollout === undefined ? {} : { rollout }),
    ...scoreView(campaign),
    startDate: timetable.startDate,
    endDate: timetable.endDate,
    ...(downloadAfterDate === undefined ? {} : { downloadAfterDate }),
    ...(installAfterDate === undefined ? {} : { installAfterDate }),
    downloadWindows: windowsOnWire(timetable.downloadWindows),
    installWindows: windowsOnWire(timetable.installWindows),
    timeZone: timetable.zone,
    rule: timetable.rule,
    createdAt: rfc3339(campaign.createdAt),
    ...(hasBegun && hasRun(campaign) ? { startedAt: rfc3339(started) } : {}),
    ...(isOver(phase) ? { endedAt: rfc3339(phase.since) } : {}),
    ...(retryOf === undefined ? {} : { retryOf }),
    ...(orderedBy === undefined ? {} : { orderedBy }),
    ...(endWhenDone === undefined ? {} : { endWhenDone }),
    devices: campaign.devicesTotal,
    counts: countsOf(campaign),
    rejections: { ...rejections },
  };
}

/** Of one campaign: with what the devices have in common that failed before a halt. */
export async function campaignViewInFull(campaign: Campaign, context: ApiContext): Promise<CampaignView> {
  const view = campaignView(campaign, context);
  const failing = campaign.hold?.evidence?.devices ?? [];
  if (view.hold?.evidence === undefined || failing.length === 0) return view;
  const devices = await context.store.devicesByImei(campaign.account, failing);
  const shares = sharesOf([...devices.values()]).map((share) => ({ ...share }));
  return { ...view, hold: { ...view.hold, evidence: { ...view.hold.evidence, shares } } };
}

function holdView({ kind, reason, since, rule, by, evidence }: Hold): NonNullable<CampaignView['hold']> {
  return {
    kind,
    reason,
    since: rfc3339(since),
    rule,
    ...(by === undefined ? {} : { by }),
    ...(evidence === undefined
      ? {}
      : {
          evidence: {
            ...evidence,
            devices: [...evidence.devices],
            reasons: evidence.reasons.map((one) => ({ ...one })),
            shares: evidence.shares.map((one) => ({ ...one })),
          },
        }),
  };
}

function scoreView({ score }: Campaign): Pick<CampaignView, 'score'> {
  if (score === undefined) return {};
  const { plan, guard, canary, open } = score;
  return {
    score: {
      guard: { ...guard, bound: plan.guard.halt },
      ...(canary === undefined
        ? {}
        : {
            canary: {
              ...canary,
              bound: plan.canary.halt,
              accept: plan.canary.accept,
            },
          }),
      open,
    },
  };
}
