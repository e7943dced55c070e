// `campanile doctor`: what a server with this configuration needs, looked at once, each with what to do about it.
import type { Command } from 'commander';
import type { Finding } from '../server/index.ts';
import { EXIT } from './outcome.ts';
import { flagsOf, withServerFlags } from './serve.ts';
import type { Terminal } from './terminal.ts';

/** It takes what `serve` takes. */
export const addDoctor = (program: Command): Command =>
  withServerFlags(program.command('doctor'))
    .description('look at configuration, disk, keys, certificate, database, ports, public addresses and clock')
    .option('--json', 'machine-readable output', false);

export async function doctor(command: Command, terminal: Terminal): Promise<number> {
  const { json, ...flags } = flagsOf(command);
  const { examine } = await import('../server/index.ts');
  const findings = await examine(flags, terminal.env);
  for (const finding of findings) terminal.out(json === true ? JSON.stringify(finding) : lineOf(finding));
  return findings.some(({ is }) => is === 'fail') ? EXIT.failed : EXIT.done;
}

const WORD_WIDTH = 4;
const WHAT_WIDTH = 13;

const lineOf = ({ what, is, text, remedy }: Finding): string =>
  `${is.padEnd(WORD_WIDTH)}  ${what.padEnd(WHAT_WIDTH)}  ${text}${remedy === undefined ? '' : ` → ${remedy}`}`;
