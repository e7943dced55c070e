// The one door of the device side over HTTP: hawkBit's Direct Device Integration.
export { LastSeen, type LastSeenStore } from './last-seen.ts';
export { DDI_LIMITS } from './limits.ts';
export type * from './ports.ts';
export { registerDdi } from './register.ts';
