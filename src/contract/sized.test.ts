// Schemas with the limits of one server: what depends on them is made again, everything else is the same as before.
import { describe, expect, test } from 'vitest';
import { explainIssues } from './explain.ts';
import { LIMITS } from './limits.ts';
import { OPERATIONS, operationsWithin } from './operations.ts';

const TIGHT = { ...LIMITS, windowsPerListMax: 1, campaignDevicesMax: 1, pageSizeMax: 7, pageSizeDefault: 5 };
const WINDOWS = [
  { startTime: 1, endTime: 2 },
  { startTime: 3, endTime: 4 },
];
const BODY = {
  firmwareName: 'n',
  firmwareFrom: '1',
  firmwareTo: '2',
  protocol: 'LWM2M',
  startDate: '2030-01-01',
  endDate: '2030-01-02',
  campaignTimeWindowList: WINDOWS,
  deviceList: ['1'],
};
const schemaOf = (operations: ReturnType<typeof operationsWithin>) => operations.scheduleAFirmwareUpgrade.body?.schema;

describe('operations within other limits', () => {
  const operations = operationsWithin(TIGHT);

  test('refuse by those, with their number, and clean and check a body as before', () => {
    const result = schemaOf(operations)?.safeParse(BODY);
    expect(explainIssues(result!.error!, BODY)).toContain('at most 1 windows');
    const fitting = { ...BODY, campaignTimeWindowList: [{ startTime: null, endTime: '2' }], campaignName: null };
    const parsed = schemaOf(operations)?.parse(fitting);
    expect(parsed).toEqual(schemaOf(OPERATIONS)?.parse(fitting));
    expect(schemaOf(operations)?.safeParse({ ...fitting, endDate: '2029-02-30' }).success).toBe(false);
  });

  test('have another default page', () => {
    expect(operations.listAccounts.query?.parse({})).toEqual({ limit: 5 });
    expect(operations.listAccounts.query?.safeParse({ limit: '8' }).success).toBe(false);
  });

  test('leave the contract itself as it was', () => {
    expect(schemaOf(OPERATIONS)?.safeParse(BODY).success).toBe(true);
    expect(OPERATIONS.listAccounts.query.parse({})).toEqual({ limit: LIMITS.pageSizeDefault });
  });

  test('share every schema in which nothing depends on a limit', () => {
    expect(operations.logIn.body?.schema).toBe(OPERATIONS.logIn.body.schema);
    expect(operations.getAccount.params).toBe(OPERATIONS.getAccount.params);
  });
});

test('operations within the defaults are the operations', () => {
  expect(operationsWithin(LIMITS)).toBe(OPERATIONS);
});
