// A small world for the device side over HTTP: a real server on loopback, the engine on the memory store, a clock set by hand.
import type { AddressInfo } from 'node:net';
import fastify, { type FastifyInstance } from 'fastify';
import { abort, type NodeId, type StateName, type Update } from '../../src/campaigns/index.ts';
import { LastSeen, registerDdi } from '../../src/delivery/ddi/index.ts';
import { Engine, Strangers } from '../../src/engine/index.ts';
import { openMemoryStore, type Store } from '../../src/store/index.ts';
import { HandClock, HandImages, hex, someBytes } from './hands.ts';
import { ACCOUNT, CAMPAIGN, fill, type Given, IMEI, schedule } from './rows.ts';

export interface World extends AsyncDisposable {
  readonly clock: HandClock;
  readonly images: HandImages;
  readonly store: Store;
  readonly engine: Engine;
  readonly app: FastifyInstance;
  readonly lastSeen: LastSeen;
  readonly strangers: Strangers;
  readonly log: string[];
  readonly port: number;
  readonly image: Uint8Array;
  readonly url: string;
  update(): Promise<Update>;
  state(): Promise<StateName>;
  /** Resolves when the update is as told; looked at after every commit. */
  until(fits: (update: Update) => boolean): Promise<Update>;
  tick(): Promise<void>;
  abort(): Promise<void>;
  /** The device's row names the campaign it was part of. */
  remember(): Promise<void>;
}

export async function givenWorld(given: Given = {}): Promise<World> {
  const clock = new HandClock();
  const images = new HandImages();
  const image = given.image ?? someBytes(100_000);
  const log: string[] = [];
  const changes = new Changes();
  const store = watched(openMemoryStore(), () => changes.happened());
  const engine = engineOn(store, clock, log);
  const app = fastify();
  const lastSeen = new LastSeen(store);
  const strangers = new Strangers(store);
  const port = (): number => (app.server.address() as AddressInfo).port;
  const url = (): string => `http://127.0.0.1:${port()}`;
  const event = (name: string, facts: object): void => void log.push(`${name} ${JSON.stringify(facts)}`);
  const shared = { engine, store, images, clock, timers: clock, contacts: lastSeen, strangers };
  const trustsProxy = (): boolean => given.behindProxy === true;
  const pace = given.pace === undefined ? {} : { pace: given.pace };
  await registerDdi(app, { ...shared, ...pace, publicHttpUrl: url, log: { event }, trustsProxy });
  await app.listen({ host: '127.0.0.1', port: 0 });
  await fill(store, images, image, given);
  const words = wordsOf(store, engine, changes);
  if (given.scheduled !== false) {
    await schedule(engine, images.add(image), given);
    await words.tick();
  }
  const facts = { clock, images, store, engine, app, lastSeen, strangers, log, image, url: url(), port: port() };
  return { ...facts, ...words, [Symbol.asyncDispose]: () => app.close() };
}

/** Wakes whoever waits for the next commit. */
class Changes {
  #waiting: (() => void)[] = [];

  next(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  happened(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }
}

type Words = Pick<World, 'update' | 'state' | 'until' | 'tick' | 'abort' | 'remember'>;

function wordsOf(store: Store, engine: Engine, changes: Changes): Words {
  const update = async (): Promise<Update> => {
    const found = await store.update({ account: ACCOUNT, campaign: CAMPAIGN }, IMEI);
    if (found === undefined) throw new Error('the device is in no campaign');
    return found;
  };
  const tick = async (): Promise<void> => {
    while (await engine.tick());
  };
  return {
    update,
    tick,
    state: async () => (await update()).state.name,
    until: async (fits) => {
      for (;;) {
        const changed = changes.next();
        const now = await update();
        if (fits(now)) return now;
        await changed;
      }
    },
    abort: async () => {
      await engine.commands.order({ account: ACCOUNT, campaign: CAMPAIGN }, (campaign, now) => abort(campaign, now));
      await tick();
    },
    remember: async () => {
      const device = await store.device({ account: ACCOUNT, imei: IMEI });
      if (device === undefined) throw new Error('there is no such device');
      await store.writeDevices([{ device: { ...device, lastCampaign: CAMPAIGN }, isNew: false }]);
    },
  };
}

/** The same store; `then` is called after every commit. */
function watched(store: Store, then: () => void): Store {
  return {
    ...store,
    commit: async (changes, now) => {
      const results = await store.commit(changes, now);
      then();
      return results;
    },
  };
}

function engineOn(store: Store, clock: HandClock, log: string[]): Engine {
  let tokens = 0;
  const token = (): never => {
    tokens += 1;
    return `token-${String(tokens).padStart(16, '0')}` as never;
  };
  return new Engine({
    store,
    clock,
    random: { token },
    digest: (text) => hex('sha256', Buffer.from(text)),
    sender: { send: () => {} },
    node: 'n1' as NodeId,
    log: { event: (name) => void log.push(name) },
  });
}
