// Caps on downloads, over real sockets: bytes wait for their turn, and never past their permit.
import { once } from 'node:events';
import { expect, test } from 'vitest';
import type { DownloadPace } from '../../src/delivery/ports.ts';
import { answerOf, Client, imageLink } from './client.ts';
import { HOUR, someBytes } from './hands.ts';
import { givenWorld } from './world.ts';

const CHUNK = 65_536;

/** Every chunk but the first waits so long. */
class SlowPace implements DownloadPace {
  readonly claims: number[] = [];
  refreshed = 0;
  given = 0;
  readonly #wait: number;
  #told = (): void => {};

  constructor(wait: number) {
    this.#wait = wait;
  }

  async refresh(): Promise<void> {
    this.refreshed += 1;
  }

  claim(_key: unknown, bytes: number) {
    this.claims.push(bytes);
    this.#told();
    return {
      wait: this.claims.length === 1 ? 0 : this.#wait,
      giveBack: () => {
        this.given += bytes;
      },
    };
  }

  /** Resolves when so many were claimed. */
  async claimed(count: number): Promise<void> {
    while (this.claims.length < count) {
      await new Promise<void>((resolve) => {
        this.#told = resolve;
      });
    }
    await others();
  }
}

/** What is under way goes on. */
async function others(): Promise<void> {
  for (let turn = 0; turn < 200; turn += 1) await Promise.resolve();
}

async function begun(pace: SlowPace, downloadWindows?: readonly { from: number; until: number }[]) {
  const windows = downloadWindows === undefined ? {} : { downloadWindows };
  const world = await givenWorld({ image: someBytes(3 * CHUNK), pace, ...windows });
  const client = new Client(world);
  const asked = client.open('GET', imageLink(await client.readAction()), {});
  const answered = answerOf(asked);
  asked.end();
  await once(asked, 'response');
  return { world, answered };
}

test('each chunk waits for its turn, and the image arrives whole', async () => {
  const pace = new SlowPace(2_000);
  const { world, answered } = await begun(pace);
  await using _ = world;
  for (const count of [2, 3]) {
    await pace.claimed(count);
    world.clock.pass(2_000);
  }
  const { bytes, broken } = await answered;
  expect([bytes.equals(world.image), broken]).toEqual([true, false]);
  expect(pace.claims).toEqual([CHUNK, CHUNK, CHUNK]);
  expect(pace.given).toBe(0);
});

test('a chunk whose turn comes after the window is not sent, and what it claimed is given back', async () => {
  const pace = new SlowPace(2 * HOUR);
  const { world, answered } = await begun(pace, [{ from: 10, until: 11 }]);
  await using _ = world;
  await pace.claimed(2);
  world.clock.pass(HOUR);
  const { bytes, broken } = await answered;
  expect([bytes.length, broken]).toEqual([CHUNK, true]);
  await world.until(({ state }) => state.name === 'waiting');
  expect(pace.given).toBe(CHUNK);
});

test('a client that waits for its turn longer than it may stall is not taken for gone; caps are read again meanwhile', async () => {
  const pace = new SlowPace(600_000);
  const { world, answered } = await begun(pace);
  await using _ = world;
  await pace.claimed(2);
  const before = pace.refreshed;
  for (let minute = 0; minute < 10; minute += 1) {
    world.clock.pass(60_000);
    await others();
  }
  await pace.claimed(3);
  for (let minute = 0; minute < 10; minute += 1) {
    world.clock.pass(60_000);
    await others();
  }
  expect((await answered).bytes.equals(world.image)).toBe(true);
  expect(pace.refreshed).toBeGreaterThan(before);
});
