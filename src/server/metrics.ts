// Figures for Prometheus. No label names a device or a customer's request: their number stays small.
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { WatchStore } from '../accounts/ports.ts';
import { type Breach, type Change, FAILURE_REASONS, REJECT_REASONS, type Rule } from '../campaigns/index.ts';
import type { DtlsFigures, Lwm2mCounts } from '../delivery/lwm2m/index.ts';
import type { Clock } from '../engine/ports.ts';
import type { DiskSpace } from './disks.ts';
import { gaugeCampaigns } from './metrics-campaigns.ts';
import { gaugeMachine } from './metrics-machine.ts';
import type { Surveyor } from './survey.ts';

export interface MetricsParts {
  readonly surveyor: Pick<Surveyor, 'look'>;
  readonly store: Pick<WatchStore, 'listenersInTrouble' | 'earliestDue' | 'knownNodes'>;
  readonly disks: () => Promise<readonly DiskSpace[]>;
  /** When the certificate that is shown expires; absent: there is none. */
  readonly certificateEnds: () => number | undefined;
  readonly clock: Clock;
  readonly lwm2m: () => { readonly counts: Lwm2mCounts; readonly dtls: DtlsFigures | undefined } | undefined;
  /** What the looks at images on disk have come to. */
  readonly images: () => { readonly checked: number; readonly damaged: number };
  readonly version: string;
}

export interface Metrics {
  /** Something was handed to its sender. */
  sent(kind: string): void;
  answered(route: string, method: string, status: number, seconds: number): void;
  ruled(rule: Rule): void;
  /** A commit took so long; of what was stored in it. */
  committed(seconds: number, saved: readonly Change[]): void;
  breached(breach: Breach): void;
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
  gaugeCampaigns(parts.surveyor, registers);
  gaugeMachine(parts, registers);
  gaugeLwm2m(parts, registers);
  gaugeImages(parts, registers);
  return {
    ...countDecisions(registers),
    sent: (kind) => intents.labels(kind).inc(),
    answered: (route, method, status, seconds) =>
      durations.labels(route, method, `${Math.trunc(status / 100)}xx`).observe(seconds),
    read: async () => ({ type: registry.contentType, text: await registry.metrics() }),
  };
}

/** Of this node: what it decided and stored. */
function countDecisions(registers: Registry[]): Pick<Metrics, 'ruled' | 'committed' | 'breached'> {
  const counter = <Label extends string>(name: string, help: string, labelNames: readonly Label[] = []) =>
    new Counter({ name, help, labelNames: [...labelNames], registers });
  const rules = counter('campanile_rules_total', 'Changes, permits and refusals by their rule.', ['rule']);
  const offers = counter('campanile_offers_total', 'Offers that were made.');
  const outcomes = counter('campanile_update_outcomes_total', 'Updates that came to an end, by state and reason.', [
    'state',
    'reason',
  ]);
  const tries = counter('campanile_callback_tries_total', 'Tries to tell a listener, by what became of them.', [
    'outcome',
  ]);
  const violations = counter('campanile_violations_total', 'Promises that were broken; has to stay 0.');
  const commits = new Histogram({
    name: 'campanile_commit_duration_seconds',
    help: 'Commits of the store, from the call to the answer.',
    buckets: DURATION_BUCKETS,
    registers,
  });
  const count = ({ entries, writes }: Change): void => {
    for (const { kind, move, facts } of entries) {
      if (kind === 'offer') offers.inc();
      const state = FINAL.find((name) => name === move?.to);
      if (state !== undefined) outcomes.labels(state, reasonIn(facts?.['reason'])).inc();
    }
    for (const write of writes)
      if (write.op === 'settle-callback' && write.delivery !== undefined) tries.labels(write.delivery.outcome).inc();
  };
  return {
    ruled: (rule) => rules.labels(rule).inc(),
    committed: (seconds, saved) => {
      commits.observe(seconds);
      saved.forEach(count);
    },
    breached: () => violations.inc(),
  };
}

const FINAL = ['succeeded', 'failed', 'rejected', 'cancelled', 'aborted', 'expired'] as const;

/** Only out of the catalogues: a device's own words are no label. */
const reasonIn = (reason: unknown): string =>
  typeof reason === 'string' && (reason in FAILURE_REASONS || reason in REJECT_REASONS) ? reason : '';

function gaugeLwm2m({ lwm2m }: MetricsParts, registers: Registry[]): void {
  new Gauge({
    name: 'campanile_lwm2m',
    help: 'What is going on towards LwM2M devices.',
    labelNames: ['what'],
    registers,
    collect() {
      for (const [what, count] of Object.entries(lwm2m()?.counts ?? {})) this.labels(what).set(count);
    },
  });
  new Gauge({
    name: 'campanile_dtls',
    help: 'What is known and what has happened on the port with keys; events are counted from the start.',
    labelNames: ['what'],
    registers,
    collect() {
      for (const [what, count] of Object.entries(lwm2m()?.dtls ?? {})) this.labels(what).set(count);
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
