// `campanile campaign simulate`: what becomes of a campaign, or would become of one that is only thought of.
import type { Command } from 'commander';
import type { OperatorClient } from '../sdk/operator.ts';
import { forOperator, type OperatorOptions, operatorClient } from './connection.ts';
import { UsageError } from './outcome.ts';
import type { Act } from './program.ts';
import type { Terminal } from './terminal.ts';

type Simulate = OperatorClient['simulate'];
type Predicted = Awaited<ReturnType<Simulate['order']>>;
type Order = Parameters<Simulate['order']>[1];
type Change = NonNullable<Parameters<Simulate['campaign']>[2]>;

interface Options extends OperatorOptions {
  readonly account: string;
  readonly order?: string;
  readonly change?: string;
}

export function addSimulate(campaign: Command, act: Act): void {
  forOperator(campaign.command('simulate'))
    .description('tell when a campaign is finished, who is not updated and why; nothing is stored')
    .argument('[id]', 'a campaign that exists; else --order')
    .requiredOption('--account <name>', 'account of the campaign')
    .option('--order <file>', 'the body of a schedule call, JSON; "-" reads what is piped in')
    .option('--change <file>', 'other dates, windows or pace for the campaign, JSON; tells who gains and who loses')
    .action(act(simulate));
}

async function simulate(terminal: Terminal, id: string | undefined, options: Options): Promise<void> {
  if ((id === undefined) === (options.order === undefined))
    throw new UsageError('Give the id of a campaign, or --order with the body of a schedule call.');
  const client = await operatorClient(options, terminal);
  if (id === undefined) {
    const order = (await jsonOf(options.order ?? '-', '--order', terminal)) as Order;
    const told = await client.simulate.order(options.account, order);
    return show(terminal, options.json ? [JSON.stringify(told)] : linesOf(told));
  }
  const change = options.change === undefined ? {} : await jsonOf(options.change, '--change', terminal);
  const told = await client.simulate.campaign(options.account, id, change as Change);
  if (options.json) return show(terminal, [JSON.stringify(told)]);
  show(terminal, linesOf(told.prediction));
  if (told.changed === undefined) return;
  show(terminal, ['', 'with the change:', ...linesOf(told.changed)]);
  show(terminal, [
    `gains: ${told.gains?.devices ?? 0} devices are updated only with it${named(told.gains?.named)}`,
    `loses: ${told.loses?.devices ?? 0} devices are updated only without it${named(told.loses?.named)}`,
    `sooner: ${told.sooner ?? 0}, later: ${told.later ?? 0}`,
  ]);
}

async function jsonOf(file: string, option: string, terminal: Terminal): Promise<unknown> {
  try {
    return JSON.parse(await terminal.read(file));
  } catch (error) {
    if (error instanceof SyntaxError) throw new UsageError(`${option}: ${file} holds no JSON: ${error.message}`);
    throw error;
  }
}

function show(terminal: Terminal, lines: readonly string[]): void {
  for (const line of lines) terminal.out(line);
}

const NAMED_SHOWN = 3;
const named = (imeis: readonly string[] = []): string =>
  imeis.length === 0 ? '' : `: ${imeis.slice(0, NAMED_SHOWN).join(', ')}${imeis.length > NAMED_SHOWN ? ', …' : ''}`;

function linesOf(told: Predicted): readonly string[] {
  const { finish, halfDone, firstInstall, hold } = told;
  const most = told.hours.toSorted((one, other) => other.bytes - one.bytes)[0];
  return [
    `devices: ${told.devices} take part, ${told.succeeded.devices} are updated, ${told.failed.devices} fail`,
    ...(finish === undefined ? ['finish: not predicted'] : [`finish: P50 ${finish.p50}, P90 ${finish.p90}`]),
    ...(halfDone === undefined ? [] : [`half done: ${halfDone.p50}`]),
    ...(firstInstall === undefined ? [] : [`first install: ${firstInstall.local} ${firstInstall.zone}`]),
    ...(most === undefined ? [] : [`busiest hour: ${most.from}, ${most.transfers} transfers, ${most.bytes} bytes`]),
    ...told.steps.map(({ kind, devices, opens }, place) => {
      const when = opens === undefined ? 'is not opened' : `opens ${opens.p50}`;
      return `step ${place + 1}: ${kind} of ${devices}, ${when}`;
    }),
    ...(hold === undefined ? [] : [`${hold.kind} at ${hold.since}: ${hold.reason}`]),
    ...told.late.map((one) => `not updated: ${one.devices} (${one.rule}). ${one.sentence}${named(one.named)}`),
    ...told.refused.map((one) => `refused: ${one.devices} (${one.reason}). ${one.reasonText}${named(one.named)}`),
    ...told.inputs.map(({ what, basis }) => `${what}: ${basis}`),
    ...told.notes,
  ];
}
