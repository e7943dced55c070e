// The operator of the world: schedules, steers at the hours of the scenario, and in the end looks after what stands still.
import {
  type AccountName,
  abort,
  approve,
  type Campaign,
  type CampaignId,
  type CampaignKey,
  type CommandResult,
  cancel,
  changeDates,
  changePace,
  haltWithdrawn,
  type ImageHash,
  type Instant,
  narrowWindows,
  pause,
  resume,
  type ScheduleOrder,
} from '../../src/campaigns/index.ts';
import type { Engine } from '../../src/engine/index.ts';
import type { Agenda } from './agenda.ts';
import type { WorldNode } from './node.ts';
import { FROM, type OperatorAct, type Scenario, TO } from './scenario.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const AGAIN_MS = 60_000;

export const ACCOUNT = '0000123456-00001' as AccountName;
export const CAMPAIGN = '00000000-0000-4000-8000-000000000001' as CampaignId;
export const SECOND = '00000000-0000-4000-8000-000000000002' as CampaignId;

export interface OperatorWorld {
  readonly scenario: Scenario;
  readonly agenda: Agenda;
  readonly image: { readonly sha256: string; readonly size: number };
  readonly campaigns: ReadonlyMap<string, Campaign>;
  anyNode(): WorldNode;
}

type Decide = (campaign: Campaign, now: Instant) => CommandResult;

export class Operator {
  readonly #world: OperatorWorld;
  #withdrawn = false;
  /** When something was ordered last. */
  lastAt = 0;

  constructor(world: OperatorWorld) {
    this.#world = world;
  }

  /** Everything that will be ordered; the first campaign is scheduled by itself. */
  plan(): void {
    const { scenario, agenda } = this.#world;
    for (const { at, act } of scenario.orders) agenda.at(scenario.start + at * HOUR, () => this.#act(act));
    agenda.at(scenario.start + scenario.chaosHours * HOUR, () => this.#care());
  }

  /** The campaign as it is ordered on a day, counted from the day of the start. */
  order(id: CampaignId, firstDay: number, lastDay: number): ScheduleOrder {
    const { scenario, image } = this.#world;
    const transport = scenario.devices[0]?.transport ?? 'LWM2M';
    const { rollout, haltTerms, slotsMax, arrivalsPerMinute, attemptsMax, retryWait, downloadAfter, installAfter } =
      scenario;
    return {
      account: ACCOUNT,
      id,
      generation: transport === 'LWM2M' ? 'v3' : 'v2',
      package: {
        kind: 'firmware',
        name: 'fw',
        from: [FROM],
        to: TO,
        make: 'Acme',
        model: 'Lamp',
        transports: [transport],
        image: { sha256: image.sha256 as ImageHash, size: image.size },
      },
      from: FROM,
      transport,
      timetable: {
        startDate: this.#day(firstDay),
        endDate: this.#day(lastDay),
        ...(downloadAfter === undefined ? {} : { downloadAfterDate: this.#day(downloadAfter) }),
        ...(installAfter === undefined ? {} : { installAfterDate: this.#day(installAfter) }),
        downloadWindows: scenario.downloadWindows,
        installWindows: scenario.installWindows,
        zone: scenario.zone,
        fallbackZone: 'UTC',
        rule: scenario.rule,
      },
      autoAssignLicense: false,
      autoAddDevices: scenario.autoAdd === true,
      checkDigits: false,
      imeis: scenario.listed ?? scenario.devices.map((device) => device.imei),
      orderedBy: 'first',
      ...(rollout === undefined ? {} : { rollout }),
      ...(haltTerms === undefined ? {} : { haltTerms }),
      ...(slotsMax === undefined ? {} : { slotsMax }),
      ...(arrivalsPerMinute === undefined ? {} : { arrivalsPerMinute }),
      ...(attemptsMax === undefined ? {} : { attemptsMax }),
      ...(retryWait === undefined ? {} : { retryWait }),
    };
  }

  #day(offset: number): ScheduleOrder['timetable']['startDate'] {
    const at = this.#world.scenario.start + offset * DAY;
    return new Date(at).toISOString().slice(0, 10) as ScheduleOrder['timetable']['startDate'];
  }

  /** Ordered again until a server takes it, as anybody would. */
  async #run(ask: (engine: Engine) => Promise<unknown>): Promise<void> {
    this.lastAt = this.#world.agenda.now();
    const done = await this.#world.anyNode().call(ask);
    if (done === undefined) this.#world.agenda.after(AGAIN_MS, () => this.#run(ask));
  }

  #decide(decide: Decide, id: CampaignId = CAMPAIGN): Promise<void> {
    const key: CampaignKey = { account: ACCOUNT, campaign: id };
    return this.#run((engine) => engine.commands.order(key, decide));
  }

  async #everywhere(decide: Decide): Promise<void> {
    for (const id of this.#world.campaigns.keys()) await this.#decide(decide, id as CampaignId);
  }

  #act(act: OperatorAct): Promise<void> {
    const by = { by: 'second', reason: 'it seemed right' };
    switch (act.is) {
      case 'pause':
        return this.#decide((campaign, now) => pause(campaign, by, now));
      case 'resume':
        return this.#resume(CAMPAIGN);
      case 'approve':
        return this.#decide((campaign, now) => approve(campaign, by, now));
      case 'abort':
        return this.#decide((campaign, now) => abort(campaign, now));
      case 'cancel':
        return this.#decide((campaign, now) => cancel(campaign, false, now));
      case 'withdraw':
        this.#withdrawn = true;
        return this.#everywhere((campaign, now) => haltWithdrawn(campaign, by, now));
      case 'stop-account':
        return this.#everywhere((campaign, now) => pause(campaign, by, now, 'campaign.stopped-account'));
      case 'narrow':
        return this.#decide((campaign, now) =>
          narrowWindows(campaign, { downloadWindows: act.to, installWindows: act.to }, by, now),
        );
      case 'dates':
        return this.#dates(act);
      case 'append':
      case 'remove': {
        const key = { account: ACCOUNT, campaign: CAMPAIGN };
        return this.#run((engine) =>
          engine.commands.changeDevices(key, act.is === 'append' ? 'append' : 'remove', act.imeis),
        );
      }
      case 'pace':
        return this.#decide((campaign, now) => changePace(campaign, act.pace, by, now));
      default:
        return this.#again(act.lastDay);
    }
  }

