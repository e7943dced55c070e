// Devices that wait to be offered the image: who comes next by itself, who may be asked next, who cannot be served before when.
import { openOf } from '../campaign.ts';
import type { NodeId } from '../ids.ts';
import { holdBack } from '../offer.ts';
import { stepOf } from '../rollout.ts';
import type { Instant } from '../time.ts';
import { type Actor, placeKey } from './actor.ts';
import { Agenda } from './agenda.ts';
import type { Stage } from './stage.ts';
import { Wheel } from './wheel.ts';

/** Devices that we can speak to at any time, the fewest attempts first, then by hash. */
interface Pool {
  readonly node: NodeId;
  readonly queue: Agenda<Actor>;
  openFrom: number;
}

const HASHES = 2 ** 32;

export class Waiting {
  readonly #stage: Stage;
  readonly #wheels: readonly { readonly node: NodeId; readonly wheel: Wheel<Actor> }[];
  readonly #wheelsByKey = new Map<string, Wheel<Actor>[]>();
  readonly #pools = new Map<string, Pool>();
  /** Devices of steps that are not open, by step; -1: steps are not cut yet. */
  readonly #shut = new Map<number, Actor[]>();

  constructor(stage: Stage) {
    this.#stage = stage;
    this.#wheels = this.#wheelsOf(stage.parts.actors);
  }

  #wheelsOf(actors: readonly Actor[]) {
    const groups = new Map<string, { readonly key: string; readonly actors: Actor[] }>();
    for (const actor of actors) {
      const key = placeKey(actor, this.#stage.campaign);
      actor.pool = key;
      if (actor.awake) {
        if (!this.#pools.has(key)) this.#pools.set(key, { node: actor.node, queue: new Agenda(), openFrom: 0 });
        continue;
      }
      if (actor.silent) continue;
      const name = `${key} ${actor.every}`;
      const group = groups.get(name) ?? { key, actors: [] };
      group.actors.push(actor);
      groups.set(name, group);
    }
    return [...groups.values()].map((group) => this.#wheelOf(group));
  }

  #wheelOf({ key, actors }: { readonly key: string; readonly actors: readonly Actor[] }) {
    const [first] = actors;
    const wheel = new Wheel(
      first?.every ?? 1,
      actors.map((member) => ({ phase: member.phase, member })),
    );
    for (const [place, actor] of wheel.members.entries()) {
      actor.wheel = wheel;
      actor.wheelPlace = place;
    }
    this.#wheelsByKey.set(key, [...(this.#wheelsByKey.get(key) ?? []), wheel]);
    return { node: first?.node ?? ('' as NodeId), wheel };
  }

  /** It waits: for its turn, for its step, or for the wait before another attempt to be over. */
  place(actor: Actor): void {
    const { campaign, now } = this.#stage;
    const { state } = actor.update;
    if (state.name !== 'waiting' || actor.silent) return;
    const step = campaign.score === undefined ? -1 : stepOf(campaign.rollout, actor.update);
    if (step !== undefined && (step === -1 || step > (campaign.rollout?.at ?? step))) {
      if (step !== -1) actor.held = 'update.step-closed';
      const shut = this.#shut.get(step);
      if (shut === undefined) this.#shut.set(step, [actor]);
      else shut.push(actor);
      return;
    }
    const readyAt = Math.max(state.readyAt, actor.awake ? (state.askAt ?? 0) : 0);
    if (now < readyAt) return this.#stage.plan(actor, 'ready', readyAt);
    this.#putIn(actor);
  }

  #putIn(actor: Actor): void {
    actor.wheel?.put(actor.wheelPlace);
    if (actor.awake) this.#pools.get(actor.pool)?.queue.add(actor.update.attempts * HASHES + actor.update.hash, actor);
  }

  /** Steps have been cut or opened: their devices wait for their turn. */
  stepsOpened(): void {
    const { campaign } = this.#stage;
    if (campaign.score === undefined) return;
    for (const [step, actors] of [...this.#shut]) {
      if (step > (campaign.rollout?.at ?? step)) continue;
      this.#shut.delete(step);
      for (const actor of actors) this.place(actor);
    }
  }

  /** It was looked at and nothing was offered; what holds it back tells when it is looked at again. */
  park(actor: Actor): void {
    const stage = this.#stage;
    if (actor.update.state.name !== 'waiting') return;
    const held = holdBack(stage.snapshot(actor), stage.moment(actor.node));
    actor.held = held?.rule ?? actor.held;
    const next = held?.permit?.ok === false ? held.permit.nextEligibleAt : undefined;
    switch (held?.rule) {
      case 'permit.does-not-fit':
        actor.wheel?.remove(actor.wheelPlace);
        if (next !== undefined) stage.plan(actor, 'ready', next);
        return;
      case 'permit.not-started':
      case 'permit.download-after':
      case 'permit.install-after':
      case 'permit.download-window':
      case 'permit.install-window':
        this.#shutUntil(actor, next ?? (Number.POSITIVE_INFINITY as Instant));
        return this.#putIn(actor);
      case 'update.label-cap':
        this.#shutUntil(actor, held.allowedAt ?? stage.now);
        return this.place(actor);
      case 'update.no-slot':
        return this.#putIn(actor);
      case 'update.step-closed':
      case 'update.waiting-for-retry':
        actor.wheel?.remove(actor.wheelPlace);
        return this.place(actor);
      case undefined:
        // It could be offered the image and was not: its version is not known, and it does not tell it.
        if (!actor.awake && actor.tells) return this.#putIn(actor);
        actor.wheel?.remove(actor.wheelPlace);
        actor.held = actor.update.state.reason === 'version-unknown' ? 'update.version-unknown' : actor.held;
        return;
      default:
        // Nothing that is foreseen makes a difference to it.
        actor.wheel?.remove(actor.wheelPlace);
    }
  }

  /** What holds it back holds all back that have the same window and the same labels. */
  #shutUntil({ pool }: Actor, at: Instant): void {
    for (const wheel of this.#wheelsByKey.get(pool) ?? []) wheel.openFrom = Math.max(wheel.openFrom, at);
    const own = this.#pools.get(pool);
    if (own !== undefined) own.openFrom = Math.max(own.openFrom, at);
  }

  /** When the next device comes by itself that could be offered the image, before `before`. */
  nextContact(before: number): { readonly at: Instant; readonly wheel: Wheel<Actor> } | undefined {
    const { now, campaign } = this.#stage;
    if (campaign.hold !== undefined || campaign.score === undefined) return undefined;
    let found: { readonly at: Instant; readonly wheel: Wheel<Actor> } | undefined;
    for (const { node, wheel } of this.#wheels) {
      if (this.#stage.free(node) <= 0) continue;
      const at = wheel.nextAt(now);
      if (at === undefined || at > before || (found !== undefined && at >= found.at)) continue;
      if (at >= (this.#stage.leases.get(node)?.until ?? 0)) continue;
      found = { at: at as Instant, wheel };
    }
    return found;
  }

  /** The next device that is asked without having come by itself. */
  nextToAsk(): Actor | undefined {
    const { now, campaign } = this.#stage;
    if (campaign.hold !== undefined || openOf(campaign.tallies) === 0) return undefined;
    let best: Pool | undefined;
    for (const pool of this.#pools.values()) {
      const first = pool.queue.first;
      if (first === undefined || now < pool.openFrom || this.#stage.free(pool.node) <= 0) continue;
      if (best?.queue.first === undefined || first.key < best.queue.first.key) best = pool;
    }
    return best?.queue.take()?.item;
  }
}
