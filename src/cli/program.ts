// All commands of `campanile`, and how each of them ends.
import { Command, CommanderError } from 'commander';
import { addAccount } from './account.ts';
import { addBackup } from './backup.ts';
import { addCallback } from './callback.ts';
import { addCampaign } from './campaign.ts';
import { type Configured, configured } from './config-file.ts';
import { addDemo } from './demo.ts';
import { addDevice } from './device.ts';
import { addDoctor, doctor } from './doctor.ts';
import { addEventListener, addEvents } from './events.ts';
import { showExamples } from './examples.ts';
import { addFleet } from './fleet.ts';
import { addLoginLink, addOperator } from './operator.ts';
import { EXIT, exitLines, explain } from './outcome.ts';
import { addPackage } from './package.ts';
import { addServe, serve } from './serve.ts';
import type { Terminal } from './terminal.ts';
import { version } from './version.ts';

/** Makes a commander action of a command's work; without an exit code of its own the command is done. */
export type Act = <Given extends readonly unknown[]>(
  work: (terminal: Terminal, ...given: Given) => Promise<number> | Promise<void>,
) => (...given: Given) => Promise<void>;

/** Runs one command and gives its exit code. */
export async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  let code: number = EXIT.done;
  const settings = configured(terminal);
  const act: Act =
    (work) =>
    async (...given) => {
      code = (await work(settings.terminal, ...given)) ?? EXIT.done;
    };
  const program = buildProgram(act, settings);
  try {
    await program.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    // Commander has said already what is wrong.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    return explain(error, terminal);
  }
}

/** Every command as it is known by its words; none of them does anything. */
export const commandTree = (terminal: Terminal): Command => buildProgram(() => async () => {}, configured(terminal));

function buildProgram(act: Act, { terminal, settle }: Configured): Command {
  const program = new Command('campanile')
    .description('Firmware and software campaigns over the air for your own fleet.')
    .version(version(), '-V, --version', 'print the version')
    .option('--config <file>', 'settings in JSON; else CAMPANILE_CONFIG, else ./campanile.json where it is there')
    .addHelpText('after', `\nExit codes:\n${exitLines().join('\n')}`)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out(text.trimEnd()),
      writeErr: (text) => terminal.err(text.trimEnd()),
    });
  const serving = addServe(program);
  program.hook('preSubcommand', () => settle(program, serving));
  serving.action(act(() => serve(serving, terminal)));
  const examining = addDoctor(program);
  examining.action(act(() => doctor(examining, terminal)));
  addDemo(program, act);
  addFleet(program, act);
  addOperator(program, act);
  addLoginLink(program, act);
  addEvents(program, act);
  addEventListener(program, act);
  addAccount(program, act);
  addDevice(program, act);
  addPackage(program, act);
  addCampaign(program, act);
  addCallback(program, act);
  addBackup(program, act);
  showExamples(program);
  return program;
}
