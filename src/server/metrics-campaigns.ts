// Figures of campaigns: added up over all that are not over, and of the largest ones each by itself.
import { Gauge, type Registry } from 'prom-client';
import type { CampaignFigures, Survey, Surveyor } from './survey.ts';

type Look = Pick<Surveyor, 'look'>;

interface Family<Label extends string> {
  readonly name: string;
  readonly help: string;
  readonly label?: Label;
  /** Label (or '') and value of each series. */
  readonly series: (survey: Survey) => Iterable<readonly [label: string, value: number]>;
}

export function gaugeCampaigns(surveyor: Look, registers: Registry[]): void {
  for (const family of [...TOTALS, ...OF_EACH]) gauge(surveyor, family, registers);
  gaugeHalts(surveyor, registers);
}

function gauge(surveyor: Look, { name, help, label, series }: Family<string>, registers: Registry[]): void {
  new Gauge({
    name,
    help,
    ...(label === undefined ? {} : { labelNames: [label] }),
    registers,
    async collect() {
      const survey = await surveyor.look();
      this.reset();
      for (const [value, count] of series(survey)) {
        if (label === undefined) this.set(count);
        else this.labels(value).set(count);
      }
    },
  });
}

const TOTALS: readonly Family<string>[] = [
  {
    name: 'campanile_updates',
    help: 'Updates of the campaigns that are not over, by state.',
    label: 'state',
    series: ({ states }) => states,
  },
  {
    name: 'campanile_updates_rejected',
    help: 'Rejected updates of the campaigns that are not over, by reason.',
    label: 'reason',
    series: ({ rejections }) => rejections,
  },
  {
    name: 'campanile_campaigns',
    help: 'Campaigns that are not over, by phase, or by what holds them.',
    label: 'phase',
    series: ({ campaigns }) => campaigns,
  },
  {
    name: 'campanile_slots',
    help: 'Slots of running campaigns: used by devices, leased to nodes and not used yet, free.',
    label: 'state',
    series: ({ slots }) => Object.entries(slots),
  },
  {
    name: 'campanile_arrivals_waiting',
    help: 'Devices that wait although their campaign is open at this moment.',
    series: ({ waiting }) => [['', waiting]],
  },
];

const OF_EACH: readonly Family<string>[] = [
  {
    name: 'campanile_campaign_devices',
    help: 'Devices of the largest campaigns that are not over.',
    label: 'campaign',
    series: ({ largest }) => largest.map(({ id, devices }) => [id, devices]),
  },
  {
    name: 'campanile_campaign_predicted_finish_timestamp_seconds',
    help: 'When the largest campaigns are done at their present pace; absent: not known.',
    label: 'campaign',
    series: ({ largest }) =>
      largest.flatMap(({ id, finish }) => (finish === undefined ? [] : [[id, finish / 1_000] as const])),
  },
  {
    name: 'campanile_campaign_end_timestamp_seconds',
    help: 'When the largest campaigns end, whatever is left of them.',
    label: 'campaign',
    series: ({ largest }) => largest.map(({ id, end }) => [id, end / 1_000]),
  },
  {
    name: 'campanile_campaign_ledger_entries',
    help: 'Entries that the head of the ledger stands for, of the largest campaigns.',
    label: 'campaign',
    series: ({ largest }) => largest.map(({ id, entries }) => [id, entries]),
  },
];

function gaugeHalts(surveyor: Look, registers: Registry[]): void {
  new Gauge({
    name: 'campanile_campaign_halt_score_ratio',
    help: 'Halt score of the largest campaigns as a share of the bound at which they halt.',
    labelNames: ['campaign', 'score'],
    registers,
    async collect() {
      const { largest } = await surveyor.look();
      this.reset();
      for (const { id, halt } of largest as readonly CampaignFigures[])
        if (halt !== undefined) this.labels(id, halt.score).set(halt.share);
    },
  });
}
