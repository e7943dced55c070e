/** `npm run bench -- callbacks`: runs the named benchmarks, all of them when none is named; one line for each target. Flags go to each. */
import { lineOf, type Target } from './target.ts';

interface Bench {
  run(say: (line: string) => void, flags: readonly string[]): Promise<readonly Target[]>;
}

const BENCHES: Readonly<Record<string, () => Promise<Bench>>> = {
  admission: () => import('./admission.ts'),
  callbacks: () => import('./callbacks.ts'),
  simulate: () => import('./simulate.ts'),
  dtls: () => import('./dtls.ts'),
  lwm2m: () => import('./lwm2m.ts'),
  ddi: () => import('./ddi.ts'),
  images: () => import('./images.ts'),
  commits: () => import('./commits.ts'),
  console: () => import('./console.ts'),
  engine: () => import('./engine.ts'),
};

const given = process.argv.slice(2);
const flagsAt = given.findIndex((one) => one.startsWith('-'));
const named = flagsAt === -1 ? given : given.slice(0, flagsAt);
const flags = flagsAt === -1 ? [] : given.slice(flagsAt);
const names = named.length === 0 ? Object.keys(BENCHES) : named;
for (const name of names) {
  const open = BENCHES[name];
  if (open === undefined) {
    process.stderr.write(`There is no benchmark ${name}; there are: ${Object.keys(BENCHES).join(', ')}.\n`);
    process.exit(2);
  }
  const bench = await open();
  const targets = await bench.run((line) => process.stderr.write(`${line}\n`), flags);
  for (const target of targets) process.stdout.write(`${lineOf(target)}\n`);
  // A target that is missed is a finding; a figure that is none is a failure.
  if (!targets.every(({ value }) => Number.isFinite(value))) process.exitCode = 1;
}
