// Figures of the server itself: listeners, what is due and late, disks, the certificate.
import { Gauge, type Registry } from 'prom-client';
import type { ListenerHealth } from '../accounts/ports.ts';
import type { DiskSpace } from './disks.ts';
import { kept } from './kept.ts';
import { SERVER_LIMITS } from './limits.ts';
import type { MetricsParts } from './metrics.ts';

type MachineParts = Pick<MetricsParts, 'store' | 'disks' | 'certificateEnds' | 'clock'>;

export function gaugeMachine(parts: MachineParts, registers: Registry[]): void {
  gaugeListeners(parts, registers);
  gaugeDue(parts, registers);
  gaugeNodes(parts, registers);
  gaugeDisks(parts, registers);
  new Gauge({
    name: 'campanile_certificate_not_after_timestamp_seconds',
    help: 'When the certificate of the HTTP socket expires; absent: it has none.',
    registers,
    collect() {
      const ends = parts.certificateEnds();
      // A gauge without a label shows 0 when it was never set.
      if (ends === undefined) this.remove();
      else this.set(ends / 1_000);
    },
  });
}

type Health = readonly ListenerHealth[];

function gaugeListeners({ store, clock }: MachineParts, registers: Registry[]): void {
  const look = kept(clock, SERVER_LIMITS.figuresKept, () => store.listenersInTrouble());
  const gauge = (name: string, help: string, of: (all: Health) => number): void => {
    new Gauge({
      name,
      help,
      registers,
      async collect() {
        this.set(of(await look()));
      },
    });
  };
  const sum = (all: Health, of: (one: ListenerHealth) => number): number => all.reduce((so, one) => so + of(one), 0);
  const lag = (all: Health): number => {
    const oldest = Math.min(...all.map(({ oldestAt }) => oldestAt ?? Number.POSITIVE_INFINITY));
    return Math.max(0, clock.now() - oldest) / 1_000;
  };
  gauge('campanile_callbacks_waiting', 'Callbacks that wait for their listeners.', (all) =>
    sum(all, ({ waiting }) => waiting),
  );
  gauge('campanile_callbacks_dead', 'Callbacks that were given up and not delivered since.', (all) =>
    sum(all, ({ dead }) => dead),
  );
  gauge('campanile_listeners_failing', 'Listeners whose last try failed.', (all) =>
    sum(all, ({ failingSince }) => (failingSince === undefined ? 0 : 1)),
  );
  gauge('campanile_callback_lag_seconds', 'Age of the oldest callback that waits.', lag);
}

function gaugeDue({ store, clock }: MachineParts, registers: Registry[]): void {
  new Gauge({
    name: 'campanile_due_late_seconds',
    help: 'How long the row that is due for the longest has been waiting to be looked at.',
    labelNames: ['what'],
    registers,
    async collect() {
      const { update, campaign } = await store.earliestDue();
      for (const [what, at] of [['update', update] as const, ['campaign', campaign] as const])
        this.labels(what).set(at === undefined ? 0 : Math.max(0, clock.now() - at) / 1_000);
    },
  });
}

function gaugeNodes({ store, clock }: MachineParts, registers: Registry[]): void {
  new Gauge({
    name: 'campanile_nodes',
    help: 'Nodes that share the store: alive, or lost without having taken their leave.',
    labelNames: ['state'],
    registers,
    async collect() {
      const nodes = await store.knownNodes();
      const alive = nodes.filter(({ until }) => until >= clock.now()).length;
      this.labels('alive').set(alive);
      this.labels('lost').set(nodes.length - alive);
    },
  });
}

function gaugeDisks({ disks }: MachineParts, registers: Registry[]): void {
  const gauge = (name: string, help: string, of: (space: DiskSpace) => number): void => {
    new Gauge({
      name,
      help,
      labelNames: ['what'],
      registers,
      async collect() {
        for (const space of await disks()) this.labels(space.what).set(of(space));
      },
    });
  };
  gauge(
    'campanile_disk_free_bytes',
    'What is left of the disk with the data, of the one with the images.',
    (at) => at.free,
  );
  gauge('campanile_disk_size_bytes', 'Size of the disk with the data, of the one with the images.', (at) => at.size);
  gauge('campanile_disk_used_bytes', 'Bytes of our own files: of the data, of the images.', (at) => at.used);
}
