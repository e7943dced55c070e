// The one door of the server: its configuration, its start, and its touch with real time for whoever starts it.
export { afterOthers, systemClock, systemTimers } from './clock.ts';
export { type ConfigResult, type Environment, type Flags, readConfig, type ServerConfig } from './config.ts';
export {
  type ExportVerification,
  keptHeadIn,
  linesOf,
  type PublishedKey,
  reportLines,
  verifyExport,
} from './ledger-verifier.ts';
export { systemRandom } from './random.ts';
export { StartRefused } from './refused.ts';
export { type ReadyLine, type Server, startServer } from './start.ts';
