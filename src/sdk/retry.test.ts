// Stories of calls that are sent again: which, how often, after how long, and with which key.

import { describe, expect, test } from 'vitest';
import { CampanileClient, type CampanileClientOptions, type Fetch } from './index.ts';
import { OperatorClient } from './operator.ts';

const ACCOUNT = '0000123456-00001';
const NOON = Date.UTC(2030, 0, 1, 12);
const BUSY = { errorCode: 'SERVER_BUSY', errorMessage: 'later' };

interface Scene {
  readonly client: CampanileClient;
  readonly sent: { readonly method: string; readonly key: string | null }[];
  readonly waits: number[];
}

const busy = (retryAfter?: string): Response =>
  Response.json(BUSY, { status: 503, ...(retryAfter === undefined ? {} : { headers: { 'retry-after': retryAfter } }) });

/** Answers each call with the next of the answers, and the last one for ever. */
function scene(answers: readonly (() => Response)[], more: Partial<CampanileClientOptions> = {}): Scene {
  const sent: { method: string; key: string | null }[] = [];
  const waits: number[] = [];
  let keys = 0;
  const fetch: Fetch = async (url, init) => {
    if (url.endsWith('/oauth2/token'))
      return Response.json({ access_token: 'a', token_type: 'bearer', expires_in: 60 });
    sent.push({ method: init.method ?? '', key: new Headers(init.headers).get('idempotency-key') });
    const answer = answers[Math.min(sent.length, answers.length) - 1];
    return answer?.() ?? busy();
  };
  const client = new CampanileClient({
    baseUrl: 'http://fota.example',
    clientId: 'id',
    clientSecret: 'secret',
    fetch,
    now: () => NOON,
    wait: async (milliseconds, signal) => {
      signal?.throwIfAborted();
      waits.push(milliseconds);
    },
    chance: { key: () => `key-${keys++}`, fraction: () => 0 },
    ...more,
  });
  return { client, sent, waits };
}

const done = (): Response => Response.json({ success: true });
const gone = (): never => {
  throw new TypeError('connection lost');
};

describe('a call is sent again', () => {
  test('after as long as the service asks, in seconds or until a date', async () => {
    const until = new Date(NOON + 7000).toUTCString();
    const { client, waits } = scene([() => busy('3'), () => busy(until), done]);
    expect(await client.campaigns.deleteACampaign(ACCOUNT, 'c1')).toEqual({ success: true });
    expect(waits).toEqual([3000, 7000]);
  });

  test('after a wait that doubles when the service does not answer', async () => {
    const { client, waits } = scene([gone, gone, gone, done]);
    await client.campaigns.deleteACampaign(ACCOUNT, 'c1');
    expect(waits).toEqual([100, 200, 400]);
  });

  test('three times and not once more', async () => {
    const { client, sent } = scene([() => busy()]);
    await expect(client.campaigns.deleteACampaign(ACCOUNT, 'c1')).rejects.toMatchObject({ status: 503 });
    expect(sent).toHaveLength(4);
  });

  test('as often as the client was told', async () => {
    const { client, sent } = scene([() => busy()], { retriesMax: 0 });
    await expect(client.campaigns.deleteACampaign(ACCOUNT, 'c1')).rejects.toMatchObject({ errorCode: 'SERVER_BUSY' });
    expect(sent).toHaveLength(1);
  });

  test('with the same key when it is a POST, and each POST has its own', async () => {
    const { client, sent } = scene([() => busy(), done]);
    await client.licenses.assignV3(ACCOUNT, ['990013907835573']);
    await client.licenses.assignV3(ACCOUNT, ['990013907835573']);
    await client.licenses.assignV3(ACCOUNT, ['990013907835573'], { idempotencyKey: 'mine' });
    const keys = sent.map(({ key }) => key);
    expect(keys[0]).toBe(keys[1]);
    expect(new Set(keys).size).toBe(3);
    expect(keys[3]).toBe('mine');
  });
});

describe('a call is not sent again', () => {
  test('when it was refused for what it says', async () => {
    const { client, sent } = scene([() => Response.json(BUSY, { status: 400 })]);
    await expect(client.campaigns.deleteACampaign(ACCOUNT, 'c1')).rejects.toMatchObject({ status: 400 });
    expect(sent).toHaveLength(1);
  });

  test('when the service asks for more patience than there is', async () => {
    const { client, waits } = scene([() => busy('3600')]);
    const refused = client.campaigns.deleteACampaign(ACCOUNT, 'c1');
    await expect(refused).rejects.toMatchObject({ status: 503, retryAfter: '3600' });
    expect(waits).toEqual([]);
  });

  test('when it was aborted in the meantime', async () => {
    const abort = new AbortController();
    const { client, sent } = scene([
      () => {
        abort.abort(new Error('enough'));
        return busy();
      },
    ]);
    await expect(client.campaigns.deleteACampaign(ACCOUNT, 'c1', { signal: abort.signal })).rejects.toThrow('enough');
    expect(sent).toHaveLength(1);
  });

  test('when the password may have been exchanged already', async () => {
    const { client, sent } = scene([gone]);
    await expect(client.session.resetPassword('old')).rejects.toMatchObject({ errorCode: 'NO_ANSWER' });
    expect(sent).toHaveLength(1);
  });
});

test('the operator’s calls are sent again in the same way, but not a stream', async () => {
  const keys: (string | null)[] = [];
  const fetch: Fetch = async (_url, init) => {
    keys.push(new Headers(init.headers).get('idempotency-key'));
    return busy();
  };
  const wait = async (): Promise<void> => {};
  const operator = new OperatorClient({ baseUrl: 'http://x', operatorKey: 'k', retriesMax: 1, fetch, wait });
  await expect(operator.callbacks.test(ACCOUNT, 'v3')).rejects.toMatchObject({ status: 503 });
  expect(keys).toHaveLength(2);
  expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
  expect(keys[1]).toBe(keys[0]);
  const part = { kind: 'file', name: 'f', from: '*', to: '1', make: 'm', model: 'o', transports: ['HTTP'] } as const;
  const stream = new Blob(['x']).stream();
  await expect(operator.packages.upload(ACCOUNT, part, stream)).rejects.toMatchObject({ status: 503 });
  expect(keys).toHaveLength(3);
});

test('a call whose first copy is still carried out is sent again under its key, when the service says', async () => {
  const inProgress = () =>
    Response.json(
      { errorCode: 'IDEMPOTENCY_KEY_IN_PROGRESS', errorMessage: 'wait' },
      { status: 409, headers: { 'retry-after': '2' } },
    );
  const conflict = () => Response.json({ errorCode: 'CREDENTIAL_LIMIT', errorMessage: 'no' }, { status: 409 });
  const { client, sent, waits } = scene([
    inProgress,
    () => Response.json({ accountName: ACCOUNT, url: 'u' }),
    conflict,
  ]);
  await client.callbacks.registerV3(ACCOUNT, 'https://listener.example/');
  expect(waits).toEqual([2000]);
  expect(sent[1]?.key).toBe(sent[0]?.key);
  await expect(client.callbacks.registerV3(ACCOUNT, 'https://listener.example/')).rejects.toMatchObject({
    status: 409,
  });
  expect(sent).toHaveLength(3);
});
