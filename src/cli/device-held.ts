// `campanile device held | approve | refuse`: HTTP devices that polled and are not in the account.
import type { Command } from 'commander';
import { forOperator, type OperatorOptions, operatorClient } from './connection.ts';
import type { Act } from './program.ts';
import { printList, printOne } from './table.ts';

type Options = OperatorOptions & { readonly account: string };
type ApproveOptions = Options & { readonly make?: string; readonly model?: string };

const ACCOUNT = ['--account <name>', 'account of the devices'] as const;

export function addHeldDevices(device: Command, act: Act): void {
  forOperator(device.command('held'))
    .description('list unknown HTTP devices that wait for approval, where the account holds them')
    .requiredOption(...ACCOUNT)
    .action(
      act(async (terminal, options: Options) => {
        const client = await operatorClient(options, terminal);
        await printList(terminal, options.json, {
          items: client.httpDevices.eachHeld(options.account),
          head: ['imei', 'state', 'proof', 'fingerprint', 'first seen', 'last seen', 'disputed'],
          row: (one) => [
            one.imei,
            one.state,
            one.proof,
            one.tokenFingerprint,
            one.firstSeenAt,
            one.lastSeenAt,
            one.disputed === true ? 'yes' : undefined,
          ],
        });
      }),
    );
  forOperator(device.command('approve'))
    .description('take a held device into the account')
    .argument('<imei>')
    .requiredOption(...ACCOUNT)
    .option('--make <make>', 'make of the device')
    .option('--model <model>', 'model of the device')
    .action(
      act(async (terminal, imei: string, options: ApproveOptions) => {
        const client = await operatorClient(options, terminal);
        const { account, make, model } = options;
        const facts = { ...(make === undefined ? {} : { make }), ...(model === undefined ? {} : { model }) };
        printOne(terminal, options.json, await client.httpDevices.approve(account, imei, facts));
      }),
    );
  forOperator(device.command('refuse'))
    .description('keep a held device outside')
    .argument('<imei>')
    .requiredOption(...ACCOUNT)
    .action(
      act(async (terminal, imei: string, options: Options) => {
        const client = await operatorClient(options, terminal);
        printOne(terminal, options.json, await client.httpDevices.refuse(options.account, imei));
      }),
    );
}
