// The one door of the engine: load, decide, commit; the steward's turns; the outbox pump.
export type { CallbackSettlement } from './callbacks.ts';
export type { Commands } from './commands.ts';
export { type AskResult, Engine, type ReportAnswer, type TransferStart } from './engine.ts';
export { DeviceJournal, JOURNAL_LIMITS } from './journal.ts';
export type { LicencesResult } from './licences.ts';
export type { DeviceListResult } from './membership.ts';
export type * from './ports.ts';
export type { Settlement } from './pump.ts';
export { STRANGER_LIMITS, Strangers } from './strangers.ts';
