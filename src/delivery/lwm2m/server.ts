// The LwM2M server: one endpoint on the plain port and the one with keys, and who answers what.

import type { DeviceKey } from '../../campaigns/index.ts';
import type { Sendable } from '../../engine/ports.ts';
import { CODE, type Exchange, Gate, type Message, response, segmentsOf } from '../../lwm2m/index.ts';
import { Conversations } from './conversations.ts';
import { Jobs, Lanes, Waits } from './jobs.ts';
import { Observations } from './observations.ts';
import { Owners } from './owners.ts';
import type { Address, Datagrams, Lwm2mCounts, Lwm2mParts } from './ports.ts';
import { PullServer } from './pull.ts';
import { Pusher } from './push.ts';
import { deviceText, RegisteredDevices } from './registered.ts';
import { Registrar } from './registrar.ts';
import { type DtlsFigures, isSecure, joined, SecureDatagrams } from './secure.ts';
import { openDatagrams } from './socket.ts';
import { IMAGES, ImageUris } from './uris.ts';
import { Wire } from './wire.ts';

export interface Lwm2mServer {
  readonly address: Address;
  /** The port with keys; absent: there is none. */
  readonly secureAddress?: Address;
  readonly counts: Lwm2mCounts;
  /** Of the port with keys; the counters are from the beginning. */
  readonly dtls: DtlsFigures | undefined;
  /** Starts work and returns; the outcome goes to the engine. Callbacks are not for us and are ignored. */
  send(sendable: Sendable): void;
  /** The key of a device was changed, or the device is gone: what was agreed with it ends. */
  keyChanged(key: DeviceKey): void;
  /** Closes the sockets, drops what is open and waits for what is being stored. */
  stop(): Promise<void>;
}

/** `coapsPort`: counts where there are parts for it. */
export type OpenLwm2mParts = Lwm2mParts & Address & { readonly coapsPort?: number };

/** Rejects when an address cannot be bound, naming the protocol; port 0 is any free one. */
export async function openLwm2m(parts: OpenLwm2mParts): Promise<Lwm2mServer> {
  const { host, port, coapsPort, log, coaps } = parts;
  const plain = await openDatagrams({ host, port }, log);
  let secure: Datagrams | undefined;
  try {
    if (coaps !== undefined) secure = await openDatagrams({ host, port: coapsPort ?? 0 }, log);
    return serveLwm2m(parts, plain, secure);
  } catch (error) {
    await secure?.close();
    await plain.close();
    throw error;
  }
}

/** The same on datagrams of any kind. */
export function serveLwm2m(parts: Lwm2mParts, plain: Datagrams, secured?: Datagrams): Lwm2mServer {
  const { clock, timers, random, log, transmission } = parts;
  const jobs = new Jobs(log);
  const secure = secureOn(parts, secured, jobs, {
    moved: (peer) => wire.ping(peer),
    closed: (peer) => wire.forgetPeer(peer),
  });
  const uris = new ImageUris({ coap: plain.address, coaps: secure?.address }, parts);
  const datagrams = joined(plain, secure);
  const wire: Wire = new Wire({
    datagrams,
    clock,
    timers,
    random,
    ...(transmission === undefined ? {} : { transmission }),
  });
  const gate = new Gate(random, () => wire.counts);
  const waits = new Waits(timers);
  const devices = new RegisteredDevices();
  const registrations = new Lanes();
  const onActive = (key: DeviceKey): void => devices.heard(key, clock.now());
  const pulls = new PullServer(parts, { wire, jobs, gate, onActive });
  const pusher = new Pusher(parts, { wire, jobs, registrations });
  const observations = new Observations(wire, hints(parts, jobs));
  const owners = new Owners(parts, (peer) => secure?.identityOf(peer));
  const registrar = new Registrar(parts, { wire, jobs, devices, observations, lanes: registrations, gate, owners });
  const reaches = (peer: string): boolean => !isSecure(peer) || secure?.reaches(peer) === true;
  const shared = { wire, jobs, waits, devices, registrations, observations, pusher, gate };
  const conversations = new Conversations(parts, { ...shared, uris, reaches });
  wire.listen((request, exchange) => route(request, exchange, { wire, registrar, pulls }));
  registrar.start();
  return {
    address: plain.address,
    ...(secure === undefined ? {} : { secureAddress: secure.address }),
    get counts() {
      const running = { pulls: pulls.running, pushes: pusher.running, conversations: conversations.running };
      return { registrations: devices.size, ...running, ...wire.counts, ...registrar.counts, ...refusedBy(gate) };
    },
    get dtls() {
      return secure?.figures;
    },
    send: (sendable) => conversations.send(sendable),
    keyChanged: (key) => secure?.forget(key),
    stop: async () => {
      registrar.stop();
      waits.stop();
      await wire.close();
      await pulls.stop();
      await jobs.done();
    },
  };
}

function secureOn(
  parts: Lwm2mParts,
  datagrams: Datagrams | undefined,
  jobs: Jobs,
  on: { readonly moved: (peer: string) => void; readonly closed: (peer: string) => void },
): SecureDatagrams | undefined {
  const { coaps, inventory, clock, timers, random, contacts } = parts;
  if (coaps === undefined || datagrams === undefined) return undefined;
  const { moved: onMoved, closed: onClosed } = on;
  return new SecureDatagrams({
    ...coaps,
    datagrams,
    inventory,
    clock,
    timers,
    random,
    contacts,
    jobs,
    onMoved,
    onClosed,
  });
}

function refusedBy({ refused }: Gate) {
  return {
    refusedRegistrations: refused.registration,
    refusedReports: refused.report,
    refusedBlocks: refused.block,
    refusedOffers: refused.offer,
  };
}

const REGISTRATIONS = 'rd';

function route(
  request: Message,
  exchange: Exchange,
  to: { readonly wire: Wire; readonly registrar: Registrar; readonly pulls: PullServer },
): void {
  const [first, token, ...rest] = segmentsOf(request.options);
  if (first === IMAGES && token !== undefined && rest.length === 0) to.pulls.receive(request, exchange, token);
  else if (first === REGISTRATIONS) to.registrar.receive(request, exchange);
  else to.wire.refuse(exchange, response(CODE.NOT_FOUND));
}

/** Notifications that come while one is being stored are one more hint, not many. */
function hints(parts: Lwm2mParts, jobs: Jobs): (key: DeviceKey) => void {
  const again = new Map<string, boolean>();
  return (key) => {
    const name = deviceText(key);
    if (again.has(name)) {
      again.set(name, true);
      return;
    }
    again.set(name, false);
    jobs.start('notification', async () => {
      try {
        do {
          again.set(name, false);
          await parts.engine.deviceNotified({ account: key.account, imei: key.imei });
        } while (again.get(name) === true);
      } finally {
        again.delete(name);
      }
    });
  };
}
