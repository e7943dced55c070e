// `npm run world -- --seeds 500 --from 12345`, or `--mutants`: runs worlds; one that fails is named, and ends the run.
import { parseArgs } from 'node:util';
import { ALL_STORIES } from './all-stories.ts';
import { MUTANTS } from './mutants.ts';
import { Hits, noticed, runSeed, runStory } from './survey.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '100' },
    from: { type: 'string', default: '1' },
    mutants: { type: 'boolean', default: false },
  },
});
const say = (line: string): boolean => process.stdout.write(`${line}\n`);

async function worlds(seeds: number, from: number): Promise<void> {
  const hits = new Hits();
  for (let seed = from; seed < from + seeds; seed += 1) await runSeed(seed, hits);
  for (const story of seeds > 1 ? ALL_STORIES : []) await runStory(story, hits);
  say(`${seeds} worlds from seed ${from} on: all well.`);
  if (seeds > 1) say(`Rules that no world and no story has hit: ${hits.missing.join(', ')}`);
}

async function mutants(seeds: number): Promise<void> {
  let survived = 0;
  for (const mutant of MUTANTS) {
    const by = await noticed(mutant, seeds);
    if (by === undefined) survived += 1;
    say(
      `${by === undefined ? 'SURVIVED' : 'noticed '} ${mutant.title}${by === undefined ? '' : `: ${by.slice(0, 200)}`}`,
    );
  }
  if (survived > 0) throw new Error(`${survived} of ${MUTANTS.length} mutants survived ${seeds} seeds.`);
}

try {
  if (values.mutants) await mutants(Number(values.seeds));
  else await worlds(Number(values.seeds), Number(values.from));
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
