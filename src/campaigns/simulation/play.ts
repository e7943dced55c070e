// One play of a campaign: the virtual clock jumps from one event to the next until the campaign is over.
import { isOver } from '../campaign.ts';
import { earliest, type Instant } from '../time.ts';
import { SIMULATION_LIMITS } from './facts.ts';
import { Script } from './script.ts';
import type { Stage } from './stage.ts';
import { stewardTurn } from './turn.ts';
import { Waiting } from './waiting.ts';

export class Play {
  readonly stage: Stage;
  readonly #waiting: Waiting;
  readonly #script: Script;
  readonly #turnEvery: number;
  #turnedAt: number;
  #begun = false;
  /** The steward has not done everything that is due at this instant. */
  #left = false;
  /** Steps that were made. */
  steps = 0;
  /** More steps were needed than a play may take. */
  isCut = false;

  constructor(stage: Stage) {
    this.stage = stage;
    this.#waiting = new Waiting(stage);
    this.#script = new Script(stage, this.#waiting);
    const { many, turn, turnOfMany } = SIMULATION_LIMITS;
    this.#turnEvery = stage.parts.actors.length < many ? turn : turnOfMany;
    this.#turnedAt = stage.now - this.#turnEvery;
  }

  /** Plays on for so many steps; true when the play has ended. */
  advance(steps: number): boolean {
    if (!this.#begun) this.#begin();
    for (let step = 0; step < steps; step += 1) {
      if (!this.#step()) return true;
      this.steps += 1;
      if (this.steps >= SIMULATION_LIMITS.stepsMax) {
        this.isCut = true;
        return true;
      }
    }
    return false;
  }

  #begin(): void {
    this.#begun = true;
    for (const actor of this.stage.parts.actors) this.#script.takeUp(actor);
    this.#turn();
  }

  #turn(): void {
    this.#turnedAt = this.stage.now;
    this.#left = stewardTurn({ stage: this.stage, waiting: this.#waiting, script: this.#script });
  }

  /** When the steward looks at the campaign next: a moment after something has happened, or when something is due. */
  #nextTurn(): Instant | undefined {
    const { unsealed, campaign, now } = this.stage;
    if (this.#left) return now;
    const soon = Math.max(now, this.#turnedAt + this.#turnEvery) as Instant;
    const due = campaign.nextActionAt === undefined ? undefined : (Math.max(campaign.nextActionAt, soon) as Instant);
    return unsealed.length > 0 ? earliest(soon, due) : due;
  }

  /** The next thing that happens; false when nothing is left to happen. */
  #step(): boolean {
    const { stage } = this;
    const { campaign, agenda } = stage;
    if (isOver(campaign.phase) && stage.open === 0 && stage.unsealed.length === 0) return false;
    this.#forget();
    const turnAt = this.#nextTurn() ?? Number.POSITIVE_INFINITY;
    const eventAt = agenda.first?.key ?? Number.POSITIVE_INFINITY;
    const other = Math.min(turnAt, eventAt);
    const contact = this.#waiting.nextContact(other);
    if (contact !== undefined) {
      stage.now = contact.at;
      const actor = contact.wheel.take();
      if (actor !== undefined) this.#script.contacted(actor);
      return true;
    }
    if (other === Number.POSITIVE_INFINITY) return false;
    stage.now = Math.ceil(other) as Instant;
    if (turnAt <= eventAt) this.#turn();
    else this.#act();
    return true;
  }

  /** Events of devices that have something else to do by now. */
  #forget(): void {
    const { agenda } = this.stage;
    for (let first = agenda.first; first !== undefined && first.item.event !== first.order; first = agenda.first)
      agenda.take();
  }

  #act(): void {
    const next = this.stage.agenda.take();
    if (next !== undefined) this.#script.act(next.item);
  }
}
