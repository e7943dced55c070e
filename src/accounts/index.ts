// The one door of the account domain: accounts, credentials, licences, device imports and logs, packages, operators, audit.
export * from './account.ts';
export * from './account-list.ts';
export * from './alarms.ts';
export * from './audit.ts';
export * from './credential.ts';
export { type DeviceImport, type DeviceSecrets, type ImportResult, importDevice } from './device-import.ts';
export * from './device-log.ts';
export type { DeviceSearch, DeviceSight, DevicesFound } from './device-search.ts';
export * from './firmware.ts';
export * from './held.ts';
export * from './image-key.ts';
export * from './licence.ts';
export * from './listener.ts';
export * from './operator.ts';
export * from './operator-event.ts';
export type * from './package.ts';
export * from './pilot.ts';
export * from './subscription.ts';
