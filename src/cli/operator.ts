// `campanile operator` and `campanile login-link`: who may run the server, and how they sign in to its pages.
import { type Command, Option } from 'commander';
import type { Role } from '../sdk/operator.ts';
import { forOperator, type OperatorOptions, operatorClient } from './connection.ts';
import type { Act } from './program.ts';
import { printList, printOne } from './table.ts';
import type { Terminal } from './terminal.ts';

const ROLES: readonly Role[] = ['viewer', 'operator', 'admin'];
const NAME = ['<name>', 'a-z, 0-9, dot, underscore, hyphen'] as const;

export function addOperator(program: Command, act: Act): void {
  const operator = program.command('operator').description('people and programs that run this server');
  forOperator(operator.command('list')).description('list operators').action(act(listOperators));
  forOperator(operator.command('add'))
    .description('make an operator; its key is shown this once')
    .argument(...NAME)
    .addOption(roleOption().makeOptionMandatory())
    .action(
      act(async (terminal, name: string, options: OperatorOptions & { readonly role: Role }) => {
        const client = await operatorClient(options, terminal);
        printOne(terminal, options.json, await client.operators.create(name, options.role));
      }),
    );
  forOperator(operator.command('rotate-key'))
    .description('make a new key; the old one and its sessions end at once')
    .argument(...NAME)
    .action(
      act(async (terminal, name: string, options: OperatorOptions) => {
        const client = await operatorClient(options, terminal);
        printOne(terminal, options.json, await client.operators.rotateKey(name));
      }),
    );
  forOperator(operator.command('set-role'))
    .description('give an operator another role')
    .argument(...NAME)
    .argument('<role>', ROLES.join(', '))
    .action(
      act(async (terminal, name: string, role: Role, options: OperatorOptions) => {
        const client = await operatorClient(options, terminal);
        printOne(terminal, options.json, await client.operators.patch(name, { role }));
      }),
    );
  forOperator(operator.command('remove'))
    .description('delete an operator; its key and its sessions open nothing any more')
    .argument(...NAME)
    .action(
      act(async (terminal, name: string, options: OperatorOptions) => {
        await (await operatorClient(options, terminal)).operators.delete(name);
        if (options.json) terminal.out(JSON.stringify({ name, removed: true }));
        else terminal.out(`${name} is removed`);
      }),
    );
}

const roleOption = (): Option =>
  new Option('--role <role>', 'viewer reads, operator runs campaigns, admin does everything').choices(ROLES);

async function listOperators(terminal: Terminal, options: OperatorOptions): Promise<void> {
  const client = await operatorClient(options, terminal);
  await printList(terminal, options.json, {
    items: client.operators.each(),
    head: ['name', 'role', 'created', 'disabled', 'last sign-in'],
    row: (one) => [one.name, one.role, one.createdAt, one.disabledAt, one.lastSignInAt],
  });
}

export function addLoginLink(program: Command, act: Act): void {
  forOperator(program.command('login-link'))
    .description('make a link that signs in to the pages of the server, once and within ten minutes')
    .argument('[name]', 'for this operator; without it for whoever holds the key')
    .action(
      act(async (terminal, name: string | undefined, options: OperatorOptions) => {
        const client = await operatorClient(options, terminal);
        const link = await client.session.makeLink(name);
        terminal.out(options.json ? JSON.stringify(link) : link.url);
      }),
    );
}
