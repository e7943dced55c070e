// One server process of the world: an engine over the shared store, with a clock of its own, that can go down at any commit.
import { createHash } from 'node:crypto';
import type { Change, ImageToken, Instant, NodeId } from '../../src/campaigns/index.ts';
import { type CommitResult, Engine, type EngineStore, type Sendable } from '../../src/engine/index.ts';
import type { Agenda } from './agenda.ts';
import { SIGNER } from './proofs.ts';
import type { Quiet } from './quiet.ts';
import type { Seeded } from './random.ts';
import type { Trouble } from './scenario.ts';
import { faulty, StoreFault } from './store-faults.ts';
import { Crash, watched } from './watched-store.ts';

export interface NodeWorld {
  readonly agenda: Agenda;
  readonly store: EngineStore;
  readonly random: Seeded;
  readonly quiet: Quiet;
  readonly trouble: () => Trouble;
  /** Absent: every tick is run. */
  readonly skipsIdle: boolean;
  /** What a mutant has made of the store. */
  mutate(store: EngineStore): EngineStore;
  /** Whether the node goes down at this point of its life. */
  crashes(node: WorldNode, point: 'before' | 'after'): boolean;
  committed(changes: readonly Change[], results: readonly CommitResult[]): void;
  /** Another node does its work while this one waits for the store. */
  meanwhile(node: WorldNode): Promise<void>;
  send(node: WorldNode, sendable: Sendable): void;
}

const TICK = 60_000;
const POKE = 200;
const DOWN_MS_MAX = 90_000;
const BEAT_MS = 120_000;

export class WorldNode {
  readonly id: NodeId;
  /** How far its clock is off. */
  readonly skewMs: number;
  readonly #world: NodeWorld;
  readonly #random: Seeded;
  readonly #store: EngineStore;
  #engine: Engine;
  #gaveUp = false;
  up = true;
  /** Rises with every start: what an earlier life had begun is nobody's any more. */
  life = 0;
  #poked = false;
  #lookedAt = -1;

  constructor(id: string, skewMs: number, world: NodeWorld) {
    this.id = id as NodeId;
    this.skewMs = skewMs;
    this.#world = world;
    this.#random = world.random.fork(`node ${id}`);
    this.#store = world.mutate(this.#watched());
    this.#engine = this.#start();
    this.#ticks();
  }

  now = (): Instant => (this.#world.agenda.now() + this.skewMs) as Instant;

  #watched(): EngineStore {
    return watched(this.#world.store, {
      isUp: () => this.up,
      before: () => this.#strike('before'),
      stored: async (changes, results) => {
        this.#world.committed(changes, results);
        this.poke();
        return this.#strike('after');
      },
    });
  }

  #start(): Engine {
    this.life += 1;
    const { life } = this;
    const random = this.#random.fork(`faults ${life}`);
    const tokens = this.#random.fork(`tokens ${life}`);
    const alive = watched(
      faulty(this.#store, { random, trouble: this.#world.trouble, meanwhile: () => this.#world.meanwhile(this) }),
      { isUp: () => this.up && this.life === life, before: () => false, stored: async () => false },
    );
    return new Engine({
      store: alive,
      clock: { now: this.now },
      random: {
        token: () => `${this.id}-${life}-${tokens.uint32().toString(36)}${tokens.uint32().toString(36)}` as ImageToken,
      },
      digest: (text) => createHash('sha256').update(text).digest('hex'),
      signer: SIGNER,
      sender: { send: (sendable) => this.#world.send(this, sendable) },
      node: this.id,
      log: {
        event: (name) => {
          this.#gaveUp ||= name === 'stale';
        },
      },
    });
  }

  #strike(point: 'before' | 'after'): boolean {
    if (!this.up || !this.#world.crashes(this, point)) return false;
    this.up = false;
    this.#world.agenda.after(this.#random.between(1_000, DOWN_MS_MAX), () => this.#rise());
    return true;
  }

  async #rise(): Promise<void> {
    this.up = true;
    this.#engine = this.#start();
    const { life } = this;
    // A start that does not reach its store is tried again, as a process manager does.
    if ((await this.call((engine) => engine.restarted())) === undefined && this.up && this.life === life)
      this.#world.agenda.after(TICK, () => (this.up && this.life === life ? this.#rise() : undefined));
    this.poke();
  }

  /** What somebody asks of the server; undefined when nobody answers, because it is down, goes down meanwhile, or fails. */
  async call<Result>(run: (engine: Engine) => Promise<Result>): Promise<{ readonly value: Result } | undefined> {
    if (!this.up) return undefined;
    this.#gaveUp = false;
    try {
      return { value: await run(this.#engine) };
    } catch (error) {
      if (error instanceof Crash || error instanceof StoreFault || this.#gaveUp) return undefined;
      throw error;
    }
  }

  /** Something was stored: there may be work. */
  poke(): void {
    if (this.#poked) return;
    this.#poked = true;
    this.#world.agenda.after(POKE, async () => {
      this.#poked = false;
      await this.tick();
    });
  }

  async tick(): Promise<void> {
    const { commits } = this.#world.quiet;
    const left = await this.call((engine) => engine.tick());
    this.#lookedAt = left?.value === false && commits === this.#world.quiet.commits ? commits : -1;
    if (left?.value === true) this.poke();
  }

  /** Nothing was stored since it looked and found nothing, nothing is under way, and no row is due. */
  #isIdle(): boolean {
    const { quiet, skipsIdle } = this.#world;
    return skipsIdle && this.#lookedAt === quiet.commits && quiet.isSettled && quiet.dueAt() > this.now();
  }

  #ticks(): void {
    this.#world.agenda.after(TICK, async () => {
      if (!this.up || !this.#isIdle()) await this.tick();
      else await this.#store.beat(this.id, this.now(), (this.now() + BEAT_MS) as Instant);
      this.#ticks();
    });
  }
}
