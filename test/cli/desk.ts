// The command line in this process, at a terminal whose lines are kept.
import { readFile } from 'node:fs/promises';
import { run, type Terminal } from '../../src/cli/index.ts';

export interface Said {
  readonly code: number;
  readonly out: readonly string[];
  readonly err: readonly string[];
  readonly bars: readonly string[];
}

export interface Desk {
  readonly env?: Readonly<Record<string, string>>;
  /** What somebody says to questions; absent: nobody is there. */
  readonly answer?: boolean;
}

export async function campanile({ env = {}, answer }: Desk, ...args: readonly string[]): Promise<Said> {
  const said = { out: [] as string[], err: [] as string[], bars: [] as string[] };
  const terminal: Terminal = {
    env,
    isLive: false,
    out: (line) => said.out.push(line),
    err: (line) => said.err.push(line),
    progress: (line) => said.out.push(line),
    bar: (line) => said.bars.push(line),
    ...(answer === undefined ? {} : { confirm: async () => answer }),
    read: (path) => readFile(path, 'utf8'),
    onInterrupt: () => () => {},
  };
  return { ...said, code: await run(args, terminal) };
}
