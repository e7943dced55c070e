// `npm run world -- --seeds 500 --from 12345`: runs worlds drawn from seeds; the first that fails is shown and ends the run.
import { parseArgs } from 'node:util';
import { swarm } from './scenario.ts';
import { World } from './world.ts';

const { values } = parseArgs({
  options: { seeds: { type: 'string', default: '100' }, from: { type: 'string', default: '1' } },
});
const from = Number(values.from);
const seeds = Number(values.seeds);

for (let seed = from; seed < from + seeds; seed += 1) {
  try {
    await (await World.open(swarm(seed))).run();
  } catch (error) {
    process.stderr.write(
      `seed ${seed}: ${(error as Error).message}\nReplay: npm run world -- --seeds 1 --from ${seed}\n`,
    );
    process.exit(1);
  }
}
process.stdout.write(`${seeds} worlds from seed ${from} on: all well.\n`);
