// What cannot be undone is done only when somebody says yes: to the question, or by --yes.
import type { Command } from 'commander';
import { CommandFailed, UsageError } from './outcome.ts';
import type { Terminal } from './terminal.ts';

export interface SureOptions {
  readonly yes: boolean;
}

export const withYes = (command: Command): Command => command.option('--yes', 'do not ask', false);

/** `what` is a sentence that tells what will be gone. Without anybody to ask, `--yes` is the answer. */
export async function makeSure(terminal: Terminal, { yes }: SureOptions, what: string): Promise<void> {
  if (yes) return;
  if (terminal.confirm === undefined)
    throw new UsageError(`${what} This cannot be undone, and there is nobody to ask: give --yes.`);
  terminal.err(what);
  if (!(await terminal.confirm('Do it?'))) throw new CommandFailed('Nothing was done.');
}
