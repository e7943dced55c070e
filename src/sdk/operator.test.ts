// Stories of the operator client: paths, pages, uploads.

import { describe, expect, test } from 'vitest';
import { type Fetch, OperatorClient } from './operator.ts';

const ACCOUNT = '0000123456-00001';

interface Seen {
  readonly line: string;
  readonly headers: Headers;
  readonly request: Request;
}

function clientThat(answer: (url: URL) => unknown): { readonly client: OperatorClient; readonly seen: Seen[] } {
  const seen: Seen[] = [];
  const fetch: Fetch = async (url, init) => {
    const request = new Request(url, init);
    const { pathname, search } = new URL(url);
    seen.push({ line: `${request.method} ${pathname}${search}`, headers: request.headers, request });
    const body = answer(new URL(url));
    return body === undefined ? new Response(null, { status: 204 }) : Response.json(body);
  };
  return { client: new OperatorClient({ baseUrl: 'http://127.0.0.1:8080', operatorKey: 'key', fetch }), seen };
}

const PART = {
  kind: 'firmware',
  name: 'fw',
  from: ['1', '2'],
  to: '3',
  make: 'Acme',
  model: 'One',
  transports: ['LWM2M'],
} as const;

test('every call carries the operator key, and a body-less answer is no answer', async () => {
  const { client, seen } = clientThat(() => undefined);
  expect(await client.devices.delete(ACCOUNT, '990013907835573')).toBeUndefined();
  expect(seen[0]?.line).toBe(`DELETE /operator/v1/accounts/${ACCOUNT}/devices/990013907835573`);
  expect(seen[0]?.headers.get('authorization')).toBe('Bearer key');
});

test('an import can be a list or a CSV, and dry', async () => {
  const { client, seen } = clientThat(() => ({ imported: 1, rejected: [] }));
  await client.devices.import(ACCOUNT, [{ imei: '990013907835573', make: 'Acme' }]);
  await client.devices.importCsv(ACCOUNT, 'imei\n990013907835573', { dryRun: true });
  expect(seen.map(({ line, headers }) => [line, headers.get('content-type')])).toEqual([
    [`POST /operator/v1/accounts/${ACCOUNT}/devices`, 'application/json'],
    [`POST /operator/v1/accounts/${ACCOUNT}/devices?dryRun=1`, 'text/csv'],
  ]);
});

test('updates are iterated over all pages', async () => {
  const pages: Record<string, unknown> = {
    '': { items: [{ imei: '1' }, { imei: '2' }], nextPageToken: 'two' },
    two: { items: [], nextPageToken: 'three' },
    three: { items: [{ imei: '3' }] },
  };
  const { client, seen } = clientThat((url) => pages[url.searchParams.get('after') ?? '']);
  const imeis: string[] = [];
  for await (const { imei } of client.campaigns.eachUpdate(ACCOUNT, 'c1', { limit: 2 })) imeis.push(imei);
  expect(imeis).toEqual(['1', '2', '3']);
  expect(seen.at(-1)?.line).toBe(`GET /operator/v1/accounts/${ACCOUNT}/campaigns/c1/updates?limit=2&after=three`);
});

describe('an upload has the part package and then the part image', () => {
  const bytes = Uint8Array.from({ length: 100_000 }, (_, index) => index % 251);
  const images = {
    bytes: () => bytes,
    'a blob': () => new Blob([bytes]),
    'a stream': () => new Blob([bytes]).stream(),
  };
  for (const [name, image] of Object.entries(images)) {
    test(`from ${name}`, async () => {
      const { client, seen } = clientThat(() => ({ sha256: '' }));
      await client.packages.upload(ACCOUNT, PART, image());
      const form = await seen[0]!.request.formData();
      expect([...form.keys()]).toEqual(['package', 'image']);
      expect(JSON.parse(form.get('package') as string)).toEqual(PART);
      const received = new Uint8Array(await (form.get('image') as File).arrayBuffer());
      expect(String(received) === String(bytes)).toBe(true);
    });
  }
});

test('in a browser the cookie tells who calls, and changes carry the token of the session', async () => {
  const seen: Request[] = [];
  const fetch: Fetch = async (url, init) => {
    seen.push(new Request(url, init));
    return Response.json({ csrfToken: 'c1', items: [] });
  };
  const client = new OperatorClient({ baseUrl: 'http://127.0.0.1:8080', fetch });
  await client.session.signIn({ token: 't' });
  await client.operators.list();
  await client.operators.delete('ada');
  await client.session.signOut();
  await client.operators.delete('ada');
  const tokens = seen.map(({ method, headers }) => [method, headers.get('x-campanile-csrf')]);
  expect(tokens).toEqual([
    ['POST', null],
    ['GET', null],
    ['DELETE', 'c1'],
    ['DELETE', 'c1'],
    ['DELETE', null],
  ]);
  expect(seen.some(({ headers }) => headers.has('authorization'))).toBe(false);
});

test('signing in is not tried again by itself', async () => {
  let calls = 0;
  const fetch: Fetch = async () => {
    calls += 1;
    return Response.json({ errorCode: 'TOO_MANY_REQUESTS', errorMessage: '' }, { status: 429 });
  };
  const client = new OperatorClient({ baseUrl: 'http://x', fetch, wait: async () => {} });
  await expect(client.session.signIn({ key: 'k' })).rejects.toThrow();
  expect(calls).toBe(1);
});
