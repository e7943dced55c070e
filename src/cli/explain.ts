// `campanile device explain` and `campanile campaign explain`: why a device is not updated.
import type { Command } from 'commander';
import type { OperatorClient } from '../sdk/operator.ts';
import { forOperator, type OperatorOptions, operatorClient } from './connection.ts';
import type { Act } from './program.ts';
import type { Terminal } from './terminal.ts';

type Options = OperatorOptions & { readonly account: string };
type Explained = Awaited<ReturnType<OperatorClient['explain']['device']>>;

export function addDeviceExplain(device: Command, act: Act): void {
  forOperator(device.command('explain'))
    .description('tell why a device is not updated, and when it goes on')
    .argument('<imei>', 'also one that may be wrong')
    .requiredOption('--account <name>', 'account of the device')
    .action(
      act(async (terminal, imei: string, options: Options) => {
        const client = await operatorClient(options, terminal);
        print(terminal, options, await client.explain.device(options.account, imei));
      }),
    );
}

export function addCampaignExplain(campaign: Command, act: Act): void {
  forOperator(campaign.command('explain'))
    .description('tell where a device stands in a campaign, and why')
    .argument('<id>')
    .argument('<imei>')
    .requiredOption('--account <name>', 'account of the campaign')
    .action(
      act(async (terminal, id: string, imei: string, options: Options) => {
        const client = await operatorClient(options, terminal);
        print(terminal, options, await client.explain.update(options.account, id, imei));
      }),
    );
}

function print(terminal: Terminal, { json }: Options, explained: Explained): void {
  for (const line of json ? [JSON.stringify(explained)] : explained.text.split('\n')) terminal.out(line);
}
