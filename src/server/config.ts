// What an operator may set, by flag or environment; a value that cannot be used is answered by a sentence.
import { BlockList, isIP } from 'node:net';
import { join, resolve } from 'node:path';
import { LIMITS, type Limits, limitsWith } from '../contract/index.ts';
import { RFC_7252, type TransmissionParameters, wrongParameters } from '../lwm2m/index.ts';
import { SERVER_LIMITS } from './limits.ts';

export interface ServerConfig {
  readonly host: string;
  /** 0 is any free port. */
  readonly httpPort: number;
  readonly coapPort: number;
  readonly coapsPort: number;
  /** The times of the CoAP message layer. */
  readonly transmission: TransmissionParameters;
  /** Keys, the SQLite file, images. */
  readonly data: string;
  readonly images: string;
  /** PostgreSQL instead of the SQLite file. */
  readonly databaseUrl?: string;
  readonly publicHttpUrl?: string;
  readonly publicCoap?: string;
  readonly publicCoaps?: string;
  readonly tls?: { readonly certificate: string; readonly key: string };
  /** From these networks forwarded addresses are believed. */
  readonly trustProxy: readonly string[];
  readonly allowNosec: boolean;
  /** Instead of the file in the data directory. */
  readonly operatorKey?: string;
  readonly secret?: string;
  /** File of the key that signs ledgers, instead of the one in the data directory. */
  readonly ledgerKey?: string;
  readonly logLevel: LogLevel;
  readonly limits: Limits;
}

export const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Flags by their long name without dashes; `true` for one without a value, a list for one that is given repeatedly. */
export type Flags = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
export type Environment = Readonly<Record<string, string | undefined>>;

export type ConfigResult =
  | { readonly ok: true; readonly config: ServerConfig }
  | { readonly ok: false; readonly sentences: readonly string[] };

/** A flag counts more than its variable: `--http-port` is `CAMPANILE_HTTP_PORT`. */
export function readConfig(flags: Flags, env: Environment): ConfigResult {
  const given = new Given(flags, env);
  const host = given.text('host') ?? '127.0.0.1';
  const data = resolve(given.text('data') ?? './campanile-data');
  const images = given.text('images');
  const config: ServerConfig = {
    host,
    httpPort: given.port('http-port', 8080),
    coapPort: given.port('coap-port', 5683),
    coapsPort: given.port('coaps-port', 5684),
    transmission: given.transmission(),
    data,
    images: images === undefined ? join(data, 'images') : resolve(images),
    trustProxy: given.networks('trust-proxy'),
    allowNosec: given.isOn('allow-nosec'),
    logLevel: given.oneOf('log-level', LOG_LEVELS, 'info'),
    limits: given.limits(),
    ...optional('databaseUrl', given.database()),
    ...optional('publicHttpUrl', given.url('public-http-url', ['http:', 'https:'])),
    ...optional('publicCoap', given.url('public-coap', ['coap:'])),
    ...optional('publicCoaps', given.url('public-coaps', ['coaps:'])),
    ...optional('tls', given.tls()),
    ...optional('ledgerKey', given.text('ledger-key')),
    ...optional('operatorKey', given.secret('CAMPANILE_OPERATOR_KEY')),
    ...optional('secret', given.secret('CAMPANILE_SECRET')),
  };
  requireAddresses(config, given.sentences);
  return given.sentences.length === 0 ? { ok: true, config } : { ok: false, sentences: given.sentences };
}

const optional = <Name extends string, Value>(name: Name, value: Value | undefined) =>
  (value === undefined ? {} : { [name]: value }) as { readonly [Key in Name]?: Value };

