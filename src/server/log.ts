// Where the server writes what happens: JSON lines on stderr, and never a secret.
import { type Logger, pino } from 'pino';
import type { ApiLog } from '../api/ports.ts';
import type { EngineLog } from '../engine/ports.ts';
import type { LogLevel } from './config.ts';

const STDERR = 2;
/** Whatever somebody hands to the log under these names is left out. */
const SECRETS = ['authorization', 'password', 'secret', 'clientSecret', 'token', 'ddiToken', 'psk', 'connectionString'];

export type Log = EngineLog &
  ApiLog & {
    info(text: string, facts?: Readonly<Record<string, unknown>>): void;
    warn(text: string, facts?: Readonly<Record<string, unknown>>): void;
    failed(text: string, error: unknown): void;
  };

export function openLog(level: LogLevel): Log {
  const paths = SECRETS.flatMap((name) => [name, `*.${name}`]);
  const options = { level, base: null, redact: { paths, censor: '(hidden)' } };
  // Unbuffered: the last line before an end is the one that is looked for.
  return logOver(pino(options, pino.destination({ fd: STDERR, sync: true })));
}

const logOver = (logger: Logger): Log => ({
  event: (name, facts) => logger.info({ event: name, ...facts }),
  error: (number, error) => logger.error({ number, err: error }, 'a request failed'),
  info: (text, facts = {}) => logger.info(facts, text),
  warn: (text, facts = {}) => logger.warn(facts, text),
  failed: (text, error) => logger.error({ err: error }, text),
});
