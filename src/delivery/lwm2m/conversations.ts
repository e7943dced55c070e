// Carries out what the engine wants from a device: ask, offer, execute, clean-up; one conversation with a device at a time.

import {
  type Device,
  type DeviceIntent,
  type DeviceKey,
  type DeviceProfile,
  type Instant,
  seconds,
} from '../../campaigns/index.ts';
import type { Settlement } from '../../engine/index.ts';
import type { Sendable } from '../../engine/ports.ts';
import {
  type Attributes,
  executeUpdate,
  type Gate,
  isFormProblem,
  writeForms,
  writePackageUri,
} from '../../lwm2m/index.ts';
import { type Jobs, Lanes, type Waits } from './jobs.ts';
import { LIMITS } from './limits.ts';
import type { Observations } from './observations.ts';
import { executeOutcome, judged, type Outcome, silentOutcome } from './outcome.ts';
import type { Lwm2mParts } from './ports.ts';
import type { Pusher } from './push.ts';
import { readAll, readNetwork, readObject5 } from './reading.ts';
import { deviceText, isAsleep, isOver, type RegisteredDevices, type Target, targetOf } from './registered.ts';
import { resetToIdle } from './reset.ts';
import { isSecure } from './secure.ts';
import { Talk } from './talk.ts';
import type { ImageUris } from './uris.ts';
import type { Wire } from './wire.ts';

type Ask = Extract<Sendable, { readonly kind: 'ask' }>;
type Order = Extract<Sendable, { readonly kind: 'offer' | 'execute' }>;
type CleanUp = Extract<Sendable, { readonly kind: 'clean-up' }>;

export interface ConversationParts {
  readonly wire: Wire;
  readonly jobs: Jobs;
  readonly waits: Waits;
  readonly devices: RegisteredDevices;
  /** What devices do to their registrations; a conversation begins after it. */
  readonly registrations: Lanes;
  readonly observations: Observations;
  readonly pusher: Pusher;
  readonly uris: ImageUris;
  /** Whether anything can be sent there at all. */
  readonly reaches: (peer: string) => boolean;
  readonly gate: Gate;
}

export class Conversations {
  readonly #parts: Lwm2mParts;
  readonly #own: ConversationParts;
  readonly #lanes = new Lanes();
  /** Outbox rows that are being carried out: a row whose claim has run out comes again. */
  readonly #ids = new Set<number>();
  /** Questions that have not been put yet: one answer serves them all. */
  readonly #asks = new Map<string, Ask[]>();

  constructor(parts: Lwm2mParts, own: ConversationParts) {
    this.#parts = parts;
    this.#own = own;
  }

  get running(): number {
    return this.#ids.size;
  }

