/** An engine that tells real listeners, on a clock that the test sets. */
import { createHash } from 'node:crypto';
import { DEFAULT_SETTINGS } from '../../src/accounts/index.ts';
import { CallbackSender, poster } from '../../src/callbacks/index.ts';
import type { Resolve } from '../../src/callbacks/ports.ts';
import {
  type CampaignId,
  type Entry,
  type ImageToken,
  type Instant,
  instant,
  NO_TALLIES,
} from '../../src/campaigns/index.ts';
import { Engine } from '../../src/engine/index.ts';
import { openMemoryStore, type Store } from '../../src/store/index.ts';
import { account, CAMPAIGN, campaign, change, client, entry, listener, NOW, ONE, user } from '../conformance/given.ts';

/** Timers that run when the test says so. */
class HandTimers {
  readonly #waiting = new Set<() => void>();
  after(_wait: number, then: () => void): () => void {
    this.#waiting.add(then);
    return () => this.#waiting.delete(then);
  }
  fire(): void {
    for (const then of [...this.#waiting]) then();
  }
}

export class Desk {
  readonly store: Store;
  readonly timers = new HandTimers();
  readonly engine: Engine;
  readonly sender: CallbackSender;
  now: Instant = NOW;

  constructor(store: Store, resolve: Resolve = async () => [{ address: '127.0.0.1', family: 4 }]) {
    this.store = store;
    const clock = { now: () => this.now };
    this.sender = new CallbackSender({
      post: poster({ resolve, timers: this.timers }),
      clock,
      chance: () => 0,
      settled: (settlement) => this.engine.callbackSettled(settlement),
      log: {
        failed: (message, error) => {
          throw new Error(message, { cause: error });
        },
      },
    });
    this.engine = new Engine({
      store,
      clock,
      random: { token: () => 't' as ImageToken },
      digest: (text) => createHash('sha256').update(text).digest('hex'),
      sender: this.sender,
      node: ONE,
      log: { event: () => undefined },
    });
  }

  /** An account that allows this machine, and a listener there. */
  static async open(url: string, allowed: readonly string[] = ['127.0.0.1'], resolve?: Resolve): Promise<Desk> {
    const store = openMemoryStore();
    const settings = { ...DEFAULT_SETTINGS, allowPrivateCallbackHosts: allowed };
    await store.insertAccount({ ...account(), settings }, client('c'), user('u'));
    await store.putListener(listener('v3', { url }));
    const desk = new Desk(store, resolve);
    await desk.campaign(CAMPAIGN);
    return desk;
  }

  async campaign(id: CampaignId): Promise<void> {
    const row = campaign({ id, tallies: { ...NO_TALLIES, waiting: 1_000_000 }, nextActionAt: NOW });
    await this.store.commit([change([{ op: 'insert-campaign', row }])], this.now);
  }

  /** Devices of these numbers have ended. */
  async ended(numbers: readonly number[], id: CampaignId = CAMPAIGN): Promise<void> {
    const move = { from: 'waiting', to: 'succeeded' } as const;
    await this.#happened(numbers.map((number) => entry(number, { campaign: id, at: this.now, move })));
  }

  async phase(phase: string, id: CampaignId = CAMPAIGN): Promise<void> {
    const { imei: _none, ...common } = entry(1, { campaign: id, at: this.now, kind: 'phase', facts: { phase } });
    await this.#happened([{ ...common, rule: 'campaign.scheduled' }]);
  }

  async #happened(entries: readonly Entry[]): Promise<void> {
    await this.store.commit([change([], { entries })], this.now);
    await this.work();
  }

  /** Everything that is due is done and has come to its end. */
  async work(): Promise<void> {
    while (await this.engine.tick()) await this.sender.idle();
    await this.sender.idle();
    while (await this.engine.tick()) await this.sender.idle();
  }

  async wait(milliseconds: number): Promise<void> {
    this.now = instant(this.now + milliseconds);
    await this.work();
  }
}
