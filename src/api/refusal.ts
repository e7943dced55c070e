// A request that is refused: status, body and headers of the answer, as a value.
import type { Refused } from '../campaigns/index.ts';
import { type ErrorCode, type ErrorParams, errorBody, errorStatus } from '../contract/index.ts';

export class Refusal {
  readonly status: number;
  readonly body: object;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, body: object, headers: Readonly<Record<string, string>> = {}) {
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

type Params<Code extends ErrorCode> = keyof ErrorParams<Code> extends never ? [] : [params: ErrorParams<Code>];

export function refuse<Code extends ErrorCode>(code: Code, ...params: Params<Code>): Refusal {
  // The two parameter lists are the same, which the compiler cannot see for a code that it does not know.
  const body = (errorBody as (code: ErrorCode, params?: object) => object)(code, params[0]);
  return new Refusal(errorStatus(code), body);
}

export const refuseBusy = (work: string, seconds: number): Refusal =>
  new Refusal(errorStatus('SERVER_BUSY'), errorBody('SERVER_BUSY', { work, seconds }), {
    'retry-after': String(seconds),
  });

export const invalid = (sentence: string): Refusal => refuse('INVALID_PARAMETER', { sentence });

export const refuseOrder = ({ code, sentence }: Refused): Refusal => refuse(code, { sentence });
