/** An engine over a store, with a clock that is set by hand and a sender that only remembers. */
import { createHash } from 'node:crypto';
import { type AccountSettings, DEFAULT_SETTINGS } from '../../src/accounts/index.ts';
import {
  type Campaign,
  type CampaignId,
  type Day,
  type Device,
  type ImageHash,
  type ImageToken,
  type Imei,
  type Instant,
  instant,
  type NodeId,
  type ScheduleOrder,
} from '../../src/campaigns/index.ts';
import { Engine, type EngineStore, type Journal, type Sendable } from '../../src/engine/index.ts';
import type { Store } from '../../src/store/index.ts';
import { ACCOUNT, CAMPAIGN, client, deviceKey, imei, KEY, user } from '../conformance/given.ts';

export const START = instant(Date.parse('2027-03-01T12:00:00Z'));

export interface Desk {
  readonly engine: Engine;
  readonly store: Store;
  readonly sent: Sendable[];
  now: Instant;
  /** Takes turns until nothing is left to do now. */
  run(): Promise<void>;
  campaign(id?: CampaignId): Promise<Campaign>;
}

interface DeskOptions {
  readonly journal?: Journal;
  /** Stands between the engine and its store. */
  readonly between?: (store: Store) => EngineStore;
}

export function deskOver(store: Store, { journal, between }: DeskOptions = {}): Desk {
  const sent: Sendable[] = [];
  let tokens = 0;
  const engine = new Engine({
    store: between?.(store) ?? store,
    clock: { now: () => desk.now },
    random: {
      token: () => {
        tokens += 1;
        return `token-${tokens}` as ImageToken;
      },
    },
    digest: (text) => createHash('sha256').update(text).digest('hex'),
    sender: { send: (sendable) => void sent.push(sendable) },
    node: 'node-one' as NodeId,
    log: { event: () => {} },
    ...(journal === undefined ? {} : { journal }),
  });
  const desk: Desk = {
    engine,
    store,
    sent,
    now: START,
    run: async () => {
      for (let ticks = 0; ticks < 500; ticks += 1) if (!(await engine.tick())) return;
    },
    campaign: async (id = CAMPAIGN) => {
      const found = await store.campaign({ account: ACCOUNT, campaign: id });
      if (found === undefined) throw new Error(`There is no campaign ${id}.`);
      return found;
    },
  };
  return desk;
}

export async function openAccount(store: Store, settings: Partial<AccountSettings> = {}): Promise<void> {
  const account = { name: ACCOUNT, revision: 0, createdAt: START, settings: { ...DEFAULT_SETTINGS, ...settings } };
  await store.insertAccount(account, client('c1'), user('u1'));
}

/** Runs version 1, and is a Maker M1. */
export const device = (number: number, more: Partial<Device> = {}): Device => ({
  ...deviceKey(number),
  revision: 0,
  make: 'Maker',
  model: 'M1',
  transport: 'LWM2M',
  firmware: { value: '1', at: START, source: 'import' },
  software: {},
  attributes: {},
  labels: {},
  reachable: false,
  lastActionId: 0,
  ...more,
});

export async function imported(store: Store, devices: readonly Device[]): Promise<readonly Device[]> {
  for (let at = 0; at < devices.length; at += 500) {
    await store.writeDevices(devices.slice(at, at + 500).map((one) => ({ device: one, isNew: true })));
  }
  return devices;
}

export const range = (count: number, from = 1): readonly number[] =>
  Array.from({ length: count }, (_, at) => from + at);
export const imeisOf = (numbers: readonly number[]): readonly Imei[] => numbers.map(imei);

export const order = (more: Partial<ScheduleOrder> = {}): ScheduleOrder => ({
  ...{ account: KEY.account, id: KEY.campaign },
  generation: 'v3',
  package: {
    kind: 'firmware',
    name: 'fw',
    from: ['1'],
    to: '2',
    make: 'Maker',
    model: 'M1',
    transports: ['LWM2M'],
    image: { sha256: 'a'.repeat(64) as ImageHash, size: 1_000 },
  },
  from: '1',
  transport: 'LWM2M',
  timetable: {
    startDate: '2027-03-02' as Day,
    endDate: '2027-03-20' as Day,
    downloadWindows: [],
    installWindows: [],
    zone: 'UTC',
    fallbackZone: 'UTC',
    rule: 'strict',
  },
  autoAssignLicense: false,
  autoAddDevices: false,
  checkDigits: false,
  imeis: [],
  ...more,
});
