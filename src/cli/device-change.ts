// `campanile device label | remove`: what an operator writes on a device, and taking it out of the account.
import type { Command } from 'commander';
import { forOperator, type OperatorOptions, operatorClient } from './connection.ts';
import { UsageError } from './outcome.ts';
import type { Act } from './program.ts';
import { makeSure, type SureOptions, withYes } from './sure.ts';
import { printOne } from './table.ts';
import type { Terminal } from './terminal.ts';

type Options = OperatorOptions & { readonly account: string };

const ACCOUNT = ['--account <name>', 'account of the device'] as const;

export function addDeviceChanges(device: Command, act: Act): void {
  forOperator(device.command('label'))
    .description('set labels of a device; a label without a value is taken away, the others stay')
    .argument('<imei>')
    .argument('<labels...>', 'like site=north, or site= to take it away')
    .requiredOption(...ACCOUNT)
    .action(act(label));
  withYes(forOperator(device.command('remove')))
    .description('take a device out of the account; a device in a live campaign is refused')
    .argument('<imei>')
    .requiredOption(...ACCOUNT)
    .action(act(remove));
}

async function label(terminal: Terminal, imei: string, given: readonly string[], options: Options): Promise<void> {
  const labels = Object.fromEntries(given.map(parsedLabel));
  const client = await operatorClient(options, terminal);
  printOne(terminal, options.json, await client.devices.patch(options.account, imei, { labels }));
}

/** An empty value takes the label away. */
function parsedLabel(text: string): readonly [name: string, value: string] {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined)
    throw new UsageError(`A label: given "${text}", accepted: a name and a value like site=north.`);
  return [name, value];
}

async function remove(terminal: Terminal, imei: string, options: Options & SureOptions): Promise<void> {
  await makeSure(
    terminal,
    options,
    `Device ${imei} is taken out of account ${options.account}, with its keys and labels.`,
  );
  const client = await operatorClient(options, terminal);
  await client.devices.delete(options.account, imei);
  terminal.out(options.json ? JSON.stringify({ imei, removed: true }) : `${imei} is removed`);
}
