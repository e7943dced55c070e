// `campanile callback`: where customers are told what happened, and what became of telling them.
import { type Command, Option } from 'commander';
import type { Generation } from '../sdk/operator.ts';
import { wholeNumber } from './account.ts';
import { forOperator, type OperatorOptions, operatorClient } from './connection.ts';
import { EXIT } from './outcome.ts';
import type { Act } from './program.ts';
import { makeSure, type SureOptions, withYes } from './sure.ts';
import { printList, printOne } from './table.ts';
import type { Terminal } from './terminal.ts';

type Options = OperatorOptions & { readonly account: string };

interface ReplayOptions extends Options {
  readonly from: number;
  readonly campaign?: string;
}

interface DeliveryOptions extends Options {
  readonly campaign?: string;
  readonly generation?: Generation;
}

const GENERATIONS: readonly Generation[] = ['v1', 'v2', 'v3'];
const GENERATION = ['<generation>', GENERATIONS.join(', ')] as const;

export function addCallback(program: Command, act: Act): void {
  const callback = program.command('callback').description('callback listeners of an account');
  const forListeners = (name: string): Command =>
    forOperator(callback.command(name)).requiredOption('--account <name>', 'account of the listeners');
  forListeners('show').description('show its listeners: state, lag, dead letters').action(act(show));
  withYes(forListeners('rotate-secret'))
    .description('make a new signing secret, which is shown this once; the old one signs too for a while')
    .argument(...GENERATION)
    .action(act(rotateSecret));
  forListeners('test')
    .description('send a signed event without meaning, and tell how it went')
    .argument(...GENERATION)
    .action(act(testListener));
  forListeners('replay')
    .description('send events again, dead letters too')
    .argument(...GENERATION)
    .requiredOption('--from <number>', 'the first event, by its number in its campaign', wholeNumber)
    .option('--campaign <id>', 'events of this campaign only')
    .action(act(replay));
  forListeners('deliveries')
    .description('list what was sent, the latest first')
    .option('--campaign <id>', 'events of this campaign only')
    .addOption(new Option('--generation <generation>', 'of this listener only').choices(GENERATIONS))
    .action(act(deliveries));
}

async function show(terminal: Terminal, options: Options): Promise<void> {
  const client = await operatorClient(options, terminal);
  const listeners = await client.callbacks.list(options.account);
  await printList(terminal, options.json, {
    items: listeners,
    head: ['generation', 'url', 'state', 'waiting', 'lag seconds', 'dead', 'last delivered', 'last error'],
    row: (one) => [
      one.generation,
      one.url,
      one.state,
      one.waiting,
      one.lagSeconds,
      one.deadLetters,
      one.lastDeliveredAt,
      one.lastError,
    ],
  });
}

async function rotateSecret(terminal: Terminal, generation: Generation, options: Options & SureOptions): Promise<void> {
  await makeSure(terminal, options, `The ${generation} listener of ${options.account} gets a new signing secret.`);
  const client = await operatorClient(options, terminal);
  printOne(terminal, options.json, await client.callbacks.rotateSecret(options.account, generation));
}

async function testListener(terminal: Terminal, generation: Generation, options: Options): Promise<number> {
  const client = await operatorClient(options, terminal);
  const result = await client.callbacks.test(options.account, generation);
  printOne(terminal, options.json, result);
  return result.delivered ? EXIT.done : EXIT.failed;
}

async function replay(terminal: Terminal, generation: Generation, options: ReplayOptions): Promise<void> {
  const client = await operatorClient(options, terminal);
  const { account, from, campaign } = options;
  const wanted = { from, ...(campaign === undefined ? {} : { campaignId: campaign }) };
  const result = await client.callbacks.replay(account, generation, wanted);
  terminal.out(options.json ? JSON.stringify(result) : `${result.events} events are sent again`);
}

async function deliveries(terminal: Terminal, options: DeliveryOptions): Promise<void> {
  const client = await operatorClient(options, terminal);
  const { account, campaign, generation } = options;
  const filter = {
    ...(campaign === undefined ? {} : { campaignId: campaign }),
    ...(generation === undefined ? {} : { generation }),
  };
  await printList(terminal, options.json, {
    items: client.callbacks.eachDelivery(account, filter),
    head: ['at', 'generation', 'campaign', 'number', 'attempt', 'outcome', 'status', 'ms', 'error'],
    row: (one) => [
      one.at,
      one.generation,
      one.campaignId,
      one.number,
      one.attempt,
      one.outcome,
      one.status,
      one.milliseconds,
      one.error,
    ],
  });
}
