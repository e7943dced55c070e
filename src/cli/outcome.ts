// How a command ends: its exit code, and the one sentence that says why.
import { CampanileError } from '../sdk/index.ts';
import type { Terminal } from './terminal.ts';

/** What each means is in EXIT_TEXT, which docs/cli.md and the help show. */
export const EXIT = { done: 0, failed: 1, usage: 2, notAllUpdated: 3, held: 4 } as const;

export const EXIT_TEXT: Readonly<Record<keyof typeof EXIT, string>> = {
  done: 'done',
  failed: 'refused or failed',
  usage: 'given wrongly',
  notAllUpdated: 'watch: the campaign is over and not every device runs the new version',
  held: 'watch --until hold: the campaign is paused, halted or undecided',
};

/** For the help: each code with what it means. */
export const exitLines = (): readonly string[] =>
  Object.entries(EXIT_TEXT).map(([name, text]) => `  ${EXIT[name as keyof typeof EXIT]}  ${text}`);

export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Something did not end well; its message says what. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';
}

/** Names of errors whose message was written for the operator. */
const SENTENCES = ['CommandFailed', 'StartRefused', 'UsageError'];

export function explain(error: unknown, terminal: Terminal): number {
  if (error instanceof CampanileError) terminal.err(`${error.errorCode}: ${error.errorMessage}`);
  else if (error instanceof Error && (SENTENCES.includes(error.name) || 'code' in error)) terminal.err(error.message);
  else terminal.err(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return error instanceof UsageError ? EXIT.usage : EXIT.failed;
}
