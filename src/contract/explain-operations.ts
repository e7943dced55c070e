// The operator's operations that explain, as data.

import { ExplainDeviceParams, ExplainUpdateParams, ExplanationView } from './explanation.ts';
import type { Operation } from './operation.ts';
import { FOR_VIEWERS } from './roles.ts';

const EXPLAINING = {
  ...FOR_VIEWERS,
  tag: 'Explain',
  method: 'GET',
  success: { status: 200, schema: ExplanationView },
} as const;

const ACCOUNT = '/operator/v1/accounts/{accountName}';

export const EXPLAIN_OPERATIONS = {
  explainDevice: {
    ...EXPLAINING,
    operationId: 'explainDevice',
    summary: 'Explain why a device is not updated, what it waits for and when it goes on; also of an unknown IMEI.',
    path: `${ACCOUNT}/devices/{imei}/explain`,
    params: ExplainDeviceParams,
  },
  explainUpdate: {
    ...EXPLAINING,
    operationId: 'explainUpdate',
    summary: 'Explain where a device stands in one campaign, and why.',
    path: `${ACCOUNT}/campaigns/{campaignId}/updates/{imei}/explain`,
    params: ExplainUpdateParams,
  },
} as const satisfies Record<string, Operation>;
