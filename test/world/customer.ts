// The customer's listener: it may fail before or after it has understood, take its time, or refuse.
import { settlementOf } from '../../src/callbacks/index.ts';
import type { DueCallback } from '../../src/engine/index.ts';
import type { Agenda } from './agenda.ts';
import type { Checks } from './checks.ts';
import type { WorldNode } from './node.ts';
import type { Seeded } from './random.ts';
import type { Trouble } from './scenario.ts';

export interface CustomerWorld {
  readonly agenda: Agenda;
  readonly checks: Checks;
  readonly random: Seeded;
  readonly trouble: () => Trouble;
}

const SLOW_MS_MAX = 55_000;

type Heard = { readonly ok: true; readonly status: number } | { readonly ok: false; readonly error: string };

/** A server tells it something; what became of that is told to the server that did. */
export function tellCustomer(world: CustomerWorld, node: WorldNode, callback: DueCallback): void {
  const { agenda, checks, random, trouble } = world;
  checks.eventSent(callback.event);
  const { slowCustomer, deafCustomer, refusingCustomer } = trouble();
  const took = random.between(20, random.chance(slowCustomer) ? SLOW_MS_MAX : 2_000);
  const { life } = node;
  agenda.after(took, async () => {
    const deaf = random.chance(deafCustomer);
    const refuses = !deaf && random.chance(refusingCustomer);
    if (!refuses && (!deaf || random.chance(0.5))) checks.called(callback.event);
    const heard: Heard = deaf
      ? { ok: false, error: 'no answer' }
      : { ok: true, status: refuses ? random.pick([400, 410, 500, 503]) : 204 };
    const parts = { clock: { now: node.now }, chance: () => random.between(0, 999) / 1_000 };
    const settlement = settlementOf(callback, heard, took, parts);
    checks.mayMiss ||= settlement.delivery?.outcome === 'dead';
    if (node.life === life) await node.call((engine) => engine.callbackSettled(settlement));
  });
}
