// A certificate as the days go by, and under names that are not its own.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { instant } from '../campaigns/index.ts';
import { readConfig } from './config.ts';
import { lookAtCertificate } from './doctor-files.ts';

/** Made for this test, for fota.example.com; valid for 365 days. */
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBqDCCAU6gAwIBAgIUK6mw1jfLc4IPzzztudlKU6loR9kwCgYIKoZIzj0EAwIw
GzEZMBcGA1UEAwwQZm90YS5leGFtcGxlLmNvbTAeFw0yNjExMjMwMzE4MDNaFw0y
NzExMjMwMzE4MDNaMBsxGTAXBgNVBAMMEGZvdGEuZXhhbXBsZS5jb20wWTATBgcq
hkjOPQIBBggqhkjOPQMBBwNCAASbM35GlfuYdRgTkC/g2Acmg6WZq5PH9PUY4IAr
pyxieOxl4j7c560Grlscr7efkdiirnu/zkAx16vJuYFwLfzSo3AwbjAdBgNVHQ4E
FgQU8t3IbDy+AGCTlSUSAhkFDtfpKV4wHwYDVR0jBBgwFoAU8t3IbDy+AGCTlSUS
AhkFDtfpKV4wDwYDVR0TAQH/BAUwAwEB/zAbBgNVHREEFDASghBmb3RhLmV4YW1w
bGUuY29tMAoGCCqGSM49BAMCA0gAMEUCICcjYbbkAbk4B2yN378oeDpVAi9w2hKk
xNmxKwurE8ntAiEA7gbKaSjuL+A2HI3HTea6IaRQeHiYwqWQqx6bHB5FlDA=
-----END CERTIFICATE-----`;
const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgoaPyu8B/OhSyNT6z
gnyJJnHoTWfWWdUiwJGBj5BdXXihRANCAASbM35GlfuYdRgTkC/g2Acmg6WZq5PH
9PUY4IArpyxieOxl4j7c560Grlscr7efkdiirnu/zkAx16vJuYFwLfzS
-----END PRIVATE KEY-----`;
/** Of another pair. */
const OTHER_KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgU/DPfGX4CpoaGbhU
EQJKF9QB0Qb55x9F3R2yUdM8KXGhRANCAARd2jaPBKrN26eYIeLoH54OMArzopCL
3Z+Pu7FINM7EgqBdvVytoTzoPgxUR2pRDZean5joy+KnPNXsESce2TU/
-----END PRIVATE KEY-----`;

const ENDS = Date.parse('2027-11-23T03:18:03Z');
const DAY = 86_400_000;

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'campanile-certificate-'));
  await writeFile(join(folder, 'cert.pem'), CERTIFICATE);
  await writeFile(join(folder, 'key.pem'), KEY);
  await writeFile(join(folder, 'other.pem'), OTHER_KEY);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function seen(daysLeft: number, { key = 'key.pem', host = 'fota.example.com' } = {}) {
  const flags = { 'tls-cert': join(folder, 'cert.pem'), 'tls-key': join(folder, key) };
  const config = readConfig({ ...flags, 'public-http-url': `https://${host}` }, {});
  if (!config.ok) throw new Error(config.sentences.join());
  return lookAtCertificate(config.config, instant(ENDS - daysLeft * DAY));
}

describe('a certificate', () => {
  test.each([
    [14, 'ok'],
    [13.9, 'warn'],
    [0.1, 'warn'],
    [-0.1, 'fail'],
    [366, 'fail'],
  ])('%d days before its end is %s', async (days, is) => {
    expect((await seen(days)).map((one) => one.is)).toEqual([is]);
  });

  test('of another key is refused', async () => {
    expect(await seen(100, { key: 'other.pem' })).toMatchObject([
      { is: 'fail', text: expect.stringContaining('is not the key of') },
    ]);
  });

  test('for another host is refused', async () => {
    expect(await seen(100, { host: 'updates.example.com' })).toMatchObject([
      { is: 'ok' },
      { is: 'fail', text: expect.stringContaining('not for updates.example.com') },
    ]);
  });
});
