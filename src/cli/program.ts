// All commands of `campanile`, and how each of them ends.
import { Command, CommanderError } from 'commander';
import { addAccount } from './account.ts';
import { addCampaign } from './campaign.ts';
import { addDemo } from './demo.ts';
import { addDevice } from './device.ts';
import { addEventListener, addEvents } from './events.ts';
import { addFleet } from './fleet.ts';
import { addLoginLink, addOperator } from './operator.ts';
import { EXIT, explain } from './outcome.ts';
import { addPackage } from './package.ts';
import { addServe, serve } from './serve.ts';
import type { Terminal } from './terminal.ts';

/** Makes a commander action of a command's work; without an exit code of its own the command is done. */
export type Act = <Given extends readonly unknown[]>(
  work: (terminal: Terminal, ...given: Given) => Promise<number> | Promise<void>,
) => (...given: Given) => Promise<void>;

/** Runs one command and gives its exit code. */
export async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  let code: number = EXIT.done;
  const act: Act =
    (work) =>
    async (...given) => {
      code = (await work(terminal, ...given)) ?? EXIT.done;
    };
  const program = buildProgram(act, terminal);
  try {
    await program.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    // Commander has said already what is wrong.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    return explain(error, terminal);
  }
}

function buildProgram(act: Act, terminal: Terminal): Command {
  const program = new Command('campanile')
    .description('Firmware and software campaigns over the air for your own fleet.')
    .addHelpText('after', '\nExit codes: 0 done, 1 refused or failed, 2 given wrongly.')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out(text.trimEnd()),
      writeErr: (text) => terminal.err(text.trimEnd()),
    });
  const serving = addServe(program);
  serving.action(act(() => serve(serving, terminal)));
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
  return program;
}
