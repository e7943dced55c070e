// Who runs the server: operators and their keys, sign-in links, the session of a browser.

import type { CallOptions } from './http.ts';
import { type Caller, eachItem, getPage, jsonBody, type OperatorOrder, type PageOptions } from './operator-call.ts';
import type {
  OperatorKey,
  OperatorPage,
  OperatorPatch,
  OperatorSessionView,
  OperatorView,
  SignInLinkView,
  SignInRequest,
} from './wire.gen.ts';

const OPERATORS = '/operator/v1/operators';
const SESSION = '/operator/v1/session';
const LINKS = '/operator/v1/sign-in-links';

export type Role = OperatorView['role'];

export class Operators {
  readonly #call: Caller;

  constructor(call: Caller) {
    this.#call = call;
  }

  /** Makes an operator; its key is shown this once. */
  async create(name: string, role: Role, options: OperatorOrder = {}): Promise<OperatorKey> {
    return (await this.#call({
      method: 'POST',
      path: OPERATORS,
      ...jsonBody({ name, role }),
      ...options,
    })) as OperatorKey;
  }

  async list(options: PageOptions = {}): Promise<OperatorPage> {
    return (await this.#call(getPage(OPERATORS, options))) as OperatorPage;
  }

  each(options: PageOptions = {}): AsyncGenerator<OperatorView, void, undefined> {
    return eachItem((page) => this.list(page), options);
  }

  async get(name: string, options: CallOptions = {}): Promise<OperatorView> {
    return (await this.#call({ method: 'GET', path: operatorPath(name), ...options })) as OperatorView;
  }

  /** Changes the role, disables, enables again. */
  async patch(name: string, change: Readonly<OperatorPatch>, options: CallOptions = {}): Promise<OperatorView> {
    const call = { method: 'PATCH', path: operatorPath(name), ...jsonBody(change), ...options } as const;
    return (await this.#call(call)) as OperatorView;
  }

  /** Makes a new key, which is shown this once; the old one and its sessions end. */
  async rotateKey(name: string, options: OperatorOrder = {}): Promise<OperatorKey> {
    return (await this.#call({ method: 'POST', path: operatorPath(name, '/rotate-key'), ...options })) as OperatorKey;
  }

  async delete(name: string, options: CallOptions = {}): Promise<void> {
    await this.#call({ method: 'DELETE', path: operatorPath(name), ...options });
  }
}

/** The session of a browser: its cookie is the browser's own, its token for changes is remembered by the client. */
export class OperatorSession {
  readonly #call: Caller;
  readonly #begun: (csrfToken: string | undefined) => void;

  constructor(call: Caller, begun: (csrfToken: string | undefined) => void) {
    this.#call = call;
    this.#begun = begun;
  }

  /** Makes a link that signs in once; without a name for whoever calls. */
  async makeLink(name?: string, options: OperatorOrder = {}): Promise<SignInLinkView> {
    const body = name === undefined ? {} : { name };
    return (await this.#call({ method: 'POST', path: LINKS, ...jsonBody(body), ...options })) as SignInLinkView;
  }

  /** With what follows the # of a sign-in link, or with a key. It is not tried twice: a link is good once. */
  async signIn(proof: Readonly<SignInRequest>, options: CallOptions = {}): Promise<OperatorSessionView> {
    const call = { method: 'POST', path: SESSION, ...jsonBody(proof), once: true, ...options } as const;
    return this.#noted((await this.#call(call)) as OperatorSessionView);
  }

  /** Whose session this is; to be called after a page was loaded, before anything is changed. */
  async get(options: CallOptions = {}): Promise<OperatorSessionView> {
    return this.#noted((await this.#call({ method: 'GET', path: SESSION, ...options })) as OperatorSessionView);
  }

  async signOut(options: CallOptions = {}): Promise<void> {
    await this.#call({ method: 'DELETE', path: SESSION, ...options });
    this.#begun(undefined);
  }

  #noted(session: OperatorSessionView): OperatorSessionView {
    this.#begun(session.csrfToken);
    return session;
  }
}

function operatorPath(name: string, rest = ''): string {
  return `${OPERATORS}/${encodeURIComponent(name)}${rest}`;
}
