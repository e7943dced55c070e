// Who wants to know what has changed in an account: news are gathered for a moment and told once, however many they are.
import type { LiveChange } from '../contract/index.ts';

export interface LivePorts {
  /** Calls `then` once after so many milliseconds; what it returns takes that back. */
  after(wait: number, then: () => void): () => void;
}

/** The bounds of live connections. */
export const LIVE_LIMITS = {
  /** Between two messages of one connection, at least (milliseconds). */
  gatherFor: 1_000,
  /** Campaigns that are named in one message; with more of them it says `all`. */
  namedMax: 50,
  /** A sign of life after so long without news (milliseconds). */
  aliveEvery: 10_000,
  /** A connection ends after so long, and whoever still may opens another (milliseconds). */
  streamLife: 600_000,
} as const;

/** Who listens: is given what has changed, or nothing as a sign of life; `ended` once. */
export interface Listening {
  readonly account: string;
  readonly told: (changes: readonly LiveChange[]) => void;
  readonly ended: () => void;
}

export class LiveChanges {
  readonly #ports: LivePorts;
  readonly #streamsMax: number;
  readonly #streams = new Set<Stream>();

  /** `streamsMax`: connections of this server at a time. */
  constructor(ports: LivePorts, streamsMax: number) {
    this.#ports = ports;
    this.#streamsMax = streamsMax;
  }

  /** A campaign was stored; cheap, for it is called with each commit. */
  changed(account: string, campaign: string): void {
    for (const stream of this.#streams) if (stream.account === account) stream.note(campaign);
  }

  /** Undefined: there are too many already. What it returns ends the connection. */
  open(listening: Listening): (() => void) | undefined {
    if (this.#streams.size >= this.#streamsMax) return undefined;
    const stream: Stream = new Stream(this.#ports, listening, () => this.#streams.delete(stream));
    this.#streams.add(stream);
    return () => stream.end();
  }

  get count(): number {
    return this.#streams.size;
  }

  endAll(): void {
    for (const stream of [...this.#streams]) stream.end();
  }
}

class Stream {
  readonly account: string;
  readonly #ports: LivePorts;
  readonly #listening: Listening;
  readonly #forget: () => void;
  readonly #campaigns = new Set<string>();
  #gathering = false;
  #isOver = false;
  #cancelWait: () => void = () => {};
  #cancelLife: () => void;

  constructor(ports: LivePorts, listening: Listening, forget: () => void) {
    this.account = listening.account;
    this.#ports = ports;
    this.#listening = listening;
    this.#forget = forget;
    this.#cancelLife = ports.after(LIVE_LIMITS.streamLife, () => this.end());
    this.#waitForNews();
  }

  note(campaign: string): void {
    if (this.#campaigns.size <= LIVE_LIMITS.namedMax) this.#campaigns.add(campaign);
    if (!this.#gathering) this.#wake(LIVE_LIMITS.gatherFor, true);
  }

  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#cancelWait();
    this.#cancelLife();
    this.#forget();
    this.#listening.ended();
  }

  #waitForNews(): void {
    this.#wake(LIVE_LIMITS.aliveEvery, false);
  }

  #wake(wait: number, gathering: boolean): void {
    this.#cancelWait();
    this.#gathering = gathering;
    this.#cancelWait = this.#ports.after(wait, () => {
      const changes = this.#taken();
      this.#waitForNews();
      this.#listening.told(changes);
    });
  }

  #taken(): readonly LiveChange[] {
    const ids = [...this.#campaigns];
    this.#campaigns.clear();
    return ids.length > LIVE_LIMITS.namedMax ? [{ what: 'all' }] : ids.map((id) => ({ what: 'campaign', id }));
  }
}
