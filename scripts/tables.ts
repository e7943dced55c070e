// The documents that are tables of the contract: its error catalogue and its limits.

import { ERRORS, LIMIT_SENTENCES, LIMITS, type LimitName, OAUTH_ERRORS } from '../src/contract/index.ts';

const GENERATED = '<!-- Written by `npm run generate` from src/contract. Do not edit. -->';

export function errorsDocument(): string {
  const rows = Object.entries<{ status: number; text: string; fault?: string }>(ERRORS).map(
    ([code, { status, text, fault = '' }]) => `| \`${code}\` | ${status} | ${fault} | ${cell(text)} |`,
  );
  const oauth = Object.entries(OAUTH_ERRORS).map(
    ([code, { status, text }]) => `| \`${code}\` | ${status} | ${cell(text)} |`,
  );
  return `${GENERATED}

# Errors

A refused request is answered with \`{"errorCode": …, "errorMessage": …}\`. Branch on the code; the sentence may change. Words in
braces are filled in. Refused credentials carry \`fault\`, the shape of the original gateway, beside the two fields; its code is in the
third column. Answers 429 and 503 have the header \`Retry-After\` in seconds.

| errorCode | HTTP | fault | errorMessage |
|---|---|---|---|
${rows.join('\n')}

The token endpoint answers \`{"error": …, "error_description": …}\` instead (RFC 6749, section 5.2).

| error | HTTP | error_description |
|---|---|---|
${oauth.join('\n')}
`;
}

export function limitsDocument(): string {
  const rows = (Object.keys(LIMITS) as LimitName[]).map(
    (name) => `| \`${name}\` | ${LIMITS[name].toLocaleString('en-US')} | ${cell(LIMIT_SENTENCES[name])} |`,
  );
  return `${GENERATED}

# Limits

A request beyond a limit is refused with that number. A name ends with its bound: \`Max\` is the most, \`Min\` the least.

| limit | value | what it bounds |
|---|---|---|
${rows.join('\n')}
`;
}

/** A sentence inside a table. */
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
