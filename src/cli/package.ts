// `campanile package`: adds and lists what can be installed.
import { createHash } from 'node:crypto';
import { createReadStream, openAsBlob } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { type Command, Option } from 'commander';
import type { OperatorClient, PackagePart, UploadView } from '../sdk/operator.ts';
import { forOperator, type OperatorOptions, operatorClient } from './connection.ts';
import { UsageError } from './outcome.ts';
import { addImageKeys } from './package-keys.ts';
import type { Act } from './program.ts';
import { addPackageOrders } from './steering.ts';
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
  readonly signatureFile?: string;
}

/** A larger file is sent in pieces, so that a cut costs a piece and not the whole. */
const RESUMABLE_BYTES_MIN = 16 * 1024 * 1024;
const SIGNATURE_BYTES = 64;

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
    .option('--signature-file <file>', 'Ed25519 signature over the SHA-256 of the image, 64 bytes or base64')
    .action(act(add));
  addPackageOrders(pack, act);
  addImageKeys(pack, act);
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
  const { size } = await stat(image).catch(() => {
    throw new UsageError(`${image} cannot be read.`);
  });
  const part: PackagePart = {
    kind,
    name,
    from: more.length === 0 ? only : [only, ...more],
    to,
    make,
    model,
    transports: [first, ...others],
    fileName: basename(image),
    ...(options.signatureFile === undefined ? {} : { signature: await signatureOf(options.signatureFile) }),
  };
  const view =
    size > RESUMABLE_BYTES_MIN
      ? await uploadInPieces(terminal, client, { image, part, account: options.account, isQuiet: options.json })
      : await client.packages.upload(options.account, part, await openAsBlob(image));
  printOne(terminal, options.json, view);
}

/** 64 bytes as they are, or as a text in base64. */
async function signatureOf(file: string): Promise<string> {
  const bytes = await readFile(file).catch(() => {
    throw new UsageError(`${file} cannot be read.`);
  });
  return bytes.length === SIGNATURE_BYTES ? bytes.toString('base64') : bytes.toString('utf8').trim();
}

interface Pieces {
  readonly image: string;
  readonly part: PackagePart;
  readonly account: string;
  readonly isQuiet: boolean;
}

/** Goes on where an earlier upload of the same file was cut, also one of another day. */
async function uploadInPieces(terminal: Terminal, client: OperatorClient, { image, part, account, isQuiet }: Pieces) {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(image)) hash.update(chunk);
  const upload = { sha256: hash.digest('hex'), image: await openAsBlob(image) };
  const told = ({ offset, size }: UploadView): void => {
    if (!isQuiet) terminal.progress(`${Math.floor((offset / size) * 100)} % of ${size} bytes`);
  };
  return client.uploads.package(account, part, upload, { progress: told });
}
