// Runs of worlds, as tests and the command line want them: seeds with the command that replays them, mutants, rules that were hit.
import { RULES, type Rule } from '../../src/campaigns/index.ts';
import { ALL_STORIES } from './all-stories.ts';
import type { Mutant } from './mutants.ts';
import type { Story } from './stories.ts';
import { swarm } from './swarm.ts';
import { World, type WorldOptions } from './world.ts';

/** Rules that were named in the worlds of one survey. */
export class Hits {
  readonly #rules = new Set<Rule>();

  add({ checks }: World): void {
    for (const rule of checks.rules.keys()) this.#rules.add(rule);
  }

  get missing(): readonly Rule[] {
    return (Object.keys(RULES) as Rule[]).filter((rule) => !this.#rules.has(rule));
  }
}

/** One world of the swarm; what it throws names the command that runs it again. */
export async function runSeed(seed: number, hits: Hits, options: WorldOptions = {}): Promise<World> {
  const world = await World.open(swarm(seed), options);
  try {
    return await world.run();
  } catch (error) {
    throw new Error(`npm run world -- --seeds 1 --from ${seed}: ${(error as Error).message}`, { cause: error });
  } finally {
    hits.add(world);
  }
}

export async function runStory(story: Story, hits: Hits): Promise<void> {
  hits.add(await story.run({}));
}

/** How a planted fault is noticed: the sentence of the check, or undefined when it survives. */
export async function noticed({ mutate, story }: Mutant, seeds: number): Promise<string | undefined> {
  const told = ALL_STORIES.filter(({ title }) => story !== undefined && title.includes(story));
  try {
    for (const { run } of told) await run({ mutate });
    for (let seed = 1; told.length === 0 && seed <= seeds; seed += 1)
      await (await World.open(swarm(seed), { mutate })).run();
  } catch (error) {
    return (error as Error).message;
  }
  return undefined;
}
