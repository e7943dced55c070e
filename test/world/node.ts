// One server process of the world: an engine over the shared store, which can go down at any commit and comes back.
import { createHash } from 'node:crypto';
import type { Change, ImageToken, NodeId } from '../../src/campaigns/index.ts';
import { type CommitResult, Engine, type EngineStore, type Sendable } from '../../src/engine/index.ts';
import type { Agenda } from './agenda.ts';
import type { Seeded } from './random.ts';
import { Crash, watched } from './watched-store.ts';

export interface NodeWorld {
  readonly agenda: Agenda;
  readonly store: EngineStore;
  readonly random: Seeded;
  /** Whether the node goes down at this point of its life. */
  crashes(node: WorldNode, point: 'before' | 'after'): boolean;
  committed(changes: readonly Change[], results: readonly CommitResult[]): void;
  send(node: WorldNode, sendable: Sendable): void;
}

const TICK = 60_000;
const POKE = 200;
const DOWN_MS_MAX = 90_000;

export class WorldNode {
  readonly id: NodeId;
  readonly #world: NodeWorld;
  readonly #random: Seeded;
  #engine: Engine;
  up = true;
  /** Rises with every start: what an earlier life had begun is nobody's any more. */
  life = 0;
  #poked = false;

  constructor(id: string, world: NodeWorld) {
    this.id = id as NodeId;
    this.#world = world;
    this.#random = world.random.fork(`node ${id}`);
    this.#engine = this.#start();
    this.#ticks();
  }

  #start(): Engine {
    this.life += 1;
    const { life } = this;
    const alive = () => this.up && this.life === life;
    const store = watched(this.#world.store, {
      isUp: alive,
      before: () => this.#strike('before'),
      stored: async (changes, results) => {
        this.#world.committed(changes, results);
        this.poke();
        return this.#strike('after');
      },
    });
    return new Engine({
      store,
      clock: { now: this.#world.agenda.now },
      random: {
        token: () =>
          `${this.id}-${this.#random.uint32().toString(36)}${this.#random.uint32().toString(36)}` as ImageToken,
      },
      digest: (text) => createHash('sha256').update(text).digest('hex'),
      sender: { send: (sendable) => this.#world.send(this, sendable) },
      node: this.id,
      log: { event: () => undefined },
    });
  }

  #strike(point: 'before' | 'after'): boolean {
    if (!this.up || !this.#world.crashes(this, point)) return false;
    this.up = false;
    this.#world.agenda.after(this.#random.between(1_000, DOWN_MS_MAX), async () => {
      this.up = true;
      this.#engine = this.#start();
      await this.call((engine) => engine.restarted());
      this.poke();
    });
    return true;
  }

  /** What somebody asks of the server; undefined when nobody answers, because it is down or goes down meanwhile. */
  async call<Result>(run: (engine: Engine) => Promise<Result>): Promise<{ readonly value: Result } | undefined> {
    if (!this.up) return undefined;
    try {
      return { value: await run(this.#engine) };
    } catch (error) {
      if (error instanceof Crash) return undefined;
      throw error;
    }
  }

  /** Something was stored: there may be work. */
  poke(): void {
    if (this.#poked) return;
    this.#poked = true;
    this.#world.agenda.after(POKE, async () => {
      this.#poked = false;
      await this.#tick();
    });
  }

  async #tick(): Promise<void> {
    const left = await this.call((engine) => engine.tick());
    if (left?.value === true) this.poke();
  }

  #ticks(): void {
    this.#world.agenda.after(TICK, async () => {
      await this.#tick();
      this.#ticks();
    });
  }
}
