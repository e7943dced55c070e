// `campanile serve`: one server until it is told to end; stdout carries exactly the ready line.
import type { Command } from 'commander';
import type { Flags } from '../server/index.ts';
import { EXIT } from './outcome.ts';
import type { Terminal } from './terminal.ts';

export function addServe(program: Command): Command {
  return program
    .command('serve')
    .description('run a server; each flag is also a variable, like CAMPANILE_HTTP_PORT for --http-port')
    .option('--host <address>', 'address to bind (127.0.0.1)')
    .option('--http-port <port>', 'API and HTTP devices; 0 is any free port (8080)')
    .option('--coap-port <port>', 'LwM2M devices over UDP; 0 is any free port (5683)')
    .option('--coaps-port <port>', 'LwM2M devices over DTLS; 0 is any free port (5684)')
    .option('--data <directory>', 'keys, database file, images (./campanile-data)')
    .option('--images <directory>', 'images elsewhere, for servers that share them')
    .option('--public-http-url <url>', 'what links to this server begin with')
    .option('--public-coap <url>', 'what image addresses for LwM2M devices begin with')
    .option('--public-coaps <url>', 'the same over DTLS')
    .option('--tls-cert <file>', 'serve HTTPS with this certificate chain; looked at again every minute')
    .option('--tls-key <file>', 'its private key')
    .option('--ledger-key <file>', 'Ed25519 key (PEM) that signs ledgers, instead of the one in the data directory')
    .option('--trust-proxy <networks>', 'believe forwarded addresses from these, like 10.0.0.0/8')
    .option('--coap-ack-timeout <ms>', 'first wait for a CoAP acknowledgement; more for slow networks (2000)')
    .option('--coap-ack-random-factor <factor>', 'how far that wait is spread (1.5)')
    .option('--coap-max-retransmit <count>', 'how often a CoAP message is repeated (4)')
    .option('--coap-nstart <count>', 'requests that one device is asked to bear at a time (1)')
    .option('--allow-nosec', 'let LwM2M devices register without security on an address that is not loopback')
    .option('--log-level <level>', 'silent, error, warn, info, debug (info)')
    .option(
      '--limit <name=value>',
      'set a limit of docs/limits.md; may be given several times',
      (one: string, others: readonly string[] = []) => [...others, one],
    )
    .addHelpText(
      'after',
      '\nDATABASE_URL=postgres://… uses PostgreSQL. CAMPANILE_OPERATOR_KEY and CAMPANILE_SECRET replace the files.',
    );
}

export async function serve(command: Command, terminal: Terminal): Promise<number> {
  const { readConfig, startServer } = await import('../server/index.ts');
  const result = readConfig(flagsOf(command), terminal.env);
  if (!result.ok) {
    for (const sentence of result.sentences) terminal.err(sentence);
    return EXIT.usage;
  }
  const server = await startServer(result.config);
  const asked = interrupted(terminal);
  terminal.out(JSON.stringify(server.ready));
  const link = await server.firstSignInLink();
  if (link !== undefined)
    terminal.err(`Nobody has signed in yet. This link does it, once and within ten minutes: ${link}`);
  await asked;
  await server.stop();
  return EXIT.done;
}

/** By their long names; only those that were given. */
function flagsOf(command: Command): Flags {
  const values = command.opts<Flags>();
  return Object.fromEntries(
    command.options.map((option) => [option.long?.slice(2) ?? '', values[option.attributeName()]]),
  );
}

export function interrupted(terminal: Terminal): Promise<void> {
  return new Promise((resolve) => {
    terminal.onInterrupt(resolve);
  });
}
