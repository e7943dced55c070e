// Looks for what the operator should know, and raises and clears events; each node sees to itself, one of them to the rest.
import {
  ALARM_LIMITS,
  certificateSighting,
  cleared,
  deadCallbackSighting,
  diskSighting,
  EVENT_LIMITS,
  imageSighting,
  judgeAlarms,
  nodeSighting,
  type OperatorEvent,
  type OperatorEventKind,
  type Sighting,
  violationSighting,
} from '../accounts/index.ts';
import type { CampaignReader, InventoryStore, OperatorEventStore, WatchStore } from '../accounts/ports.ts';
import { type Breach, FINDINGS, type Instant, type NodeId } from '../campaigns/index.ts';
import type { Clock } from '../engine/ports.ts';
import type { DiskSpace } from './disks.ts';
import { pages } from './pages.ts';
import type { Survey } from './survey.ts';

export interface WatchParts {
  readonly store: Pick<OperatorEventStore, 'raiseEvent' | 'replaceEvent' | 'operatorEvents'> &
    Pick<WatchStore, 'listenersInTrouble' | 'knownNodes'> &
    Pick<InventoryStore, 'images'> &
    Pick<CampaignReader, 'nodes'>;
  readonly survey: () => Promise<Survey>;
  readonly disks: () => Promise<readonly DiskSpace[]>;
  readonly certificateEnds: () => Instant | undefined;
  readonly clock: Clock;
  readonly node: NodeId;
  /** Names this machine in events: it outlives the node. */
  readonly host: string;
  /** Something was raised or cleared. */
  readonly happened: (text: string) => void;
}

/** What each node sees of itself; the others are seen to by one node for all. */
const OWN: readonly OperatorEventKind[] = ['disk-low', 'certificate-expiring', 'violation'];

export class Watch {
  readonly #parts: WatchParts;
  #breach: { readonly at: Instant; readonly text: string } | undefined;

  constructor(parts: WatchParts) {
    this.#parts = parts;
  }

  /** A commit broke a promise; the next look raises it. */
  breached({ kind, entry }: Breach): void {
    const text = `${FINDINGS[kind]} Campaign ${entry.campaign}, rule ${entry.rule}.`;
    this.#breach = { at: this.#parts.clock.now(), text };
  }

  async look(): Promise<void> {
    const { store, clock, node, host } = this.#parts;
    const open = await store.operatorEvents({ max: EVENT_LIMITS.openMax }, { open: true });
    const survey = await this.#parts.survey();
    const now = clock.now();
    const [eldest] = await store.nodes(now);
    const seesToAll = eldest === node;
    const own = await this.#own(now);
    const shared = seesToAll ? await this.#shared(survey, now) : [];
    const covers = (event: OperatorEvent): boolean => {
      if (!OWN.includes(event.kind)) return seesToAll;
      if (event.facts['host'] !== host) return false;
      // Of what was broken in an earlier life nothing more is known.
      return event.kind !== 'violation' || now - event.raisedAt >= ALARM_LIMITS.faultsOver;
    };
    await this.#store(judgeAlarms(open, [...own, ...shared], covers, now), now);
  }

  async #store({ raise, clear }: ReturnType<typeof judgeAlarms>, now: Instant): Promise<void> {
    const { store, happened } = this.#parts;
    for (const event of raise) if (await store.raiseEvent(event)) happened(event.text);
    // Whoever was told something meanwhile is stale: it is cleared with the next look.
    for (const event of clear) if (await store.replaceEvent(cleared(event, now))) happened(`It is over: ${event.text}`);
  }

  async #own(now: Instant): Promise<readonly Sighting[]> {
    const { disks, certificateEnds, host } = this.#parts;
    const ends = certificateEnds();
    return [
      ...(await disks()).map((space) => diskSighting({ host, ...space })),
      ...(ends === undefined ? [] : [certificateSighting(host, ends, now)]),
      ...(this.#breach === undefined ? [] : [violationSighting(host, this.#breach, now)]),
    ];
  }

  async #damagedImages(): Promise<readonly Sighting[]> {
    const found: Sighting[] = [];
    const images = pages(
      (page) => this.#parts.store.images(page),
      ({ sha256 }) => sha256,
    );
    for await (const { sha256, check } of images)
      if (check?.found !== undefined) found.push(imageSighting(sha256, check.found));
    return found;
  }

  async #shared({ sightings }: Survey, now: Instant): Promise<readonly Sighting[]> {
    const { store } = this.#parts;
    const nodes = await store.knownNodes();
    return [
      ...sightings,
      ...(await this.#damagedImages()),
      ...(await store.listenersInTrouble()).map((one) => deadCallbackSighting(one, one, now)),
      ...nodes.map(({ node, until }) => nodeSighting(node, until, now)),
    ];
  }
}
