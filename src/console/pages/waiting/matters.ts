// What needs a person, found in campaigns and callbacks; the most urgent first.

import type { CampaignView, ListenerView } from '../../../sdk/operator.ts';
import { dayEnds, isOver, nameOf, standingOf } from '../../parts/campaign-words.ts';

export interface Matter {
  readonly id: string;
  readonly title: string;
  /** In a sentence or two, with the numbers. */
  readonly why: string;
  readonly to: string;
  /** What the button says. */
  readonly doing: string;
  readonly campaign?: CampaignView;
}

interface Known {
  readonly account: string;
  readonly campaigns: readonly CampaignView[];
  readonly listeners: readonly ListenerView[];
  readonly now: number;
}

/** A campaign of which less than half is done this long before its end is shown (milliseconds). */
const END_NEAR_MS = 86_400_000;

export function mattersOf({ account, campaigns, listeners, now }: Known): readonly Matter[] {
  const matterOf = (campaign: CampaignView, doing: string, why: string): Matter => ({
    id: campaign.id,
    title: nameOf(campaign),
    why,
    doing,
    to: `/${account}/campaigns/${campaign.id}`,
    campaign,
  });
  const of = (...standings: readonly string[]): readonly CampaignView[] =>
    campaigns.filter((campaign) => standings.includes(standingOf(campaign)));
  return [
    ...of('halted').map((one) => matterOf(one, 'Look at it', one.hold?.reason ?? 'Halted.')),
    ...of('undecided').map((one) => matterOf(one, 'Decide', one.hold?.reason ?? 'Waits for a decision.')),
    ...campaigns
      .filter(awaitsApproval)
      .map((one) =>
        matterOf(one, 'Decide', 'Its next step waits for the approval of somebody else than who scheduled it.'),
      ),
    ...of('paused').map((one) => matterOf(one, 'Look at it', `Paused: ${one.hold?.reason ?? ''}`)),
    ...campaigns
      .filter((one) => willMissItsEnd(one, now))
      .map((one) =>
        matterOf(one, 'Look at it', `Its end is near, and ${openOf(one)} of ${one.devices} devices are not done.`),
      ),
    ...of('refused')
      .filter((one) => now - Date.parse(one.createdAt) < END_NEAR_MS)
      .map((one) => matterOf(one, 'See why', one.statusReason ?? 'Every device was rejected.')),
    ...listeners
      .filter(({ deadLetters }) => deadLetters > 0)
      .map(
        ({ generation, url, deadLetters }): Matter => ({
          id: `callback-${generation}`,
          title: `Callbacks of ${generation}`,
          why: `${deadLetters} callbacks to ${url} were given up after many tries.`,
          to: `/${account}/callbacks`,
          doing: 'See callbacks',
        }),
      ),
  ];
}

const awaitsApproval = (campaign: CampaignView): boolean =>
  !isOver(campaign) && campaign.hold === undefined && campaign.rollout?.progress?.awaitsApproval === true;

const openOf = ({ counts, devices }: CampaignView): number =>
  devices - counts.succeeded - counts.failed - counts.rejected - counts.cancelled - counts.aborted - counts.expired;

function willMissItsEnd(campaign: CampaignView, now: number): boolean {
  if (isOver(campaign) || standingOf(campaign) !== 'running') return false;
  const left = Date.parse(dayEnds(campaign.endDate)) - now;
  return left < END_NEAR_MS && openOf(campaign) * 2 > campaign.devices - campaign.counts.rejected;
}
