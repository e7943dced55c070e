// Orders to campaigns: scheduled in the operator's words, steered while they run, stopped for a package or an account.

import type { CallOptions, Given } from './http.ts';
import { type Call, type Caller, campaignPath, jsonBody, type OperatorOrder, within } from './operator-call.ts';
import type {
  CampaignDates,
  CampaignPace,
  CampaignRetry,
  NarrowedWindows,
  NewCampaign,
  OrderedCampaign,
  OrderedCampaigns,
  OrderedPackage,
} from './wire.gen.ts';

export interface SteeringOptions extends OperatorOrder {
  /** Says what the order would do, and does nothing. */
  readonly preview?: boolean;
}

export interface ReasonOptions extends SteeringOptions {
  /** Kept in the ledger and in the audit log. */
  readonly reason?: string;
}

export interface ScheduleOptions extends OperatorOrder {
  /** What is known not to go is refused instead of warned of. */
  readonly strict?: boolean;
}

export class OperatorOrders {
  readonly #call: Caller;

  constructor(call: Caller) {
    this.#call = call;
  }

  /** A campaign of either generation: firmware packages make v3 ones, others v2. */
  async schedule(
    accountName: string,
    campaign: Given<NewCampaign>,
    { strict = false, ...options }: ScheduleOptions = {},
  ): Promise<OrderedCampaign> {
    const path = within(accountName, `/campaigns${strict ? '?strict=1' : ''}`);
    return (await this.#call({ method: 'POST', path, ...jsonBody(campaign), ...options })) as OrderedCampaign;
  }

  /** A new campaign of the failed and expired devices of one that is over. */
  async retry(
    accountName: string,
    campaignId: string,
    changes: Given<CampaignRetry> = {},
    { strict = false, ...options }: ScheduleOptions = {},
  ): Promise<OrderedCampaign> {
    const path = `${campaignPath(accountName, campaignId)}/retry${strict ? '?strict=1' : ''}`;
    return (await this.#call({ method: 'POST', path, ...jsonBody(changes), ...options })) as OrderedCampaign;
  }

  /** Nothing more is sent until it is resumed; installations under way go on. */
  pause(accountName: string, campaignId: string, options: ReasonOptions = {}): Promise<OrderedCampaign> {
    return this.#steer(campaignPath(accountName, campaignId), 'pause', options);
  }

  /** One that halted needs a reason. */
  resume(accountName: string, campaignId: string, options: ReasonOptions = {}): Promise<OrderedCampaign> {
    return this.#steer(campaignPath(accountName, campaignId), 'resume', options);
  }

  /** Ends it at once; installations under way still tell their outcome. */
  abort(accountName: string, campaignId: string, options: ReasonOptions = {}): Promise<OrderedCampaign> {
    return this.#steer(campaignPath(accountName, campaignId), 'abort', options);
  }

  /** For somebody else than who scheduled it. */
  approve(accountName: string, campaignId: string, options: ReasonOptions = {}): Promise<OrderedCampaign> {
    return this.#steer(campaignPath(accountName, campaignId), 'approve', options);
  }

  /** Takes hours away, also while it runs. */
  async narrowWindows(
    accountName: string,
    campaignId: string,
    windows: Given<NarrowedWindows>,
    options: SteeringOptions = {},
  ): Promise<OrderedCampaign> {
    const path = campaignPath(accountName, campaignId);
    return (await this.#call(ordered('POST', `${path}/narrow-windows`, windows, options))) as OrderedCampaign;
  }

  /** How fast it goes about it, and whether it ends when it is done. */
  async pace(
    accountName: string,
    campaignId: string,
    pace: Given<CampaignPace>,
    options: SteeringOptions = {},
  ): Promise<OrderedCampaign> {
    const path = campaignPath(accountName, campaignId);
    return (await this.#call(ordered('POST', `${path}/pace`, pace, options))) as OrderedCampaign;
  }

  /** Everything before the start; then the end, and more windows. */
  async changeDates(
    accountName: string,
    campaignId: string,
    dates: Given<CampaignDates>,
    options: CallOptions & { readonly preview?: boolean } = {},
  ): Promise<OrderedCampaign> {
    const path = campaignPath(accountName, campaignId);
    return (await this.#call(ordered('PATCH', `${path}/dates`, dates, options))) as OrderedCampaign;
  }

  /** No campaign may use it any more, and those that do halt at once. */
  async withdrawPackage(
    accountName: string,
    name: string,
    reason: string,
    options: SteeringOptions = {},
  ): Promise<OrderedPackage> {
    const path = within(accountName, `/packages/${encodeURIComponent(name)}/withdraw`);
    return (await this.#call(ordered('POST', path, { reason }, options))) as OrderedPackage;
  }

  /** Its campaigns stay halted until each is resumed. */
  async reinstatePackage(accountName: string, name: string, options: ReasonOptions = {}): Promise<OrderedPackage> {
    const { reason, ...rest } = options;
    const path = within(accountName, `/packages/${encodeURIComponent(name)}/reinstate`);
    return (await this.#call(ordered('POST', path, { reason }, rest))) as OrderedPackage;
  }

  /** Pauses every campaign of the account that is not over. */
  async stopAccount(accountName: string, reason: string, options: SteeringOptions = {}): Promise<OrderedCampaigns> {
    return (await this.#call(
      ordered('POST', within(accountName, '/stop-all'), { reason }, options),
    )) as OrderedCampaigns;
  }

  /** Resumes those that were paused by stopping the account. */
  async resumeAccount(accountName: string, options: ReasonOptions = {}): Promise<OrderedCampaigns> {
    const { reason, ...rest } = options;
    return (await this.#call(
      ordered('POST', within(accountName, '/resume-all'), { reason }, rest),
    )) as OrderedCampaigns;
  }

  async #steer(path: string, what: string, { reason, ...options }: ReasonOptions): Promise<OrderedCampaign> {
    return (await this.#call(ordered('POST', `${path}/${what}`, { reason }, options))) as OrderedCampaign;
  }
}

function ordered(
  method: 'POST' | 'PATCH',
  path: string,
  body: object,
  { preview = false, ...options }: SteeringOptions,
): Call {
  return { method, path: preview ? `${path}?preview=1` : path, ...jsonBody(body), ...options };
}
