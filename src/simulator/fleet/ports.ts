// What the devices of a fleet are given by whoever starts it.

import type { Clock } from './clock.ts';

/** One line for each thing that went wrong or is worth knowing; never a secret. */
export interface FleetLog {
  event(name: string, facts: Readonly<Record<string, string | number>>): void;
}

export interface DeviceParts {
  readonly clock: Clock;
  readonly log: FleetLog;
}
