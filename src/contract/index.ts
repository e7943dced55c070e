// The only door of the contract: wire shapes, the error catalogue, the limits, and all operations as data.

export * from './auth.ts';
export * from './csv.ts';
export * from './ddi.ts';
export * from './device-search.ts';
export { DEVICE_SEARCH_OPERATIONS } from './device-search-operations.ts';
export * from './devices.ts';
export * from './errors.ts';
export { explainIssues } from './explain.ts';
export { EXPLAIN_OPERATIONS } from './explain-operations.ts';
export * from './explanation.ts';
export { AUTH_OPERATIONS, CAMPAIGN_OPERATIONS } from './fota-operations.ts';
export { HTTP_DEVICE_OPERATIONS } from './http-device-operations.ts';
export * from './http-devices.ts';
export { IMAGE_OPERATIONS } from './image-operations.ts';
export * from './images.ts';
export * from './inventory.ts';
export * from './ledger.ts';
export { LEDGER_OPERATIONS } from './ledger-operations.ts';
export * from './licenses.ts';
export * from './limit-operations.ts';
export {
  boundsOf,
  LIMIT_BOUNDS,
  LIMIT_SENTENCES,
  LIMITS,
  type LimitName,
  type Limits,
  type LimitsResult,
  limitsWith,
} from './limits.ts';
export * from './listeners.ts';
export * from './lists.ts';
export * from './literals.ts';
export * from './live.ts';
export * from './logging.ts';
export { type OpenApiDocument, openApiDocument, openApiDocuments } from './openapi.ts';
export { type BodyMedia, type Credential, type Family, type Method, type Operation, routePath } from './operation.ts';
export * from './operations.ts';
export * from './operator.ts';
export * from './operator-access.ts';
export { OPERATOR_ACCESS_OPERATIONS } from './operator-access-operations.ts';
export { OPERATOR_CALLBACK_OPERATIONS } from './operator-callback-operations.ts';
export * from './operator-callbacks.ts';
export { OPERATOR_EVENT_OPERATIONS } from './operator-event-operations.ts';
export * from './operator-events.ts';
export { OPERATOR_OPERATIONS } from './operator-operations.ts';
export * from './packages.ts';
export * from './reports.ts';
export { ROLES, type RoleName } from './roles.ts';
export * from './rollout.ts';
export * from './shared.ts';
export * from './simulation.ts';
export { SIMULATION_OPERATIONS } from './simulation-operations.ts';
export { resized } from './sized.ts';
export * from './steering.ts';
export { STEERING_OPERATIONS } from './steering-operations.ts';
export * from './upgrades.ts';
export { V1_OPERATIONS } from './v1-operations.ts';
export * from './v2.ts';
export { V2_OPERATIONS } from './v2-operations.ts';
export * from './v3.ts';
export { V3_OPERATIONS } from './v3-operations.ts';
