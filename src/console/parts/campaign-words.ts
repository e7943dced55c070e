// How the console speaks of campaigns: where one stands, what comes next, what became of its devices.

import type { CampaignView } from '../../sdk/operator.ts';

export type Standing =
  | 'halted'
  | 'undecided'
  | 'paused'
  | 'running'
  | 'preparing'
  | 'scheduled'
  | 'ended'
  | 'aborted'
  | 'cancelled'
  | 'refused';

/** In the order in which a list shows them: what needs somebody first, then what moves. */
export const STANDINGS: readonly Standing[] = [
  'halted',
  'undecided',
  'paused',
  'running',
  'preparing',
  'scheduled',
  'ended',
  'aborted',
  'cancelled',
  'refused',
];

export const STANDING_WORDS: Readonly<Record<Standing, string>> = {
  halted: 'Halted',
  undecided: 'Undecided',
  paused: 'Paused',
  running: 'Running',
  preparing: 'Preparing',
  scheduled: 'Scheduled',
  ended: 'Ended',
  aborted: 'Aborted',
  cancelled: 'Cancelled',
  refused: 'Refused',
};

const OVER: readonly Standing[] = ['ended', 'aborted', 'cancelled', 'refused'];

export const isOver = (campaign: CampaignView): boolean => OVER.includes(standingOf(campaign));

export function standingOf({ status, hold, startedAt }: CampaignView): Standing {
  switch (status) {
    case 'CampaignEnded':
      return 'ended';
    case 'CampaignAborted':
      return 'aborted';
    case 'CampaignCancelled':
      return 'cancelled';
    case 'CampaignRequestFailed':
    case 'CampaignFailed':
      return 'refused';
    case 'CampaignRequestPending':
      return 'preparing';
    default:
      if (hold !== undefined) return hold.kind;
      return startedAt === undefined ? 'scheduled' : 'running';
  }
}

export const nameOf = ({ campaignName, packageName, to }: CampaignView): string =>
  campaignName === undefined || campaignName === '' ? `${packageName} to ${to}` : campaignName;

/** A UTC day as an instant: a campaign starts when its first day begins and ends when its last day ends. */
export const dayBegins = (day: string): string => `${day}T00:00:00Z`;
export const dayEnds = (day: string): string => new Date(Date.parse(dayBegins(day)) + 86_400_000).toISOString();

export interface Next {
  readonly what: string;
  readonly at?: string;
}

/** What happens next by itself, or what it waits for. */
export function nextOf(campaign: CampaignView): Next {
  const { startDate, endDate, endedAt } = campaign;
  switch (standingOf(campaign)) {
    case 'halted':
    case 'undecided':
      return { what: 'Waits for a decision; would end', at: dayEnds(endDate) };
    case 'paused':
      return { what: 'Waits until it is resumed; would end', at: dayEnds(endDate) };
    case 'running':
      return { what: 'Ends', at: dayEnds(endDate) };
    case 'preparing':
      return { what: 'Its devices are being checked' };
    case 'scheduled':
      return { what: 'Starts', at: dayBegins(startDate) };
    default:
      return endedAt === undefined ? { what: 'Over' } : { what: 'Over since', at: endedAt };
  }
}

export type CountName = keyof CampaignView['counts'];

/** What a bar shows together: a name, its states, its colour. Waiting devices are not drawn: nothing has happened to them. */
export interface Part {
  readonly word: string;
  readonly states: readonly CountName[];
  readonly fill: 'succeeded' | 'busy' | 'offered' | 'failed' | 'rejected' | 'ended' | 'waiting';
}

export const PARTS: readonly Part[] = [
  { word: 'Succeeded', states: ['succeeded'], fill: 'succeeded' },
  { word: 'Working', states: ['downloading', 'downloaded', 'installing', 'verifying'], fill: 'busy' },
  { word: 'Offered', states: ['offered'], fill: 'offered' },
  { word: 'Failed', states: ['failed'], fill: 'failed' },
  { word: 'Rejected', states: ['rejected'], fill: 'rejected' },
  { word: 'Ended without', states: ['expired', 'aborted', 'cancelled'], fill: 'ended' },
  { word: 'Not begun', states: ['waiting'], fill: 'waiting' },
];

export const countOf = ({ counts }: Pick<CampaignView, 'counts'>, { states }: Part): number =>
  states.reduce((sum, state) => sum + counts[state], 0);

/** Of the devices that were not rejected, how many have got there, in percent rounded down. */
export function donePercent({ counts, devices }: CampaignView): number {
  const wanted = devices - counts.rejected;
  return wanted <= 0 ? 0 : Math.floor((counts.succeeded / wanted) * 100);
}
