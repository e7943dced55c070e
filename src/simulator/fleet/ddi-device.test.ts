// HTTP devices of the fleet against a small DDI server on loopback.

import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { DdiDeployment, DdiPoll } from '../../contract/index.ts';
import { type DeviceReport, imageHeader, type Trait } from '../device/index.ts';
import { startFleet } from './fleet.ts';
import { imeiOf } from './specimens.ts';

const IMAGE = new Uint8Array(300_000).fill(9);
IMAGE.set(new TextEncoder().encode(imageHeader('2.0')));
const HASH = createHash('sha256').update(IMAGE).digest('hex');
const IMEI = imeiOf('35600002', 1);
const BASE = `/0242080353-00001/controller/v1/${IMEI}`;

/** One action; `cutAt`: the first answer with the image breaks off there. */
class SmallDdiServer {
  readonly feedback: string[] = [];
  readonly ranges: (string | undefined)[] = [];
  readonly refusedTokens: (string | undefined)[] = [];
  attributes: Readonly<Record<string, string>> | undefined;
  cutAt: number | undefined;
  #closed = false;
  #watching: (() => void) | undefined;
  readonly #http = createServer((asked, answer) => void this.#answer(asked, answer));

  async listen(): Promise<string> {
    await new Promise<void>((done) => {
      this.#http.listen(0, '127.0.0.1', done);
    });
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#http.closeAllConnections();
    await new Promise((done) => this.#http.close(done));
  }

  /** Settles as soon as it holds after a request. */
  until(holds: () => boolean): Promise<void> {
    return new Promise((done) => {
      this.#watching = () => {
        if (holds()) done();
      };
      this.#watching();
    });
  }

  async #answer(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    const pieces: Buffer[] = [];
    for await (const piece of asked) pieces.push(piece as Buffer);
    const path = asked.url ?? '';
    if (asked.headers.authorization !== 'TargetToken secret') {
      this.refusedTokens.push(asked.headers.authorization);
      answer.writeHead(401).end('{}');
    } else if (path === '/image') {
      this.#serve(asked, answer);
    } else {
      const body = pieces.length === 0 ? undefined : JSON.parse(Buffer.concat(pieces).toString());
      answer.setHeader('content-type', 'application/json');
      answer.end(JSON.stringify(this.#say(path, body, `http://${asked.headers.host}`)));
    }
    this.#watching?.();
  }

  #say(path: string, body: Record<string, never> | undefined, origin: string): unknown {
    switch (path) {
      case BASE:
        return this.#poll(`${origin}${BASE}`);
      case `${BASE}/deploymentBase/7?c=1`:
        return deployment(`${origin}/image`);
      case `${BASE}/configData`:
        this.attributes = body?.['data'];
        return {};
      case `${BASE}/deploymentBase/7/feedback`: {
        const status = body?.['status'] as unknown as { execution: string; result: { finished: string } };
        this.feedback.push(`${status.execution} ${status.result.finished}`);
        if (status.execution === 'closed') this.#closed = true;
        return {};
      }
      default:
        throw new Error(`nobody should ask for ${path}`);
    }
  }

  #poll(base: string): DdiPoll {
    const links = this.#closed
      ? { configData: { href: `${base}/configData` } }
      : { deploymentBase: { href: `${base}/deploymentBase/7?c=1` } };
    return { config: { polling: { sleep: '00:05:00' } }, _links: links };
  }

  #serve(asked: IncomingMessage, answer: ServerResponse): void {
    const { range } = asked.headers;
    this.ranges.push(range);
    const from = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
    const part = IMAGE.subarray(from);
    answer.writeHead(range === undefined ? 200 : 206, { 'content-length': part.length });
    const { cutAt } = this;
    this.cutAt = undefined;
    if (cutAt === undefined) answer.end(part);
    else answer.write(part.subarray(0, cutAt), () => answer.destroy());
  }
}

function deployment(href: string): DdiDeployment {
  const hashes = { sha1: '', md5: '', sha256: HASH };
  const artifacts = [{ filename: 'app.bin', hashes, size: IMAGE.length, _links: { 'download-http': { href } } }];
  const chunks = [{ part: 'bApp', version: '2.0', name: 'app', artifacts }];
  return { id: '7', deployment: { download: 'forced', update: 'forced', chunks } };
}

const opened: { stop(): unknown }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.stop();
});

async function given(
  traits: readonly Trait[],
  { token = 'secret', cutAt }: { token?: string; cutAt?: number } = {},
): Promise<{ server: SmallDdiServer; report(): DeviceReport }> {
  const server = new SmallDdiServer();
  opened.push(server);
  server.cutAt = cutAt;
  const http = await server.listen();
  const pace = { installMs: 1, bootMs: 1, spreadMs: 0 };
  const device = { imei: IMEI, make: 'Acme', model: 'Box', transport: 'HTTP', from: '1.0', traits, pace } as const;
  const fleet = startFleet({
    http,
    account: '0242080353-00001',
    devices: [device],
    ddiTokens: { [IMEI]: token },
    pollOverrideMs: 20,
  });
  opened.push(fleet);
  return { server, report: () => fleet.devices()[0]! };
}

describe('an HTTP device on a real socket', () => {
  test.each([[[]], [['reboots-then-closes']]] as const)('that is %j is brought to the new version', async (traits) => {
    const { server, report } = await given(traits);
    await server.until(() => server.attributes !== undefined);
    expect(server.attributes).toMatchObject({ version: '2.0', make: 'Acme', model: 'Box' });
    expect(server.feedback.at(-1)).toBe('closed success');
    expect(report()).toMatchObject({ runningVersion: '2.0', imageSha256: HASH, installs: 1, bytes: IMAGE.length });
  });

  test('whose download is cut asks for the rest with Range', async () => {
    const { server, report } = await given([], { cutAt: 70_000 });
    await server.until(() => server.attributes !== undefined);
    expect(server.ranges).toEqual([undefined, 'bytes=70000-']);
    expect(report()).toMatchObject({ runningVersion: '2.0', imageSha256: HASH, bytes: IMAGE.length, downloads: 1 });
  });

  test('whose token is not accepted goes on asking and does nothing else', async () => {
    const { server, report } = await given([], { token: 'wrong' });
    await server.until(() => server.refusedTokens.length >= 3);
    expect(report()).toMatchObject({ state: 'idle', bytes: 0, runningVersion: '1.0' });
  });
});
