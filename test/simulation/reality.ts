/** A campaign in earnest, for comparison: an engine over a store in memory, devices that really come every time, one clock. */
import { createHash } from 'node:crypto';
import {
  type Device,
  type DeviceReading,
  ddiView,
  type ImageToken,
  type Imei,
  type Instant,
  isOver,
  type NodeId,
  type Registration,
  type ScheduleOrder,
} from '../../src/campaigns/index.ts';
import { Engine, type Sendable } from '../../src/engine/index.ts';
import { openMemoryStore, type Store } from '../../src/store/index.ts';
import { ACCOUNT, CAMPAIGN } from '../conformance/given.ts';
import { imported, openAccount, order } from '../engine/desk.ts';
import { Agenda } from '../world/agenda.ts';

export interface Habit {
  readonly device: Device;
  readonly every: number;
  readonly phase: number;
  /** Bytes a second. */
  readonly rate: number;
  readonly installs: number;
}

const NODE = 'node-one' as NodeId;
const ANSWER = 900;
/** A server looks again so soon after something has happened, and so often when nothing does. */
const SOON = 300;
const TICK = 20_000;
const HOUR = 3_600_000;

export class Reality {
  readonly agenda: Agenda;
  readonly store: Store = openMemoryStore();
  readonly engine: Engine;
  readonly #habits: ReadonlyMap<string, Habit>;
  readonly #size: number;
  #tokens = 0;
  #versions = new Map<string, string>();
  #poked = false;

  constructor(start: Instant, habits: readonly Habit[], size: number) {
    this.agenda = new Agenda(start);
    this.#habits = new Map(habits.map((one) => [one.device.imei, one]));
    this.#size = size;
    this.engine = new Engine({
      store: this.store,
      clock: { now: this.agenda.now },
      random: { token: () => `token-${++this.#tokens}` as ImageToken },
      digest: (text) => createHash('sha256').update(text).digest('hex'),
      sender: { send: (sendable) => this.#send(sendable) },
      node: NODE,
      log: { event: () => {} },
    });
  }

  async run(given: Partial<ScheduleOrder>, until: Instant): Promise<void> {
    await openAccount(this.store);
    const habits = [...this.#habits.values()];
    await imported(
      this.store,
      habits.map(({ device }) => device),
    );
    const imeis = habits.map(({ device }) => device.imei);
    const result = await this.engine.commands.schedule(order({ ...given, imeis }));
    if (!result.ok) throw new Error(result.sentence);
    for (const habit of habits) this.#comes(habit);
    this.#ticks();
    this.#poke();
    const key = { account: ACCOUNT, campaign: CAMPAIGN };
    for (let hour = this.agenda.now() + HOUR; hour < until; hour += HOUR) {
      await this.agenda.runUntil(hour);
      const campaign = await this.store.campaign(key);
      if (campaign !== undefined && isOver(campaign.phase)) return;
    }
  }

  /** When the last device had its outcome. */
  async finishedAt(): Promise<number> {
    const rows = await this.store.updates({ account: ACCOUNT, campaign: CAMPAIGN }, { max: 10_000 });
    const unfinished = rows.filter(({ state }) => state.name !== 'succeeded');
    if (unfinished.length > 0) throw new Error(`${unfinished.length} not updated: ${JSON.stringify(unfinished[0])}`);
    return Math.max(...rows.map(({ state }) => (state.name === 'succeeded' ? state.at : 0)));
  }

  #ticks(): void {
    this.agenda.after(TICK, async () => {
      await this.#look();
      this.#ticks();
    });
  }

  #poke(): void {
    if (this.#poked) return;
    this.#poked = true;
    this.agenda.after(SOON, async () => {
      this.#poked = false;
      await this.#look();
    });
  }

  async #look(): Promise<void> {
    while (await this.engine.tick());
  }

  /** Every single contact, whether something comes of it or not. */
  #comes(habit: Habit): void {
    const { device, every, phase } = habit;
    const now = this.agenda.now();
    const next = Math.floor(now / every) * every + phase;
    this.agenda.at(next > now ? next : next + every, async () => {
      if (device.transport === 'HTTP') await this.#polls(habit);
      else if (this.#isAsleep(habit)) await this.engine.deviceContacted(device);
      this.#poke();
      this.#comes(habit);
    });
  }

