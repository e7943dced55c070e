// `campanile campaign export-ledger` and `verify-ledger`: what was done can be shown to somebody who does not trust us.
import type { Command } from 'commander';
import type { OperatorClient } from '../sdk/operator.ts';
import { forOperator, type OperatorOptions, operatorClient } from './connection.ts';
import { CommandFailed, EXIT, UsageError } from './outcome.ts';
import type { Act } from './program.ts';
import type { Terminal } from './terminal.ts';

interface VerifyOptions extends OperatorOptions {
  readonly account?: string;
  readonly file?: string;
  readonly head?: string;
  readonly keys?: string;
}

type ExportOptions = OperatorOptions & { readonly account: string };

export function addLedger(campaign: Command, act: Act): void {
  forOperator(campaign.command('export-ledger').argument('<id>'))
    .requiredOption('--account <name>', 'account of the campaign')
    .description('print the ledger of a campaign: an entry a line with the text that was hashed, then its signed head')
    .action(act(exportLedger));
  forOperator(campaign.command('verify-ledger').argument('<id>'))
    .option('--account <name>', 'account of the campaign, whose ledger is fetched')
    .option('--file <export>', 'verify this export instead')
    .option('--head <file>', 'a head that was kept elsewhere: no change before it goes undetected')
    .option('--keys <file>', 'the public keys that may have signed, as "GET /operator/v1/ledger-keys" told them once')
    .description('verify chain, signature and every decision about hours; 0: intact and without violation, 1: not so')
    .action(act(verifyLedger));
}

async function exportLedger(terminal: Terminal, id: string, options: ExportOptions): Promise<void> {
  const client = await operatorClient(options, terminal);
  for await (const line of client.ledger.lines(options.account, id)) terminal.out(line);
}

async function verifyLedger(terminal: Terminal, id: string, options: VerifyOptions): Promise<number> {
  const server = await import('../server/index.ts');
  const { account, file, json } = options;
  let client: OperatorClient | undefined;
  const connected = async (): Promise<OperatorClient> => {
    client ??= await operatorClient(options, terminal);
    return client;
  };
  const keys =
    options.keys === undefined ? (await (await connected()).ledger.keys()).items : await keysIn(options.keys, terminal);
  const keptHead = options.head === undefined ? undefined : await headIn(options.head, id, terminal);
  if (file === undefined && account === undefined)
    throw new UsageError('Give --account, whose campaign it is, or --file with an export.');
  const lines = file === undefined ? (await connected()).ledger.lines(account ?? '', id) : server.linesOf(file);
  const report = await server.verifyExport(lines, { campaign: id, keys, keptHead });
  if (json) terminal.out(JSON.stringify(report));
  else for (const line of server.reportLines(report)) terminal.out(line);
  return report.ok ? EXIT.done : EXIT.failed;
}

async function headIn(path: string, id: string, terminal: Terminal) {
  const { keptHeadIn } = await import('../server/index.ts');
  const head = keptHeadIn(await terminal.read(path), id);
  if (head === undefined) throw new CommandFailed(`--head: ${path} holds no head of a ledger.`);
  return head;
}

async function keysIn(path: string, terminal: Terminal): Promise<readonly { readonly publicKey: string }[]> {
  const refused = new CommandFailed(`--keys: ${path} holds no list of keys like {"items": [{"publicKey": …}]}.`);
  try {
    const { items } = JSON.parse(await terminal.read(path)) as { readonly items?: unknown };
    if (Array.isArray(items) && items.every(isKey)) return items;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw refused;
}

const isKey = (value: unknown): value is { readonly publicKey: string } =>
  typeof value === 'object' && value !== null && 'publicKey' in value && typeof value.publicKey === 'string';