/** engine.md §11: what is handed out is never made from an address that others cannot reach. */
function requireAddresses(config: ServerConfig, sentences: string[]): void {
  if (isLoopback(config.host)) return;
  const needed = [
    ['--public-http-url', 'https://fota.example.com', config.publicHttpUrl],
    ['--public-coap', 'coap://fota.example.com:5683', config.publicCoap],
    ['--public-coaps', 'coaps://fota.example.com:5684', config.publicCoaps],
  ] as const;
  for (const [flag, example, value] of needed) {
    if (value === undefined)
      sentences.push(
        `${flag} is missing: bound to ${config.host}, the server cannot know under which address others reach it; give one like ${example}.`,
      );
  }
}

const LIMIT_VARIABLE = 'CAMPANILE_LIMIT_';
const LIMIT_OF_VARIABLE: ReadonlyMap<string, string> = new Map(
  Object.keys(LIMITS).map((name) => [limitVariable(name), name]),
);

/** `CAMPANILE_LIMIT_PAGE_SIZE_MAX` for `pageSizeMax`. */
function limitVariable(name: string): string {
  return LIMIT_VARIABLE + name.replace(/[A-Z]/g, '_$&').toUpperCase();
}

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

export function isLoopback(host: string): boolean {
  if (host === 'localhost') return true;
  const version = isIP(host);
  return version !== 0 && LOOPBACK.check(host, version === 4 ? 'ipv4' : 'ipv6');
}

class Given {
  readonly sentences: string[] = [];
  readonly #flags: Flags;
  readonly #env: Environment;

  constructor(flags: Flags, env: Environment) {
    this.#flags = flags;
    this.#env = env;
  }