  #resume(id: CampaignId): Promise<void> {
    const order = { by: 'second', reason: 'it was looked at', packageWithdrawn: this.#withdrawn };
    return this.#decide((campaign, now) => resume(campaign, order, now), id);
  }

  #dates({ lastDay, windows }: Extract<OperatorAct, { readonly is: 'dates' }>): Promise<void> {
    const more = windows === undefined ? {} : { downloadWindows: windows, installWindows: windows };
    return this.#decide((campaign, now) =>
      changeDates(campaign, { ...campaign.timetable, endDate: this.#day(lastDay), ...more }, now),
    );
  }

  #again(lastDay: number): Promise<void> {
    if (this.#world.campaigns.has(SECOND)) return Promise.resolve();
    const today = Math.floor((this.#world.agenda.now() - this.#world.scenario.start) / DAY);
    const order = { ...this.order(SECOND, today, Math.max(today, lastDay)), imeis: this.#everybody() };
    return this.#run((engine) => engine.commands.schedule(order));
  }

  #everybody = (): readonly string[] => this.#world.scenario.devices.map(({ imei }) => imei);

  /** Every hour somebody looks at what is held, and lets it go on where the scenario says so. */
  async #care(): Promise<void> {
    const { scenario, agenda, campaigns } = this.#world;
    if (!scenario.goesOn) return;
    for (const { id, phase, hold, rollout } of [...campaigns.values()]) {
      if (['ended', 'aborted', 'cancelled', 'failed'].includes(phase.name)) continue;
      if (hold?.kind === 'paused' || hold?.kind === 'halted') await this.#resume(id);
      if (hold?.kind === 'undecided' || rollout?.awaitsApproval === true)
        await this.#decide((campaign, now) => approve(campaign, { by: 'second' }, now), id);
    }
    const isOver = [...campaigns.values()].every(({ phase }) => ['ended', 'aborted'].includes(phase.name));
    if (!isOver) agenda.after(HOUR, () => this.#care());
  }
}
