// What the doctor looks at on the network: the ports that a server binds, the addresses that it hands out, its clock.
import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { get as getPlain, type IncomingMessage } from 'node:http';
import { get as getSecure } from 'node:https';
import { createServer, isIP } from 'node:net';
import type { Instant } from '../campaigns/index.ts';
import { systemTimers } from './clock.ts';
import type { ServerConfig } from './config.ts';
import { codeOf } from './doctor-files.ts';
import { type Finding, fail, ok, warn } from './finding.ts';
import { DOCTOR_LIMITS } from './limits.ts';

/** What answered there; `undefined`: nobody, or somebody else. */
interface OurServer {
  readonly version: string;
  readonly isReady: boolean;
  /** By its clock, in milliseconds; it tells whole seconds. */
  readonly date: number | undefined;
}

type Fetched =
  | { readonly is: 'ours'; readonly server: OurServer }
  | { readonly is: 'other' | 'none'; readonly why: string };

export interface PortsLook {
  readonly findings: readonly Finding[];
  readonly server: OurServer | undefined;
}

export async function lookAtPorts({ host, httpPort, coapPort, tls }: ServerConfig): Promise<PortsLook> {
  const scheme = tls === undefined ? 'http' : 'https';
  const there = isIP(host) === 6 ? `[${wildcardAsLoopback(host)}]` : wildcardAsLoopback(host);
  const answer = httpPort === 0 ? undefined : await fetchHealth(`${scheme}://${there}:${httpPort}`, { trustAll: true });
  const server = answer?.is === 'ours' ? answer.server : undefined;
  const http =
    server === undefined ? await lookAtFree('HTTP', host, httpPort, tryTcp) : runningFinding(httpPort, server);
  const coap =
    server === undefined
      ? await lookAtFree('CoAP', host, coapPort, tryUdp)
      : await lookAtOwnCoap(wildcardAsLoopback(host), coapPort);
  return { findings: [http, coap], server };
}

/** An address that means every one cannot be called; this machine answers on its own. */
const wildcardAsLoopback = (host: string): string => (host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host);

const runningFinding = (port: number, { version, isReady }: OurServer): Finding =>
  isReady
    ? ok('ports', `HTTP ${port}: a server of version ${version} runs and is ready`)
    : warn(
        'ports',
        `HTTP ${port}: a server of version ${version} runs and is not ready`,
        'look at its log: the database?',
      );

type Try = (host: string, port: number) => Promise<string | undefined>;

async function lookAtFree(what: string, host: string, port: number, attempt: Try): Promise<Finding> {
  const why = await attempt(host, port);
  if (why === undefined) return ok('ports', `${what} ${port}: free`);
  return fail('ports', `${what} ${port} cannot be taken (${why})`, 'choose another port, or end what uses it');
}

/** The code of the refusal; nothing where it could be bound. */
const tryTcp: Try = (host, port) =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => resolve(codeOf(error)));
    server.listen({ host, port }, () => server.close(() => resolve(undefined)));
  });

const tryUdp: Try = (host, port) =>
  new Promise((resolve) => {
    const socket = createSocket(isIP(host) === 6 ? 'udp6' : 'udp4');
    socket.once('error', (error) => {
      socket.close();
      resolve(codeOf(error));
    });
    socket.bind({ address: host, port, exclusive: true }, () => socket.close(() => resolve(undefined)));
  });

async function lookAtOwnCoap(host: string, port: number): Promise<Finding> {
  if (port === 0 || (await pingCoap(host, port))) return ok('ports', `CoAP ${port}: it answers`);
  return warn('ports', `CoAP ${port}: nobody answers a ping`, 'look at the ready line for the port that is bound');
}

/** Each address that is handed out, fetched once as a device or a customer would. */
export async function lookAtPublic(config: ServerConfig): Promise<readonly Finding[]> {
  const { publicHttpUrl, publicCoap, publicCoaps } = config;
  const looks = [
    ...(publicHttpUrl === undefined ? [] : [lookAtPublicHttp(publicHttpUrl)]),
    ...(publicCoap === undefined ? [] : [lookAtPublicCoap(publicCoap)]),
    ...(publicCoaps === undefined ? [] : [lookAtName(publicCoaps)]),
  ];
  if (looks.length === 0) return [ok('public', 'bound to loopback: links are made from the addresses that are bound')];
  return Promise.all(looks);
}

async function lookAtPublicHttp(url: string): Promise<Finding> {
  const answer = await fetchHealth(url);
  if (answer.is === 'ours') return ok('public', `${url} reaches a server of version ${answer.server.version}`);
  const remedy =
    answer.is === 'other'
      ? 'let the proxy pass every path to this server'
      : 'start the server; then look at name, firewall, proxy, certificate';
  return fail('public', `${url} does not reach a server (${answer.why})`, remedy);
}

