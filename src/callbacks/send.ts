// One POST to a customer: the host is looked up once and exactly that address is connected to; little is read, nothing followed.
import { lookup } from 'node:dns/promises';
import { type ClientRequest, type IncomingMessage, type RequestOptions, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP } from 'node:net';
import { hostOf, refuseAddress, refuseUrl } from './address.ts';
import { CALLBACK_LIMITS } from './limits.ts';
import type { CallbackTimers, FoundAddress, Post, PostRequest, PostResult, Resolve } from './ports.ts';

/** The machine's own resolver. */
export const systemResolve: Resolve = async (host) => {
  const found = await lookup(host, { all: true, order: 'ipv4first' });
  return found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }));
};

export interface PosterParts {
  readonly resolve: Resolve;
  readonly timers: CallbackTimers;
  /** Certificates that are trusted beside those that everybody trusts; for customers with a CA of their own. */
  readonly authorities?: readonly string[];
}

/** Never rejects: what goes wrong is the customer's answer, as far as we know it. */
export const poster =
  (parts: PosterParts): Post =>
  (given) =>
    new Promise((resolve) => {
      let open: ClientRequest | undefined;
      let isOver = false;
      const end = (result: PostResult): void => {
        if (isOver) return;
        isOver = true;
        cancel();
        open?.destroy();
        resolve(result);
      };
      const cancel = parts.timers.after(CALLBACK_LIMITS.waitMax, () =>
        end({ ok: false, error: `no answer within ${CALLBACK_LIMITS.waitMax / 1_000} seconds` }),
      );
      choose(parts.resolve, given)
        .then((address) => {
          if (typeof address === 'string') return end({ ok: false, error: address });
          // The time may have run out while the host was looked up.
          if (!isOver) open = begin(given, address, parts, end);
        })
        .catch((error: unknown) => end({ ok: false, error: messageOf(error) }));
    });

/** The address that is connected to, or why none is. */
async function choose(resolve: Resolve, { url: text, allowed }: PostRequest): Promise<FoundAddress | string> {
  const bad = refuseUrl(text, allowed);
  if (bad !== undefined) return bad;
  const host = hostOf(new URL(text));
  const literal = isIP(host);
  const found = literal === 0 ? await resolve(host) : [{ address: host, family: literal === 6 ? 6 : 4 } as const];
  const [first] = found;
  if (first === undefined) return `${host} has no address`;
  const fit = found.find(({ address }) => refuseAddress(host, address, allowed) === undefined);
  return fit ?? refuseAddress(host, first.address, allowed) ?? first;
}

function begin(
  { url: text, headers, body }: PostRequest,
  { address, family }: FoundAddress,
  { authorities }: PosterParts,
  end: (result: PostResult) => void,
): ClientRequest {
  const url = new URL(text);
  const bytes = Buffer.from(body);
  const options: RequestOptions = {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json', 'content-length': bytes.length },
    // A connection of its own: one that was opened before might lead to an address that is no longer meant.
    agent: false,
    maxHeaderSize: CALLBACK_LIMITS.answerHeaderBytesMax,
    // Not looked up again; the certificate is still compared with the host's name.
    lookup: (_host, { all }, done) => (all === true ? done(null, [{ address, family }]) : done(null, address, family)),
  };
  const request =
    url.protocol === 'https:'
      ? requestHttps(url, { ...options, ...(authorities === undefined ? {} : { ca: [...authorities] }) })
      : requestHttp(url, options);
  request.on('response', (answer) => read(answer, end));
  request.on('error', (error) => end({ ok: false, error: messageOf(error) }));
  request.end(bytes);
  return request;
}

/** The status is the answer; a redirect is one that we do not follow. A body beyond the limit is cut off. */
function read(answer: IncomingMessage, end: (result: PostResult) => void): void {
  const status = answer.statusCode ?? 0;
  const done = (): void =>
    end(
      status >= 300 && status < 400
        ? { ok: false, error: `answered ${status}: redirects are not followed, register the address itself` }
        : { ok: true, status },
    );
  let bytes = 0;
  answer.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > CALLBACK_LIMITS.answerBytesMax) done();
  });
  answer.on('end', done);
  answer.on('error', (error) => end({ ok: false, error: messageOf(error) }));
}

function messageOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? `${String(error.code)}: ` : '';
  const text = `${code}${error instanceof Error ? error.message : String(error)}`;
  return text.slice(0, CALLBACK_LIMITS.errorCharactersMax);
}
