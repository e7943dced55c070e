// Which of the campaigns are shown, and in which order.

import type { CampaignView } from '../../../sdk/operator.ts';
import { nameOf, STANDINGS, type Standing, standingOf } from '../../parts/campaign-words.ts';
import type { Sort } from '../../parts/data-table.tsx';

export interface Choice {
  readonly standing: Standing | null;
  readonly text: string;
  readonly sort: Sort;
}

export function chosenCampaigns(
  campaigns: readonly CampaignView[],
  { standing, text, sort }: Choice,
): readonly CampaignView[] {
  const wanted = text.trim().toLowerCase();
  const fitting = campaigns.filter(
    (campaign) => (standing === null || standingOf(campaign) === standing) && matches(campaign, wanted),
  );
  return fitting.toSorted(orderBy(sort));
}

function matches(campaign: CampaignView, wanted: string): boolean {
  const { id, packageName, from, to, make, model } = campaign;
  return [id, nameOf(campaign), packageName, from, to, make, model].some((word) => word.toLowerCase().includes(wanted));
}

type Order = (one: CampaignView, other: CampaignView) => number;

const newestFirst: Order = (one, other) => other.createdAt.localeCompare(one.createdAt);
const byStanding: Order = (one, other) =>
  STANDINGS.indexOf(standingOf(one)) - STANDINGS.indexOf(standingOf(other)) || newestFirst(one, other);

const ORDERS: Readonly<Record<string, Order>> = {
  name: (one, other) => nameOf(one).localeCompare(nameOf(other)),
  standing: byStanding,
  failed: (one, other) => one.counts.failed - other.counts.failed,
  rejected: (one, other) => one.counts.rejected - other.counts.rejected,
  created: (one, other) => one.createdAt.localeCompare(other.createdAt),
};

function orderBy({ by, descending }: Sort): Order {
  const order = ORDERS[by];
  if (order === undefined) return byStanding;
  return descending ? (one, other) => order(other, one) : order;
}
