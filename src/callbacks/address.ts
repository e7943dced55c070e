// Whether a callback may go to an address: only public ones, unless the account allows others. Keeps customers off our inside.
import { BlockList, isIP } from 'node:net';

/** The setting of an account that allows what is refused here; every refusal names it. */
export const ALLOWING_SETTING = 'allowPrivateCallbackHosts';

type Range = readonly [network: string, bits: number, what: string];

/** IANA special-purpose registries (RFC 6890 and its successors), and what lies below no registry: multicast, reserved. */
const SPECIAL4: readonly Range[] = [
  ['0.0.0.0', 8, 'unspecified'],
  ['10.0.0.0', 8, 'private'],
  ['100.64.0.0', 10, 'shared (carrier)'],
  ['127.0.0.0', 8, 'loopback'],
  ['169.254.0.0', 16, 'link-local'],
  ['172.16.0.0', 12, 'private'],
  ['192.0.0.0', 24, 'special'],
  ['192.0.2.0', 24, 'documentation'],
  ['192.88.99.0', 24, 'special'],
  ['192.168.0.0', 16, 'private'],
  ['198.18.0.0', 15, 'benchmarking'],
  ['198.51.100.0', 24, 'documentation'],
  ['203.0.113.0', 24, 'documentation'],
  ['224.0.0.0', 4, 'multicast'],
  ['240.0.0.0', 4, 'reserved'],
];
const SPECIAL6: readonly Range[] = [
  ['::', 128, 'unspecified'],
  ['::1', 128, 'loopback'],
  ['fc00::', 7, 'private'],
  ['fe80::', 10, 'link-local'],
  ['fec0::', 10, 'site-local'],
  ['ff00::', 8, 'multicast'],
  ['2001::', 23, 'special'],
  ['2001:db8::', 32, 'documentation'],
  ['2002::', 16, '6to4'],
  ['3fff::', 20, 'documentation'],
];
/** Only these are handed out as public (RFC 4291 §2.4). */
const GLOBAL6: Range = ['2000::', 3, 'public'];
/** IPv6 ranges whose last 32 bits are an IPv4 address that is meant: mapped (RFC 4291), NAT64 (RFC 6052), compatible. */
const CARRIERS: readonly Range[] = [
  ['::ffff:0:0', 96, 'mapped'],
  ['64:ff9b::', 96, 'NAT64'],
  ['::', 96, 'compatible'],
];

function isIn(address: string, [network, bits]: Range): boolean {
  const list = new BlockList();
  list.addSubnet(network, bits, isIP(network) === 4 ? 'ipv4' : 'ipv6');
  return isIP(address) === isIP(network) && list.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6');
}

/** Undefined where the address is public; otherwise what it is. */
export function specialKind(address: string): string | undefined {
  if (isIP(address) === 4) return SPECIAL4.find((range) => isIn(address, range))?.[2];
  if (isIP(address) !== 6 || address.includes('%')) return 'scoped';
  const special = SPECIAL6.find((range) => isIn(address, range))?.[2];
  if (special !== undefined) return special;
  const carried = carriedAddress(address);
  if (carried !== undefined) return specialKind(carried);
  return isIn(address, GLOBAL6) ? undefined : 'reserved';
}

function carriedAddress(address: string): string | undefined {
  if (!CARRIERS.some((range) => isIn(address, range))) return undefined;
  const [high, low] = groupsOf(address).slice(-2);
  if (high === undefined || low === undefined) return undefined;
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

/** The URL parser writes an IPv6 address in its canonical form: hexadecimal groups only. */
function groupsOf(address: string): readonly number[] {
  const canonical = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const [head = '', tail] = canonical.split('::');
  const numbers = (text: string): number[] =>
    text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
  const [before, behind] = [numbers(head), numbers(tail ?? '')];
  return [...before, ...Array.from({ length: 8 - before.length - behind.length }, () => 0), ...behind];
}

/** A line of the account's list: a host name, an address, or a range like `10.1.0.0/16`. */
export function isAllowed(host: string, address: string, allowed: readonly string[]): boolean {
  return allowed.some((line) => {
    const [network = '', bits] = line.split('/');
    if (isIP(network) === 0) return line.toLowerCase() === host.toLowerCase();
    const prefix = bits === undefined ? (isIP(network) === 4 ? 32 : 128) : Number(bits);
    const isRange = Number.isInteger(prefix) && prefix >= 0 && prefix <= (isIP(network) === 4 ? 32 : 128);
    return isRange && isIn(address, [network, prefix, '']);
  });
}

/** A sentence where the address may not be reached; undefined where it may. */
export function refuseAddress(host: string, address: string, allowed: readonly string[]): string | undefined {
  const kind = specialKind(address);
  if (kind === undefined || isAllowed(host, address, allowed)) return undefined;
  return `${host}: ${address} is a ${kind} address; to allow it, add the host or its range to ${ALLOWING_SETTING}.`;
}

/**
 * What is wrong with an address that is to be registered, as a sentence; undefined where nothing is. A host name is
 * looked up, and judged again, whenever something is sent.
 */
export function refuseUrl(text: string, allowed: readonly string[]): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== 'https:' && url.protocol !== 'http:'))
    return `url: given ${text}, accepted: an https or http address.`;
  if (url.username !== '' || url.password !== '')
    return 'url: accepted: an address without user name and password; callbacks are signed instead.';
  const host = hostOf(url);
  if (isIP(host) === 0) {
    const isLocal = host === 'localhost' || host.endsWith('.localhost');
    return isLocal ? refuseAddress(host, '127.0.0.1', allowed) : undefined;
  }
  return refuseAddress(host, host, allowed);
}

export const hostOf = ({ hostname }: URL): string => (hostname.startsWith('[') ? hostname.slice(1, -1) : hostname);
