// A small world for LwM2M: the real server on datagrams in memory, the real engine on the memory store, a virtual clock.
import { createHash } from 'node:crypto';
import { type AccountSettings, DEFAULT_SETTINGS, type ProfileRule } from '../../src/accounts/index.ts';
import {
  type AccountName,
  abort,
  type CampaignId,
  type Device,
  type HourWindow,
  type Imei,
  instant,
  type NodeId,
  type PackageFacts,
  type Update,
} from '../../src/campaigns/index.ts';
import { type Lwm2mServer, nodeCrypto, serveLwm2m } from '../../src/delivery/lwm2m/index.ts';
import type { ImageSource } from '../../src/delivery/ports.ts';
import { Engine } from '../../src/engine/index.ts';
import { openMemoryStore, type Store } from '../../src/store/index.ts';
import { chance } from '../dtls/chance.ts';
import { Agenda } from '../world/agenda.ts';
import { HandDevice, type Manners } from './device.ts';
import { drained, Net } from './net.ts';

export const ACCOUNT = '0000000001-00001' as AccountName;
export const SECOND = '0000000002-00001' as AccountName;
export const IMEI = '990000000000011' as Imei;
const CAMPAIGN = 'c1' as CampaignId;
export const SECOND_LONG = 1_000;
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
/** A Thursday. */
export const TEN = instant(Date.parse('2026-01-15T10:00:00Z'));

export interface Given {
  readonly manners?: Partial<Manners>;
  readonly imageBytes?: number;
  readonly downloadWindows?: readonly HourWindow[];
  readonly installWindows?: readonly HourWindow[];
  readonly allowRegistration?: boolean;
  readonly scheduled?: boolean;
  readonly reports?: PackageFacts['reports'];
  readonly device?: Partial<Device>;
  readonly settings?: Partial<AccountSettings>;
  readonly publicCoap?: string;
  readonly publicHttp?: string;
  readonly profiles?: readonly ProfileRule[];
  /** Of the first device: it is known by this identity and key. */
  readonly secrets?: { readonly pskIdentity: string; readonly pskKey: string };
}

export interface World {
  readonly agenda: Agenda;
  readonly net: Net;
  readonly store: Store;
  readonly engine: Engine;
  readonly server: Lwm2mServer;
  readonly device: HandDevice;
  readonly image: Uint8Array;
  readonly log: string[];
  /** Lets time pass until this has its result. */
  during<Result>(work: Promise<Result>): Promise<Result>;
  /** Lets time pass. */
  run(milliseconds: number): Promise<void>;
  /** Lets it pass until this is so; fails after four virtual hours. */
  runUntil(holds: (update: Update) => boolean): Promise<Update>;
  update(): Promise<Update>;
  abort(): Promise<void>;
}

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export async function givenWorld(given: Given = {}): Promise<World> {
  const agenda = new Agenda(TEN);
  const net = new Net(agenda);
  const log: string[] = [];
  const store = openMemoryStore();
  const image = Uint8Array.from({ length: given.imageBytes ?? 10_000 }, (_, at) => (at * 7 + (at >> 9)) & 255);
  const slot: { server?: Lwm2mServer } = {};
  const engine = engineOn(store, agenda, log, slot);
  const server = serverOn({ store, agenda, net, engine, image, log }, given);
  slot.server = server;
  await fill(store, given);
  if (given.scheduled !== false) await schedule(engine, image, given);
  tickForEver(agenda, engine);
  const update = async (): Promise<Update> => {
    const found = await store.update({ account: ACCOUNT, campaign: CAMPAIGN }, IMEI);
    if (found === undefined) throw new Error('the device is in no campaign');
    return found;
  };
  const run = (milliseconds: number): Promise<void> => agenda.runUntil(agenda.now() + milliseconds);
  await run(3 * SECOND_LONG);
  return {
    agenda,
    net,
    store,
    engine,
    server,
    image,
    log,
    run,
    update,
    during: async (work) => {
      let isDone = false;
      const finished = work.finally(() => {
        isDone = true;
      });
      for (let tries = 0; tries < 3_000; tries += 1) {
        if (isDone) return finished;
        await run(100);
      }
      throw new Error('nothing came back');
    },
    device: new HandDevice(net, agenda, given.manners),
    runUntil: async (holds) => {
      for (let seconds = 0; seconds < 4 * 3_600; seconds += 1) {
        const now = await update();
        if (holds(now)) return now;
        await run(SECOND_LONG);
      }
      throw new Error(`it never came to that: ${JSON.stringify((await update()).state)}`);
    },
    abort: async () => {
      await engine.commands.order({ account: ACCOUNT, campaign: CAMPAIGN }, (campaign, now) => abort(campaign, now));
    },
  };
}

function tickForEver(agenda: Agenda, engine: Engine): void {
  agenda.after(SECOND_LONG, async () => {
    await engine.tick();
    await drained();
    tickForEver(agenda, engine);
  });
}

