// The document of the command line, made from the commands themselves: what each takes, its examples, its exit codes.
import type { Command, Option } from 'commander';
import { commandTree, doingCommands, EXAMPLES, EXIT, EXIT_TEXT, systemTerminal } from '../src/cli/index.ts';

export function cliDocument(): string {
  const commands = [...doingCommands(commandTree(systemTerminal()))];
  return `<!-- Written by \`npm run generate\` from src/cli. Do not edit. -->

# The command line

\`campanile --help\` and \`campanile COMMAND --help\` show the same. In a checkout it is \`npm run --silent campanile -- COMMAND\`.

${USE}
${BACKUP}
## Commands

${commands.map(([words, command]) => sectionOf(words, command)).join('\n')}`;
}

const USE = `## Settings

A flag counts more than a variable, a variable more than the configuration file, the file more than the default. The variable of a
flag is \`CAMPANILE_\` and its name in capitals, \`CAMPANILE_HTTP_PORT\` for \`--http-port\`. This holds for every flag of \`serve\` and
for \`--url\`, \`--account\`, \`--operator-key-file\`, \`--client-id\`, \`--client-secret\`, \`--username\`, \`--password\`, \`--ddi-token\`.

The configuration file is the one that \`--config\` names, else \`CAMPANILE_CONFIG\`, else \`campanile.json\` in the current directory
where there is one. Its names are those of the flags without dashes in front; \`limits\` and \`database-url\` are in it too:

\`\`\`json
{
  "data": "/var/lib/campanile",
  "http-port": 8080,
  "public-http-url": "https://fota.example.com",
  "limits": { "pageSizeMax": 500 },
  "account": "0000123456-00001"
}
\`\`\`

A name that does not exist is refused. A file with secrets is for its owner only: \`chmod 600\`. \`CAMPANILE_OPERATOR_KEY\` and
\`CAMPANILE_SECRET\` are variables only.

## Output

\`--json\` prints one JSON object a line: for lists each item is a line. Progress of long work goes to stderr, and only when that is a
terminal. What cannot be undone asks first; \`--yes\` answers, and is required where nobody can be asked.

## Exit codes

| code | meaning |
|---|---|
${Object.entries(EXIT_TEXT)
  .map(([name, text]) => `| ${EXIT[name as keyof typeof EXIT]} | ${text} |`)
  .join('\n')}

\`doctor\` ends with 0 when nothing failed, warnings or not. \`device import\` ends with 1 when a device was rejected, \`callback test\`
when the listener did not take the event, \`demo\` when a device does not run the new version.
`;

const BACKUP = `## Backup and restore

\`backup\` copies the database in one read transaction of SQLite while the server runs and writes on: it is run on the machine of the
server, by whoever may read its data directory, and the server notices nothing of it but the load on the disk. The copy has every
row, the images, \`operator.key\`, \`server.secret\` and \`ledger-key.pem\`, each with its SHA-256 in \`backup.json\`, which is written last.
Not in it: flags, the configuration file, certificates, secrets that are given as variables, uploads that are not finished. Whoever
has the copy has the keys of the devices. With PostgreSQL the rows are taken with \`pg_dump\`; \`backup\` takes the rest.

\`restore\` goes into an empty data directory. The copy is marked: the first server on it pauses every campaign that is not over before
it sends anything, whatever way the copy came to its place; a crash on the way changes nothing about that. Resume each campaign once
you have looked at it: what devices did since the backup is not in it, and they are asked again before anything is offered to them.
With PostgreSQL start the first server once with \`--restored\`.
`;

function sectionOf(words: string, command: Command): string {
  const { registeredArguments, options } = command;
  const argumentNames = registeredArguments.map((one) => {
    const name = one.variadic ? `${one.name()}...` : one.name();
    return one.required ? `<${name}>` : `[${name}]`;
  });
  const aliases = command.aliases().map((alias) => `\`${alias}\``);
  const rows = [
    ...registeredArguments.filter(({ description }) => description !== '').map((one) => [one.name(), one.description]),
    ...options.filter(({ hidden }) => !hidden).map((one) => [one.flags, meaningOf(one)]),
  ];
  return [
    `### ${['campanile', words, ...argumentNames].join(' ')}`,
    `${sentence(command.description())}${aliases.length === 0 ? '' : ` Also called ${aliases.join(', ')}.`}`,
    ...(rows.length === 0 ? [] : [tableOf(rows)]),
    `\`\`\`text\n${(EXAMPLES[words] ?? []).join('\n')}\n\`\`\`\n`,
  ].join('\n\n');
}

function meaningOf({ description, mandatory, defaultValue, argChoices }: Option): string {
  const isPlain = defaultValue === undefined || defaultValue === false || Array.isArray(defaultValue);
  return [
    description,
    ...(argChoices === undefined ? [] : [`one of ${argChoices.join(', ')}`]),
    ...(mandatory ? ['required'] : []),
    ...(isPlain || defaultValue === true ? [] : [`default ${String(defaultValue)}`]),
  ].join('; ');
}

const tableOf = (rows: readonly (readonly (string | undefined)[])[]): string =>
  [
    '| | |',
    '|---|---|',
    ...rows.map(([name = '', text = '']) => `| \`${name}\` | ${text.replaceAll('|', '\\|')} |`),
  ].join('\n');

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
