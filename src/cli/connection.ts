// How operator commands reach a server: its address and credentials from flags or the environment.
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { CampanileClient } from '../sdk/index.ts';
import { OperatorClient } from '../sdk/operator.ts';
import { UsageError } from './outcome.ts';
import type { Terminal } from './terminal.ts';

export interface ServerOptions {
  readonly url: string;
  readonly json: boolean;
}

export interface OperatorOptions extends ServerOptions {
  readonly operatorKeyFile?: string;
}

export interface CustomerOptions extends ServerOptions {
  readonly clientId?: string;
  readonly clientSecret?: string;
  readonly username?: string;
  readonly password?: string;
}

const URL_DEFAULT = 'http://127.0.0.1:8080';
const KEY_FILE = 'operator.key';

/** Adds what every command has that talks to a server. */
function forServer(command: Command): Command {
  return command
    .addOption(new Option('--url <url>', 'address of the server').env('CAMPANILE_URL').default(URL_DEFAULT))
    .option('--json', 'machine-readable output', false);
}

export function forOperator(command: Command): Command {
  return forServer(command).option(
    '--operator-key-file <file>',
    `file with the key of an operator; else CAMPANILE_OPERATOR_KEY, else ./campanile-data/${KEY_FILE}`,
  );
}

export function forCustomer(command: Command): Command {
  return forServer(command)
    .addOption(new Option('--client-id <id>', 'client of the account').env('CAMPANILE_CLIENT_ID'))
    .addOption(new Option('--client-secret <secret>', 'its secret').env('CAMPANILE_CLIENT_SECRET'))
    .addOption(new Option('--username <name>', 'user of the account').env('CAMPANILE_USERNAME'))
    .addOption(new Option('--password <password>', 'its password').env('CAMPANILE_PASSWORD'));
}

export async function operatorClient(options: OperatorOptions, terminal: Terminal): Promise<OperatorClient> {
  return new OperatorClient({ baseUrl: options.url, operatorKey: await operatorKey(options, terminal) });
}

async function operatorKey({ operatorKeyFile }: OperatorOptions, terminal: Terminal): Promise<string> {
  const given = terminal.env['CAMPANILE_OPERATOR_KEY'];
  if (operatorKeyFile === undefined && given !== undefined && given !== '') return given;
  const data = terminal.env['CAMPANILE_DATA'] ?? './campanile-data';
  const file = operatorKeyFile ?? join(data, KEY_FILE);
  try {
    return (await terminal.read(file)).trim();
  } catch {
    throw new UsageError(
      `There is no operator key: ${file} cannot be read. Give --operator-key-file or CAMPANILE_OPERATOR_KEY.`,
    );
  }
}

export function customerClient({ url, clientId, clientSecret, username, password }: CustomerOptions): CampanileClient {
  if (clientId === undefined || clientSecret === undefined) {
    throw new UsageError(
      'Credentials of the account are missing: give --client-id and --client-secret, or CAMPANILE_CLIENT_ID and CAMPANILE_CLIENT_SECRET ("campanile account create" shows them).',
    );
  }
  return new CampanileClient({
    baseUrl: url,
    clientId,
    clientSecret,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
  });
}
