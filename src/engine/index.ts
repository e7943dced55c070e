// The one door of the engine: load, decide, commit; the steward's turns; the outbox pump.
export type { Commands, DeviceListResult } from './commands.ts';
export { Engine, type ReportAnswer, type TransferStart } from './engine.ts';
export type * from './ports.ts';
export type { Settlement } from './pump.ts';
