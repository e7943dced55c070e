/** Image bytes per second over HTTP with Range, beside nginx with sendfile on the same file in the same run; the client is a process of its own. */
import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, openAsBlob } from 'node:fs';
import { access, chmod, chown, mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CampanileClient } from '../src/sdk/index.ts';
import { OperatorClient } from '../src/sdk/operator.ts';
import { readConfig, startServer } from '../src/server/index.ts';
import type { Target } from './target.ts';

const ACCOUNT = '0000000001-00001';
const IMEI = '350000000000000';
const TOKEN = 'token-of-the-device';
const IMAGE_BYTES = 512 * 1024 * 1024;
/** Not from the first byte on, so that the image is never whole and the same bytes may be asked for again. */
const SKIPPED = 1024 * 1024;
const ROUNDS = 4;
const ROUND_MS = 3_000;
const RATIO_LEAST = 0.5;
const NGINX = '/usr/sbin/nginx';
const DAY_MS = 86_400_000;
const NOBODY = 65_534;

const sleep = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

export async function run(say: (line: string) => void): Promise<readonly Target[]> {
  const folder = await mkdtemp(join(tmpdir(), 'campanile-bench-'));
  await chmod(folder, 0o755);
  try {
    const image = join(folder, 'image.bin');
    await writeImage(image);
    const read = readConfig(
      { data: join(folder, 'data'), 'http-port': '0', 'coap-port': '0', 'coaps-port': '0', 'log-level': 'error' },
      {},
    );
    if (!read.ok) throw new Error(read.sentences.join(' '));
    await using server = await startServer(read.config);
    const ours = await offered(server, image);
    say(`an image of ${IMAGE_BYTES / 1024 / 1024} MiB is offered`);
    await using other = await rival(folder, image, say);
    return await compare({ ours, theirs: other.url, rivalName: other.name }, say);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Contest {
  readonly ours: string;
  readonly theirs: string;
  readonly rivalName: string;
}

/** In turns, so that both meet the same noise of the machine; each is told by its best round. */
async function compare({ ours, theirs, rivalName }: Contest, say: (line: string) => void): Promise<readonly Target[]> {
  const best = { ours: 0, theirs: 0 };
  for (let round = 1; round <= ROUNDS; round += 1) {
    const one = await megabytesPerSecond(ours);
    const other = await megabytesPerSecond(theirs);
    best.ours = Math.max(best.ours, one);
    best.theirs = Math.max(best.theirs, other);
    say(`round ${round}: campanile ${one.toFixed(0)} MB/s, ${rivalName} ${other.toFixed(0)} MB/s`);
  }
  const what = `images: bytes with Range, ${best.ours.toFixed(0)} MB/s, beside ${rivalName}, ${best.theirs.toFixed(0)} MB/s`;
  return [{ what, value: best.ours / best.theirs, unit: 'ratio', least: RATIO_LEAST }];
}

const CLIENT = new URL('./images-client.ts', import.meta.url).pathname;

async function megabytesPerSecond(url: string): Promise<number> {
  const range = `bytes=${SKIPPED}-${IMAGE_BYTES - 1}`;
  const { stdout } = await promisify(execFile)(process.execPath, [CLIENT, url, range, String(ROUND_MS)]);
  return Number(stdout);
}

async function writeImage(path: string): Promise<void> {
  await using file = await open(path, 'w');
  const block = Buffer.alloc(1024 * 1024);
  for (let place = 0; place < IMAGE_BYTES / block.length; place += 1) {
    block.writeUInt32LE(place, 0);
    await file.write(block);
  }
}

/** A campaign whose one device has been offered the image; the address of its bytes. */
async function offered(
  server: { readonly publicHttpUrl: string; readonly operatorKey: string },
  image: string,
): Promise<string> {
  const { publicHttpUrl: baseUrl, operatorKey } = server;
  const operator = new OperatorClient({ baseUrl, operatorKey });
  const pair = await operator.accounts.create(ACCOUNT);
  const facts = { make: 'Acme', model: 'Gateway' };
  await operator.devices.import(ACCOUNT, [
    { imei: IMEI, ...facts, transport: 'HTTP', software: { application: '1' }, ddiToken: TOKEN },
  ]);
  const part = { ...facts, kind: 'software', name: 'app', from: '1', to: '2', transports: ['HTTP'] } as const;
  const sha256 = createHash('sha256');
  for await (const chunk of createReadStream(image)) sha256.update(chunk);
  const upload = await operator.uploads.create(ACCOUNT, { size: IMAGE_BYTES, sha256: sha256.digest('hex') });
  const bytes = await openAsBlob(image);
  await operator.uploads.append(ACCOUNT, upload.uploadId, 0, bytes);
  await operator.uploads.finish(ACCOUNT, upload.uploadId, part);
  const { campaigns } = new CampanileClient({ baseUrl, ...pair });
  const day = (at: number): string => new Date(at).toISOString().slice(0, 10);
  await campaigns.scheduleSoftwareUpgrade(ACCOUNT, {
    softwareName: 'app',
    softwareFrom: '1',
    softwareTo: '2',
    distributionType: 'HTTP',
    startDate: day(Date.now()),
    endDate: day(Date.now() + DAY_MS),
    deviceList: [IMEI],
  });
  return imageLink(`${baseUrl}/${ACCOUNT}/controller/v1/${IMEI}`);
}

interface Poll {
  readonly _links?: {
    readonly deploymentBase?: { readonly href: string };
    readonly configData?: { readonly href: string };
  };
}

interface Deployment {
  readonly deployment: {
    readonly chunks: readonly {
      readonly artifacts: readonly { readonly _links: Readonly<Record<string, { readonly href: string }>> }[];
    }[];
  };
}

async function imageLink(base: string): Promise<string> {
  const headers = { authorization: `TargetToken ${TOKEN}`, 'content-type': 'application/json' };
  for (let tries = 0; tries < 300; tries += 1) {
    const { _links: links } = (await (await fetch(base, { headers })).json()) as Poll;
    if (links?.configData !== undefined) {
      const body = JSON.stringify({ mode: 'merge', data: { application: '1' } });
      await fetch(links.configData.href, { method: 'PUT', headers, body });
    }
    if (links?.deploymentBase !== undefined) {
      const { deployment } = (await (await fetch(links.deploymentBase.href, { headers })).json()) as Deployment;
      const link = deployment.chunks[0]?.artifacts[0]?._links['download-http'];
      if (link !== undefined) return link.href;
    }
    await sleep(100);
  }
  throw new Error('the device was not offered anything');
}

interface Rival extends AsyncDisposable {
  readonly name: string;
  readonly url: string;
}

async function rival(folder: string, image: string, say: (line: string) => void): Promise<Rival> {
  const isThere = await access(NGINX).then(
    () => true,
    () => false,
  );
  if (isThere) return nginx(folder);
  say(
    `nginx could not be measured: ${NGINX} is not there (apt-get install nginx-light). Beside a bare node:http instead.`,
  );
  return bareNode(image);
}

/** One worker, no log, sendfile: as fast as it goes on this machine. */
async function nginx(folder: string): Promise<Rival> {
  const port = await freePort();
  const scratch = await mkdtemp(join(folder, 'nginx-'));
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${join(scratch, name)};`)
    .join('\n');
  const configuration = join(scratch, 'nginx.conf');
  await writeFile(
    configuration,
    `daemon off; worker_processes 1; pid ${join(scratch, 'pid')}; error_log ${join(scratch, 'error.log')} error;
events { worker_connections 64; }
http { access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000; ${temporary}
server { listen 127.0.0.1:${port}; root ${folder}; } }`,
  );
  const isRoot = process.getuid?.() === 0;
  if (isRoot) await chown(scratch, NOBODY, NOBODY);
  const child = spawn(NGINX, ['-c', configuration, '-p', scratch, '-e', join(scratch, 'error.log')], {
    stdio: 'ignore',
    ...(isRoot ? { uid: NOBODY, gid: NOBODY } : {}),
  });
  await answers(port);
  return {
    name: 'nginx',
    url: `http://127.0.0.1:${port}/image.bin`,
    [Symbol.asyncDispose]: async () => {
      const gone = once(child, 'exit');
      child.kill('SIGQUIT');
      await gone;
    },
  };
}

async function bareNode(image: string): Promise<Rival> {
  const server = createServer((request, response) => {
    const [, from, to] = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? '') ?? [];
    const [start, end] = [Number(from), Number(to)];
    response.writeHead(206, { 'content-length': end - start + 1 });
    createReadStream(image, { start, end, highWaterMark: 256 * 1024 }).pipe(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    name: 'a bare node:http',
    url: `http://127.0.0.1:${port}/`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function answers(port: number): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const socket = connect(port, '127.0.0.1');
    const isUp = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
    });
    socket.destroy();
    if (isUp) return;
    await sleep(50);
  }
  throw new Error(`nothing answers on port ${port}`);
}
