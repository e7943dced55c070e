// Wires what watches the server: figures, counted commits, events of the operator and their listener.
import { hostname } from 'node:os';
import { EventTeller } from '../callbacks/index.ts';
import type { NodeId } from '../campaigns/index.ts';
import type { Store } from '../store/index.ts';
import { systemChance, systemPost } from './callbacks.ts';
import type { Chore } from './chores.ts';
import { systemClock, systemStopwatch } from './clock.ts';
import type { ServerConfig } from './config.ts';
import { counted } from './counted-store.ts';
import { lookAtDisks } from './disks.ts';
import type { HttpSocket } from './http.ts';
import { kept } from './kept.ts';
import { SERVER_LIMITS } from './limits.ts';
import type { Log } from './log.ts';
import { type Metrics, type MetricsParts, openMetrics } from './metrics.ts';
import { Surveyor } from './survey.ts';
import { VERSION } from './version.ts';
import { Watch } from './watch.ts';

export interface WatchedBase extends Pick<MetricsParts, 'lwm2m' | 'images'> {
  readonly store: Store;
  readonly node: NodeId;
  readonly http: Pick<HttpSocket, 'certificateEnds'>;
  readonly config: Pick<ServerConfig, 'data' | 'images'>;
  readonly log: Log;
}

export interface Watching {
  /** The one to be used from here on: its commits are counted. */
  readonly store: Store;
  readonly metrics: Metrics;
  readonly teller: EventTeller;
  readonly chores: readonly Chore[];
}

export function openWatching({ store, node, http, config, log, lwm2m, images }: WatchedBase): Watching {
  const clock = systemClock;
  const surveyor = new Surveyor({ store, clock });
  const { data, images: imageFolder } = config;
  const disks = kept(clock, SERVER_LIMITS.disksKept, () => lookAtDisks({ data, images: imageFolder }));
  const certificateEnds = () => http.certificateEnds();
  const metrics = openMetrics({ surveyor, store, disks, certificateEnds, clock, lwm2m, images, version: VERSION });
  const watch = new Watch({
    store,
    survey: surveyor.look,
    disks,
    certificateEnds,
    clock,
    node,
    host: hostname(),
    happened: (text) => log.warn(text),
  });
  const teller = new EventTeller({ store, post: systemPost, clock, chance: systemChance });
  const tell = async (): Promise<void> => {
    while (await teller.turn());
  };
  return {
    store: counted(store, { metrics, breached: (breach) => watch.breached(breach), stopwatch: systemStopwatch }),
    metrics,
    teller,
    chores: [
      { name: 'look for what the operator should know', every: SERVER_LIMITS.watchEvery, run: () => watch.look() },
      { name: 'tell the operator', every: SERVER_LIMITS.tellEvery, run: tell },
    ],
  };
}
