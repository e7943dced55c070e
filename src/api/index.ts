// The one door of the API: it serves every operation of the contract over an engine and a store.
export type * from './ports.ts';
export { RATE_LIMITS, type Rate, type RateLimits } from './rate-limit.ts';
export { registerApi } from './routes.ts';
export { SCRYPT_COST, type ScryptCost, scryptPasswords } from './secrets.ts';
