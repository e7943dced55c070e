// The command's only touch with the terminal: what it prints, reads and is told by signals.
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';

export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A person is watching: a line may be written over. */
  readonly isLive: boolean;
  out(line: string): void;
  err(line: string): void;
  /** Shows where things stand: written over the last one where that is possible. */
  progress(line: string): void;
  /** A file's text; `-` is what is piped in. */
  read(path: string): Promise<string>;
  /** Asks somebody; absent where nobody is there to be asked. */
  readonly confirm?: (question: string) => Promise<boolean>;
  /** Runs it once when somebody wants the command to end; what it returns takes that back. */
  onInterrupt(run: () => void): () => void;
}

export function systemTerminal(): Terminal {
  const { stdout, stderr, env } = process;
  const isLive = stdout.isTTY === true;
  stdout.on('error', ignoreClosedPipe);
  let open = false;
  const clear = (): void => {
    if (open) stdout.write('\r\x1b[2K');
    open = false;
  };
  return {
    env,
    isLive,
    out: (line) => {
      clear();
      stdout.write(`${line}\n`);
    },
    err: (line) => {
      clear();
      stderr.write(`${line}\n`);
    },
    progress: (line) => {
      clear();
      stdout.write(isLive ? line.slice(0, stdout.columns - 1) : `${line}\n`);
      open = isLive;
    },
    read: (path) => (path === '-' ? piped() : readFile(path, 'utf8')),
    ...(process.stdin.isTTY === true ? { confirm } : {}),
    onInterrupt,
  };
}

/** Whoever was reading has seen enough, as `head` does. */
function ignoreClosedPipe(error: Error): void {
  if (!('code' in error) || error.code !== 'EPIPE') throw error;
}

async function piped(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

/** The question goes to stderr, so that what is printed can be piped. */
async function confirm(question: string): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `)).trim());
  } finally {
    lines.close();
  }
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

function onInterrupt(run: () => void): () => void {
  const forget = (): void => {
    for (const signal of SIGNALS) process.off(signal, interrupted);
  };
  const interrupted = (): void => {
    forget();
    run();
  };
  for (const signal of SIGNALS) process.on(signal, interrupted);
  return forget;
}
