// The client of the campaign service: keeps both tokens alive, and repeats what was refused for them or may be repeated.

import { Callbacks } from './callbacks.ts';
import { type FotaCall, withQuery } from './caller.ts';
import { Campaigns } from './campaigns.ts';
import { type Chance, systemChance } from './chance.ts';
import { type Now, systemNow, systemWait, type Wait } from './clock.ts';
import { Devices } from './devices.ts';
import { CampanileError } from './error.ts';
import { Files } from './files.ts';
import { Firmware } from './firmware.ts';
import { exchange, type Fetch, join, platformFetch, untilAborted } from './http.ts';
import { Licenses } from './licenses.ts';
import { Logging } from './logging.ts';
import { Reports } from './reports.ts';
import { RETRIES_DEFAULT, type RetryPorts, withRetries } from './retry.ts';
import { Session } from './session.ts';
import { Software } from './software.ts';
import { Subscriptions } from './subscriptions.ts';
import { type Credentials, TokenKeeper, type Tokens } from './tokens.ts';
import { Upgrades } from './upgrades.ts';

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
  /** How often a call is sent again after 429, 503 and the like, or no answer. Default 3. */
  readonly retriesMax?: number;
  readonly fetch?: Fetch;
  readonly now?: Now;
  readonly wait?: Wait;
  readonly chance?: Chance;
}

export class CampanileClient {
  readonly campaigns: Campaigns;
  readonly firmware: Firmware;
  readonly software: Software;
  readonly files: Files;
  readonly upgrades: Upgrades;
  readonly devices: Devices;
  readonly licenses: Licenses;
  readonly subscriptions: Subscriptions;
  readonly reports: Reports;
  readonly callbacks: Callbacks;
  readonly logging: Logging;
  readonly session: Session;
  readonly #fetch: Fetch;
  readonly #fotaBase: string;
  readonly #sessionBase: string;
  readonly #tokens: TokenKeeper;
  readonly #ports: RetryPorts;
  readonly #retriesMax: number;

  constructor(options: CampanileClientOptions) {
    const { baseUrl, bases, retriesMax = RETRIES_DEFAULT, fetch = platformFetch, ...others } = options;
    const { now = systemNow, wait = systemWait, chance = systemChance, ...credentials } = others;
    this.#fetch = fetch;
    this.#ports = { now, wait, chance };
    this.#retriesMax = retriesMax;
    this.#fotaBase = resolveBase(baseUrl, bases?.fota ?? '/api/fota');
    this.#sessionBase = resolveBase(baseUrl, bases?.session ?? '/api/m2m/v1');
    const oauthBase = resolveBase(baseUrl, bases?.oauth ?? '/api/ts/v1');
    this.#tokens = new TokenKeeper(credentials, { fetch, now, oauthBase, sessionBase: this.#sessionBase });
    const call = (order: FotaCall): Promise<unknown> => this.#call(order);
    this.campaigns = new Campaigns(call);
    this.firmware = new Firmware(call);
    this.software = new Software(call);
    this.files = new Files(call);
    this.upgrades = new Upgrades(call);
    this.devices = new Devices(call);
    this.licenses = new Licenses(call);
    this.subscriptions = new Subscriptions(call);
    this.reports = new Reports(call);
    this.callbacks = new Callbacks(call);
    this.logging = new Logging(call);
    this.session = new Session(call, this.#tokens);
  }

  /** The key makes a POST repeatable as well; it is the same each time this order is sent. */
  #call(call: FotaCall): Promise<unknown> {
    const idempotencyKey = call.idempotencyKey ?? this.#ports.chance.key();
    const order: FotaCall = call.method === 'POST' ? { ...call, idempotencyKey } : call;
    const { signal } = call;
    const limits = {
      retriesMax: call.once === true ? 0 : this.#retriesMax,
      ...(signal === undefined ? {} : { signal }),
    };
    return withRetries(this.#ports, limits, () => this.#callTwice(order));
  }

  async #callTwice(call: FotaCall): Promise<unknown> {
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

  #send(call: FotaCall, { access, session }: Tokens): Promise<unknown> {
    const { method, path, query, body, form, signal, idempotencyKey } = call;
    const headers: Record<string, string> = { authorization: `Bearer ${access}` };
    if (session !== undefined) headers['VZ-M2M-Token'] = session;
    if (idempotencyKey !== undefined) headers['idempotency-key'] = idempotencyKey;
    if (body !== undefined) headers['content-type'] = 'application/json';
    const content = body === undefined ? form : JSON.stringify(body);
    return exchange(this.#fetch, {
      method,
      url: join(call.base === 'session' ? this.#sessionBase : this.#fotaBase, withQuery(path, query)),
      headers,
      ...(content === undefined ? {} : { body: content }),
      ...(signal === undefined ? {} : { signal }),
    });
  }
}

function resolveBase(baseUrl: string, base: string): string {
  return /^https?:\/\//.test(base) ? base : join(baseUrl, base);
}
