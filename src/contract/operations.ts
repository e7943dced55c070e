// Every operation by its id. Routes, OpenAPI documents and the SDK's types all come from here.

import { AUTH_OPERATIONS, CAMPAIGN_OPERATIONS } from './fota-operations.ts';
import { HTTP_DEVICE_OPERATIONS } from './http-device-operations.ts';
import { IMAGE_OPERATIONS } from './image-operations.ts';
import type { Operation } from './operation.ts';
import { OPERATOR_CALLBACK_OPERATIONS } from './operator-callback-operations.ts';
import { OPERATOR_OPERATIONS } from './operator-operations.ts';
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
  ...OPERATOR_CALLBACK_OPERATIONS,
  ...IMAGE_OPERATIONS,
  ...HTTP_DEVICE_OPERATIONS,
} as const satisfies Record<string, Operation>;
export type OperationId = keyof typeof OPERATIONS;
