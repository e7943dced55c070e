// The client of the campaign service: keeps both tokens alive and repeats a call once when one was refused.

import { Campaigns, type FotaCall } from './campaigns.ts';
import { type Now, systemNow } from './clock.ts';
import { CampanileError } from './error.ts';
import { exchange, type Fetch, join, platformFetch } from './http.ts';
import { type Credentials, TokenKeeper, type Tokens } from './tokens.ts';

export interface CampanileClientOptions extends Credentials {
  /** Like `https://fota.example.com`; also `https://thingspace.verizon.com`. */
  readonly baseUrl: string;
  /** Where a deployment serves the three parts elsewhere: full URLs, or paths below `baseUrl`. */
  readonly bases?: {
    /** Default `/api/fota`. */
    readonly fota?: string;
    /** Default `/api/ts/v1`. */
    readonly oauth?: string;
    /** Default `/api/m2m/v1`. */
    readonly session?: string;
  };
  readonly fetch?: Fetch;
  readonly now?: Now;
}

export class CampanileClient {
  readonly campaigns: Campaigns;
  readonly #fetch: Fetch;
  readonly #fotaBase: string;
  readonly #tokens: TokenKeeper;

  constructor(options: CampanileClientOptions) {
    const { baseUrl, bases, fetch = platformFetch, now = systemNow, ...credentials } = options;
    this.#fetch = fetch;
    this.#fotaBase = resolveBase(baseUrl, bases?.fota ?? '/api/fota');
    this.#tokens = new TokenKeeper(credentials, {
      fetch,
      now,
      oauthBase: resolveBase(baseUrl, bases?.oauth ?? '/api/ts/v1'),
      sessionBase: resolveBase(baseUrl, bases?.session ?? '/api/m2m/v1'),
    });
    this.campaigns = new Campaigns((call) => this.#call(call));
  }

  async #call(call: FotaCall): Promise<unknown> {
    const first = await untilAborted(this.#tokens.tokens(), call.signal);
    try {
      return await this.#send(call, first);
    } catch (error) {
      if (!(error instanceof CampanileError) || error.status !== 401) throw error;
      // A refused call has done nothing, so it may be sent again whatever its method.
      this.#tokens.forget(first, error);
      const second = await untilAborted(this.#tokens.tokens(), call.signal);
      if (second.access === first.access && second.session === first.session) throw error;
      return await this.#send(call, second);
    }
  }

  #send({ method, path, body, signal }: FotaCall, { access, session }: Tokens): Promise<unknown> {
    const headers: Record<string, string> = { authorization: `Bearer ${access}` };
    if (session !== undefined) headers['VZ-M2M-Token'] = session;
    if (body !== undefined) headers['content-type'] = 'application/json';
    return exchange(this.#fetch, {
      method,
      url: join(this.#fotaBase, path),
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    });
  }
}

function resolveBase(baseUrl: string, base: string): string {
  return /^https?:\/\//.test(base) ? base : join(baseUrl, base);
}

/** Token requests are shared between calls: an aborted call leaves early, the request goes on for the others. */
function untilAborted<Value>(work: Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const leave = (): void => reject(signal.reason);
    if (signal.aborted) leave();
    signal.addEventListener('abort', leave, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}
