// `campanile events` and `campanile event-listener`: what the operator of the server is told, and where.
import { type Command, Option } from 'commander';
import type { EventKind } from '../sdk/operator.ts';
import { forOperator, type OperatorOptions, operatorClient } from './connection.ts';
import { CommandFailed } from './outcome.ts';
import type { Act } from './program.ts';
import { printList, printOne } from './table.ts';
import type { Terminal } from './terminal.ts';

const KINDS: readonly EventKind[] = [
  'halted',
  'will-miss-end',
  'dead-callback',
  'disk-low',
  'violation',
  'certificate-expiring',
  'image-damaged',
  'node-lost',
];

interface EventsOptions extends OperatorOptions {
  readonly kind?: EventKind;
  readonly open: boolean;
}

export function addEvents(program: Command, act: Act): void {
  forOperator(program.command('events'))
    .description('what the operator of the server was told, the latest first')
    .addOption(new Option('--kind <kind>', 'only these').choices(KINDS))
    .option('--open', 'only those that are not over', false)
    .action(act(listEvents));
}

async function listEvents(terminal: Terminal, options: EventsOptions): Promise<void> {
  const { kind, open } = options;
  const client = await operatorClient(options, terminal);
  await printList(terminal, options.json, {
    items: client.events.each({ ...(kind === undefined ? {} : { kind }), ...(open ? { open } : {}) }),
    head: ['id', 'kind', 'raised', 'cleared', 'what'],
    row: (event) => [event.id, event.kind, event.raisedAt, event.clearedAt, event.text],
  });
}

interface SetOptions extends OperatorOptions {
  readonly allowHost: readonly string[];
}

export function addEventListener(program: Command, act: Act): void {
  const listener = program.command('event-listener').description('where events of the operator are told, signed');
  forOperator(listener.command('set'))
    .description('tell them to this address; the signing secret is shown when it is first made')
    .argument('<url>', 'https address, or http inside your own network')
    .option('--allow-host <hosts...>', 'hosts and ranges that may be told although they are not public', [])
    .action(
      act(async (terminal, url: string, { allowHost, ...options }: SetOptions) => {
        const client = await operatorClient(options, terminal);
        const request = { url, allowPrivateCallbackHosts: [...allowHost] };
        printOne(terminal, options.json, await client.events.setListener(request));
      }),
    );
  forOperator(listener.command('show'))
    .description('where they are told')
    .action(
      act(async (terminal, options: OperatorOptions) => {
        const client = await operatorClient(options, terminal);
        printOne(terminal, options.json, await client.events.listener());
      }),
    );
  forOperator(listener.command('rotate-secret'))
    .description('make a new signing secret; the old one signs too for a day')
    .action(
      act(async (terminal, options: OperatorOptions) => {
        const client = await operatorClient(options, terminal);
        printOne(terminal, options.json, await client.events.rotateSecret());
      }),
    );
  forOperator(listener.command('test')).description('send a signed event without meaning').action(act(testListener));
  forOperator(listener.command('remove'))
    .description('tell them to nobody any more')
    .action(
      act(async (terminal, options: OperatorOptions) => {
        await (await operatorClient(options, terminal)).events.removeListener();
        terminal.out(options.json ? JSON.stringify({ removed: true }) : 'events are told to nobody any more');
      }),
    );
}

async function testListener(terminal: Terminal, options: OperatorOptions): Promise<void> {
  const result = await (await operatorClient(options, terminal)).events.test();
  printOne(terminal, options.json, result);
  if (!result.delivered) throw new CommandFailed(`the test did not get through: ${result.error ?? 'no answer'}`);
}
