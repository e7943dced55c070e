// The orders to one campaign as the dialogs know them: their words, and how they are sent.

import type { CampaignView, OrderedCampaign, ReasonOptions } from '../../../sdk/operator.ts';
import { client } from '../../client.ts';
import { standingOf } from '../../parts/campaign-words.ts';

export type OrderName = 'pause' | 'resume' | 'approve' | 'abort';

interface OrderWords {
  readonly title: string;
  readonly doing: string;
  /** What is told afterwards, behind the campaign's name. */
  readonly done: string;
  readonly isGrave: boolean;
  readonly reasonFor: (campaign: CampaignView) => 'optional' | 'required';
}

const optional = (): 'optional' => 'optional';

export const ORDERS: Readonly<Record<OrderName, OrderWords>> = {
  pause: { title: 'Pause', doing: 'Pause it', done: 'is paused', isGrave: false, reasonFor: optional },
  resume: {
    title: 'Resume',
    doing: 'Resume it',
    done: 'goes on',
    isGrave: false,
    // Whoever overrules a halt says why.
    reasonFor: (campaign) => (standingOf(campaign) === 'halted' ? 'required' : 'optional'),
  },
  approve: {
    title: 'Approve the next step of',
    doing: 'Approve',
    done: 'is approved',
    isGrave: false,
    reasonFor: optional,
  },
  abort: { title: 'Abort', doing: 'Abort it for good', done: 'is aborted', isGrave: true, reasonFor: optional },
};

export const sendOrder = (
  order: OrderName,
  { accountName, id }: CampaignView,
  options: ReasonOptions,
): Promise<OrderedCampaign> => client.orders[order](accountName, id, options);
