// The only door of the fleet on real sockets; importing it opens none.

export { type Clock, systemClock } from './clock.ts';
export { type Fleet, type FleetOptions, startFleet } from './fleet.ts';
export type { Psk } from './link.ts';
export type { FleetLog } from './ports.ts';
export { imeiOf, QUICK_PACE, type SpecimenPlan, specimens } from './specimens.ts';
