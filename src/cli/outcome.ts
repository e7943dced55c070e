// How a command ends: its exit code, and the one sentence that says why.
import { CampanileError } from '../sdk/index.ts';
import type { Terminal } from './terminal.ts';

/** 1: refused or failed. 2: the command was given wrongly. */
export const EXIT = { done: 0, failed: 1, usage: 2 } as const;

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
