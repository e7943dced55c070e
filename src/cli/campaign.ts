// `campanile campaign`: orders go through the customer's API, looking goes through the operator's.
import type { Command } from 'commander';
import type { OperatorClient, UpdateView } from '../sdk/operator.ts';
import { addLedger } from './campaign-ledger.ts';
import { addScheduleOptions, scheduleCampaign } from './campaign-orders.ts';
import { forCustomer, forOperator, type OperatorOptions, operatorClient } from './connection.ts';
import { addCampaignExplain } from './explain.ts';
import { EXIT } from './outcome.ts';
import type { Act } from './program.ts';
import { isOver, progressOf } from './progress.ts';
import { addSimulate } from './simulate.ts';
import { addSteering } from './steering.ts';
import { printList, printOne } from './table.ts';
import type { Terminal } from './terminal.ts';

export type LookOptions = OperatorOptions & { readonly account: string };

const WATCH_EVERY_MS = 2_000;

export function addCampaign(program: Command, act: Act): void {
  const campaign = program.command('campaign').description('campaigns of an account');
  addScheduleOptions(forCustomer(campaign.command('schedule')))
    .description('schedule a firmware (v3) or software (v2) campaign')
    .action(act(scheduleCampaign));
  addSteering(campaign, act);
  forLooking(campaign.command('list')).description('list campaigns').action(act(list));
  forLooking(campaign.command('show').argument('<id>')).description('show one campaign').action(act(show));
  forLooking(campaign.command('watch').argument('<id>'))
    .description('follow a campaign until it is over')
    .action(act(watch));
  addCampaignExplain(campaign, act);
  addSimulate(campaign, act);
  forLooking(campaign.command('updates').argument('<id>'))
    .description("list a campaign's devices, each with where it stands and why")
    .option('--state <state>', 'only those in this state, like waiting or failed')
    .action(act(updates));
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
      one.status,
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

async function watch(terminal: Terminal, id: string, options: LookOptions): Promise<number> {
  const client = await operatorClient(options, terminal);
  const { systemTimers } = await import('../server/index.ts');
  const last = await follow(
    client,
    { account: options.account, id, json: options.json },
    terminal,
    () =>
      new Promise((resolve) => {
        systemTimers.after(WATCH_EVERY_MS, resolve);
      }),
  );
  return last === 'CampaignEnded' ? EXIT.done : EXIT.failed;
}

async function follow(
  client: OperatorClient,
  what: { readonly account: string; readonly id: string; readonly json: boolean },
  terminal: Terminal,
  pause: () => Promise<void>,
): Promise<string> {
  for (;;) {
    const view = await client.campaigns.get(what.account, what.id);
    if (what.json) terminal.out(JSON.stringify(view));
    else terminal.progress(`${view.status}: ${progressOf(view)}`);
    if (isOver(view)) {
      if (!what.json) terminal.out(`${view.status}: ${progressOf(view)}`);
      return view.status;
    }
    await pause();
  }
}

async function updates(
  terminal: Terminal,
  id: string,
  options: LookOptions & { readonly state?: UpdateView['state'] },
): Promise<void> {
  const client = await operatorClient(options, terminal);
  const { state } = options;
  await printList(terminal, options.json, {
    items: client.campaigns.eachUpdate(options.account, id, state === undefined ? {} : { state }),
    head: ['imei', 'transport', 'state', 'attempt', 'evidence', 'reason', 'rule', 'changed'],
    row: (one) => [
      one.imei,
      one.transport,
      one.state,
      one.attempt,
      one.evidence,
      one.reasonText ?? one.reason,
      one.rule,
      one.changedAt,
    ],
  });
}
