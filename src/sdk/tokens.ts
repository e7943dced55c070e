// Gets and renews the two tokens of a FOTA call: the OAuth2 access token and the session token.

import type { Now } from './clock.ts';
import { CampanileError } from './error.ts';
import { exchange, type Fetch, join } from './http.ts';
import type { OAuthToken, SessionTokenResponse } from './wire.gen.ts';

export interface Credentials {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly username?: string;
  readonly password?: string;
  /** A session token got elsewhere, used until it expires. */
  readonly sessionToken?: string;
}

export interface TokenPorts {
  readonly fetch: Fetch;
  readonly now: Now;
  readonly oauthBase: string;
  readonly sessionBase: string;
}

export interface Tokens {
  readonly access: string;
  /** Absent when there are no session credentials: some servers do not ask for one. */
  readonly session?: string;
}

interface AccessToken {
  readonly value: string;
  readonly renewAt: number;
}

interface Session {
  readonly value: string;
  usedAt: number;
}

/** RFC 6749 §5.1: a server may leave out how long a token lives; the documented hour is taken then. */
const ACCESS_SECONDS_DEFAULT = 3600;
const RENEW_BEFORE_END_MAX = 60_000;
/** A session ends after 20 idle minutes; one that was idle for almost as long is not tried. */
const SESSION_IDLE_MAX = 19 * 60_000;

export class TokenKeeper {
  #credentials: Credentials;
  readonly #ports: TokenPorts;
  #access: AccessToken | undefined;
  #session: Session | undefined;
  #accessFlight: Promise<AccessToken> | undefined;
  #sessionFlight: Promise<Session> | undefined;

  constructor(credentials: Credentials, ports: TokenPorts) {
    this.#credentials = credentials;
    this.#ports = ports;
    if (credentials.sessionToken !== undefined) {
      this.#session = { value: credentials.sessionToken, usedAt: ports.now() };
    }
  }

  /** Both tokens, fresh enough for one call. Callers at the same time share one request for each. */
  async tokens(): Promise<Tokens> {
    const access = await this.#freshAccess();
    const session = await this.#freshSession();
    return session === undefined ? { access: access.value } : { access: access.value, session: session.value };
  }

  /** After a 401: forgets what was refused, unless another call has replaced it already. */
  forget(refused: Tokens, error: CampanileError): void {
    const namesSession = error.errorCode.includes('SessionToken');
    if (this.#session?.value === refused.session && namesSession) this.#session = undefined;
    if (this.#access?.value === refused.access && !namesSession) this.#access = undefined;
  }

  /** A session of its own: the one before is no longer used. */
  async newSession(): Promise<string | undefined> {
    this.#session = undefined;
    return (await this.#freshSession())?.value;
  }

  /** The session was closed; the next call opens another. */
  dropSession(): void {
    this.#session = undefined;
  }

  /** The password was exchanged; the session goes on. */
  keepPassword(password: string): void {
    this.#credentials = { ...this.#credentials, password };
  }

  async #freshAccess(): Promise<AccessToken> {
    if (this.#access !== undefined && this.#ports.now() < this.#access.renewAt) return this.#access;
    this.#accessFlight ??= this.#requestAccess().finally(() => {
      this.#accessFlight = undefined;
    });
    return this.#accessFlight;
  }

  async #freshSession(): Promise<Session | undefined> {
    const now = this.#ports.now();
    const session = this.#session;
    if (session !== undefined && (now - session.usedAt < SESSION_IDLE_MAX || !this.#canLogIn())) {
      session.usedAt = now;
      return session;
    }
    if (!this.#canLogIn()) return undefined;
    this.#sessionFlight ??= this.#logInTwice().finally(() => {
      this.#sessionFlight = undefined;
    });
    return this.#sessionFlight;
  }

  #canLogIn(): boolean {
    return this.#credentials.username !== undefined && this.#credentials.password !== undefined;
  }

  async #requestAccess(): Promise<AccessToken> {
    const { clientId, clientSecret } = this.#credentials;
    const askedAt = this.#ports.now();
    const token = (await exchange(this.#ports.fetch, {
      method: 'POST',
      url: join(this.#ports.oauthBase, '/oauth2/token'),
      headers: {
        authorization: `Basic ${base64(`${clientId}:${clientSecret}`)}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: 'grant_type=client_credentials',
    })) as OAuthToken;
    const life = (token.expires_in ?? ACCESS_SECONDS_DEFAULT) * 1000;
    // Asking again early may give the same token with less life left: never wait for more than half of it.
    const renewAt = askedAt + life - Math.min(RENEW_BEFORE_END_MAX, life / 2);
    this.#access = { value: token.access_token, renewAt };
    return this.#access;
  }

  /** The bearer that a login needs may have been revoked: then once more with a new one. */
  async #logInTwice(): Promise<Session> {
    const access = await this.#freshAccess();
    try {
      return await this.#logIn(access);
    } catch (error) {
      if (!(error instanceof CampanileError) || error.status !== 401 || !isAboutBearer(error)) throw error;
      this.forget({ access: access.value }, error);
      return this.#logIn(await this.#freshAccess());
    }
  }

  async #logIn(access: AccessToken): Promise<Session> {
    const { username, password } = this.#credentials;
    const answer = (await exchange(this.#ports.fetch, {
      method: 'POST',
      url: join(this.#ports.sessionBase, '/session/login'),
      headers: { authorization: `Bearer ${access.value}`, 'content-type': 'application/json' },
      body: JSON.stringify({ username, password }),
    })) as SessionTokenResponse;
    this.#session = { value: answer.sessionToken, usedAt: this.#ports.now() };
    return this.#session;
  }
}

/** A wrong password must not be tried twice: five failures lock the user. Its codes name the service, a bearer's do not. */
function isAboutBearer(error: CampanileError): boolean {
  return !error.errorCode.startsWith('UnifiedWebService.');
}

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
