// One look over all campaigns that are not over: what /metrics shows of them, and what the watch has to know of them.
import { finishSighting, haltSighting, type Sighting } from '../accounts/index.ts';
import type { AccountStore, CampaignReader } from '../accounts/ports.ts';
import {
  type Campaign,
  campaignEnd,
  haltNearness,
  type Instant,
  liveOf,
  openOf,
  opensAnywhere,
  type PhaseName,
  type Progress,
  predictedFinish,
  progressed,
  type Tallies,
} from '../campaigns/index.ts';
import type { Clock } from '../engine/ports.ts';
import { kept } from './kept.ts';
import { SERVER_LIMITS } from './limits.ts';
import { pages } from './pages.ts';

/** What is shown of one campaign by itself. */
export interface CampaignFigures {
  readonly id: string;
  readonly devices: number;
  readonly entries: number;
  readonly end: Instant;
  readonly finish?: Instant;
  readonly halt?: NonNullable<ReturnType<typeof haltNearness>>;
}

export interface Survey {
  readonly at: Instant;
  readonly states: ReadonlyMap<string, number>;
  readonly rejections: ReadonlyMap<string, number>;
  readonly slots: { readonly used: number; readonly leased: number; readonly free: number };
  readonly campaigns: ReadonlyMap<string, number>;
  /** Devices that wait although their campaign is open. */
  readonly waiting: number;
  /** The largest, at most `campaignSeriesMax`. */
  readonly largest: readonly CampaignFigures[];
  readonly sightings: readonly Sighting[];
}

export interface SurveyorParts {
  readonly store: Pick<AccountStore, 'accounts'> & Pick<CampaignReader, 'campaignsWhere'>;
  readonly clock: Clock;
}

const NOT_OVER: readonly PhaseName[] = ['pending', 'queued', 'prescheduled', 'scheduled'];

export class Surveyor {
  readonly #parts: SurveyorParts;
  #progress: ReadonlyMap<string, Progress> = new Map();
  /** The last one while it is fresh. */
  readonly look: () => Promise<Survey>;

  constructor(parts: SurveyorParts) {
    this.#parts = parts;
    this.look = kept(parts.clock, SERVER_LIMITS.figuresKept, () => this.#survey(parts.clock.now()));
  }

  async #survey(now: Instant): Promise<Survey> {
    const sums = new Sums(now);
    const progress = new Map<string, Progress>();
    for await (const campaign of this.#campaigns()) {
      const pace = progressed(this.#progress.get(campaign.id), campaign, now);
      progress.set(campaign.id, pace);
      sums.add(campaign, predictedFinish(campaign, pace, now));
    }
    this.#progress = progress;
    return sums.survey;
  }

  async *#campaigns(): AsyncGenerator<Campaign, void, undefined> {
    const { store } = this.#parts;
    for await (const { name } of pages(
      (page) => store.accounts(page),
      (account) => account.name,
    )) {
      yield* pages(
        (page) => store.campaignsWhere(name, page, { phases: NOT_OVER }),
        ({ id }) => id,
      );
    }
  }
}

class Sums {
  readonly #at: Instant;
  readonly #states = new Map<string, number>();
  readonly #rejections = new Map<string, number>();
  readonly #campaigns = new Map<string, number>();
  readonly #sightings: Sighting[] = [];
  #largest: CampaignFigures[] = [];
  #slots = { used: 0, leased: 0, free: 0 };
  #waiting = 0;

  constructor(at: Instant) {
    this.#at = at;
  }

  add(campaign: Campaign, finish: Instant | undefined): void {
    const { tallies, rejections, phase, hold, slotsMax, slotsOut } = campaign;
    for (const state of Object.keys(tallies) as (keyof Tallies)[]) raise(this.#states, state, tallies[state]);
    for (const [reason, count] of Object.entries(rejections)) raise(this.#rejections, reason, count);
    raise(this.#campaigns, hold?.kind ?? phase.name, 1);
    if (phase.name === 'scheduled') {
      const used = liveOf(tallies);
      const leased = Math.max(0, slotsOut - used);
      const free = Math.max(0, slotsMax - slotsOut);
      const before = this.#slots;
      this.#slots = { used: before.used + used, leased: before.leased + leased, free: before.free + free };
      if (opensAnywhere(campaign, this.#at)) this.#waiting += tallies.waiting;
    }
    this.#see(campaign, finish);
    this.#show(campaign, finish);
  }

  #see(campaign: Campaign, predicted: Instant | undefined): void {
    const { account, id, hold, timetable, tallies, phase } = campaign;
    const key = { account, campaign: id };
    if (hold?.kind === 'halted') this.#sightings.push(haltSighting(key, hold));
    if (phase.name !== 'scheduled') return;
    const end = campaignEnd(timetable);
    const sighting = finishSighting(key, { predicted: predicted ?? end, end, left: openOf(tallies) });
    if (sighting.is !== 'well') this.#sightings.push(sighting);
  }

  #show(campaign: Campaign, finish: Instant | undefined): void {
    const halt = haltNearness(campaign);
    this.#largest.push({
      id: campaign.id,
      devices: campaign.devicesTotal,
      entries: campaign.ledger.length,
      end: campaignEnd(campaign.timetable),
      ...(finish === undefined ? {} : { finish }),
      ...(halt === undefined ? {} : { halt }),
    });
    if (this.#largest.length >= 2 * SERVER_LIMITS.campaignSeriesMax) this.#largest = largest(this.#largest);
  }

  get survey(): Survey {
    return {
      at: this.#at,
      states: this.#states,
      rejections: this.#rejections,
      campaigns: this.#campaigns,
      slots: this.#slots,
      waiting: this.#waiting,
      largest: largest(this.#largest),
      sightings: this.#sightings,
    };
  }
}

const largest = (all: readonly CampaignFigures[]): CampaignFigures[] =>
  all
    .toSorted((one, other) => other.devices - one.devices || (one.id < other.id ? -1 : 1))
    .slice(0, SERVER_LIMITS.campaignSeriesMax);

const raise = (sums: Map<string, number>, name: string, by: number): void => {
  sums.set(name, (sums.get(name) ?? 0) + by);
};