  #value(flag: string): Flags[string] {
    const fromFlag = this.#flags[flag];
    if (fromFlag !== undefined) return fromFlag;
    const fromEnv = this.#env[`CAMPANILE_${flag.toUpperCase().replaceAll('-', '_')}`];
    return fromEnv === '' ? undefined : fromEnv;
  }

  #refuse(what: string, given: unknown, accepted: string): undefined {
    this.sentences.push(`${what}: given ${JSON.stringify(given)}, accepted: ${accepted}.`);
    return undefined;
  }

  text(flag: string): string | undefined {
    const value = this.#value(flag);
    if (value === undefined) return undefined;
    return typeof value === 'string' && value !== '' ? value : this.#refuse(`--${flag}`, value, 'a text');
  }

  port(flag: string, fallback: number): number {
    const value = this.#value(flag);
    if (value === undefined) return fallback;
    const port = /^\d{1,5}$/.test(String(value)) ? Number(value) : Number.NaN;
    if (port <= SERVER_LIMITS.portMax) return port;
    this.#refuse(`--${flag}`, value, `a port from 0 (any free one) to ${SERVER_LIMITS.portMax}`);
    return fallback;
  }

  number(flag: string, fallback: number): number {
    const value = this.#value(flag);
    if (value === undefined) return fallback;
    if (/^\d{1,12}(?:\.\d{1,6})?$/.test(String(value))) return Number(value);
    this.#refuse(`--${flag}`, value, 'a number');
    return fallback;
  }

  /** RFC 7252 §4.8: what a slow network needs others of. */
  transmission(): TransmissionParameters {
    const wanted: TransmissionParameters = {
      ...RFC_7252,
      ackTimeoutMs: this.number('coap-ack-timeout', RFC_7252.ackTimeoutMs),
      ackRandomFactor: this.number('coap-ack-random-factor', RFC_7252.ackRandomFactor),
      retransmitMax: this.number('coap-max-retransmit', RFC_7252.retransmitMax),
      nstart: this.number('coap-nstart', RFC_7252.nstart),
    };
    const wrong = wrongParameters(wanted);
    if (wrong === undefined) return wanted;
    this.sentences.push(`--coap-ack-timeout, --coap-ack-random-factor, --coap-max-retransmit, --coap-nstart: ${wrong}`);
    return RFC_7252;
  }

  isOn(flag: string): boolean {
    const value = this.#value(flag);
    if (value === undefined) return false;
    if (value === true || value === '1' || value === 'true') return true;
    if (value !== false && value !== '0' && value !== 'false') this.#refuse(`--${flag}`, value, 'true or false');
    return false;
  }

  oneOf<Word extends string>(flag: string, words: readonly Word[], fallback: Word): Word {
    const value = this.#value(flag);
    if (value === undefined) return fallback;
    const word = words.find((one) => one === value);
    if (word === undefined) this.#refuse(`--${flag}`, value, words.join(', '));
    return word ?? fallback;
  }

  /** Without a slash at its end. */
  url(flag: string, protocols: readonly string[]): string | undefined {
    const value = this.text(flag);
    if (value === undefined) return undefined;
    const url = URL.parse(value);
    const isPlain = url !== null && url.search === '' && url.hash === '' && url.username === '';
    if (isPlain && protocols.includes(url.protocol) && url.host !== '') return value.replace(/\/+$/, '');
    return this.#refuse(
      `--${flag}`,
      value,
      `an address that begins with ${protocols.map((one) => `${one}//`).join(' or ')}`,
    );
  }

  networks(flag: string): readonly string[] {
    const list =
      this.text(flag)
        ?.split(',')
        .map((one) => one.trim()) ?? [];
    const wrong = list.filter((one) => !isNetwork(one));
    if (wrong.length > 0)
      this.#refuse(`--${flag}`, wrong.join(','), 'addresses or networks like 10.0.0.0/8, with commas between them');
    return list;
  }

  /** Never shown in a sentence: it holds a password. */
  database(): string | undefined {
    const value = this.#env['DATABASE_URL'];
    if (value === undefined || value === '') return undefined;
    if (/^postgres(?:ql)?:\/\//.test(value) && URL.canParse(value)) return value;
    this.sentences.push('DATABASE_URL: accepted is an address that begins with postgres://.');
    return undefined;
  }

  /** `--limit name=value` counts more than `CAMPANILE_LIMIT_NAME_IN_CAPITALS`. */
  limits(): Limits {
    const settings = [...this.#limitsOfEnvironment(), ...this.#limitsOfFlags()];
    const result = limitsWith(settings);
    if (result.ok) return result.limits;
    this.sentences.push(...result.sentences);
    return LIMITS;
  }

  #limitsOfFlags(): readonly (readonly [string, string])[] {
    const given = this.#flags['limit'] ?? [];
    const list = Array.isArray(given) ? given : [String(given)];
    return list.flatMap((setting: string) => {
      const [, name, value] = /^([^=]+)=(.*)$/s.exec(setting) ?? [];
      if (name !== undefined && value !== undefined) return [[name, value] as const];
      this.#refuse('--limit', setting, 'a name and a value like pageSizeMax=500');
      return [];
    });
  }

  #limitsOfEnvironment(): readonly (readonly [string, string])[] {
    return Object.entries(this.#env).flatMap(([variable, value]) => {
      if (!variable.startsWith(LIMIT_VARIABLE) || value === undefined || value === '') return [];
      return [[LIMIT_OF_VARIABLE.get(variable) ?? variable, value] as const];
    });
  }

  tls(): ServerConfig['tls'] {
    const [certificate, key] = [this.text('tls-cert'), this.text('tls-key')];
    if (certificate !== undefined && key !== undefined) return { certificate, key };
    if (certificate !== undefined || key !== undefined)
      this.sentences.push('--tls-cert and --tls-key belong together: one of them is missing.');
    return undefined;
  }

  /** By environment only: flags can be read by everybody on the machine. */
  secret(name: string): string | undefined {
    const value = this.#env[name];
    if (value === undefined || value === '') return undefined;
    if (value.length >= SERVER_LIMITS.secretCharactersMin && /^[\x21-\x7e]+$/.test(value)) return value;
    this.sentences.push(
      `${name}: accepted are at least ${SERVER_LIMITS.secretCharactersMin} printable characters without blanks.`,
    );
    return undefined;
  }
}

function isNetwork(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  const version = isIP(address);
  if (version === 0 || more.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}
