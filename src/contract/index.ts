// The only door of the contract: wire shapes, the error catalogue, the limits, and all operations as data.

import { AUTH_OPERATIONS, CAMPAIGN_OPERATIONS } from './fota-operations.ts';
import type { Operation } from './operation.ts';
import { OPERATOR_OPERATIONS } from './operator-operations.ts';

/** Every operation by its id. Routes, OpenAPI documents and the SDK's types all come from here. */
export const OPERATIONS = {
  ...CAMPAIGN_OPERATIONS,
  ...AUTH_OPERATIONS,
  ...OPERATOR_OPERATIONS,
} as const satisfies Record<string, Operation>;
export type OperationId = keyof typeof OPERATIONS;

export * from './auth.ts';
export * from './csv.ts';
export * from './ddi.ts';
export * from './errors.ts';
export { explainIssues } from './explain.ts';
export { AUTH_OPERATIONS, CAMPAIGN_OPERATIONS } from './fota-operations.ts';
export * from './inventory.ts';
export { LIMITS } from './limits.ts';
export { type OpenApiDocument, openApiDocument, openApiDocuments } from './openapi.ts';
export { type BodyMedia, type Credential, type Family, type Method, type Operation, routePath } from './operation.ts';
export * from './operator.ts';
export { OPERATOR_OPERATIONS } from './operator-operations.ts';
export * from './shared.ts';
export * from './v2.ts';
export * from './v3.ts';
