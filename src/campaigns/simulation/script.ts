// What simulated devices do: they come, fetch, install and tell, each step an input to the same decisions as in earnest.
import { isOver } from '../campaign.ts';
import type { Change } from '../change.ts';
import type { FirmwareObject } from '../input.ts';
import { unreachable } from '../invariant.ts';
import { bytesToSend, wantsFreshVersion } from '../offer.ts';
import { judgeVersion } from '../package.ts';
import { mayInstall } from '../permits.ts';
import { judgeSend } from '../settle.ts';
import { isFinal, isLive } from '../update.ts';
import { type Actor, contactFrom, running } from './actor.ts';
import { SIMULATION_LIMITS } from './facts.ts';
import type { Stage } from './stage.ts';
import type { Waiting } from './waiting.ts';

const { talk } = SIMULATION_LIMITS;

const object5 = (state: FirmwareObject['state'], result: FirmwareObject['result']): FirmwareObject => ({
  state,
  result,
  canPull: true,
  canPush: true,
});

export class Script {
  readonly #stage: Stage;
  readonly #waiting: Waiting;

  constructor(stage: Stage, waiting: Waiting) {
    this.#stage = stage;
    this.#waiting = waiting;
  }

  /** A device that waits has come, or is asked. */
  contacted(actor: Actor): void {
    if (actor.update.state.name !== 'waiting') return;
    if (actor.device.transport === 'HTTP') this.#polled(actor);
    else if (this.#stage.tell(actor, { type: 'contact' }).intents.length > 0)
      this.#answers(actor, 'idle', imageResult(actor));
    this.#follow(actor);
  }

  /** An HTTP device tells its version first where that is asked of it. */
  #polled(actor: Actor): void {
    const stage = this.#stage;
    const asked = wantsFreshVersion(stage.snapshot(actor));
    if (!asked || !actor.tells) return void stage.tell(actor, { type: 'contact' });
    this.#runs(actor, this.#versionOf(actor));
    stage.tell(actor, { type: 'attributes' });
  }

