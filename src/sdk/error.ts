// The one error that the SDK throws for an answer that is no success, or for no answer at all.

export interface CampanileErrorDetails {
  readonly status: number;
  readonly errorCode: string;
  readonly errorMessage: string;
  readonly body: unknown;
  readonly retryAfter?: string | undefined;
  readonly cause?: unknown;
}

/** Branch on `errorCode`; the wording of `errorMessage` may change. An abort is not wrapped in this. */
export class CampanileError extends Error {
  override readonly name = 'CampanileError';
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  readonly errorCode: string;
  readonly errorMessage: string;
  /** What was answered: parsed JSON, else text. */
  readonly body: unknown;
  /** The header `Retry-After`: seconds, or an HTTP date. */
  readonly retryAfter: string | undefined;

  constructor({ status, errorCode, errorMessage, body, retryAfter, cause }: CampanileErrorDetails) {
    super(`${errorCode}: ${errorMessage}`, cause === undefined ? undefined : { cause });
    this.status = status;
    this.errorCode = errorCode;
    this.errorMessage = errorMessage;
    this.body = body;
    this.retryAfter = retryAfter;
  }
}

/** Reads the three shapes of a refusal: business error, OAuth error (RFC 6749 §5.2), gateway fault. */
export function errorFromAnswer(status: number, body: unknown, retryAfter?: string): CampanileError {
  const fields = isObject(body) ? body : {};
  const fault = isObject(fields['fault']) ? fields['fault'] : {};
  const errorCode = firstText(fields['errorCode'], fields['error'], fault['code']) ?? `HTTP_${status}`;
  const errorMessage =
    firstText(fields['errorMessage'], fields['error_description'], fault['message'], body) ??
    `The server answered ${status}.`;
  return new CampanileError({ status, errorCode, errorMessage, body, retryAfter });
}

function firstText(...values: readonly unknown[]): string | undefined {
  return values.find((value): value is string => typeof value === 'string' && value !== '');
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
