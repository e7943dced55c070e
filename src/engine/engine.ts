// The engine: every way in which something happens to a campaign or a device, each one load, decide, commit.
import { checkInOfReport, logOfReport } from '../accounts/index.ts';
import {
  type AutoConfirm,
  after,
  type BytesSent,
  type CampaignKey,
  type Consent,
  type DeviceKey,
  type DeviceProfile,
  type DeviceSnapshot,
  type ImageToken,
  type Instant,
  type Intent,
  instant,
  isLive,
  LIMITS,
  type Permit,
  type Registration,
  type Report,
  type Transport,
  transferPermit,
  type UpdateKey,
  withAttributes,
  withRegistration,
} from '../campaigns/index.ts';
import { type CallbackSettlement, pumpCallbacks, settleCallback } from './callbacks.ts';
import { Commands } from './commands.ts';
import { deviceAutoConfirms, deviceConsents } from './confirmations.ts';
import { joinFitting } from './join.ts';
import { Orders } from './orders.ts';
import type { EngineParts } from './ports.ts';
import { cleanUp, pump, type Settlement, settled } from './pump.ts';
import { runDevice, runUpdate } from './run.ts';
import { stewardTurn } from './turn.ts';

/** A transfer that may begin, or why not; `unknown`: there is no such token (any more). */
export type TransferStart =
  | {
      readonly ok: true;
      readonly key: UpdateKey;
      readonly until: Permit & { readonly ok: true };
      readonly image: { readonly sha256: string; readonly size: number };
      readonly bytesBefore: number;
      readonly profile: DeviceProfile;
    }
  | { readonly ok: false; readonly unknown: true }
  | { readonly ok: false; readonly unknown: false; readonly refusal: Permit & { readonly ok: false } };

/** `gone`: the action is closed. `unknown`: the device never had such an action. */
export type ReportAnswer = 'stored' | 'gone' | 'unknown';

/** `asked`: the answer becomes the device's inventory, with a reading that is newer than `at`. */
export type AskResult =
  | { readonly is: 'asked'; readonly at: Instant }
  | { readonly is: 'device-unknown' | 'not-lwm2m' | 'not-registered' };

const DUE_BATCH = 200;
const CAMPAIGN_BATCH = 50;

export class Engine {
  readonly #parts: EngineParts;
  readonly #orders = new Orders();
  #beatAt = instant(0);
  /** What operators order. */
  readonly commands: Commands;

