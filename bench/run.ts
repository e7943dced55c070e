/** `npm run bench -- callbacks`: runs the named benchmarks, all of them when none is named; one line for each target. Falling short is no failure. */
import { lineOf, type Target } from './target.ts';

interface Bench {
  run(say: (line: string) => void): Promise<readonly Target[]>;
}

const BENCHES: Readonly<Record<string, () => Promise<Bench>>> = {
  callbacks: () => import('./callbacks.ts'),
  dtls: () => import('./dtls.ts'),
  lwm2m: () => import('./lwm2m.ts'),
};

const named = process.argv.slice(2);
const names = named.length === 0 ? Object.keys(BENCHES) : named;
for (const name of names) {
  const open = BENCHES[name];
  if (open === undefined) {
    process.stderr.write(`There is no benchmark ${name}; there are: ${Object.keys(BENCHES).join(', ')}.\n`);
    process.exit(2);
  }
  const bench = await open();
  const targets = await bench.run((line) => process.stderr.write(`${line}\n`));
  for (const target of targets) process.stdout.write(`${lineOf(target)}\n`);
}
