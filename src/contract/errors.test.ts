// The error catalogue: statuses, sentences, both shapes of a 401, and secrets that are not repeated.

import { expect, test } from 'vitest';
import { DeviceItem, ERRORS, errorBody, errorStatus, explainIssues, oauthErrorBody } from './index.ts';

test('a sentence is filled with what it is about', () => {
  expect(errorBody('CAMPAIGN_NOT_FOUND', { id: 'c1', account: '0000123456-00001' })).toEqual({
    errorCode: 'CAMPAIGN_NOT_FOUND',
    errorMessage: 'There is no campaign c1 in account 0000123456-00001.',
  });
  // @ts-expect-error the account is missing, and what is missing stays visible
  expect(errorBody('CAMPAIGN_NOT_FOUND', { id: '{account}' }).errorMessage).toContain('{account}');
});

test('a refusal of credentials has both shapes', () => {
  const body = errorBody('INVALID_CREDENTIALS');
  expect(body.fault).toEqual({ code: '900901', message: body.errorMessage });
  expect(errorStatus('INVALID_CREDENTIALS')).toBe(401);
});

test('what the campaign API refuses for business reasons is a 400', () => {
  const business = ['INVALID_PARAMETER', 'CAMPAIGN_NOT_FOUND', 'CAMPAIGN_STATE_INVALID', 'INVALID_ACCOUNT'] as const;
  expect(business.map(errorStatus)).toEqual([400, 400, 400, 400]);
});

test('every sentence ends like one and every status is an error', () => {
  for (const [code, { status, text }] of Object.entries(ERRORS)) {
    expect(status, code).toBeGreaterThanOrEqual(400);
    expect(text, code).toMatch(/[.}]$/);
  }
});

test('OAuth errors have the shape of their RFC', () => {
  expect(oauthErrorBody('invalid_request', { reason: 'grant_type is missing' })).toEqual({
    error: 'invalid_request',
    error_description: 'The request is malformed: grant_type is missing.',
  });
});

test('a refused secret is not repeated', () => {
  const device = { imei: '990013907835573', psk: { identity: 'me', key: 'not-hex-but-secret' } };
  const result = DeviceItem.safeParse(device);
  expect(result.error && explainIssues(result.error, device)).toMatch(/^key of psk: given a secret that is not shown/);
});