  constructor(parts: EngineParts) {
    this.#parts = parts;
    this.commands = new Commands(parts, this.#orders);
  }

  /** The device polled (HTTP) or updated its registration (LwM2M). Answers what is stored after the decision. */
  async deviceContacted(key: DeviceKey): Promise<DeviceSnapshot | undefined> {
    return this.#contact(key, undefined);
  }

  /** The device registered; `undefined`: it de-registered or its lifetime is over. */
  async deviceRegistered(key: DeviceKey, registration: Registration | undefined): Promise<DeviceSnapshot | undefined> {
    if (registration === undefined)
      return runDevice(this.#parts, key, { device: (seen) => withRegistration(seen.device, undefined) });
    return this.#contact(key, registration);
  }

  async #contact(key: DeviceKey, registration: Registration | undefined): Promise<DeviceSnapshot | undefined> {
    const device = (seen: DeviceSnapshot) => {
      if (registration !== undefined) return withRegistration(seen.device, registration);
      return seen.device.transport === 'LWM2M' && !seen.device.reachable
        ? { ...seen.device, reachable: true }
        : seen.device;
    };
    const seen = await runDevice(this.#parts, key, { device, input: { type: 'contact' } });
    if (seen !== undefined) this.deviceCheckedIn(key, seen.device.transport);
    if (seen?.device.residue !== undefined && seen.device.transport === 'LWM2M')
      await this.#oweCleanUp(key, seen.device.residue.campaign);
    return seen;
  }

  /** The device made contact and there is nothing to decide: it is in no campaign. */
  deviceCheckedIn({ account, imei }: DeviceKey, client: Transport): void {
    const at = this.#parts.clock.now();
    this.#parts.journal?.checkedIn({ key: { account, imei }, at, client, result: 'succeeded' });
  }

  /** What the user of an HTTP device says to an action; false when it is not the one that the device is offered. */
  async deviceConsents(key: DeviceKey, actionId: number, said: Consent): Promise<boolean> {
    return deviceConsents(this.#parts, key, actionId, said);
  }

  /** Whether an HTTP device agrees by itself to whatever it is offered. */
  async deviceAutoConfirms(key: DeviceKey, autoConfirm: Omit<AutoConfirm, 'at'> | undefined): Promise<void> {
    return deviceAutoConfirms(this.#parts, key, autoConfirm);
  }

  /** A durable task: the reset is sent by the pump, before anything else is offered (engine.md §2). */
  async #oweCleanUp(device: DeviceKey, campaign: CampaignKey['campaign']): Promise<void> {
    const intents: readonly Intent[] = [{ kind: 'clean-up', device, campaign }];
    await this.#parts.store.commit(
      [{ writes: [], entries: [], intents, rule: 'update.clean-up-first' }],
      this.#parts.clock.now(),
    );
  }

  /** An HTTP device put its attributes (DDI configData). */
  async deviceTold(
    key: DeviceKey,
    told: { readonly mode: 'merge' | 'replace' | 'remove'; readonly data: Readonly<Record<string, string>> },
  ): Promise<DeviceSnapshot | undefined> {
    const seen = await runDevice(this.#parts, key, {
      device: (before, now) => withAttributes(before.device, told, now),
      input: { type: 'attributes' },
    });
    if (seen !== undefined) await joinFitting(this.#parts, key.account, [seen.device]);
    return seen;
  }

  /** An LwM2M device notified object 5: a hint, so it is asked (notifications overtake and skip, devices.md). */
  async deviceNotified(key: DeviceKey): Promise<void> {
    await runDevice(this.#parts, key, { input: { type: 'contact' } });
  }

  /** Asks an LwM2M device what it runs, whatever campaign it is in; the intent is stored, the answer comes by itself. */
  async askDevice(key: DeviceKey): Promise<AskResult> {
    const { store, clock, node } = this.#parts;
    const seen = await store.loadDevice(key, node);
    if (seen === undefined) return { is: 'device-unknown' };
    if (seen.device.transport !== 'LWM2M') return { is: 'not-lwm2m' };
    if (seen.device.registration === undefined) return { is: 'not-registered' };
    const at = clock.now();
    const intents: readonly Intent[] = [{ kind: 'ask', device: key }];
    await store.commit([{ writes: [], entries: [], intents, rule: 'update.asked' }], at);
    return { is: 'asked', at };
  }

  /** An HTTP device read its action. */
  async deviceActed(key: DeviceKey, actionId: number): Promise<ReportAnswer> {
    const target = await this.#actionOf(key, actionId);
    if (typeof target === 'string') return target;
    await runUpdate(this.#parts, target, { type: 'acted' });
    return 'stored';
  }

  /** An HTTP device reported on its action. When this resolves, the report is stored and may be acknowledged. */
  async deviceReported(key: DeviceKey, actionId: number, report: Report): Promise<ReportAnswer> {
    const target = await this.#actionOf(key, actionId);
    if (typeof target === 'string') return target;
    await runUpdate(this.#parts, target, { type: 'report', report });
    this.#noteReport(key, actionId, report);
    return 'stored';
  }

  #noteReport(key: DeviceKey, actionId: number, report: Report): void {
    const { journal, clock } = this.#parts;
    journal?.logged(logOfReport(key, actionId, report, clock.now()));
    journal?.checkedIn(checkInOfReport(key, report, clock.now()));
  }

  /** A device answered a cancellation: what was left on it is gone, or it goes on and will tell. */
  async deviceCancelled(key: DeviceKey, actionId: number, detail: string): Promise<ReportAnswer> {
    const seen = await this.#parts.store.loadDevice(key, this.#parts.node);
    if (seen?.device.residue === undefined) return seen?.device.lastActionId === actionId ? 'gone' : 'unknown';
    if (seen.device.residue.actionId !== actionId) return 'unknown';
    await cleanUp(this.#parts, key, detail, []);
    return 'stored';
  }

  async #actionOf(key: DeviceKey, actionId: number): Promise<UpdateKey | 'gone' | 'unknown'> {
    const seen = await this.#parts.store.loadDevice(key, this.#parts.node);
    const known = seen?.live ?? seen?.last;
    if (seen === undefined || known === undefined) return 'unknown';
    const { state } = known.update;
    const current = isLive(state)
      ? state.attempt.actionId
      : state.name === 'waiting'
        ? state.suspended?.actionId
        : undefined;
    const { account, campaign, imei } = known.update;
    if (current === actionId || (current === undefined && seen.device.lastActionId === actionId))
      return { account, campaign, imei };
    return actionId <= seen.device.lastActionId ? 'gone' : 'unknown';
  }

  /** The device asks for bytes of an image, or a push is about to begin: the grant is committed before the first byte. */
  async beginTransfer(token: ImageToken, offset: number): Promise<TransferStart> {
    const key = await this.#parts.store.updateOfToken(token);
    if (key === undefined) return { ok: false, unknown: true };
    const outcome = await runUpdate(this.#parts, key, { type: 'transfer-begin', offset });
    if (outcome === undefined) return { ok: false, unknown: true };
    const { snapshot, change } = outcome;
    const permit = transferPermit(snapshot, this.#parts.clock.now());
    const { state } = snapshot.update;
    if (permit.ok && isLive(state)) {
      const { image } = snapshot.campaign.package;
      return {
        ok: true,
        key,
        until: permit,
        image,
        bytesBefore: state.attempt.transfer?.bytes ?? 0,
        profile: snapshot.profile,
      };
    }
    const refusal =
      permit.ok || permit.rule === 'update.no-change' ? { ok: false as const, rule: change.rule } : permit;
    return { ok: false, unknown: false, refusal };
  }

  /** Asked again whenever `until` of the last permit has come. */
  async transferPermit(key: UpdateKey): Promise<Permit> {
    const [snapshot] = await this.#parts.store.loadUpdates([key], this.#parts.node);
    const permit: Permit =
      snapshot === undefined
        ? { ok: false, rule: 'update.no-change' }
        : transferPermit(snapshot, this.#parts.clock.now());
    this.#parts.ruled?.(permit.rule);
    return permit;
  }

  async transferProgress(key: UpdateKey, bytes: number): Promise<void> {
    await runUpdate(this.#parts, key, { type: 'transfer-progress', bytes });
  }

  async endTransfer(
    key: UpdateKey,
    end: BytesSent & { readonly complete: boolean; readonly took: number },
  ): Promise<void> {
    await runUpdate(this.#parts, key, { type: 'transfer-end', ...end });
  }

  /** We cut a transfer because its permit ended; `sent`: what had left by then. */
  async transferInterrupted(key: UpdateKey, sent?: BytesSent): Promise<void> {
    await runUpdate(this.#parts, key, { type: 'interrupted', ...(sent === undefined ? {} : { sent }) });
  }

  /** What became of something the pump handed to the sender. */
  async sendSettled(settlement: Settlement): Promise<void> {
    await settled(this.#parts, settlement);
  }

  /** What became of a callback that was handed to the sender. */
  async callbackSettled(settlement: CallbackSettlement): Promise<void> {
    await settleCallback(this.#parts, settlement);
  }

  /** To be called once after a start: what an earlier life of this node was sending is looked at again. */
  async restarted(): Promise<void> {
    for (const intent of await this.#parts.store.release(this.#parts.node)) {
      // The push died with us: the device need not wait until that is noticed by its standing still.
      const pushed = intent.kind === 'offer' && intent.delivery === 'push';
      if (pushed) await runUpdate(this.#parts, intent.update, { type: 'interrupted' });
    }
  }

  /** Timers that are due, the steward's turns, the outbox. True when work was left for another tick at once. */
  async tick(): Promise<boolean> {
    const { store, clock, node } = this.#parts;
    if (clock.now() >= this.#beatAt) {
      await store.beat(node, clock.now(), after(clock.now(), LIMITS.nodeLease));
      this.#beatAt = after(clock.now(), (LIMITS.nodeLease / 3) as typeof LIMITS.nodeLease);
    }
    const due = await store.claimDue(clock.now(), DUE_BATCH);
    for (const key of due) await runUpdate(this.#parts, key, { type: 'due' });
    const campaigns = await store.claimCampaigns(clock.now(), CAMPAIGN_BATCH, node);
    let left = due.length === DUE_BATCH || campaigns.length === CAMPAIGN_BATCH;
    for (const key of campaigns) left = (await stewardTurn(this.#parts, key, () => this.#orders.isOpen(key))) || left;
    const pumped = (await pump(this.#parts)) + (await pumpCallbacks(this.#parts));
    return left || pumped > 0;
  }
}
