// A campaign in bad weather: the real engine and server on real sockets, simulated devices behind a proxy, and time that flies.
import { createHash } from 'node:crypto';
import { DEFAULT_SETTINGS } from '../../src/accounts/index.ts';
import {
  type AccountName,
  type CampaignId,
  type Day,
  type Device,
  type ImageHash,
  type Imei,
  type Instant,
  isFinal,
  type NodeId,
  type Update,
} from '../../src/campaigns/index.ts';
import { type Lwm2mServer, nodeCrypto, openLwm2m } from '../../src/delivery/lwm2m/index.ts';
import { Engine } from '../../src/engine/index.ts';
import {
  type DeviceReport,
  type DeviceSpec,
  imageHeader,
  type Psk,
  specimens,
  startFleet,
} from '../../src/simulator/index.ts';
import { openMemoryStore, type Store } from '../../src/store/index.ts';
import { chance } from '../dtls/chance.ts';
import { Seeded } from '../world/random.ts';
import { type FastClock, fastClock } from './fast-clock.ts';
import { openProxy, type Passed, type Weather } from './proxy.ts';

const ACCOUNT = '0000000001-00001' as AccountName;
const CAMPAIGN = 'c1' as CampaignId;
const NODE = 'n1' as NodeId;
const MODEL = { make: 'Acme', model: 'M1' } as const;
const DAY_MS = 86_400_000;
const TICK_MS = 250;

export interface Field {
  readonly devices: number;
  readonly over: 'coap' | 'coaps';
  readonly weather: Weather;
  readonly imageBytes: number;
  /** How many times as fast as real time. */
  readonly times: number;
  /** Real milliseconds after which it is given up. */
  readonly withinMs: number;
}

export interface Harvest {
  readonly updates: readonly Update[];
  readonly devices: readonly DeviceReport[];
  readonly passed: Readonly<Passed>;
  readonly dtls: Lwm2mServer['dtls'];
  /** Of the image that was sent out. */
  readonly sha256: string;
  readonly seconds: number;
  readonly virtualSeconds: number;
}

export async function campaignIn(field: Field): Promise<Harvest> {
  const clock = fastClock(field.times);
  const slot: { server?: Lwm2mServer } = {};
  const proxies = { clock, weather: field.weather };
  await using plain = await openProxy({ ...proxies, server: () => slot.server?.address.port ?? 0 });
  await using secure = await openProxy({ ...proxies, server: () => slot.server?.secureAddress?.port ?? 0 });
  const image = imageOf(field.imageBytes);
  const store = openMemoryStore();
  const engine = engineOn(store, clock, slot);
  const server = await serve({ store, clock, engine, image, coap: plain.port, coaps: secure.port });
  slot.server = server;
  const specs = devicesOf(field);
  const psks = field.over === 'coaps' ? keysOf(specs) : {};
  await fill(store, specs, psks, clock);
  await schedule(engine, specs, image, clock);
  const stopEngine = keepTicking(engine, clock);
  const began = clock.now();
  const fleet = startFleet({
    coap: `${plain.host}:${plain.port}`,
    coaps: `${secure.host}:${secure.port}`,
    psks,
    account: ACCOUNT,
    devices: specs,
    clock,
  });
  try {
    const updates = await untilFinal(store, field, clock);
    const passed = field.over === 'coap' ? plain.passed : secure.passed;
    const virtualSeconds = (clock.now() - began) / 1_000;
    const { dtls } = server;
    const seconds = virtualSeconds / field.times;
    return { updates, devices: fleet.devices(), passed, dtls, sha256: hashOf(image), seconds, virtualSeconds };
  } finally {
    await fleet.stop();
    await stopEngine();
    await server.stop();
  }
}

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

function imageOf(bytes: number): Uint8Array {
  const image = Uint8Array.from({ length: bytes }, (_, place) => place * 31 + (place >> 8));
  image.set(new TextEncoder().encode(imageHeader('2.0')));
  return image;
}

/** Minutes instead of days, and the times of CoAP as RFC 7252 has them. */
function devicesOf({ devices, over }: Field): readonly DeviceSpec[] {
  const pace = {
    lifetimeSeconds: 120,
    listenMs: 60_000,
    installMs: 5_000,
    bootMs: 2_000,
    spreadMs: 5_000,
    retryMs: 2_000,
  };
  const secure = over === 'coaps' ? devices : 0;
  const made = specimens({
    lwm2m: devices,
    secure,
    http: 0,
    make: MODEL.make,
    lwm2mModel: MODEL.model,
    httpModel: '',
    from: '1.0',
    pace,
  });
  // HTTP is another network.
  return made.map((one) => ({ ...one, traits: one.traits.filter((trait) => trait !== 'fetches-http') }));
}

const keysOf = (specs: readonly DeviceSpec[]): Readonly<Record<string, Psk>> =>
  Object.fromEntries(
    specs.map(({ imei }) => [
      imei,
      { identity: `id-${imei}`, key: Buffer.from(hashOf(Buffer.from(imei)).slice(0, 32), 'hex') },
    ]),
  );

