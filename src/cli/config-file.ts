// The configuration file: what would otherwise be said by flags or variables, each time. A flag counts more than a
// variable, a variable more than the file, the file more than the default.
import type { Command } from 'commander';
import { UsageError } from './outcome.ts';
import type { Terminal } from './terminal.ts';

const FILE = 'campanile.json';
const VARIABLE = 'CAMPANILE_CONFIG';

/** What commands that talk to a server are told; the variable of each is `CAMPANILE_` and its name in capitals. */
const CLIENT_SETTINGS = [
  'url',
  'account',
  'operator-key-file',
  'client-id',
  'client-secret',
  'username',
  'password',
  'ddi-token',
] as const;

const LIMITS = 'limits';
const DATABASE = 'database-url';

export type Settings = ReadonlyMap<string, string>;

const variableOf = (name: string): string =>
  name === DATABASE ? 'DATABASE_URL' : `CAMPANILE_${name.toUpperCase().replaceAll('-', '_')}`;

/** By their variables. `serverFlags` are the names of the flags of `serve`. */
export function settingsIn(text: string, path: string, serverFlags: readonly string[]): Settings {
  const content = parsed(text, path);
  const known = new Set<string>([
    ...serverFlags.filter((name) => name !== 'limit'),
    ...CLIENT_SETTINGS,
    DATABASE,
    LIMITS,
  ]);
  const settings = new Map<string, string>();
  for (const [name, value] of Object.entries(content)) {
    if (!known.has(name))
      throw new UsageError(`${path}: there is no setting "${name}"; accepted: ${[...known].toSorted().join(', ')}.`);
    if (name === LIMITS) {
      for (const [limit, bound] of Object.entries(objectOf(value, `${path}: ${LIMITS}`)))
        settings.set(`CAMPANILE_LIMIT_${limit.replace(/[A-Z]/g, '_$&').toUpperCase()}`, textOf(bound, path, limit));
    } else settings.set(variableOf(name), textOf(value, path, name));
  }
  return settings;
}

function parsed(text: string, path: string): Readonly<Record<string, unknown>> {
  if (text.trim() === '') return {};
  try {
    return objectOf(JSON.parse(text), path);
  } catch (error) {
    if (error instanceof SyntaxError) throw new UsageError(`${path} is no JSON: ${error.message}`);
    throw error;
  }
}

function objectOf(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw new UsageError(`${what}: accepted: an object of names and values.`);
}

function textOf(value: unknown, path: string, name: string): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new UsageError(`${path}: ${name}: given ${JSON.stringify(value)}, accepted: a text, a number, true or false.`);
}

/** A terminal whose variables are completed by the configuration file, once that is read. */
export interface Configured {
  readonly terminal: Terminal;
  /** To be run before the options of a command are looked at. */
  readonly settle: (program: Command, serving: Command) => Promise<void>;
}

export function configured(terminal: Terminal): Configured {
  let { env } = terminal;
  const seen: Terminal = {
    ...terminal,
    get env() {
      return env;
    },
  };
  const settle = async (program: Command, serving: Command): Promise<void> => {
    const flags = serving.options.map(({ long }) => long?.slice(2) ?? '');
    const settings = await settingsOf(program, terminal, flags);
    const given = Object.fromEntries(Object.entries(terminal.env).filter(([, value]) => value !== ''));
    env = { ...Object.fromEntries(settings), ...given };
    for (const command of everyCommand(program)) complete(command, settings, given);
  };
  return { terminal: seen, settle };
}

async function settingsOf(program: Command, terminal: Terminal, flags: readonly string[]): Promise<Settings> {
  const { config } = program.opts<{ readonly config?: string }>();
  const variable = terminal.env[VARIABLE];
  const named = config ?? (variable === '' ? undefined : variable);
  try {
    return settingsIn(await terminal.read(named ?? FILE), named ?? FILE, flags);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    // Nobody has asked for a file that is only looked for.
    if (named === undefined && error.code === 'ENOENT') return new Map();
    throw new UsageError(`The configuration file ${named ?? FILE} cannot be read (${String(error.code)}).`);
  }
}

function* everyCommand(command: Command): Generator<Command> {
  yield command;
  for (const below of command.commands) yield* everyCommand(below);
}

/** A value that the file gives is one that somebody gave: an option that must be there is there. */
function complete(command: Command, settings: Settings, given: Readonly<Record<string, string | undefined>>): void {
  for (const option of command.options) {
    const name = CLIENT_SETTINGS.find((one) => option.long === `--${one}`);
    if (name === undefined) continue;
    const variable = variableOf(name);
    const value = given[variable] ?? settings.get(variable);
    const isKeyGiven = name === 'operator-key-file' && given['CAMPANILE_OPERATOR_KEY'] !== undefined;
    if (value === undefined || (isKeyGiven && given[variable] === undefined)) continue;
    command.setOptionValueWithSource(option.attributeName(), value, given[variable] === undefined ? 'config' : 'env');
  }
}
