// What cannot be undone is done only when somebody says yes: to the question, or by --yes.
import type { Command } from 'commander';
import { CommandFailed, UsageError } from './outcome.ts';
import type { Terminal } from './terminal.ts';

export interface SureOptions {
  readonly yes: boolean;
}

export const withYes = (command: Command): Command => command.option('--yes', 'do not ask', false);

export interface Question {
  /** Said where there is nobody to ask. */
  readonly unasked: string;
  /** What is shown before it is asked. */
  readonly show: () => Promise<readonly string[]>;
}

/** Ends the command unless somebody says yes. */
export async function ask(terminal: Terminal, { unasked, show }: Question): Promise<void> {
  if (terminal.confirm === undefined) throw new UsageError(unasked);
  for (const line of await show()) terminal.err(line);
  if (!(await terminal.confirm('Do it?'))) throw new CommandFailed('Nothing was done.');
}

/** `what` is a sentence that tells what will be gone. Without anybody to ask, `--yes` is the answer. */
export async function makeSure(terminal: Terminal, { yes }: SureOptions, what: string): Promise<void> {
  const unasked = `${what} This cannot be undone, and there is nobody to ask: give --yes.`;
  if (!yes) await ask(terminal, { unasked, show: async () => [what] });
}
