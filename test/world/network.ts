// The network between devices and servers: loses and delays, on both legs, each device with its own stream of chance.
import type { Agenda } from './agenda.ts';
import type { Seeded } from './random.ts';
import { CALM, type Trouble } from './scenario.ts';

// RFC 7252 §4.8: transmissions of one message with the default parameters, and when the sender gives up.
const TRIES_MS = [0, 2_500, 7_500, 17_500, 37_500] as const;
const GIVE_UP_MS = 93_000;

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

  /** One datagram, or none. */
  deliver(run: () => Promise<void> | void): void {
    if (!this.#random.chance(this.trouble.loss)) this.#agenda.after(this.#delay(), run);
  }

  /**
   * One confirmable exchange, retransmitted as RFC 7252 says. `ask` is run at most once at the far end and answers what
   * comes back. No copy leaves at or after `notAfter`. `done` hears the answer, or why there is none.
   */
  exchange<Answer>(each: {
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
      if (answer !== undefined) this.deliver(() => settle(answer));
    };
    for (const wait of TRIES_MS) {
      this.#agenda.after(wait, () => {
        const late = each.notAfter !== undefined && this.#agenda.now() >= each.notAfter;
        if (settled || late || !each.leaving()) return;
        left += 1;
        this.deliver(arrive);
      });
    }
    this.#agenda.after(GIVE_UP_MS, () => settle(left === 0 ? 'withheld' : 'none'));
  }
}
