// `npm run score -- --seed 1`: measures what engine.md §7 says of the halt score, on the pure functions.
import { parseArgs } from 'node:util';
import { SCORE_TERMS, scorePlan } from '../../src/campaigns/index.ts';
import { Seeded } from '../world/random.ts';
import { canaryRuns, guardRuns, halted, spreadOf } from './measure.ts';

const { values } = parseArgs({ options: { seed: { type: 'string', default: '1' } } });
const seed = Number(values.seed);
const devices = 400_000;
const plan = scorePlan(SCORE_TERMS, { devices, strata: [], autoAddDevices: false });
const say = (line: string): void => void process.stdout.write(`${line}\n`);
// One stream for all runs: forks of it would be stretches of the same sequence, and could overlap.
const random = new Seeded(seed);

say(`seed ${seed}, ${devices} devices, guard halts at ${plan.guard.halt} micro-nats`);
const usual = halted(guardRuns(plan, random, { runs: 300, share: SCORE_TERMS.p0, outcomesMax: devices }));
say(`guard, 2 % fail: ${usual.length} of 300 runs of ${devices} outcomes halted (bound ${SCORE_TERMS.alpha})`);
for (const share of [0.3, 0.1]) {
  const runs = halted(guardRuns(plan, random, { runs: 2_000, share, outcomesMax: devices }));
  const { mean, median, p95 } = spreadOf(runs);
  say(
    `guard, ${share * 100} % fail: ${runs.length} of 2000 halted, after mean ${mean}, median ${median}, p95 ${p95} outcomes`,
  );
}
for (const share of [SCORE_TERMS.p0, SCORE_TERMS.p1, 0.3]) {
  const runs = canaryRuns(plan, random, { runs: 20_000, share, outcomesMax: devices });
  const percent = (verdict: 'accept' | 'halt'): number =>
    Math.round((runs.filter((run) => run.verdict === verdict).length / runs.length) * 10_000) / 100;
  const { mean, median, p95 } = spreadOf(runs.map(({ outcomes }) => outcomes));
  say(
    `canary, ${share * 100} % fail: ${percent('accept')} % accepted, ${percent('halt')} % halted, after mean ${mean}, median ${median}, p95 ${p95} outcomes`,
  );
}