const COAP_PORT = 5_683;

async function lookAtPublicCoap(url: string): Promise<Finding> {
  const { hostname, port } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  if (await pingCoap(host, port === '' ? COAP_PORT : Number(port))) return ok('public', `${url} answers`);
  return fail(
    'public',
    `${url} does not answer a ping`,
    'start the server; then look at name, firewall and UDP forwarding',
  );
}

/** Whether the handshake works only a device with its key can tell. */
async function lookAtName(url: string): Promise<Finding> {
  const { hostname } = new URL(url);
  try {
    const { address } = await lookup(hostname.replace(/^\[|\]$/g, ''));
    return ok('public', `${url}: the name leads to ${address}; the handshake is not tried`);
  } catch (error) {
    return fail('public', `${url}: the name leads nowhere (${codeOf(error)})`, 'look at the name and its DNS');
  }
}

/** RFC 7252 §4.3: an empty confirmable message, which whoever speaks CoAP resets. */
const PING = Buffer.from([0x40, 0x00, 0x63, 0x61]);
const RESET = Buffer.from([0x70, 0x00, 0x63, 0x61]);

async function pingCoap(host: string, port: number): Promise<boolean> {
  const found = await lookup(host).catch(() => undefined);
  if (found === undefined) return false;
  const socket = createSocket(found.family === 6 ? 'udp6' : 'udp4');
  try {
    return await new Promise<boolean>((resolve) => {
      const cancel = systemTimers.after(DOCTOR_LIMITS.answerWait, () => resolve(false));
      const ended = (answered: boolean): void => {
        cancel();
        resolve(answered);
      };
      socket.once('error', () => ended(false));
      socket.on('message', (bytes) => {
        if (RESET.equals(bytes)) ended(true);
      });
      socket.connect(port, found.address, () => socket.send(PING));
    });
  } finally {
    socket.close();
  }
}

async function fetchHealth(base: string, { trustAll = false } = {}): Promise<Fetched> {
  try {
    const { status, text, date } = await fetchText(`${base}/healthz`, trustAll);
    const said: unknown = JSON.parse(text);
    if (status !== 200 || !isHealth(said)) return { is: 'other', why: `it answers ${status}, and is no Campanile` };
    const ready = await fetchText(`${base}/readyz`, trustAll);
    return { is: 'ours', server: { version: said.version, isReady: ready.status === 200, date } };
  } catch (error) {
    if (error instanceof SyntaxError) return { is: 'other', why: 'what answers is no Campanile' };
    return { is: 'none', why: codeOf(error) };
  }
}

const isHealth = (said: unknown): said is { readonly version: string } =>
  typeof said === 'object' &&
  said !== null &&
  'version' in said &&
  typeof said.version === 'string' &&
  'status' in said;

interface Text {
  readonly status: number;
  readonly text: string;
  readonly date: number | undefined;
}

/** `trustAll`: this machine is asked under its own address, for which no certificate is made. */
function fetchText(url: string, trustAll: boolean): Promise<Text> {
  return new Promise((resolve, reject) => {
    const take = (response: IncomingMessage): void => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text = (text + chunk).slice(0, DOCTOR_LIMITS.answerCharactersMax);
      });
      response.once('error', reject);
      response.once('end', () => {
        const date = Date.parse(response.headers.date ?? '');
        resolve({ status: response.statusCode ?? 0, text, date: Number.isNaN(date) ? undefined : date });
      });
    };
    const common = { timeout: DOCTOR_LIMITS.answerWait, agent: false as const };
    const request = url.startsWith('https:')
      ? getSecure(url, { ...common, rejectUnauthorized: !trustAll }, take)
      : getPlain(url, common, take);
    request.once('timeout', () => request.destroy(new Error('no answer in time')));
    request.once('error', reject);
  });
}

const SECOND = 1_000;

/** `there` is what another clock showed between the two instants of ours. */
export function lookAtClock(whose: string, there: number, before: Instant, after: Instant): Finding {
  const off = there < before ? there - before : there > after ? there - after : 0;
  const text = `this machine and ${whose} differ by ${Math.abs(off / SECOND).toFixed(1)} s`;
  const remedy = 'let a time service (NTP) set both clocks: windows open and close by them';
  if (Math.abs(off) >= DOCTOR_LIMITS.clockOffMax) return fail('clock', text, remedy);
  return Math.abs(off) >= DOCTOR_LIMITS.clockOffAmple ? warn('clock', text, remedy) : ok('clock', text);
}
