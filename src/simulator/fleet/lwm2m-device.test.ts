// LwM2M devices of the fleet against a small server on loopback, with real datagrams.

import { createHash } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { afterEach, describe, expect, test } from 'vitest';
import {
  beginUpload,
  block2Slice,
  CODE,
  chooseDelivery,
  decodeRead,
  decodeResource,
  deviceIn,
  Endpoint,
  type EndpointEvent,
  executeUpdate,
  firmwareIn,
  integerOf,
  type Message,
  neededBlock,
  OPTION,
  type Output,
  observeRequest,
  parseRegistration,
  pathOf,
  pushPlan,
  type Register,
  type Request,
  type Response,
  readDevice,
  readFirmware,
  registered,
  response,
  textOption,
  uintOf,
  uintOption,
  updated,
  uploadAnswered,
  uploadRequest,
  valuesIn,
  writePackageUri,
} from '../../lwm2m/index.ts';
import { type DeviceReport, imageHeader, type Pace, type Trait } from '../device/index.ts';
import { seededRandom } from './chance.ts';
import { systemClock } from './clock.ts';
import { startFleet } from './fleet.ts';
import { imeiOf } from './specimens.ts';

const IMAGE = new Uint8Array(30_000).fill(7);
IMAGE.set(new TextEncoder().encode(imageHeader('2.0')));
const HASH = createHash('sha256').update(IMAGE).digest('hex');
const AT_ONCE: Partial<Pace> = { installMs: 1, bootMs: 1, spreadMs: 0, retryMs: 1 };

interface Contact {
  readonly peer: string;
  readonly register: Register;
}

/** Registers whoever comes, serves the image, and lets the test ask. */
class SmallServer {
  readonly #socket: Socket = createSocket('udp4');
  readonly #endpoint = new Endpoint({ random: seededRandom('server') });
  readonly #answers = new Map<number, (response: Response) => void>();
  readonly #contacts: Contact[] = [];
  #waiting: ((contact: Contact) => void) | undefined;
  readonly states: number[] = [];
  readonly imagePeers = new Set<string>();
  #watching: ((state: number) => void) | undefined;

  async listen(): Promise<string> {
    this.#socket.on('message', (bytes, from) => {
      this.#put(this.#endpoint.receive(bytes, `${from.address}:${from.port}`, systemClock.now()));
    });
    await new Promise<void>((done) => {
      this.#socket.bind(0, '127.0.0.1', done);
    });
    return `127.0.0.1:${this.#socket.address().port}`;
  }

  close(): void {
    this.#socket.close();
  }

  contact(): Promise<Contact> {
    const known = this.#contacts.shift();
    if (known !== undefined) return Promise.resolve(known);
    return new Promise((done) => {
      this.#waiting = done;
    });
  }

  /** Settles when the device notifies this State. */
  state(wanted: number): Promise<void> {
    if (this.states.includes(wanted)) return Promise.resolve();
    return new Promise((done) => {
      this.#watching = (state) => {
        if (state === wanted) done();
      };
    });
  }

  ask(peer: string, content: Request): Promise<Response> {
    return new Promise((done, fail) => {
      const sent = this.#endpoint.request(peer, content, systemClock.now());
      if (!sent.ok) {
        fail(new Error(sent.reason));
        return;
      }
      this.#answers.set(sent.handle, done);
      this.#put(sent.output);
    });
  }

  async push(peer: string): Promise<Response> {
    let upload = beginUpload(pushPlan(IMAGE.length));
    for (;;) {
      const { offset, length } = neededBlock(upload);
      const step = uploadAnswered(
        upload,
        await this.ask(peer, uploadRequest(upload, IMAGE.subarray(offset, offset + length))),
      );
      if (step.type === 'finished' || step.type === 'failed') return step.response;
      upload = step.upload;
    }
  }

  #put({ datagrams, events }: Output): void {
    for (const { peer, bytes } of datagrams) {
      const [host, port] = peer.split(':');
      this.#socket.send(bytes, Number(port), host);
    }
    for (const event of events) this.#on(event);
  }

  #on(event: EndpointEvent): void {
    if (event.type === 'request') {
      const answer = this.#answer(event.peer, event.request);
      this.#put(this.#endpoint.respond(event.exchange, answer, systemClock.now()));
    } else if (event.type === 'response') {
      this.#answers.get(event.handle)?.(event.response);
    } else if (event.type === 'notification') {
      const format = uintOf(event.response.options, OPTION.CONTENT_FORMAT);
      const decoded = decodeResource(format, event.response.payload, '/5/0/3');
      const state = decoded.ok ? integerOf(valuesIn(decoded.resource)[0]!) : undefined;
      if (state === undefined) return;
      this.states.push(state);
      this.#watching?.(state);
    }
  }

  #answer(peer: string, asked: Message): Response {
    if (pathOf(asked.options) === '/f/token') return this.#serve(peer, asked);
    const parsed = parseRegistration(asked);
    if (parsed.type === 'update') return updated();
    if (parsed.type !== 'register') return response(CODE.NOT_FOUND);
    const contact = { peer, register: parsed.register };
    if (this.#waiting === undefined) this.#contacts.push(contact);
    else this.#waiting(contact);
    this.#waiting = undefined;
    return registered('1');
  }

  #serve(peer: string, asked: Message): Response {
    this.imagePeers.add(peer);
    const slice = block2Slice(uintOf(asked.options, OPTION.BLOCK2), IMAGE.length, 6);
    if (!slice.ok) return response(slice.code);
    const options = [textOption(OPTION.ETAG, 'v2'), uintOption(OPTION.BLOCK2, slice.block ?? 0)];
    return response(CODE.CONTENT, options, IMAGE.subarray(slice.offset, slice.offset + slice.length));
  }
}

