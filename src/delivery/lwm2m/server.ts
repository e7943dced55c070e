// The LwM2M server: one socket, one endpoint, and who answers what.

import type { DeviceKey, ImageToken } from '../../campaigns/index.ts';
import type { Sendable } from '../../engine/ports.ts';
import { CODE, type Exchange, Gate, type Message, response, segmentsOf } from '../../lwm2m/index.ts';
import { Conversations } from './conversations.ts';
import { Jobs, Lanes, Waits } from './jobs.ts';
import { LIMITS } from './limits.ts';
import { Observations } from './observations.ts';
import type { Address, Datagrams, Lwm2mCounts, Lwm2mParts } from './ports.ts';
import { PullServer } from './pull.ts';
import { Pusher } from './push.ts';
import { deviceText, RegisteredDevices } from './registered.ts';
import { Registrar } from './registrar.ts';
import { openDatagrams, peerText } from './socket.ts';
import { Wire } from './wire.ts';

export interface Lwm2mServer {
  readonly address: Address;
  readonly counts: Lwm2mCounts;
  /** Starts work and returns; the outcome goes to the engine. Callbacks are not for us and are ignored. */
  send(sendable: Sendable): void;
  /** Closes the socket, drops what is open and waits for what is being stored. */
  stop(): Promise<void>;
}

/** Rejects when the address cannot be bound; port 0 is any free one. */
export async function openLwm2m(parts: Lwm2mParts & Address): Promise<Lwm2mServer> {
  const { host, port, log } = parts;
  const datagrams = await openDatagrams({ host, port }, log);
  try {
    return serveLwm2m(parts, datagrams);
  } catch (error) {
    await datagrams.close();
    throw error;
  }
}

/** The same on datagrams of any kind. */
export function serveLwm2m(parts: Lwm2mParts, datagrams: Datagrams): Lwm2mServer {
  const { clock, timers, random, log } = parts;
  const { transmission } = parts;
  const wire = new Wire({ datagrams, clock, timers, random, ...(transmission === undefined ? {} : { transmission }) });
  const gate = new Gate(random, () => wire.counts);
  const jobs = new Jobs(log);
  const waits = new Waits(timers);
  const devices = new RegisteredDevices();
  const registrations = new Lanes();
  const onActive = (key: DeviceKey): void => devices.heard(key, clock.now());
  const pulls = new PullServer(parts, { wire, jobs, gate, onActive });
  const pusher = new Pusher(parts, { wire, jobs, registrations });
  const observations = new Observations(wire, hints(parts, jobs));
  const registrar = new Registrar(parts, { wire, jobs, devices, observations, lanes: registrations, gate });
  const uriOf = imageUris(parts.publicCoap, datagrams.address);
  const conversations = new Conversations(parts, {
    wire,
    jobs,
    waits,
    devices,
    registrations,
    observations,
    pusher,
    uriOf,
    gate,
  });
  wire.listen((request, exchange) => route(request, exchange, { wire, registrar, pulls }));
  return {
    address: datagrams.address,
    get counts() {
      const running = { pulls: pulls.running, pushes: pusher.running, conversations: conversations.running };
      return { registrations: devices.size, ...running, ...wire.counts, ...registrar.counts, ...refusedBy(gate) };
    },
    send: (sendable) => conversations.send(sendable),
    stop: async () => {
      registrar.stop();
      waits.stop();
      await wire.close();
      await pulls.stop();
      await jobs.done();
    },
  };
}

function refusedBy({ refused }: Gate) {
  return {
    refusedRegistrations: refused.registration,
    refusedReports: refused.report,
    refusedBlocks: refused.block,
    refusedOffers: refused.offer,
  };
}

const IMAGES = 'f';
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

const SAMPLE_TOKEN = 'A'.repeat(22);

/** Throws when the addresses would be too long for devices to keep: that is known before the first one is made. */
function imageUris(publicCoap: string | undefined, { host, port }: Address): (token: ImageToken | string) => string {
  const base = (publicCoap ?? `coap://${peerText(host, port)}`).replace(/\/+$/, '');
  const uriOf = (token: string): string => `${base}/${IMAGES}/${token}`;
  const bytes = uriOf(SAMPLE_TOKEN).length;
  if (bytes > LIMITS.uriBytesMax) {
    throw new RangeError(
      `The public CoAP address ${base} makes image addresses of ${bytes} bytes; devices keep ${LIMITS.uriBytesMax}, so it may have at most ${LIMITS.uriBytesMax - bytes + base.length}.`,
    );
  }
  return uriOf;
}
