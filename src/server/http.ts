// The HTTP socket: bound before anything is handed out, so that a free port is known; requests wait until the server is ready.
import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { type Instant, instant } from '../campaigns/index.ts';
import type { Timers } from '../delivery/ports.ts';
import type { ServerConfig } from './config.ts';
import { SERVER_LIMITS } from './limits.ts';
import { StartRefused } from './refused.ts';

export interface HttpSocket {
  readonly server: Server;
  readonly address: { readonly host: string; readonly port: number };
  readonly scheme: 'http' | 'https';
  /** From now on requests are answered, also those that were waiting. */
  answer(listener: RequestListener): void;
  /** When the certificate expires that is shown at this moment; undefined: there is none. */
  certificateEnds(): Instant | undefined;
  /** Looks whether certificate or key have changed. */
  renew(): Promise<void>;
  /** Takes no new request; open ones may end within `stopWait`. */
  close(): Promise<void>;
}

type Wanted = Pick<ServerConfig, 'host' | 'httpPort' | 'tls'>;

export async function bindHttp({ host, httpPort, tls }: Wanted, timers: Timers): Promise<HttpSocket> {
  let answer: (listener: RequestListener) => void = () => {};
  const ready = new Promise<RequestListener>((resolve) => {
    answer = resolve;
  });
  const waiting: RequestListener = (request, response) => {
    void ready.then((listener) => listener(request, response));
  };
  const material = tls === undefined ? undefined : await readTls(tls);
  const secure = material === undefined ? undefined : createTlsServer(material, waiting);
  const server = secure ?? createServer(waiting);
  server.requestTimeout = SERVER_LIMITS.requestArrivesWithin;
  server.headersTimeout = SERVER_LIMITS.headersWithin;
  server.keepAliveTimeout = SERVER_LIMITS.keepAlive;
  await listen(server, host, httpPort);
  const { address, port } = server.address() as AddressInfo;
  return {
    server,
    address: { host: address, port },
    scheme: secure === undefined ? 'http' : 'https',
    answer: (listener) => answer(listener),
    ...renewal(secure, tls, material),
    close: () => close(server, timers),
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(unbindable('HTTP', `${host}:${port}`, error)));
    server.listen({ host, port }, () => {
      server.removeAllListeners('error');
      resolve();
    });
  });
}

/** The sentence for an address that cannot be bound. */
export function unbindable(what: string, address: string, error: Error): Error {
  const code = 'code' in error ? error.code : undefined;
  const why =
    code === 'EADDRINUSE'
      ? 'another program uses it'
      : code === 'EACCES'
        ? 'this user may not bind it'
        : code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND'
          ? 'this machine has no such address'
          : error.message;
  return new StartRefused(`The address ${address} cannot be taken for ${what}: ${why}.`, { cause: error });
}

interface Material {
  readonly cert: string;
  readonly key: string;
}

async function readTls({ certificate, key }: NonNullable<ServerConfig['tls']>): Promise<Material> {
  const read = async (flag: string, path: string): Promise<string> => {
    try {
      return await readFile(path, 'utf8');
    } catch (error) {
      throw new StartRefused(`${flag}: ${path} cannot be read.`, { cause: error });
    }
  };
  return { cert: await read('--tls-cert', certificate), key: await read('--tls-key', key) };
}

function renewal(
  server: TlsServer | undefined,
  tls: ServerConfig['tls'],
  first: Material | undefined,
): Pick<HttpSocket, 'renew' | 'certificateEnds'> {
  let current = first;
  return {
    certificateEnds: () => (current === undefined ? undefined : endOf(current)),
    renew: async () => {
      if (server === undefined || tls === undefined) return;
      const next = await readTls(tls);
      if (next.cert === current?.cert && next.key === current.key) return;
      // Throws while only one of the two files is new; the next look finds both.
      server.setSecureContext(next);
      current = next;
    },
  };
}

/** Of a chain the first one, which is the server's own. */
const endOf = ({ cert }: Material): Instant => instant(Date.parse(new X509Certificate(cert).validTo));

function close(server: Server, timers: Timers): Promise<void> {
  return new Promise((resolve) => {
    const cancel = timers.after(SERVER_LIMITS.stopWait, () => server.closeAllConnections());
    server.close(() => {
      cancel();
      resolve();
    });
    server.closeIdleConnections();
  });
}
