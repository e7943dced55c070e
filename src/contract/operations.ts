// Every operation by its id. Routes, OpenAPI documents and the SDK's types all come from here.

import { DEVICE_SEARCH_OPERATIONS } from './device-search-operations.ts';
import { EXPLAIN_OPERATIONS } from './explain-operations.ts';
import { AUTH_OPERATIONS, CAMPAIGN_OPERATIONS } from './fota-operations.ts';
import { HTTP_DEVICE_OPERATIONS } from './http-device-operations.ts';
import { IMAGE_OPERATIONS } from './image-operations.ts';
import { LEDGER_OPERATIONS } from './ledger-operations.ts';
import { LIMIT_OPERATIONS } from './limit-operations.ts';
import { LIMITS, type Limits } from './limits.ts';
import type { Operation } from './operation.ts';
import { OPERATOR_ACCESS_OPERATIONS } from './operator-access-operations.ts';
import { OPERATOR_CALLBACK_OPERATIONS } from './operator-callback-operations.ts';
import { OPERATOR_EVENT_OPERATIONS } from './operator-event-operations.ts';
import { OPERATOR_OPERATIONS } from './operator-operations.ts';
import { SIMULATION_OPERATIONS } from './simulation-operations.ts';
import { resized } from './sized.ts';
import { STEERING_OPERATIONS } from './steering-operations.ts';
import { V1_OPERATIONS } from './v1-operations.ts';
import { V2_OPERATIONS } from './v2-operations.ts';
import { V3_OPERATIONS } from './v3-operations.ts';

export const OPERATIONS = {
  ...CAMPAIGN_OPERATIONS,
  ...V1_OPERATIONS,
  ...V2_OPERATIONS,
  ...V3_OPERATIONS,
  ...AUTH_OPERATIONS,
  ...OPERATOR_OPERATIONS,
  ...STEERING_OPERATIONS,
  ...OPERATOR_CALLBACK_OPERATIONS,
  ...IMAGE_OPERATIONS,
  ...DEVICE_SEARCH_OPERATIONS,
  ...HTTP_DEVICE_OPERATIONS,
  ...OPERATOR_ACCESS_OPERATIONS,
  ...LIMIT_OPERATIONS,
  ...OPERATOR_EVENT_OPERATIONS,
  ...LEDGER_OPERATIONS,
  ...EXPLAIN_OPERATIONS,
  ...SIMULATION_OPERATIONS,
} as const satisfies Record<string, Operation>;
export type OperationId = keyof typeof OPERATIONS;

/** What a server parses with: the operations with its own limits in their schemas. */
export function operationsWithin(limits: Limits): Readonly<Record<OperationId, Operation>> {
  if (limits === LIMITS) return OPERATIONS;
  const entries = Object.entries<Operation>(OPERATIONS).map(([id, operation]) => [id, within(operation, limits)]);
  return Object.fromEntries(entries) as Record<OperationId, Operation>;
}

const within = ({ params, query, body, ...rest }: Operation, limits: Limits): Operation => ({
  ...rest,
  ...(params === undefined ? {} : { params: resized(params, limits) }),
  ...(query === undefined ? {} : { query: resized(query, limits) }),
  ...(body === undefined ? {} : { body: { ...body, schema: resized(body.schema, limits) } }),
});
