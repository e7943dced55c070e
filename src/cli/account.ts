// `campanile account`: makes and lists accounts.
import type { Command } from 'commander';
import { forOperator, type OperatorOptions, operatorClient } from './connection.ts';
import type { Act } from './program.ts';
import { addAccountOrders } from './steering.ts';
import { printList, printOne } from './table.ts';

export function addAccount(program: Command, act: Act): void {
  const account = program.command('account').description('accounts, the tenants of a server');
  forOperator(account.command('create'))
    .description('make an account; its secrets are shown this once')
    .argument('<name>', 'ten digits, a dash, five digits, like 0000123456-00001')
    .option('--poll-seconds <seconds>', 'how often HTTP devices are told to poll', wholeNumber)
    .action(
      act(async (terminal, name: string, options: OperatorOptions & { readonly pollSeconds?: number }) => {
        const client = await operatorClient(options, terminal);
        const { pollSeconds } = options;
        const settings = pollSeconds === undefined ? {} : { settings: { pollSeconds } };
        printOne(terminal, options.json, await client.accounts.create(name, settings));
      }),
    );
  addAccountOrders(account, act);
  forOperator(account.command('list'))
    .description('list accounts')
    .action(
      act(async (terminal, options: OperatorOptions) => {
        const client = await operatorClient(options, terminal);
        await printList(terminal, options.json, {
          items: client.accounts.each(),
          head: ['account', 'created'],
          row: (one) => [one.accountName, one.createdAt],
        });
      }),
    );
}

export const wholeNumber = (text: string): number => (/^\d+$/.test(text) ? Number(text) : Number.NaN);
