// The method and response codes of CoAP (RFC 7252 §12.1, RFC 7959 §6, RFC 8132 §4) and their names.

export const CODE = {
  EMPTY: 0x00,
  GET: 0x01,
  POST: 0x02,
  PUT: 0x03,
  DELETE: 0x04,
  FETCH: 0x05,
  PATCH: 0x06,
  IPATCH: 0x07,
  CREATED: 0x41,
  DELETED: 0x42,
  VALID: 0x43,
  CHANGED: 0x44,
  CONTENT: 0x45,
  CONTINUE: 0x5f,
  BAD_REQUEST: 0x80,
  UNAUTHORIZED: 0x81,
  BAD_OPTION: 0x82,
  FORBIDDEN: 0x83,
  NOT_FOUND: 0x84,
  METHOD_NOT_ALLOWED: 0x85,
  NOT_ACCEPTABLE: 0x86,
  INCOMPLETE: 0x88,
  CONFLICT: 0x89,
  PRECONDITION_FAILED: 0x8c,
  TOO_LARGE: 0x8d,
  UNSUPPORTED_FORMAT: 0x8f,
  INTERNAL_ERROR: 0xa0,
  NOT_SUPPORTED: 0xa1,
  UNAVAILABLE: 0xa3,
  PROXY_NOT_SUPPORTED: 0xa5,
} as const;

const NAMES: ReadonlyMap<number, string> = new Map([
  [CODE.EMPTY, 'Empty'],
  [CODE.GET, 'GET'],
  [CODE.POST, 'POST'],
  [CODE.PUT, 'PUT'],
  [CODE.DELETE, 'DELETE'],
  [CODE.FETCH, 'FETCH'],
  [CODE.PATCH, 'PATCH'],
  [CODE.IPATCH, 'iPATCH'],
  [CODE.CREATED, 'Created'],
  [CODE.DELETED, 'Deleted'],
  [CODE.VALID, 'Valid'],
  [CODE.CHANGED, 'Changed'],
  [CODE.CONTENT, 'Content'],
  [CODE.CONTINUE, 'Continue'],
  [CODE.BAD_REQUEST, 'Bad Request'],
  [CODE.UNAUTHORIZED, 'Unauthorized'],
  [CODE.BAD_OPTION, 'Bad Option'],
  [CODE.FORBIDDEN, 'Forbidden'],
  [CODE.NOT_FOUND, 'Not Found'],
  [CODE.METHOD_NOT_ALLOWED, 'Method Not Allowed'],
  [CODE.NOT_ACCEPTABLE, 'Not Acceptable'],
  [CODE.INCOMPLETE, 'Request Entity Incomplete'],
  [CODE.CONFLICT, 'Conflict'],
  [CODE.PRECONDITION_FAILED, 'Precondition Failed'],
  [CODE.TOO_LARGE, 'Request Entity Too Large'],
  [CODE.UNSUPPORTED_FORMAT, 'Unsupported Content-Format'],
  [CODE.INTERNAL_ERROR, 'Internal Server Error'],
  [CODE.NOT_SUPPORTED, 'Not Implemented'],
  [CODE.UNAVAILABLE, 'Service Unavailable'],
  [CODE.PROXY_NOT_SUPPORTED, 'Proxying Not Supported'],
]);

/** `4.04 Not Found`, `0.01 GET`, or only the figures for a code that has no name here. */
export function codeName(code: number): string {
  const figures = `${code >> 5}.${String(code & 31).padStart(2, '0')}`;
  const name = NAMES.get(code);
  return name === undefined ? figures : `${figures} ${name}`;
}

export const isRequestCode = (code: number): boolean => code > 0 && code < 32;
export const isResponseCode = (code: number): boolean => code >= 0x40 && code < 0xc0;
export const isSuccessCode = (code: number): boolean => code >= 0x40 && code < 0x60;

/** GET and FETCH change nothing, so that a repeat of them is simply answered again (RFC 7252 §4.5). */
export const isSafeMethod = (code: number): boolean => code === CODE.GET || code === CODE.FETCH;
export const isKnownMethod = (code: number): boolean => code >= CODE.GET && code <= CODE.IPATCH;