  /** What it runs; of a device that never told, the version that the package starts from is assumed. */
  #versionOf({ device }: Actor): string {
    const { package: pack, from } = this.#stage.campaign;
    const verdict = judgeVersion(device, pack);
    if (verdict.is !== 'unknown' && verdict.reading.value !== '') return verdict.reading.value;
    return pack.reports?.from?.[0] ?? (pack.from === '*' ? from : (pack.from[0] ?? from));
  }

  #runs(actor: Actor, version: string): void {
    actor.device = running(actor.device, this.#stage.campaign.package, version, this.#stage.now);
  }

  /** An LwM2M device answers what it was asked. */
  #answers(actor: Actor, state: FirmwareObject['state'], result: FirmwareObject['result']): Change {
    this.#runs(actor, this.#versionOf(actor));
    return this.#stage.tell(actor, {
      type: 'reading',
      askedAt: this.#stage.now,
      object5: object5(state, result),
    });
  }

  /** The one thing that comes next for a device in its present state. */
  #follow(actor: Actor): void {
    const stage = this.#stage;
    const { state } = actor.update;
    if (isFinal(state)) {
      actor.wheel?.remove(actor.wheelPlace);
      return;
    }
    if (state.name === 'waiting') return this.#waiting.park(actor);
    actor.wheel?.remove(actor.wheelPlace);
    if (state.name === 'offered') return stage.plan(actor, 'begin', stage.now + talk);
    if (state.name === 'downloaded') return this.#look(actor);
    if (state.name === 'installing') return stage.plan(actor, 'installed', stage.now + actor.installTime);
    if (actor.update.nextActionAt !== undefined) stage.plan(actor, 'due', actor.update.nextActionAt);
  }

  /** It has the image: when it is allowed to install, and in contact, it is told so. */
  #look(actor: Actor): void {
    const stage = this.#stage;
    const permit = mayInstall(stage.snapshot(actor), stage.now);
    const at = permit.ok ? stage.now + talk : permit.nextEligibleAt;
    if (at === undefined) return;
    // In the conversation that has just brought the image, the device still listens.
    const listens = actor.awake || (permit.ok && actor.device.transport === 'LWM2M');
    stage.plan(actor, 'look', listens ? at : contactFrom(actor, at));
  }

  /** Where rows of a running campaign stand is where their devices go on. */
  takeUp(actor: Actor): void {
    const stage = this.#stage;
    const { state } = actor.update;
    if (isFinal(state)) return;
    const next = actor.awake ? stage.now + talk : contactFrom(actor, stage.now);
    if (state.name === 'waiting') return this.#waiting.place(actor);
    if (actor.silent) return stage.plan(actor, 'due', actor.update.nextActionAt ?? stage.now);
    if (state.name === 'offered') return stage.plan(actor, 'begin', next);
    if (state.name === 'downloading') return this.#fetches(actor);
    if (state.name === 'downloaded') return this.#look(actor);
    if (state.name === 'verifying') return stage.plan(actor, actor.tells ? 'tell' : 'due', next);
    actor.installingAt = state.since;
    stage.plan(actor, 'installed', Math.max(next, state.since + actor.installTime));
  }

  /** The instant that the device has on the agenda has come. */
  act(actor: Actor): void {
    const stage = this.#stage;
    switch (actor.act) {
      case 'ready':
        return this.#waiting.place(actor);
      case 'begin':
        stage.tell(actor, { type: 'transfer-begin', offset: this.#had(actor) });
        return actor.update.state.name === 'downloading' ? this.#fetches(actor) : this.#dueNext(actor);
      case 'end':
        return this.#ended(actor, true);
      case 'cut':
        return this.#ended(actor, false);
      case 'look':
        return this.#looked(actor);
      case 'installed':
        return this.#installed(actor);
      case 'tell':
        return this.#told(actor);
      case 'due':
        stage.tell(actor, { type: 'due' });
        return this.#follow(actor);
      default:
        return unreachable(actor.act);
    }
  }

  #dueNext(actor: Actor): void {
    const { nextActionAt, state } = actor.update;
    if (isFinal(state) || nextActionAt === undefined) return this.#follow(actor);
    this.#stage.plan(actor, 'due', nextActionAt);
  }

  #had(actor: Actor): number {
    return this.#stage.campaign.package.image.size - bytesToSend(this.#stage.snapshot(actor));
  }

  /** Bytes flow until all are there, or until the grant is over. */
  #fetches(actor: Actor): void {
    const stage = this.#stage;
    const { state } = actor.update;
    if (!isLive(state) || state.attempt.transfer === undefined) return;
    actor.beganAt = stage.now;
    actor.bytesBefore = this.#had(actor);
    const end = Math.ceil(stage.now + bytesToSend(stage.snapshot(actor)) / actor.speed);
    const { notAfter } = state.attempt.transfer;
    stage.plan(actor, end <= notAfter ? 'end' : 'cut', Math.min(end, notAfter));
  }

  #ended(actor: Actor, all: boolean): void {
    const stage = this.#stage;
    const { campaign, now } = stage;
    const { size } = campaign.package.image;
    const held = campaign.hold !== undefined || isOver(campaign.phase);
    const until = Math.max(actor.beganAt, held ? Math.min(now, campaign.hold?.since ?? campaign.phase.since) : now);
    const complete = all && !held;
    const took = until - actor.beganAt;
    const bytes = complete ? size : Math.min(size, actor.bytesBefore + Math.floor(took * actor.speed));
    const { labels } = actor.device;
    const { stratum } = actor.update;
    const span = { from: actor.beganAt, until, bytes: bytes - actor.bytesBefore };
    stage.chronicle.sent({ labels, stratum, begins: true }, span);
    stage.tell(actor, { type: 'transfer-end', bytes, complete, took });
    if (!complete) stage.tell(actor, { type: 'interrupted' });
    this.#follow(actor);
  }

  /** It has the image and is in contact. */
  #looked(actor: Actor): void {
    const stage = this.#stage;
    if (actor.update.state.name !== 'downloaded') return this.#follow(actor);
    const { intents } = stage.tell(actor, { type: 'contact' });
    if (intents.length > 0) this.#ordered(actor, this.#answers(actor, 'downloaded', 'initial'));
    this.#follow(actor);
  }

  /** The order to install is judged once more when it leaves, and arrives. */
  #ordered(actor: Actor, { intents }: Change): void {
    const stage = this.#stage;
    for (const intent of intents) {
      if (intent.kind !== 'execute') continue;
      const { attempt } = intent;
      const permit = judgeSend(stage.snapshot(actor), { kind: 'execute', attempt }, stage.moment(actor.node));
      const outcome = permit.ok ? ({ is: 'delivered' } as const) : ({ is: 'withheld' } as const);
      stage.tell(actor, { type: 'settled', intent: 'execute', attempt, outcome });
    }
  }

  /** The installation is over, well or badly. */
  #installed(actor: Actor): void {
    const stage = this.#stage;
    const { failureChance, chance } = stage.parts;
    actor.fails = failureChance > 0 && chance() < failureChance;
    if (actor.device.transport === 'HTTP') {
      stage.tell(actor, { type: 'report', report: { step: actor.fails ? 'failed' : 'installed' } });
      if (actor.update.state.name === 'verifying' && actor.tells) return stage.plan(actor, 'tell', stage.now + talk);
      return this.#follow(actor);
    }
    this.#restarted(actor);
  }

  /** An LwM2M device registers anew, is asked, and shows what became of it. */
  #restarted(actor: Actor): void {
    const stage = this.#stage;
    const { registration } = actor.device;
    if (registration !== undefined)
      actor.device = { ...actor.device, registration: { ...registration, since: stage.now } };
    stage.tell(actor, { type: 'contact' });
    if (!actor.fails) this.#runs(actor, this.#target());
    this.#answers(actor, 'idle', actor.fails ? 'install-failed' : 'success');
    this.#follow(actor);
  }

  #target(): string {
    const { reports, to } = this.#stage.campaign.package;
    return reports?.to ?? to;
  }

  /** An HTTP device tells its version after the installation; an LwM2M device is asked for it. */
  #told(actor: Actor): void {
    if (actor.device.transport !== 'HTTP') return this.#restarted(actor);
    this.#runs(actor, this.#target());
    this.#stage.tell(actor, { type: 'attributes' });
    this.#follow(actor);
  }
}

/** After a failure that object 5 has told, its Result stays until the next attempt. */
const imageResult = ({ update }: Actor): FirmwareObject['result'] =>
  update.history.at(-1)?.outcome === 'install-failed' ? 'install-failed' : 'initial';
