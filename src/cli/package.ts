// `campanile package`: adds and lists what can be installed.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { type Command, Option } from 'commander';
import type { PackagePart } from '../sdk/operator.ts';
import { forOperator, type OperatorOptions, operatorClient } from './connection.ts';
import { UsageError } from './outcome.ts';
import type { Act } from './program.ts';
import { printList, printOne } from './table.ts';
import type { Terminal } from './terminal.ts';

interface AddOptions extends OperatorOptions {
  readonly account: string;
  readonly kind: PackagePart['kind'];
  readonly name: string;
  readonly from: readonly string[];
  readonly to: string;
  readonly make: string;
  readonly model: string;
  readonly transport: readonly ('LWM2M' | 'HTTP')[];
}

export function addPackage(program: Command, act: Act): void {
  const pack = program.command('package').description('packages of an account');
  forOperator(pack.command('add'))
    .description('add a package with its image')
    .argument('<image>', 'file with the bytes')
    .requiredOption('--account <name>', 'account of the package')
    .addOption(kindOption())
    .requiredOption('--name <name>', 'name of the package')
    .requiredOption('--from <versions...>', 'versions that it updates, or "*"')
    .requiredOption('--to <version>', 'version that a device runs afterwards')
    .requiredOption('--make <make>', 'make of the devices')
    .requiredOption('--model <model>', 'model of the devices')
    .addOption(
      new Option('--transport <transports...>', 'how it can be delivered')
        .choices(['LWM2M', 'HTTP'])
        .makeOptionMandatory(),
    )
    .action(act(add));
  forOperator(pack.command('list'))
    .description('list packages')
    .requiredOption('--account <name>', 'account of the packages')
    .action(
      act(async (terminal, options: OperatorOptions & { readonly account: string }) => {
        const client = await operatorClient(options, terminal);
        await printList(terminal, options.json, {
          items: client.packages.each(options.account),
          head: ['name', 'kind', 'from', 'to', 'make', 'model', 'size', 'sha256'],
          row: (one) => [
            one.name,
            one.kind,
            [one.from].flat().join(' '),
            one.to,
            one.make,
            one.model,
            one.size,
            one.sha256,
          ],
        });
      }),
    );
}

const kindOption = (): Option =>
  new Option('--kind <kind>', 'what it is').choices(['firmware', 'software', 'file']).makeOptionMandatory();

async function add(terminal: Terminal, image: string, options: AddOptions): Promise<void> {
  const client = await operatorClient(options, terminal);
  const { kind, name, to, make, model } = options;
  const [only, ...more] = options.from;
  const [first, ...others] = options.transport;
  if (only === undefined || first === undefined) throw new UsageError('--from and --transport need a value.');
  await stat(image).catch(() => {
    throw new UsageError(`${image} cannot be read.`);
  });
  const from = more.length === 0 ? only : [only, ...more];
  const part: PackagePart = { kind, name, from, to, make, model, transports: [first, ...others] };
  const bytes = Readable.toWeb(createReadStream(image)) as ReadableStream<Uint8Array>;
  printOne(terminal, options.json, await client.packages.upload(options.account, part, bytes));
}
