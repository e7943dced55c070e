// Every operation of the contract with the handler that carries it out; the compiler proves that none is missing.
import type { OperationId } from '../contract/index.ts';
import { AUTH_HANDLERS } from './auth-operations.ts';
import type { Handler } from './call.ts';
import { V2_HANDLERS } from './fota-v2.ts';
import { V3_HANDLERS } from './fota-v3.ts';
import { ACCOUNT_HANDLERS } from './operator-accounts.ts';
import { OPERATOR_CAMPAIGN_HANDLERS } from './operator-campaigns.ts';
import { DEVICE_HANDLERS } from './operator-devices.ts';
import { PACKAGE_HANDLERS } from './operator-packages.ts';

export const HANDLERS = {
  ...V2_HANDLERS,
  ...V3_HANDLERS,
  ...AUTH_HANDLERS,
  ...ACCOUNT_HANDLERS,
  ...DEVICE_HANDLERS,
  ...PACKAGE_HANDLERS,
  ...OPERATOR_CAMPAIGN_HANDLERS,
} as const satisfies { readonly [Id in OperationId]: Handler<Id> };
