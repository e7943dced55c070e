// Every operation of the contract with the handler that carries it out; the compiler proves that none is missing.
import type { OperationId } from '../contract/index.ts';
import { AUDIT_HANDLERS } from './audit.ts';
import { AUTH_HANDLERS } from './auth-operations.ts';
import type { Handler } from './call.ts';
import { CALLBACK_HANDLERS } from './callbacks.ts';
import { DEVICE_HISTORY_HANDLERS } from './device-history.ts';
import { EXPLAIN_HANDLERS } from './explain.ts';
import { FILE_HANDLERS } from './files.ts';
import { FIRMWARE_SYNC_HANDLERS } from './firmware-sync.ts';
import { V2_HANDLERS } from './fota-v2.ts';
import { V3_HANDLERS } from './fota-v3.ts';
import { LEDGER_HANDLERS } from './ledger.ts';
import { LIMIT_HANDLERS } from './limits.ts';
import { LOGGING_HANDLERS } from './logging.ts';
import { NEIGHBOUR_DEVICE_HANDLERS } from './neighbour-devices.ts';
import { NEIGHBOUR_LICENCE_HANDLERS } from './neighbour-licences.ts';
import { NEIGHBOUR_LIST_HANDLERS } from './neighbour-lists.ts';
import { NEIGHBOUR_REPORT_HANDLERS } from './neighbour-reports.ts';
import { ACCOUNT_HANDLERS } from './operator-accounts.ts';
import { OPERATOR_CALLBACK_HANDLERS } from './operator-callbacks.ts';
import { OPERATOR_CAMPAIGN_HANDLERS } from './operator-campaigns.ts';
import { DEVICE_HANDLERS } from './operator-devices.ts';
import { OPERATOR_EVENT_HANDLERS } from './operator-events.ts';
import { HTTP_DEVICE_HANDLERS } from './operator-http-devices.ts';
import { IMAGE_HANDLERS } from './operator-images.ts';
import { PACKAGE_HANDLERS } from './operator-packages.ts';
import { SCHEDULE_HANDLERS } from './operator-schedule.ts';
import { SIGN_IN_HANDLERS } from './operator-sign-in.ts';
import { STEERING_HANDLERS } from './operator-steering.ts';
import { WIDE_HANDLERS } from './operator-wide.ts';
import { OPERATOR_HANDLERS } from './operators.ts';
import { SIMULATION_HANDLERS } from './simulate.ts';
import { UPGRADE_HANDLERS } from './upgrades.ts';
import { UPLOAD_HANDLERS } from './uploads.ts';

export const HANDLERS = {
  ...V2_HANDLERS,
  ...V3_HANDLERS,
  ...UPGRADE_HANDLERS,
  ...NEIGHBOUR_LIST_HANDLERS,
  ...NEIGHBOUR_DEVICE_HANDLERS,
  ...NEIGHBOUR_LICENCE_HANDLERS,
  ...NEIGHBOUR_REPORT_HANDLERS,
  ...CALLBACK_HANDLERS,
  ...LOGGING_HANDLERS,
  ...FILE_HANDLERS,
  ...FIRMWARE_SYNC_HANDLERS,
  ...AUTH_HANDLERS,
  ...OPERATOR_HANDLERS,
  ...SIGN_IN_HANDLERS,
  ...OPERATOR_CALLBACK_HANDLERS,
  ...OPERATOR_EVENT_HANDLERS,
  ...AUDIT_HANDLERS,
  ...ACCOUNT_HANDLERS,
  ...DEVICE_HANDLERS,
  ...DEVICE_HISTORY_HANDLERS,
  ...HTTP_DEVICE_HANDLERS,
  ...LIMIT_HANDLERS,
  ...PACKAGE_HANDLERS,
  ...UPLOAD_HANDLERS,
  ...IMAGE_HANDLERS,
  ...OPERATOR_CAMPAIGN_HANDLERS,
  ...SCHEDULE_HANDLERS,
  ...STEERING_HANDLERS,
  ...SIMULATION_HANDLERS,
  ...WIDE_HANDLERS,
  ...EXPLAIN_HANDLERS,
  ...LEDGER_HANDLERS,
} as const satisfies { readonly [Id in OperationId]: Handler<Id> };
