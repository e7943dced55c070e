// The documents that are tables of the contract: its error catalogue and its limits.

import { boundsOf, ERRORS, LIMIT_SENTENCES, LIMITS, type LimitName, OAUTH_ERRORS } from '../src/contract/index.ts';

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
  const number = (value: number): string => value.toLocaleString('en-US');
  const rows = (Object.keys(LIMITS) as LimitName[]).map((name) => {
    const bounds = boundsOf(name);
    const may = bounds === undefined ? 'fixed' : `${number(bounds.min)} to ${number(bounds.max)}`;
    return `| \`${name}\` | ${number(LIMITS[name])} | ${may} | ${cell(LIMIT_SENTENCES[name])} |`;
  });
  return `${GENERATED}

# Limits

A request beyond a limit is refused with that number. A name ends with its bound: \`Max\` is the most, \`Min\` the least.

Where the third column has bounds, the operator of a server may set another value within them: \`campanile serve --limit
pageSizeMax=500 --limit deviceQueryMax=200\`, or \`CAMPANILE_LIMIT_PAGE_SIZE_MAX=500\` in the environment; the flag counts more. A name
that does not exist, a fixed one, or a value out of bounds keeps the server from starting, with a sentence that says so. The OpenAPI
documents show the defaults. In a cluster, give every node the same values.

| limit | default | may be set to | what it bounds |
|---|---|---|---|
${rows.join('\n')}

The waits and sizes of the campaign engine (\`src/campaigns/limits.ts\`) are constants: leases, batches and deadlines depend on one
another and on what is stored already, and the promises about windows and repeats were tested with these values only. The cap of
\`campaignDevicesMax\` and \`horizonDaysMax\` is the engine's.
`;
}

/** A sentence inside a table. */
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