function engineOn(store: Store, clock: FastClock, slot: { readonly server?: Lwm2mServer }): Engine {
  const bytes = chance(13);
  return new Engine({
    store,
    clock,
    random: { token: () => Buffer.from(bytes(16)).toString('base64url') as never },
    digest: hashOf as never,
    sender: { send: (sendable) => slot.server?.send(sendable) },
    node: NODE,
    log: { event: () => undefined },
  });
}

interface Serving {
  readonly store: Store;
  readonly clock: FastClock;
  readonly engine: Engine;
  readonly image: Uint8Array;
  readonly coap: number;
  readonly coaps: number;
}

const serve = ({ store, clock, engine, image, coap, coaps }: Serving): Promise<Lwm2mServer> =>
  openLwm2m({
    host: '127.0.0.1',
    port: 0,
    coapsPort: 0,
    coaps: { crypto: nodeCrypto(chance(5)) },
    allowRegistration: true,
    publicCoap: `coap://127.0.0.1:${coap}`,
    publicCoaps: `coaps://127.0.0.1:${coaps}`,
    engine,
    inventory: store,
    images: {
      open: async () => undefined,
      read: () => {
        throw new Error('LwM2M reads blocks');
      },
      readBlock: async (_sha256, offset, length) => image.subarray(offset, offset + length),
    },
    node: NODE,
    clock,
    timers: clock,
    random: new Seeded(17),
    contacts: { seen: () => undefined },
    log: { event: () => undefined },
  });

async function fill(
  store: Store,
  specs: readonly DeviceSpec[],
  psks: Readonly<Record<string, Psk>>,
  clock: FastClock,
): Promise<void> {
  const at = clock.now();
  const client = { clientId: 'a', account: ACCOUNT, secretHash: '', createdAt: at, issue: 0 };
  const user = { username: 'u', account: ACCOUNT, passwordHash: '', failures: 0 };
  await store.insertAccount({ name: ACCOUNT, revision: 0, createdAt: at, settings: DEFAULT_SETTINGS }, client, user);
  const lines = specs.map(({ imei }) => {
    const psk = psks[imei];
    const device = deviceOf(imei as Imei, at);
    if (psk === undefined) return { device, isNew: true };
    const secrets = { pskIdentity: psk.identity, pskKey: Buffer.from(psk.key).toString('hex') };
    return { device, isNew: true, secrets };
  });
  await store.writeDevices(lines);
}

const deviceOf = (imei: Imei, at: Instant): Device => ({
  account: ACCOUNT,
  imei,
  revision: 0,
  ...MODEL,
  transport: 'LWM2M',
  firmware: { value: '1.0', at, source: 'import' },
  software: {},
  attributes: {},
  labels: {},
  reachable: false,
  lastActionId: 0,
});

async function schedule(
  engine: Engine,
  specs: readonly DeviceSpec[],
  image: Uint8Array,
  clock: FastClock,
): Promise<void> {
  const day = (at: number): Day => new Date(at).toISOString().slice(0, 10) as Day;
  const result = await engine.commands.schedule({
    account: ACCOUNT,
    id: CAMPAIGN,
    generation: 'v3',
    package: {
      kind: 'firmware',
      name: 'base',
      from: ['1.0'],
      to: '2.0',
      ...MODEL,
      transports: ['LWM2M'],
      image: { sha256: hashOf(image) as ImageHash, size: image.length },
    },
    from: '1.0',
    transport: 'LWM2M',
    timetable: {
      startDate: day(clock.now()),
      endDate: day(clock.now() + 5 * DAY_MS),
      downloadWindows: [],
      installWindows: [],
      zone: 'UTC',
      fallbackZone: 'UTC',
      rule: 'strict',
    },
    autoAssignLicense: false,
    autoAddDevices: false,
    checkDigits: false,
    imeis: specs.map(({ imei }) => imei as Imei),
  });
  if (!result.ok) throw new Error(result.sentence);
}

function keepTicking(engine: Engine, clock: FastClock): () => Promise<void> {
  let stopped = false;
  const running = (async () => {
    while (!stopped) {
      const left = await engine.tick();
      await new Promise<void>((resolve) => clock.after(left ? 0 : TICK_MS, resolve));
    }
  })();
  return () => {
    stopped = true;
    return running;
  };
}

async function untilFinal(
  store: Store,
  { devices, withinMs, times }: Field,
  clock: FastClock,
): Promise<readonly Update[]> {
  const end = clock.now() + withinMs * times;
  for (;;) {
    const updates = await store.updates({ account: ACCOUNT, campaign: CAMPAIGN }, { max: devices });
    if (updates.length === devices && updates.every(({ state }) => isFinal(state))) return updates;
    if (clock.now() > end) return updates;
    await new Promise<void>((resolve) => clock.after(2_000, resolve));
  }
}
