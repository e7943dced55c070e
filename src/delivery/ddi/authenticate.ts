// Who a polling device is: account and IMEI of the path, proven by its own token, its account's gateway, or a certificate.
import { hash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import {
  type AccountName,
  type Device,
  type DeviceKey,
  type DeviceProfile,
  parseAccountName,
  parseImei,
} from '../../campaigns/index.ts';
import type { Contacts } from '../ports.ts';
import { DDI_LIMITS } from './limits.ts';
import type { AccountFacts, DdiStore, HttpDevice, Strangers } from './ports.ts';

export interface Caller {
  readonly key: DeviceKey;
  readonly device: Device;
  readonly profile: DeviceProfile;
  readonly settings: AccountFacts;
}

export interface Claim {
  readonly accountName: string;
  readonly imei: string;
  readonly headers: IncomingHttpHeaders;
  /** Its headers about a client certificate are believed. */
  readonly fromTrustedProxy: boolean;
}

type Proof = 'token' | 'gateway' | 'none';

interface AuthParts {
  readonly store: DdiStore;
  readonly strangers?: Strangers;
  readonly contacts?: Pick<Contacts, 'refused'>;
  readonly clock: { now(): Parameters<Strangers['seen']>[0]['at'] };
}

/** Undefined for an unknown device and a wrong proof alike, after the same work. */
export async function authenticate(parts: AuthParts, claim: Claim): Promise<Caller | undefined> {
  const account = parseAccountName(claim.accountName);
  const imei = parseImei(claim.imei);
  if (account === undefined || imei === undefined) return undefined;
  const key: DeviceKey = { account, imei };
  const found = await parts.store.httpDevice(key);
  const given = readHeader(claim.headers.authorization);
  const proof = await proofOf(parts.store, key, { given, found });
  if (found === undefined) {
    const token = given?.scheme === 'targettoken' && proof === 'token' ? { token: given.token } : {};
    parts.strangers?.seen({ account, imei, at: parts.clock.now(), proof, ...token });
    return undefined;
  }
  const isProven =
    (proof !== 'none' || hasCertificate(claim, key, found.settings)) && found.device.transport === 'HTTP';
  if (!isProven) parts.contacts?.refused?.(key, parts.clock.now(), whyRefused(claim, given, found));
  return isProven ? { key, device: found.device, profile: found.profile, settings: found.settings } : undefined;
}

/** For the operator only: the device is told nothing. */
function whyRefused({ headers }: Claim, given: Given | undefined, { device, ddiToken }: HttpDevice): string {
  if (device.transport !== 'HTTP') return 'it polled over HTTP, and is imported as a device of LWM2M';
  if (given?.scheme === 'gatewaytoken') return 'its gateway token is not the one of the account';
  if (given !== undefined) {
    return ddiToken === undefined || ddiToken === ''
      ? 'it has no token here yet'
      : 'its token is not the one stored here';
  }
  return headers.authorization === undefined ? 'it sent no token' : 'its Authorization header is no TargetToken';
}

interface Given {
  readonly scheme: string;
  readonly token: string;
}

function readHeader(header: string | undefined): Given | undefined {
  const [, scheme = '', token = ''] = /^(TargetToken|GatewayToken) +(\S+) *$/i.exec(header ?? '') ?? [];
  return token === '' || token.length > DDI_LIMITS.tokenLengthMax ? undefined : { scheme: scheme.toLowerCase(), token };
}

interface Case {
  readonly given: Given | undefined;
  readonly found: HttpDevice | undefined;
}

async function proofOf(store: DdiStore, key: DeviceKey, { given, found }: Case): Promise<Proof> {
  if (given?.scheme === 'gatewaytoken') return (await isGateway(store, key.account, given.token)) ? 'gateway' : 'none';
  // The token of an unknown device is taken down: an operator who approves it makes it the device's own.
  return given !== undefined && (found === undefined || fits(given.token, found.ddiToken)) ? 'token' : 'none';
}

function fits(given: string, own: string = ''): boolean {
  const same = sameDigest(digestOf(given), digestOf(own));
  return same && own !== '';
}

async function isGateway(store: DdiStore, account: AccountName, token: string): Promise<boolean> {
  const { tokenHash = '' } = await store.accountList(account, 'gateway');
  const same = sameDigest(digestOf(token), Buffer.from(tokenHash.padEnd(64, '0'), 'hex'));
  return same && tokenHash !== '';
}

/** In a time that tells nothing about where they differ; hashed first, so that it tells nothing about their length. */
const sameDigest = (one: Buffer, other: Buffer): boolean => one.length === other.length && timingSafeEqual(one, other);
const digestOf = (text: string): Buffer => hash('sha256', text, 'buffer');

/** As hawkBit's proxies say it: the common name is the controller's id, and a hash for each issuer of the chain. */
function hasCertificate(
  { headers, fromTrustedProxy }: Claim,
  { imei }: DeviceKey,
  { clientCertificateIssuers: issuers = [] }: AccountFacts,
): boolean {
  if (!fromTrustedProxy || issuers.length === 0 || headers['x-ssl-client-cn'] !== imei) return false;
  const named = Object.entries(headers).flatMap(([name, value]) =>
    /^x-ssl-issuer-hash-\d{1,2}$/.test(name) && typeof value === 'string' ? [plainHash(value)] : [],
  );
  return issuers.some((issuer) => named.includes(plainHash(issuer)));
}

/** With or without colons, in any case. */
const plainHash = (text: string): string => text.replaceAll(':', '').trim().toLowerCase();