  send(sendable: Sendable): void {
    if (sendable.kind === 'callback' || this.#ids.has(sendable.id)) return;
    const name = deviceText(sendable.device);
    if (sendable.kind === 'ask') {
      const waiting = this.#asks.get(name);
      if (waiting !== undefined) {
        waiting.push(sendable);
        this.#ids.add(sendable.id);
        return;
      }
      this.#asks.set(name, [sendable]);
    }
    this.#ids.add(sendable.id);
    this.#own.jobs.start(sendable.kind, async () => {
      try {
        await this.#lanes.run(name, () => this.#talk(sendable));
      } finally {
        this.#ids.delete(sendable.id);
      }
    });
  }

  async #talk(sendable: Exclude<Sendable, { readonly kind: 'callback' }>): Promise<void> {
    await this.#own.registrations.idle(deviceText(sendable.device));
    await this.#endIfOver(sendable.device);
    const talk = this.#talkWith(sendable.device);
    switch (sendable.kind) {
      case 'ask':
        return this.#ask(sendable, talk);
      case 'offer':
        return this.#offer(sendable, talk);
      case 'execute': {
        const { id, intent, until } = sendable;
        if (talk.target === undefined) return this.#settle(id, intent, { is: 'withheld' });
        return this.#settle(id, intent, executeOutcome(await talk.ask(executeUpdate, until)));
      }
      case 'clean-up':
        return this.#cleanUp(sendable, talk);
    }
  }

  #talkWith(device: Device): Talk {
    const { devices } = this.#own;
    return new Talk(this.#own.wire, {
      target: () => this.#targetOf(device),
      heard: () => devices.heard(device, this.#parts.clock.now()),
      learned: (form) => devices.learned(device, form),
      protocols: () => devices.of(device)?.protocols,
      said: (protocols) => devices.said(device, protocols),
    });
  }

  /** A lifetime that ran out while nobody was here to see it. */
  async #endIfOver(device: Device): Promise<void> {
    const { registration } = device;
    if (registration === undefined || this.#own.devices.of(device) !== undefined) return;
    if (isOver(registration, this.#parts.clock.now()))
      await this.#parts.engine.deviceRegistered(keyOf(device), undefined);
  }

  /**
   * Where it is now; the stored address only when it has not spoken since we were started. Nowhere while it sleeps: it is
   * asked when it comes back, and nothing is repeated into the air until then.
   */
  #targetOf(device: Device): Target | undefined {
    const now = this.#parts.clock.now();
    const known = this.#own.devices.of(device);
    const registration = known?.registration ?? device.registration;
    if (registration === undefined || !this.#own.reaches(registration.peer)) return undefined;
    const isGone = known === undefined ? isOver(registration, now) : isAsleep(known, now);
    return isGone ? undefined : targetOf(registration, known?.learned);
  }

  async #ask(first: Ask, talk: Talk): Promise<void> {
    const name = deviceText(first.device);
    const asks = this.#asks.get(name) ?? [first];
    this.#asks.delete(name);
    try {
      const last = asks.at(-1) ?? first;
      const { outcome, answer } = await this.#readingOf(last, talk);
      for (const { id, device } of asks) {
        const { account, imei } = device;
        await this.#settle(id, { kind: 'ask', device: { account, imei } }, outcome, answer);
      }
      await this.#observeOrNot(last, talk);
    } finally {
      for (const { id } of asks) this.#ids.delete(id);
    }
  }

  async #readingOf(ask: Ask, talk: Talk): Promise<Pick<Settlement, 'answer'> & { readonly outcome: Outcome }> {
    const versionPath = ask.snapshot?.campaign.package.reports?.resource ?? ask.profile.versionResource;
    const { served } = this.#own.uris;
    for (let moves = 0; moves < LIMITS.movesMax; moves += 1) {
      const askedAt = this.#parts.clock.now();
      const got = await readAll(talk, { versionPath, served });
      if (got.is === 'got') {
        const network = ask.network === true ? await readNetwork(talk) : {};
        return { outcome: { is: 'delivered' }, answer: { reading: { ...got.value, ...network }, askedAt } };
      }
      if (got.is === 'refused') return { outcome: { is: 'no-answer' } };
      if (got.silence !== 'forgotten') return { outcome: silentOutcome(got.silence) };
      // It has just come back from elsewhere.
      await this.#own.registrations.idle(deviceText(ask.device));
    }
    return { outcome: { is: 'withheld' } };
  }

  /** While its image travels, changes are told to us, also after it has registered anew; once it is free, no more. */
  async #observeOrNot({ snapshot, device, profile }: Ask, talk: Talk): Promise<void> {
    const { observations } = this.#own;
    const { state } = profile.observes === false ? {} : (snapshot?.update ?? {});
    if (state?.name === 'offered' || state?.name === 'downloading') {
      await observations.ensure(keyOf(device), talk, attributesOf(profile));
    }
    if (!observations.has(device)) return;
    const now = await this.#parts.inventory.device(keyOf(device));
    if (now?.liveCampaign === undefined) observations.end(device);
  }

  async #offer({ id, intent, until, device, snapshot }: Order, talk: Talk): Promise<void> {
    if (intent.kind !== 'offer') return;
    const settle = (outcome: Outcome): Promise<void> => this.#settle(id, intent, outcome);
    const { profile } = snapshot;
    const observe = async (): Promise<void> => {
      if (profile.observes === false) return;
      await this.#own.observations.ensure(keyOf(device), talk, attributesOf(profile));
    };
    if (talk.target === undefined) return settle({ is: 'no-answer' });
    if (!this.#own.gate.admits('offer')) {
      const wait = seconds(this.#own.gate.laterSeconds());
      return settle({ is: 'withheld', until: (this.#parts.clock.now() + wait) as Instant });
    }
    if (intent.reset) {
      const reset = await resetToIdle(talk, this.#own.waits, profile.reset);
      if (reset.is === 'refused') return settle(reset);
      if (reset.is === 'silent') return settle(silentOutcome(reset.silence));
    }
    if (intent.delivery === 'push') {
      await observe();
      return this.#own.pusher.push({ token: intent.token, talk, blockBytes: profile.blockBytes, settle });
    }
    const uri = await this.#uriFor(intent.token, snapshot, talk);
    // The address first: it has to leave before `until`, watching may begin later.
    await settle(await this.#writeUri(talk, uri, until));
    await observe();
  }

  async #uriFor(token: string, { profile, update }: Order['snapshot'], talk: Talk): Promise<string> {
    // What it said was lost with a process: it is asked again.
    if (talk.protocols === undefined && profile.protocols === undefined) await readObject5(talk);
    const { protocols } = talk;
    const failed = update.history.filter(({ outcome }) => NOT_USABLE.has(outcome)).length;
    return this.#own.uris.uriFor(token, {
      said: protocols === 'unsaid' ? undefined : protocols,
      secure: isSecure(talk.target?.peer ?? ''),
      profile: profile.protocols,
      failed,
    });
  }

  async #writeUri(talk: Talk, uri: string, until: Order['until']): Promise<Outcome> {
    let outcome: Outcome = { is: 'withheld' };
    for (const format of writeForms(talk.dialect)) {
      const answer = await talk.ask((root) => writePackageUri(uri, { root, format }), until);
      if (answer.is !== 'answered') return silentOutcome(answer.is);
      outcome = judged(answer.response);
      if (!isFormProblem(answer.response.code)) return outcome;
    }
    return outcome;
  }

  async #cleanUp({ id, device, profile }: CleanUp, talk: Talk): Promise<void> {
    const { residue } = device;
    if (residue === undefined) return;
    const reset =
      talk.target === undefined
        ? ({ is: 'silent', silence: 'timeout' } as const)
        : await resetToIdle(talk, this.#own.waits, profile.reset);
    const outcome: Outcome =
      reset.is === 'idle'
        ? { is: 'delivered' }
        : reset.is === 'refused'
          ? reset
          : reset.silence === 'stopped'
            ? undefined
            : { is: 'no-answer' };
    await this.#settle(id, { kind: 'clean-up', device: keyOf(device), campaign: residue.campaign }, outcome);
  }

  async #settle(
    id: number,
    intent: DeviceIntent,
    outcome: Outcome,
    answer: Settlement['answer'] = undefined,
  ): Promise<void> {
    if (outcome === undefined) return;
    await this.#parts.engine.sendSettled({ id, intent, outcome, ...(answer === undefined ? {} : { answer }) });
  }
}

/** What an attempt ends with when the device can do nothing with its address. */
const NOT_USABLE: ReadonlySet<string> = new Set(['untouched', 'invalid-uri', 'unsupported-protocol']);

const attributesOf = ({ notifySecondsMin: pmin, notifySecondsMax: pmax }: DeviceProfile): Attributes => ({
  ...(pmin === undefined ? {} : { pmin }),
  ...(pmax === undefined ? {} : { pmax }),
});

const keyOf = ({ account, imei }: Device): DeviceKey => ({ account, imei });
