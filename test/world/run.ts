// `npm run world -- --seeds 500 --from 12345`: runs worlds drawn from seeds; the first that fails is shown and ends the run.
import { parseArgs } from 'node:util';
import { swarm } from './swarm.ts';
import { World } from './world.ts';

const { values } = parseArgs({
  options: { seeds: { type: 'string', default: '100' }, from: { type: 'string', default: '1' }, all: {type:'boolean', default:false} },
});
const from = Number(values.from);
const seeds = Number(values.seeds);
const hits = new Map<string, number>(); const ends = new Map<string, number>(); let bad = 0; const t0=Date.now(); let worst=[0,0];
for (let seed = from; seed < from + seeds; seed += 1) {
  const t=Date.now();
  try {
    const w = await World.open(swarm(seed)); try { await w.run(); } finally { for (const [r, n] of w.checks.rules) hits.set(r, (hits.get(r) ?? 0) + n); for (const u of w.checks.updates.values()) { const k = u.state.name + ('reason' in u.state ? ' ' + u.state.reason : ''); ends.set(k, (ends.get(k) ?? 0) + 1); } }
  } catch (error) {
    bad++;
    process.stderr.write(`seed ${seed}: ${values.all ? (error as Error).message.slice(0,420) : (error as Error).stack}\n`);
    if (!values.all) process.exit(1);
  }
  if(Date.now()-t>worst[0]) worst=[Date.now()-t,seed];
}
process.stdout.write(`${seeds} worlds from seed ${from} on, ${bad} bad, ${Date.now()-t0} ms, worst ${worst}\n`);

import { RULES } from '../../src/campaigns/index.ts';
process.stdout.write(`${JSON.stringify(Object.fromEntries(ends))}\nnever hit: ${Object.keys(RULES).filter((r) => !hits.has(r)).join(' ')}\n`);
