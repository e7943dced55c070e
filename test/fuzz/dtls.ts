/** `node test/fuzz/dtls.ts 1000000 7`: so many damaged datagrams with this seed; fails on a throw or when memory grows. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { systemClock } from '../../src/simulator/index.ts';
import { Mutations } from './dtls-mutations.ts';

const [count = '1000000', seed = '20261123'] = process.argv.slice(2);
const total = Number(count);
const PARTS = 10;
const GROWTH_BYTES_MAX = 8 * 1_024 * 1_024;

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

function heldBytes(): number {
  collect();
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const run = new Mutations(Number(seed));
const begun = systemClock.now();
const held: number[] = [];
for (let part = 1; part <= PARTS; part += 1) {
  for (let turn = 0; turn < total / PARTS; turn += 1) run.next();
  held.push(heldBytes());
  const { associations, handshakes, sessions } = run.server.counts;
  process.stderr.write(
    `${(part * total) / PARTS} datagrams: ${held.at(-1)} bytes, ${associations} associations, ${handshakes} handshakes, ${sessions} sessions\n`,
  );
}
// From the second part on everything that may be remembered has been.
const growth = (held.at(-1) ?? 0) - (held[1] ?? 0);
const seconds = (systemClock.now() - begun) / 1_000;
const reached = [...run.seen].map(([type, times]) => `${type} ${times}`).join(', ');
const verdict = growth <= GROWTH_BYTES_MAX ? 'flat' : 'GROWS';
process.stdout.write(
  `${total} damaged datagrams in ${seconds.toFixed(0)} s, no throw, memory ${verdict} (${growth} bytes)\n`,
);
process.stdout.write(`reached: ${reached}\n`);
process.exitCode = growth <= GROWTH_BYTES_MAX ? 0 : 1;