  #isAsleep({ device }: Habit): boolean {
    return device.registration?.queueMode === true;
  }

  async #polls(habit: Habit): Promise<void> {
    const { device } = habit;
    const seen = await this.engine.deviceContacted(device);
    if (seen === undefined) return;
    const view = ddiView(seen, this.agenda.now());
    if (view.wantsAttributes) await this.#tells(habit);
    const { action } = view;
    if (action?.download !== 'forced' || action.snapshot.update.state.name !== 'offered') return;
    await this.engine.deviceActed(device, action.attempt.actionId);
    this.#fetches(habit, action.attempt.token, async () => {
      this.agenda.after(habit.installs, async () => {
        await this.engine.deviceReported(device, action.attempt.actionId, { step: 'installed' });
        this.#versions.set(device.imei, '2');
        await this.#polls(habit);
        this.#poke();
      });
    });
  }

  async #tells({ device }: Habit): Promise<void> {
    const firmware = this.#versions.get(device.imei) ?? '1';
    await this.engine.deviceTold(device, { mode: 'replace', data: { firmware } });
  }

  /** Five seconds' worth of bytes under each permit. */
  #fetches({ rate }: Habit, token: ImageToken, then: () => Promise<void>): void {
    this.agenda.after(ANSWER, async () => {
      const began = this.agenda.now();
      const start = await this.engine.beginTransfer(token, 0);
      if (!start.ok) return;
      const more = (bytes: number): void => {
        const chunk = Math.min(this.#size - bytes, rate * 5);
        this.agenda.after((chunk / rate) * 1_000, async () => {
          const sum = bytes + chunk;
          if (sum < this.#size) {
            const permit = await this.engine.transferPermit(start.key);
            if (permit.ok) return more(sum);
            return this.engine.transferInterrupted(start.key);
          }
          const took = this.agenda.now() - began;
          await this.engine.endTransfer(start.key, { bytes: sum, complete: true, took });
          await then();
          this.#poke();
        });
      };
      more(0);
    });
  }

  #send(sendable: Sendable): void {
    if (sendable.kind === 'callback') return;
    const habit = this.#habits.get(sendable.device.imei);
    if (habit === undefined) throw new Error(`nobody is ${sendable.device.imei}`);
    this.agenda.after(ANSWER, async () => {
      await this.#hears(habit, sendable);
      this.#poke();
    });
  }

  async #hears(habit: Habit, sendable: Exclude<Sendable, { readonly kind: 'callback' }>): Promise<void> {
    const { id } = sendable;
    const now = this.agenda.now();
    const outcome = { is: 'delivered' } as const;
    const device = { account: ACCOUNT, imei: sendable.device.imei as Imei };
    if (sendable.kind === 'ask') {
      const answer = { reading: await this.#reading(habit), askedAt: now };
      return this.engine.sendSettled({ id, intent: { kind: 'ask', device }, outcome, answer });
    }
    if (sendable.kind === 'clean-up') return;
    await this.engine.sendSettled({ id, intent: sendable.intent, outcome });
    if (sendable.intent.kind === 'offer') {
      this.#states.set(device.imei, 'downloading');
      return this.#fetches(habit, sendable.intent.token, async () => void this.#states.set(device.imei, 'downloaded'));
    }
    this.#states.set(device.imei, 'updating');
    this.agenda.after(habit.installs, async () => {
      this.#states.set(device.imei, 'idle');
      this.#versions.set(device.imei, '2');
      await this.engine.deviceRegistered(
        device,
        registration(endpointOf(habit), this.agenda.now(), this.#isAsleep(habit)),
      );
      this.#poke();
    });
  }

  readonly #states = new Map<string, 'idle' | 'downloading' | 'downloaded' | 'updating'>();

  async #reading({ device }: Habit): Promise<DeviceReading> {
    const version = this.#versions.get(device.imei) ?? '1';
    const state = this.#states.get(device.imei) ?? 'idle';
    const result = version === '2' ? 'success' : 'initial';
    return { firmware: version, object5: { state, result, canPull: true, canPush: true } };
  }
}

const endpointOf = ({ device }: Habit): string => device.registration?.endpoint ?? '';

export function registration(endpoint: string, since: number, queueMode: boolean): Registration {
  return {
    node: NODE,
    location: '/rd/1',
    peer: '127.0.0.1:1',
    endpoint,
    queueMode,
    version: '1.1',
    expiresAt: (since + 1e10) as Instant,
    since: since as Instant,
  };
}