function engineOn(store: Store, agenda: Agenda, log: string[], slot: { server?: Lwm2mServer }): Engine {
  let tokens = 0;
  const token = (): never => {
    tokens += 1;
    return `token-${String(tokens).padStart(16, '0')}` as never;
  };
  return new Engine({
    store,
    clock: agenda,
    random: { token },
    digest: (told) => hashOf(Buffer.from(told)),
    sender: { send: (sendable) => slot.server?.send(sendable) },
    node: 'n1' as NodeId,
    log: { event: (name, facts) => void log.push(`${name} ${JSON.stringify(facts)}`) },
  });
}

function serverOn(
  on: {
    readonly store: Store;
    readonly agenda: Agenda;
    readonly net: Net;
    readonly engine: Engine;
    readonly image: Uint8Array;
    readonly log: string[];
  },
  given: Given,
): Lwm2mServer {
  const { agenda, image, log } = on;
  let seed = 7;
  const uint32 = (): number => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed;
  };
  const images: ImageSource = {
    open: async () => undefined,
    read: () => {
      throw new Error('LwM2M reads blocks');
    },
    readBlock: async (_sha256, offset, length) => image.subarray(offset, offset + length),
  };
  const after = (wait: number, then: () => void): (() => void) => {
    let cancelled = false;
    agenda.after(wait, async () => {
      if (cancelled) return;
      then();
      await drained();
    });
    return () => {
      cancelled = true;
    };
  };
  return serveLwm2m(
    {
      allowRegistration: given.allowRegistration ?? true,
      ...(given.publicCoap === undefined ? {} : { publicCoap: given.publicCoap }),
      ...(given.publicHttp === undefined ? {} : { publicHttp: () => given.publicHttp ?? '' }),
      coaps: { crypto: nodeCrypto(chance(11)) },
      watch: { mismatched: (key, endpoint) => void log.push(`mismatched ${key.imei} ${endpoint}`) },
      engine: on.engine,
      inventory: on.store,
      images,
      node: 'n1' as NodeId,
      clock: agenda,
      timers: { after },
      random: { uint32 },
      contacts: {
        seen: (key, at) => void on.store.putLastSeen([{ key, at }]),
        refused: (key, _at, why) => void log.push(`refused ${key.imei} ${why}`),
      },
      log: { event: (name, facts) => void log.push(`${name} ${JSON.stringify(facts)}`) },
    },
    on.net.datagrams('127.0.0.1', 5683),
    on.net.datagrams('127.0.0.1', 5684),
  );
}

export const plainDevice = (more: Partial<Device> = {}): Device => ({
  account: ACCOUNT,
  imei: IMEI,
  revision: 0,
  make: 'Acme',
  model: 'M1',
  transport: 'LWM2M',
  firmware: { value: '1.0', at: TEN, source: 'import' },
  software: {},
  attributes: {},
  labels: {},
  reachable: false,
  lastActionId: 0,
  ...more,
});

async function fill(store: Store, given: Given): Promise<void> {
  const client = { clientId: 'a', account: ACCOUNT, secretHash: '', createdAt: TEN, issue: 0 };
  const user = { username: 'u', account: ACCOUNT, passwordHash: '', failures: 0 };
  const settings = { ...DEFAULT_SETTINGS, profiles: given.profiles ?? [], ...given.settings };
  await store.insertAccount({ name: ACCOUNT, revision: 0, createdAt: TEN, settings }, client, user);
  const { secrets } = given;
  const line = { device: plainDevice(given.device), isNew: true };
  await store.writeDevices([secrets === undefined ? line : { ...line, secrets }]);
}

async function schedule(engine: Engine, image: Uint8Array, given: Given): Promise<void> {
  const result = await engine.commands.schedule({
    account: ACCOUNT,
    id: CAMPAIGN,
    generation: 'v3',
    package: {
      kind: 'firmware',
      name: 'base',
      from: ['1.0'],
      to: '2.0',
      make: 'Acme',
      model: 'M1',
      transports: ['LWM2M'],
      ...(given.reports === undefined ? {} : { reports: given.reports }),
      image: { sha256: hashOf(image) as PackageFacts['image']['sha256'], size: image.length },
    },
    from: '1.0',
    transport: 'LWM2M',
    timetable: {
      startDate: '2026-01-15' as never,
      endDate: '2026-01-20' as never,
      downloadWindows: given.downloadWindows ?? [],
      installWindows: given.installWindows ?? [],
      zone: 'UTC',
      fallbackZone: 'UTC',
      rule: 'strict',
    },
    autoAssignLicense: false,
    autoAddDevices: false,
    checkDigits: false,
    imeis: [given.device?.imei ?? IMEI],
  });
  if (!result.ok) throw new Error(result.sentence);
}
