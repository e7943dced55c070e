// Between the words of a DDI mind and HTTP requests (hawkBit DDI API).

import type { DdiRequest } from '../device/index.ts';

export interface HttpTarget {
  readonly url: URL;
  readonly method: 'GET' | 'PUT' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
}

const READS = { accept: 'application/json' };
const WRITES = { accept: 'application/json', 'content-type': 'application/json' };

/** Undefined for a link that leads nowhere. */
export function targetOf(request: DdiRequest, baseUrl: string): HttpTarget | undefined {
  const url = urlOf(request, baseUrl);
  if (url === undefined) return undefined;
  switch (request.type) {
    case 'put-config':
      return { url, method: 'PUT', headers: WRITES };
    case 'feedback':
      return { url, method: 'POST', headers: WRITES };
    case 'download': {
      // RFC 9110 §14.2: from a byte on to the end.
      const range = request.offset === 0 ? {} : { range: `bytes=${request.offset}-` };
      return { url, method: 'GET', headers: { accept: '*/*', ...range } };
    }
    default:
      return { url, method: 'GET', headers: READS };
  }
}

function urlOf(request: DdiRequest, baseUrl: string): URL | undefined {
  if (request.type === 'poll') return new URL(baseUrl);
  if (request.type === 'feedback') {
    return new URL(`${baseUrl}/${request.about}/${encodeURIComponent(request.actionId)}/feedback`);
  }
  const url = URL.canParse(request.href, baseUrl) ? new URL(request.href, baseUrl) : undefined;
  return url?.protocol === 'http:' || url?.protocol === 'https:' ? url : undefined;
}

export function bodyOf(request: DdiRequest): string | undefined {
  if (request.type === 'put-config') return JSON.stringify({ mode: 'merge', data: request.data });
  if (request.type !== 'feedback') return undefined;
  const { actionId, execution, finished, details } = request;
  return JSON.stringify({ id: actionId, status: { execution, result: { finished }, details } });
}
