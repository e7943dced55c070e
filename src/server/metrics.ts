// Figures for Prometheus. No label names a device or a customer's request: their number stays small.
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { AccountStore, CampaignReader } from '../accounts/ports.ts';
import type { PhaseName, Tallies } from '../campaigns/index.ts';
import type { Lwm2mCounts } from '../delivery/lwm2m/index.ts';
import type { Clock } from '../engine/ports.ts';
import { SERVER_LIMITS } from './limits.ts';

export interface MetricsParts {
  readonly store: Pick<AccountStore, 'accounts'> & Pick<CampaignReader, 'campaignsWhere'>;
  readonly clock: Clock;
  readonly lwm2m: () => Lwm2mCounts | undefined;
  /** What the looks at images on disk have come to. */
  readonly images: () => { readonly checked: number; readonly damaged: number };
  readonly version: string;
}

export interface Metrics {
  /** Something was handed to its sender. */
  sent(kind: string): void;
  answered(route: string, method: string, status: number, seconds: number): void;
  /** The figures in Prometheus' text format. */
  read(): Promise<{ readonly type: string; readonly text: string }>;
}

const DURATION_BUCKETS = [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10, 60];

export function openMetrics(parts: MetricsParts): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const intents = new Counter({
    name: 'campanile_intents_total',
    help: 'Committed intents that were handed to their sender.',
    labelNames: ['kind'],
    registers,
  });
  const durations = new Histogram({
    name: 'campanile_http_request_duration_seconds',
    help: 'HTTP requests by route, from their arrival to the end of their answer.',
    labelNames: ['route', 'method', 'status'],
    buckets: DURATION_BUCKETS,
    registers,
  });
  new Gauge({ name: 'campanile_info', help: 'The version that runs.', labelNames: ['version'], registers })
    .labels(parts.version)
    .set(1);
  gaugeUpdates(parts, registers);
  gaugeLwm2m(parts, registers);
  gaugeImages(parts, registers);
  return {
    sent: (kind) => intents.labels(kind).inc(),
    answered: (route, method, status, seconds) =>
      durations.labels(route, method, `${Math.trunc(status / 100)}xx`).observe(seconds),
    read: async () => ({ type: registry.contentType, text: await registry.metrics() }),
  };
}

/** What the stewards have counted, added up over the campaigns that are not over. */
function gaugeUpdates({ store, clock }: MetricsParts, registers: Registry[]): void {
  let readAt = Number.NEGATIVE_INFINITY;
  new Gauge({
    name: 'campanile_updates',
    help: 'Updates of the campaigns that are not over, by state.',
    labelNames: ['state'],
    registers,
    async collect() {
      if (clock.now() - readAt < SERVER_LIMITS.figuresKept) return;
      readAt = clock.now();
      const sums = await countUpdates(store);
      this.reset();
      for (const [state, count] of Object.entries(sums)) this.labels(state).set(count);
    },
  });
}

const NOT_OVER: readonly PhaseName[] = ['pending', 'queued', 'prescheduled', 'scheduled'];

async function countUpdates(store: MetricsParts['store']): Promise<Readonly<Record<string, number>>> {
  const sums: Record<string, number> = {};
  for await (const account of pages(
    (page) => store.accounts(page),
    ({ name }) => name,
  )) {
    const campaigns = pages(
      (page) => store.campaignsWhere(account.name, page, { phases: NOT_OVER }),
      ({ id }) => id,
    );
    for await (const { tallies } of campaigns) {
      for (const state of Object.keys(tallies) as (keyof Tallies)[]) sums[state] = (sums[state] ?? 0) + tallies[state];
    }
  }
  return sums;
}

async function* pages<Row>(
  list: (page: { readonly max: number; readonly after?: string }) => Promise<readonly Row[]>,
  keyOf: (row: Row) => string,
): AsyncGenerator<Row, void, undefined> {
  const max = SERVER_LIMITS.pageMax;
  let rows = await list({ max });
  for (;;) {
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < max) return;
    rows = await list({ max, after: keyOf(last) });
  }
}

function gaugeLwm2m({ lwm2m }: MetricsParts, registers: Registry[]): void {
  new Gauge({
    name: 'campanile_lwm2m',
    help: 'What is going on towards LwM2M devices.',
    labelNames: ['what'],
    registers,
    collect() {
      for (const [what, count] of Object.entries(lwm2m() ?? {})) this.labels(what).set(count);
    },
  });
}

function gaugeImages({ images }: MetricsParts, registers: Registry[]): void {
  new Gauge({
    name: 'campanile_images_damaged',
    help: 'Images whose bytes on disk were found damaged or missing by the last walk over all of them.',
    registers,
    collect() {
      this.set(images().damaged);
    },
  });
  new Gauge({
    name: 'campanile_image_checks',
    help: 'Images that were read and hashed again since the start.',
    registers,
    collect() {
      this.set(images().checked);
    },
  });
}
