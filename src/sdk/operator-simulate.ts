// What would become of a campaign, or of one that runs when something about it is changed.

import type { Given } from './http.ts';
import { type Caller, campaignPath, jsonBody, type OperatorOrder, within } from './operator-call.ts';
import type { LivePrediction, PredictionView, SimulatedCampaign, SimulatedChange } from './wire.gen.ts';

export class OperatorSimulate {
  readonly #call: Caller;

  constructor(call: Caller) {
    this.#call = call;
  }

  /** A campaign that is only thought of; nothing is stored. */
  async order(
    accountName: string,
    campaign: Given<SimulatedCampaign>,
    options: OperatorOrder = {},
  ): Promise<PredictionView> {
    const path = within(accountName, '/simulate');
    return (await this.#call({ method: 'POST', path, ...jsonBody(campaign), ...options })) as PredictionView;
  }

  /** A campaign from where it stands; with a change, also what that would change. */
  async campaign(
    accountName: string,
    campaignId: string,
    change: Given<SimulatedChange> = {},
    options: OperatorOrder = {},
  ): Promise<LivePrediction> {
    const path = `${campaignPath(accountName, campaignId)}/simulate`;
    return (await this.#call({ method: 'POST', path, ...jsonBody(change), ...options })) as LivePrediction;
  }
}