const opened: { stop(): unknown }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.stop();
});

async function given(traits: readonly Trait[]): Promise<{ server: SmallServer; coap: string; report(): DeviceReport }> {
  const server = new SmallServer();
  opened.push({ stop: () => server.close() });
  const coap = await server.listen();
  const imei = imeiOf('35600001', 1);
  const device = {
    imei,
    make: 'Nordic',
    model: 'T91',
    transport: 'LWM2M',
    from: '1.0',
    traits,
    pace: AT_ONCE,
  } as const;
  const fleet = startFleet({ coap, account: '', devices: [device] });
  opened.push(fleet);
  return { server, coap, report: () => fleet.devices()[0]! };
}

const formatOf = (answer: Response) => uintOf(answer.options, OPTION.CONTENT_FORMAT);

async function firmwareOf(server: SmallServer, peer: string) {
  const answer = await server.ask(peer, readFirmware());
  const decoded = decodeRead(formatOf(answer), answer.payload, '/5/0');
  return decoded.ok ? firmwareIn(decoded.resources) : undefined;
}

async function versionOf(server: SmallServer, peer: string) {
  const answer = await server.ask(peer, readDevice());
  const decoded = decodeRead(formatOf(answer), answer.payload, '/3/0');
  return decoded.ok ? deviceIn(decoded.resources).firmwareVersion : undefined;
}

/** Brings it to the new version; the registration after the install. */
async function update(server: SmallServer, coap: string): Promise<{ before: Contact; after: Contact }> {
  const before = await server.contact();
  const { peer } = before;
  const firmware = await firmwareOf(server, peer);
  await server.ask(peer, observeRequest('/5/0/3'));
  if (chooseDelivery(firmware ?? {}) === 'push') await server.push(peer);
  else await server.ask(peer, writePackageUri(`coap://${coap}/f/token`));
  await server.state(2);
  expect((await server.ask(peer, executeUpdate())).code).toBe(CODE.CHANGED);
  return { before, after: await server.contact() };
}

describe('an LwM2M device on a real socket', () => {
  test.each([
    [['pull-only', 'new-port']],
    [['push-only', 'new-port']],
    [['lwm2m-1.0', 'silent-about-delivery']],
    [['lwm2m-1.0', 'push-only', 'queue-mode']],
    [['queue-mode']],
  ] as const)('that is %j is brought to the new version', async (traits) => {
    const { server, coap, report } = await given(traits);
    const { before, after } = await update(server, coap);
    expect(before.register).toMatchObject({
      endpoint: `urn:imei:${imeiOf('35600001', 1)}`,
      version: (traits as readonly string[]).includes('lwm2m-1.0') ? '1.0' : '1.1',
      queueMode: (traits as readonly string[]).includes('queue-mode'),
    });
    expect(after.peer === before.peer).toBe(!(traits as readonly string[]).includes('new-port'));
    expect(await versionOf(server, after.peer)).toBe('2.0');
    expect(await firmwareOf(server, after.peer)).toMatchObject({ state: 'idle', result: 'success' });
    expect(report()).toMatchObject({ runningVersion: '2.0', imageSha256: HASH, installs: 1, bytes: IMAGE.length });
  });

  test('fetches from another port than it registered from', async () => {
    const { server, coap } = await given(['pull-only']);
    const { before } = await update(server, coap);
    expect(server.imagePeers.size).toBe(1);
    expect(server.imagePeers.has(before.peer)).toBe(false);
  });

  test('goes on where it was after a restart in the middle', async () => {
    const { server, coap, report } = await given(['reboots-in-download', 'resumes']);
    const { peer } = await server.contact();
    await server.ask(peer, writePackageUri(`coap://${coap}/f/token`));
    const again = await server.contact();
    await server.ask(again.peer, observeRequest('/5/0/3'));
    await server.state(2);
    expect(report()).toMatchObject({ state: 'downloaded', imageSha256: HASH, downloads: 1, bytes: IMAGE.length });
  });

  test('tells its result when the URI leads nowhere', async () => {
    const { server, coap } = await given([]);
    const { peer } = await server.contact();
    await server.ask(peer, observeRequest('/5/0/3'));
    await server.ask(peer, writePackageUri(`coap://${coap}/f/another`));
    await server.state(0);
    expect(await firmwareOf(server, peer)).toMatchObject({ state: 'idle', result: 'invalid_uri' });
  });
});
