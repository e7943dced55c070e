// Two futures of one campaign side by side: who is updated in one of them only.
import type { Imei } from '../ids.ts';
import { SIMULATION_LIMITS, type SimulationFacts } from './facts.ts';
import { factorOf, type Named } from './prediction.ts';

export interface Comparison {
  /** Updated in the second future only. */
  readonly gains: Named;
  /** Updated in the first only. */
  readonly loses: Named;
  /** Of those that are updated in both. */
  readonly sooner: number;
  readonly later: number;
}

/** `before` and `after`: by place of the device when it is updated, as `Simulation.updatedAt` tells it. */
export function compareOutcomes(facts: SimulationFacts, before: Float64Array, after: Float64Array): Comparison {
  const gains: Imei[] = [];
  const loses: Imei[] = [];
  let [sooner, later] = [0, 0];
  for (const [place, { device }] of facts.devices.entries()) {
    const one = before[place] ?? Number.NaN;
    const other = after[place] ?? Number.NaN;
    if (Number.isNaN(one) && !Number.isNaN(other)) gains.push(device.imei);
    if (!Number.isNaN(one) && Number.isNaN(other)) loses.push(device.imei);
    if (other < one) sooner += 1;
    if (other > one) later += 1;
  }
  const factor = factorOf(facts);
  const told = (imeis: readonly Imei[]): Named => ({
    devices: Math.round(imeis.length * factor),
    named: imeis.slice(0, SIMULATION_LIMITS.namedMax),
  });
  return {
    gains: told(gains),
    loses: told(loses),
    sooner: Math.round(sooner * factor),
    later: Math.round(later * factor),
  };
}
