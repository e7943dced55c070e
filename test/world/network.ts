// The network between devices and servers: loses, delays and doubles, on both legs.
import type { Agenda } from './agenda.ts';
import type { Seeded } from './random.ts';
import { CALM, type Trouble } from './scenario.ts';

// RFC 7252 §4.8: transmissions of one message with the default parameters, and when the sender gives up.
const TRIES_MS = [0, 2_500, 7_500, 17_500, 37_500] as const;
const GIVE_UP_MS = 93_000;

/** To the server, or to the device. */
export type Leg = 'up' | 'down';

/** What lies between one device and its servers. */
export interface Way {
  /** Whether anything passes in this direction at the moment. */
  passes(leg: Leg): boolean;
}

export class Network {
  readonly #agenda: Agenda;
  readonly #random: Seeded;
  readonly #trouble: Trouble;
  readonly #calmFrom: number;

  constructor(agenda: Agenda, random: Seeded, trouble: Trouble, calmFrom: number) {
    this.#agenda = agenda;
    this.#random = random;
    this.#trouble = trouble;
    this.#calmFrom = calmFrom;
  }

  get trouble(): Trouble {
    return this.#agenda.now() < this.#calmFrom ? this.#trouble : CALM;
  }

  /** Long-tailed: most messages are quick, a few are very late. */
  #delay(): number {
    const { delayMax } = this.trouble;
    return this.#random.chance(0.9) ? this.#random.between(20, 300) : this.#random.between(20, delayMax);
  }

  /** One datagram, or none, or two. */
  deliver(way: Way, leg: Leg, run: () => Promise<void> | void): void {
    const { lossUp, lossDown, twice } = this.trouble;
    const copies = this.#random.chance(twice) ? 2 : 1;
    const arrive = () => (way.passes(leg) ? run() : undefined);
    for (let copy = 0; copy < copies; copy += 1) {
      if (!this.#random.chance(leg === 'up' ? lossUp : lossDown)) this.#agenda.after(this.#delay(), arrive);
    }
  }

  /**
   * One confirmable exchange, retransmitted as RFC 7252 says. `ask` is run at most once at the far end and answers what
   * comes back. No copy leaves at or after `notAfter`. `done` hears the answer, or why there is none.
   */
  exchange<Answer>(each: {
    readonly way: Way;
    /** In which direction the question goes. */
    readonly leg: Leg;
    readonly leaving: () => boolean;
    readonly notAfter?: number;
    readonly ask: () => Promise<Answer | undefined> | (Answer | undefined);
    readonly done: (answer: Answer | 'none' | 'withheld') => Promise<void> | void;
  }): void {
    let heard: { readonly answer: Answer | undefined } | undefined;
    let settled = false;
    let left = 0;
    const settle = (answer: Answer | 'none' | 'withheld') => {
      if (settled) return undefined;
      settled = true;
      return each.done(answer);
    };
    const arrive = async () => {
      heard ??= { answer: await each.ask() };
      const { answer } = heard;
      if (answer !== undefined) this.deliver(each.way, each.leg === 'up' ? 'down' : 'up', () => settle(answer));
    };
    const late = () => each.notAfter !== undefined && this.#agenda.now() >= each.notAfter;
    const transmit = (copy: number): void => {
      if (settled) return;
      if (!late() && each.leaving()) {
        left += 1;
        this.deliver(each.way, each.leg, arrive);
      }
      const next = TRIES_MS[copy + 1];
      if (next !== undefined) this.#agenda.after(next - TRIES_MS[copy]!, () => transmit(copy + 1));
      else this.#agenda.after(GIVE_UP_MS - TRIES_MS[copy]!, () => settle(left === 0 ? 'withheld' : 'none'));
    };
    this.#agenda.after(0, () => transmit(0));
  }
}
