// The session of a user. Calls open one by themselves; this is for those who want to end it or to change the password.

import type { FotaCaller, OrderOptions } from './caller.ts';
import { type CallOptions, untilAborted } from './http.ts';
import type { TokenKeeper } from './tokens.ts';
import type { PasswordResetResponse, SessionTokenResponse } from './wire.gen.ts';

export class Session {
  readonly #call: FotaCaller;
  readonly #tokens: TokenKeeper;

  constructor(call: FotaCaller, tokens: TokenKeeper) {
    this.#call = call;
    this.#tokens = tokens;
  }

  /** Opens a session, which the next calls use. Without a user name and a password there is none. */
  async logIn({ signal }: CallOptions = {}): Promise<Partial<SessionTokenResponse>> {
    const sessionToken = await untilAborted(this.#tokens.newSession(), signal);
    return sessionToken === undefined ? {} : { sessionToken };
  }

  /** Closes the session; a later call opens another. */
  async logOut(options?: OrderOptions): Promise<SessionTokenResponse> {
    const call = { method: 'POST', base: 'session', path: '/session/logout' } as const;
    const answer = (await this.#call({ ...call, ...options })) as SessionTokenResponse;
    this.#tokens.dropSession();
    return answer;
  }

  /** Exchanges the password; this client uses the new one from now on. */
  async resetPassword(oldPassword: string, options?: CallOptions): Promise<PasswordResetResponse> {
    const call = { method: 'PUT', base: 'session', path: '/session/password/actions/reset', once: true } as const;
    const answer = (await this.#call({ ...call, body: { oldPassword }, ...options })) as PasswordResetResponse;
    this.#tokens.keepPassword(answer.newPassword);
    return answer;
  }
}
