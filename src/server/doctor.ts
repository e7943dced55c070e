// Looks at everything that a server with this configuration needs, changes nothing, and says what to do.
import { lookAtPostgres, lookAtSqlite } from '../store/index.ts';
import { systemClock } from './clock.ts';
import { type Environment, type Flags, readConfig, type ServerConfig } from './config.ts';
import { codeOf, lookAtCertificate, lookAtFolders, lookAtSecrets } from './doctor-files.ts';
import { lookAtClock, lookAtPorts, lookAtPublic } from './doctor-net.ts';
import { type Finding, fail, ok } from './finding.ts';
import { DOCTOR_LIMITS } from './limits.ts';

export async function examine(flags: Flags, env: Environment): Promise<readonly Finding[]> {
  const read = readConfig(flags, env);
  if (!read.ok)
    return read.sentences.map((text) => fail('configuration', text, 'correct it; nothing else was looked at'));
  const { config } = read;
  return [
    ok('configuration', 'every value can be used'),
    ...(await lookAtFolders(config)),
    ...(await lookAtSecrets(config)),
    ...(await lookAtCertificate(config, systemClock.now())),
    ...(await lookAtDatabase(config)),
    ...(await lookAtServer(config)),
    ...(await lookAtPublic(config)),
  ];
}

async function lookAtServer(config: ServerConfig): Promise<readonly Finding[]> {
  const before = systemClock.now();
  const { findings, server } = await lookAtPorts(config);
  if (server?.date === undefined) return findings;
  // The header has whole seconds: what it shows may be almost one second ago.
  const shown = server.date < before ? Math.min(server.date + 999, before) : server.date;
  return [...findings, lookAtClock('the running server', shown, before, systemClock.now())];
}

async function lookAtDatabase({ data, databaseUrl }: ServerConfig): Promise<readonly Finding[]> {
  const before = systemClock.now();
  try {
    const look =
      databaseUrl === undefined
        ? await lookAtSqlite(data)
        : await lookAtPostgres(databaseUrl, DOCTOR_LIMITS.databaseWait);
    if (look === undefined) return [ok('database', 'there is no database yet; the first start makes it')];
    const { missing, unknown, now } = look;
    const clock = now === undefined ? [] : [lookAtClock('the database', now, before, systemClock.now())];
    return [schemaFinding(missing, unknown), ...clock];
  } catch (error) {
    const where = databaseUrl === undefined ? `in ${data}` : 'of DATABASE_URL';
    return [
      fail('database', `the database ${where} cannot be used (${codeOf(error)})`, 'look at its address, user and log'),
    ];
  }
}

function schemaFinding(missing: readonly string[], unknown: readonly string[]): Finding {
  if (unknown.length > 0)
    return fail(
      'database',
      `a newer version has changed it (${unknown.join(', ')})`,
      'run that version, or restore a backup of before',
    );
  if (missing.length > 0) return ok('database', `it answers; the next start brings it to ${missing.at(-1)}`);
  return ok('database', 'it answers, and its schema is that of this version');
}
