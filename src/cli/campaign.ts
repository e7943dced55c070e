// `campanile campaign`: orders go through the customer's API, looking goes through the operator's.
import type { Command } from 'commander';
import { addCampaignDevices } from './campaign-devices.ts';
import { addLedger } from './campaign-ledger.ts';
import { addScheduleOptions, scheduleCampaign } from './campaign-orders.ts';
import { addWatch } from './campaign-watch.ts';
import { forCustomer, forOperator, type OperatorOptions, operatorClient } from './connection.ts';
import { addCampaignExplain } from './explain.ts';
import type { Act } from './program.ts';
import { addSimulate } from './simulate.ts';
import { addSteering } from './steering.ts';
import { printList, printOne } from './table.ts';
import type { Terminal } from './terminal.ts';

type LookOptions = OperatorOptions & { readonly account: string };

export function addCampaign(program: Command, act: Act): void {
  const campaign = program.command('campaign').description('campaigns of an account');
  addScheduleOptions(forCustomer(campaign.command('schedule')))
    .description('schedule a firmware (v3) or software (v2) campaign')
    .action(act(scheduleCampaign));
  addSteering(campaign, act);
  forLooking(campaign.command('list')).description('list campaigns').action(act(list));
  forLooking(campaign.command('show').argument('<id>')).description('show one campaign').action(act(show));
  addWatch(campaign, act);
  addCampaignDevices(campaign, act);
  addCampaignExplain(campaign, act);
  addSimulate(campaign, act);
  addLedger(campaign, act);
}

const forLooking = (command: Command): Command =>
  forOperator(command).requiredOption('--account <name>', 'account of the campaign');

async function list(terminal: Terminal, options: LookOptions): Promise<void> {
  const client = await operatorClient(options, terminal);
  await printList(terminal, options.json, {
    items: client.campaigns.each(options.account),
    head: ['id', 'status', 'kind', 'package', 'from', 'to', 'start', 'end', 'devices'],
    row: (one) => [
      one.id,
      one.hold === undefined ? one.status : `${one.status} (${one.hold.kind})`,
      one.kind,
      one.packageName,
      one.from,
      one.to,
      one.startDate,
      one.endDate,
      one.devices,
    ],
  });
}

async function show(terminal: Terminal, id: string, options: LookOptions): Promise<void> {
  const client = await operatorClient(options, terminal);
  printOne(terminal, options.json, await client.campaigns.get(options.account, id));
}
