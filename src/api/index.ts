// The one door of the API: it serves every operation of the contract over an engine and a store.
export { LiveChanges } from './live-changes.ts';
export { firstSignInLink } from './operator-sign-in.ts';
export type * from './ports.ts';
export { registerApi } from './routes.ts';
export { SCRYPT_COST, type ScryptCost, scryptPasswords } from './secrets.ts';
