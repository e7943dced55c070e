// `campanile package key`: the public keys by which the images of an account are signed.
import type { Command } from 'commander';
import { forOperator, type OperatorOptions, operatorClient } from './connection.ts';
import type { Act } from './program.ts';
import { printList, printOne } from './table.ts';

type Options = OperatorOptions & { readonly account: string };

const ACCOUNT = ['--account <name>', 'account of the keys'] as const;

export function addImageKeys(pack: Command, act: Act): void {
  const key = pack.command('key').description('public keys by which images are signed');
  forOperator(key.command('add'))
    .description('add an Ed25519 public key')
    .argument('<file>', 'PEM, or its 32 bytes in base64; "-" reads what is piped in')
    .requiredOption(...ACCOUNT)
    .requiredOption('--name <name>', 'whose key it is')
    .action(
      act(async (terminal, file: string, options: Options & { readonly name: string }) => {
        const client = await operatorClient(options, terminal);
        const publicKey = (await terminal.read(file)).trim();
        const { account, name } = options;
        printOne(terminal, options.json, await client.imageKeys.add(account, { name, publicKey }));
      }),
    );
  forOperator(key.command('list'))
    .description('list public keys')
    .requiredOption(...ACCOUNT)
    .action(
      act(async (terminal, options: Options) => {
        const client = await operatorClient(options, terminal);
        await printList(terminal, options.json, {
          items: client.imageKeys.each(options.account),
          head: ['key id', 'name', 'public key', 'created'],
          row: (one) => [one.keyId, one.name, one.publicKey, one.createdAt],
        });
      }),
    );
  forOperator(key.command('delete'))
    .description('delete a public key; what only it has signed can no longer be scheduled')
    .argument('<key-id>')
    .requiredOption(...ACCOUNT)
    .action(
      act(async (terminal, keyId: string, options: Options) => {
        const client = await operatorClient(options, terminal);
        await client.imageKeys.delete(options.account, keyId);
        if (!options.json) terminal.out(`key ${keyId} is deleted`);
      }),
    );
}
