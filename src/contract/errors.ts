// The error catalogue: every code that a caller can see, with its HTTP status and its sentence.

/**
 * Business errors are 400 because that is the only failure the original service documents and its SDKs type
 * (contract.md §5, §9-17). A refusal of credentials carries a gateway fault beside the two fields (contract.md §1.4).
 */
interface ErrorEntry {
  readonly status: number;
  readonly text: string;
  readonly fault?: string;
}

export const ERRORS = {
  INVALID_PARAMETER: { status: 400, text: '{sentence}' },
  INVALID_ACCOUNT: { status: 400, text: 'These credentials do not open account {account}.' },
  DEVICE_NOT_FOUND: { status: 400, text: 'There is no device {imei} in account {account}.' },
  DEVICE_NOT_ELIGIBLE: { status: 400, text: 'Device {imei} is not eligible: {reason}.' },
  CAMPAIGN_NOT_FOUND: { status: 400, text: 'There is no campaign {id} in account {account}.' },
  CAMPAIGN_STATE_INVALID: { status: 400, text: '{sentence}' },
  SOFTWARE_NOT_FOUND: {
    status: 400,
    text: 'There is no software {name} from {from} to {to} in account {account}. Packages that fit: {known}.',
  },
  FIRMWARE_NOT_FOUND: {
    status: 400,
    text: 'There is no firmware {name} from {from} to {to} in account {account}. Packages that fit: {known}.',
  },
  FILE_NOT_FOUND: {
    status: 400,
    text: 'There is no file {name} of version {version} in account {account}. Files that fit: {known}.',
  },
  PACKAGE_NOT_WITHDRAWN: { status: 409, text: 'Package {name} is not withdrawn.' },
  PACKAGE_WITHDRAWN: { status: 400, text: 'Package {name} is withdrawn: {reason}' },
  LICENSE_UNAVAILABLE: { status: 400, text: 'Account {account} has {free} free licences; {needed} are needed.' },
  CAMPAIGN_NOT_FEASIBLE: { status: 400, text: '{sentence}' },
  PILOT_LIMIT_EXCEEDED: {
    status: 400,
    text: 'Until a pilot of package {name} has succeeded, a campaign may have at most {limit} devices; {given} were given.',
  },
  IDEMPOTENCY_KEY_REUSED: {
    status: 400,
    text: 'Idempotency-Key {key} was used for a different request, whose answer is still kept.',
  },
  IDEMPOTENCY_KEY_IN_PROGRESS: {
    status: 409,
    text: 'The request under Idempotency-Key {key} is still in progress; ask for its answer again in {seconds} seconds.',
  },
  IDEMPOTENCY_OUTCOME_UNKNOWN: {
    status: 409,
    text: 'The request under Idempotency-Key {key} was begun at {at} and broke off; whether it was carried out is not known. Look with {look}, and then send it again, if it is still needed, under another key.',
  },

  MISSING_CREDENTIALS: {
    status: 401,
    fault: '900902',
    text: 'Missing Credentials: send the header "Authorization: Bearer <access_token>".',
  },
  INVALID_CREDENTIALS: {
    status: 401,
    fault: '900901',
    text: 'Invalid Credentials: the access token is unknown or has expired; ask for a new one.',
  },
  RESOURCE_UNKNOWN: { status: 400, fault: '900906', text: 'No matching resource found for {method} {path}.' },
  'UnifiedWebService.REQUEST_FAILED.SessionToken.Expired': {
    status: 401,
    fault: '900901',
    text: 'The session has expired: it was not used for {minutes} minutes. Log in again.',
  },
  'UnifiedWebService.REQUEST_FAILED.SessionToken.Format': {
    status: 401,
    fault: '900902',
    text: 'The header VZ-M2M-Token is absent. Send the token of a session login.',
  },
  'UnifiedWebService.INPUT_INVALID.SessionToken.Invalid': {
    status: 401,
    fault: '900901',
    text: 'The header VZ-M2M-Token is not a session token.',
  },
  'UnifiedWebService.REQUEST_FAILED.Login': {
    status: 401,
    fault: '900901',
    text: 'The user name or the password is wrong.',
  },
  'UnifiedWebService.REQUEST_FAILED.UserLocked': {
    status: 401,
    fault: '900901',
    text: 'The user is locked after too many failed logins in a row; ask the operator for a new credential pair.',
  },

  UNAUTHORIZED: { status: 401, text: 'Send the key of an operator as "Authorization: Bearer <key>", or sign in.' },
  FORBIDDEN: { status: 403, text: 'The role {role} may not do this; it needs {needed}.' },
  OPERATOR_DISABLED: { status: 403, text: 'Operator {name} is disabled; an admin can enable it again.' },
  CSRF_TOKEN_WRONG: {
    status: 403,
    text: 'A change in the session of a browser needs the header x-campanile-csrf with the csrfToken of that session.',
  },
  SIGN_IN_ELSEWHERE: { status: 403, text: 'Signing in is asked for by a page of another site ({site}); sign in here.' },
  SIGN_IN_REFUSED: {
    status: 401,
    text: 'This opens nothing: it is unknown, used or expired. "campanile login-link" makes a new sign-in link.',
  },
  SESSION_NOT_FOUND: { status: 404, text: 'This call belongs to no session; it was made with a key.' },
  OPERATOR_EXISTS: { status: 409, text: 'There is already an operator {name}.' },
  OPERATOR_NOT_FOUND: { status: 404, text: 'There is no operator {name}.' },
  OPERATOR_LIMIT: { status: 409, text: 'There are already {limit} operators; delete one before adding another.' },
  OPERATOR_SELF: { status: 409, text: 'An operator cannot {act}; another admin can.' },
  OPERATOR_ROOT: {
    status: 409,
    text: 'root is the operator of the key that the server itself was given; the operator API neither shows nor changes it.',
  },
  ACCOUNT_EXISTS: { status: 409, text: 'There is already an account {account}.' },
  ACCOUNT_NOT_FOUND: { status: 404, text: 'There is no account {account}.' },
  CREDENTIAL_NOT_FOUND: { status: 404, text: 'Account {account} has no credential pair {clientId}.' },
  CREDENTIAL_LIMIT: {
    status: 409,
    text: 'Account {account} already has {limit} credential pairs; delete one before adding another.',
  },
  CREDENTIAL_LAST: {
    status: 409,
    text: 'This is the last credential pair of account {account}; add the second one before deleting it.',
  },
  DEVICE_UNKNOWN: { status: 404, text: 'There is no device {imei} in account {account}.' },
  HELD_DEVICE_NOT_FOUND: { status: 404, text: 'Account {account} holds no unknown device {imei}.' },
  TRANSPORT_UNAVAILABLE: {
    status: 400,
    text: '{field}: given OMD-DM, and account {account} has no OMA-DM transport; devices are not updated over another one instead. Accepted: {accepted}.',
  },
  DEVICE_BUSY: { status: 409, text: 'Device {imei} is part of campaign {campaign}, which must end first.' },
  DEVICE_IDENTITY_TAKEN: { status: 409, text: 'This identity cannot be used for device {imei}.' },
  PACKAGE_EXISTS: { status: 409, text: 'There is already a package {name} with another content in account {account}.' },
  PACKAGE_NOT_FOUND: { status: 404, text: 'There is no package {name} in account {account}.' },
  IMAGE_MISSING: {
    status: 400,
    text: 'The request needs two parts in this order: "package" (JSON), then "image" (the bytes). Missing: {part}.',
  },
  IMAGE_NOT_SIGNED: {
    status: 400,
    text: 'Account {account} requires signed images, and the image of package {name} {why}.',
  },
  IMAGE_SIGNATURE_WRONG: {
    status: 400,
    text: 'The signature fits no image key of account {account}: sign the 32 bytes of the SHA-256 {sha256} with Ed25519.',
  },
  IMAGE_DAMAGED: {
    status: 400,
    text: 'The image of package {name} was found damaged on disk at {at}: {found}. Upload the package again to mend it.',
  },
  IMAGE_KEY_INVALID: {
    status: 400,
    text: 'publicKey: {why}, accepted: an Ed25519 public key as PEM or its 32 bytes in base64.',
  },
  IMAGE_KEY_EXISTS: { status: 409, text: 'Account {account} already has the image key {keyId}.' },
  IMAGE_KEY_NOT_FOUND: { status: 404, text: 'Account {account} has no image key {keyId}.' },
  IMAGE_KEY_LIMIT: {
    status: 409,
    text: 'Account {account} already has {limit} image keys; delete one before adding another.',
  },
  UPLOAD_NOT_FOUND: { status: 404, text: 'Account {account} has no unfinished upload {id}; it may have been dropped.' },
  UPLOAD_LIMIT: {
    status: 409,
    text: 'Account {account} already has {limit} unfinished uploads; finish or delete one before beginning another.',
  },
  UPLOAD_OFFSET_WRONG: {
    status: 409,
    text: 'Upload {id} has {offset} of {size} bytes; the bytes given begin at {given}.',
  },
  UPLOAD_TOO_LONG: { status: 400, text: 'Upload {id} is {size} bytes long; the bytes given go beyond its end.' },
  UPLOAD_INCOMPLETE: { status: 409, text: 'Upload {id} has {offset} of {size} bytes; send the rest first.' },
  UPLOAD_HASH_WRONG: {
    status: 400,
    text: 'The bytes of upload {id} hash to {found}, not to {sha256}; it was dropped, begin again.',
  },
  BANDWIDTH_CAP_LIMIT: {
    status: 409,
    text: 'Account {account} already has {limit} campaigns with a cap on downloads; remove one first.',
  },
  CAMPAIGN_UNKNOWN: { status: 404, text: 'There is no campaign {id} in account {account}.' },

  CALLBACK_NOT_FOUND: { status: 404, text: 'Account {account} has no {generation} callback listener.' },
  CALLBACK_ADDRESS_REFUSED: {
    status: 400,
    text: 'Callbacks may not be sent to {host}: {address} is {kind}. The account setting allowPrivateCallbackHosts allows it.',
  },

  EVENT_LISTENER_NOT_FOUND: {
    status: 404,
    text: 'Events of the operator are told to nobody: there is no event listener.',
  },

  NOT_FOUND: { status: 404, text: 'There is nothing at {method} {path}.' },
  BODY_TOO_LARGE: { status: 413, text: 'The request body is larger than {limit} bytes.' },
  TOO_MANY_REQUESTS: { status: 429, text: 'Too many requests; try again in {seconds} seconds.' },
  SERVER_BUSY: { status: 503, text: 'The server is busy with {work}; try again in {seconds} seconds.' },
  INTERNAL_SYSTEM_ERROR: { status: 500, text: 'Internal error. Its number in the log of the server is {number}.' },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERRORS;

type Names<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never;

/** What the sentence of a code needs to be told. */
export type ErrorParams<Code extends ErrorCode> = {
  readonly [Name in Names<(typeof ERRORS)[Code]['text']>]: string | number;
};

type ParamsArgument<Code extends ErrorCode> = [Names<(typeof ERRORS)[Code]['text']>] extends [never]
  ? []
  : [params: ErrorParams<Code>];

/** The body of every refusal; `fault` only where the original gateway sends one. */
export interface ErrorBody {
  readonly errorCode: ErrorCode;
  readonly errorMessage: string;
  readonly fault?: { readonly code: string; readonly message: string };
}

export function errorBody<Code extends ErrorCode>(code: Code, ...[params]: ParamsArgument<Code>): ErrorBody {
  const entry: ErrorEntry = ERRORS[code];
  const errorMessage = fill(entry.text, params ?? {});
  if (entry.fault === undefined) return { errorCode: code, errorMessage };
  return { errorCode: code, errorMessage, fault: { code: entry.fault, message: errorMessage } };
}

export function errorStatus(code: ErrorCode): number {
  return ERRORS[code].status;
}

/** RFC 6749 §5.2: what the token endpoint answers instead. */
export const OAUTH_ERRORS = {
  invalid_request: { status: 400, text: 'The request is malformed: {reason}.' },
  invalid_client: { status: 401, text: 'The client id or the client secret is wrong.' },
  invalid_grant: { status: 400, text: 'The grant is not valid.' },
  unauthorized_client: { status: 400, text: 'This client may not use this grant type.' },
  unsupported_grant_type: { status: 400, text: 'grant_type must be client_credentials.' },
  invalid_scope: { status: 400, text: 'The scope {scope} is not known.' },
} as const satisfies Record<string, ErrorEntry>;

export type OAuthErrorCode = keyof typeof OAUTH_ERRORS;

export interface OAuthErrorBody {
  readonly error: OAuthErrorCode;
  readonly error_description: string;
}

export function oauthErrorBody(code: OAuthErrorCode, params: Readonly<Record<string, string>> = {}): OAuthErrorBody {
  return { error: code, error_description: fill(OAUTH_ERRORS[code].text, params) };
}

function fill(text: string, params: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (placeholder, name: string) => String(params[name] ?? placeholder));
}
