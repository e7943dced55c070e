// What the doctor finds: one thing looked at, how it is, and what to do where it is not well.

export interface Finding {
  /** What was looked at, in a word. */
  readonly what: string;
  readonly is: 'ok' | 'warn' | 'fail';
  readonly text: string;
  readonly remedy?: string;
}

export const ok = (what: string, text: string): Finding => ({ what, is: 'ok', text });
/** It runs, and somebody should look at it. */
export const warn = (what: string, text: string, remedy: string): Finding => ({ what, is: 'warn', text, remedy });
/** A server will not run, or will not be reached. */
export const fail = (what: string, text: string, remedy: string): Finding => ({ what, is: 'fail', text, remedy });
