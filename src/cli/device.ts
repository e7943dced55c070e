// `campanile device`: imports, lists and shows devices.
import type { Command } from 'commander';
import type { DeviceItem } from '../sdk/operator.ts';
import { forOperator, type OperatorOptions, operatorClient } from './connection.ts';
import { addConnect } from './device-connect.ts';
import { addHeldDevices } from './device-held.ts';
import { addDeviceExplain } from './explain.ts';
import { EXIT, UsageError } from './outcome.ts';
import type { Act } from './program.ts';
import { printList, printOne, tableLines } from './table.ts';
import type { Terminal } from './terminal.ts';

type Options = OperatorOptions & { readonly account: string };
type ImportOptions = Options & { readonly dryRun: boolean };

const ACCOUNT = ['--account <name>', 'account of the devices'] as const;

export function addDevice(program: Command, act: Act): void {
  const device = program.command('device').description('devices of an account');
  addHeldDevices(device, act);
  addConnect(device, act);
  forOperator(device.command('import'))
    .description('add or change devices by a list')
    .argument('<file>', 'CSV or JSON; "-" reads what is piped in')
    .requiredOption(...ACCOUNT)
    .option('--dry-run', 'judge everything, store nothing', false)
    .action(act(importDevices));
  addDeviceExplain(device, act);
  forOperator(device.command('list'))
    .description('list devices')
    .requiredOption(...ACCOUNT)
    .action(
      act(async (terminal, options: Options) => {
        const client = await operatorClient(options, terminal);
        await printList(terminal, options.json, {
          items: client.devices.each(options.account),
          head: ['imei', 'transport', 'make', 'model', 'firmware', 'software', 'last seen'],
          row: (one) => [
            one.imei,
            one.transport,
            one.make,
            one.model,
            one.firmware,
            Object.values(one.software).join(' ') || undefined,
            one.lastSeenAt,
          ],
        });
      }),
    );
  forOperator(device.command('show'))
    .description('show one device')
    .argument('<imei>')
    .requiredOption(...ACCOUNT)
    .action(
      act(async (terminal, imei: string, options: Options) => {
        const client = await operatorClient(options, terminal);
        printOne(terminal, options.json, await client.devices.get(options.account, imei));
      }),
    );
}

async function importDevices(terminal: Terminal, file: string, options: ImportOptions): Promise<number> {
  const client = await operatorClient(options, terminal);
  const text = await terminal.read(file);
  const { account, dryRun } = options;
  const result = text.trimStart().startsWith('[')
    ? await client.devices.import(account, parsed(text, file), { dryRun })
    : await client.devices.importCsv(account, text, { dryRun });
  if (options.json) terminal.out(JSON.stringify(result));
  else {
    terminal.out(`${result.imported} ${dryRun ? 'would be ' : ''}imported, ${result.rejected.length} rejected`);
    const rows = result.rejected.map((one) => [one.imei, one.errorCode, one.errorMessage]);
    if (rows.length > 0) for (const line of tableLines(['imei', 'code', 'reason'], rows)) terminal.out(line);
  }
  return result.rejected.length === 0 ? EXIT.done : EXIT.failed;
}

function parsed(text: string, file: string): DeviceItem[] {
  try {
    return JSON.parse(text) as DeviceItem[];
  } catch (error) {
    throw new UsageError(`${file} is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}
