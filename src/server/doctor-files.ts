// What the doctor looks at on the disk: the data directory and its room, the files with secrets, the certificate.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { access, constants, open, readFile, rm, stat, statfs } from 'node:fs/promises';
import { isIP } from 'node:net';
import { dirname, join } from 'node:path';
import type { Instant } from '../campaigns/index.ts';
import type { ServerConfig } from './config.ts';
import { type Finding, fail, ok, warn } from './finding.ts';
import { DOCTOR_LIMITS } from './limits.ts';

export async function lookAtFolders({ data, images }: ServerConfig): Promise<readonly Finding[]> {
  const findings = [await lookAtFolder('data', data)];
  if (dirname(images) !== data) findings.push(await lookAtFolder('images', images));
  return findings;
}

async function lookAtFolder(what: string, folder: string): Promise<Finding> {
  if (!(await exists(folder))) return lookAtPlaceFor(what, folder);
  const probe = join(folder, `.doctor-${process.pid}`);
  try {
    const file = await open(probe, 'wx', 0o600);
    await file.close();
    await rm(probe);
  } catch (error) {
    return fail(what, `${folder} cannot be written (${codeOf(error)})`, 'give the directory to the user of the server');
  }
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  const text = `${folder} can be written; ${mebibytes(free)} MiB are free`;
  if (free < DOCTOR_LIMITS.freeBytesMin) return fail(what, text, 'make room: without it nothing can be stored');
  if (free < DOCTOR_LIMITS.freeBytesAmple) return warn(what, text, 'make room before the next images are uploaded');
  return ok(what, text);
}

/** It is made at the first start, by whoever starts the server. */
async function lookAtPlaceFor(what: string, folder: string): Promise<Finding> {
  let above = dirname(folder);
  while (!(await exists(above)) && above !== dirname(above)) above = dirname(above);
  try {
    await access(above, constants.W_OK | constants.X_OK);
    return ok(what, `${folder} is not there yet; the first start makes it`);
  } catch {
    return fail(what, `${folder} is not there, and ${above} cannot be written`, 'make it for the user of the server');
  }
}

const SECRET_FILES = ['operator.key', 'server.secret', 'ledger-key.pem', 'campanile.db'] as const;
const OTHERS = 0o077;

/** The database holds the keys of devices. Where nobody else enters the directory, nobody else reads its files. */
export async function lookAtSecrets({ data }: ServerConfig): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const folder = await stat(data).catch(() => undefined);
  if (folder !== undefined && (folder.mode & OTHERS) === 0)
    return [ok('secrets', `${data} can be entered by its owner only`)];
  for (const name of SECRET_FILES) {
    const file = join(data, name);
    const found = await stat(file).catch(() => undefined);
    if (found === undefined) continue;
    const mode = (found.mode & 0o777).toString(8);
    findings.push(
      (found.mode & OTHERS) === 0
        ? ok('secrets', `${file} can be read by its owner only`)
        : warn('secrets', `${file} can be read by others of this machine (mode ${mode})`, `chmod 600 ${file}`),
    );
  }
  return findings.length > 0 ? findings : [ok('secrets', 'there are none yet; the first start makes them')];
}

const DAY = 86_400_000;

export async function lookAtCertificate(config: ServerConfig, now: Instant): Promise<readonly Finding[]> {
  const { tls, publicHttpUrl } = config;
  if (tls === undefined) return [];
  try {
    const certificate = new X509Certificate(await readFile(tls.certificate));
    const key = createPrivateKey(await readFile(tls.key));
    if (!certificate.checkPrivateKey(key))
      return [
        fail('certificate', `${tls.key} is not the key of ${tls.certificate}`, 'give the pair that belongs together'),
      ];
    return [datesOf(certificate, now), ...nameOf(certificate, publicHttpUrl)];
  } catch (error) {
    return [
      fail('certificate', `${tls.certificate} or ${tls.key} cannot be read (${codeOf(error)})`, 'give PEM files'),
    ];
  }
}

function datesOf({ validFromDate, validToDate }: X509Certificate, now: Instant): Finding {
  const days = Math.floor((validToDate.getTime() - now) / DAY);
  const until = validToDate.toISOString();
  if (validFromDate.getTime() > now)
    return fail('certificate', `it is valid from ${validFromDate.toISOString()} on`, 'wait, or set the clock');
  if (days < 0)
    return fail('certificate', `it has expired on ${until}`, 'renew it; the server takes it up within a minute');
  if (days < DOCTOR_LIMITS.certificateDaysMin)
    return warn(
      'certificate',
      `it expires in ${days} days, on ${until}`,
      'renew it; the server takes it up within a minute',
    );
  return ok('certificate', `it is valid until ${until}`);
}

function nameOf(certificate: X509Certificate, publicHttpUrl: string | undefined): readonly Finding[] {
  if (publicHttpUrl === undefined) return [];
  const hostname = new URL(publicHttpUrl).hostname.replace(/^\[|\]$/g, '');
  const named = isIP(hostname) === 0 ? certificate.checkHost(hostname) : certificate.checkIP(hostname);
  if (named !== undefined) return [];
  return [
    fail('certificate', `it is not for ${hostname}, the host of --public-http-url`, 'get one that names this host'),
  ];
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

const mebibytes = (bytes: number): number => Math.floor(bytes / (1024 * 1024));

export const codeOf = (error: unknown): string =>
  error instanceof Error ? ('code' in error ? String(error.code) : error.message) : String(error);
