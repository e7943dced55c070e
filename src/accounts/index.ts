// The one door of the account domain: accounts, credentials, device imports, packages.
export * from './account.ts';
export * from './credential.ts';
export { type DeviceImport, type DeviceSecrets, type ImportResult, importDevice } from './device-import.ts';
export type * from './package.ts';
