// Stories of the client's two tokens, against a fake service that checks them.

import { describe, expect, test } from 'vitest';
import { CampanileClient, type CampanileClientOptions, CampanileError, type Fetch } from './index.ts';

const ACCOUNT = '0000123456-00001';
const HOUR = 3_600_000;

const CAMPAIGN = { id: 'c1', accountName: ACCOUNT, status: 'CampaignScheduled' };

/** Issues access-1, access-2 … and session-1, session-2 …; only the last of each is valid. */
class FakeService {
  readonly calls: {
    readonly method: string;
    readonly url: string;
    readonly headers: Headers;
    readonly body: string;
  }[] = [];
  access = 0;
  session = 0;
  expiresIn = 3600;
  answer: () => Response = () => Response.json(CAMPAIGN);

  readonly fetch: Fetch = async (url, init) => {
    const headers = new Headers(init.headers);
    this.calls.push({ method: init.method ?? 'GET', url, headers, body: String(init.body ?? '') });
    init.signal?.throwIfAborted();
    if (url.endsWith('/oauth2/token')) {
      this.access += 1;
      return Response.json({
        access_token: `access-${this.access}`,
        token_type: 'bearer',
        expires_in: this.expiresIn,
      });
    }
    if (headers.get('authorization') !== `Bearer access-${this.access}`) {
      return Response.json(
        {
          errorCode: 'INVALID_CREDENTIALS',
          errorMessage: 'Invalid Credentials',
          fault: { code: '900901', message: 'Invalid Credentials' },
        },
        { status: 401 },
      );
    }
    if (url.endsWith('/session/login')) {
      this.session += 1;
      return Response.json({ sessionToken: `session-${this.session}` });
    }
    if (headers.get('vz-m2m-token') !== `session-${this.session}`) {
      return Response.json(
        { errorCode: 'UnifiedWebService.REQUEST_FAILED.SessionToken.Expired', errorMessage: 'expired' },
        { status: 401 },
      );
    }
    return this.answer();
  };

  urls(): readonly string[] {
    return this.calls.map(({ method, url }) => `${method} ${new URL(url).pathname}`);
  }
}

function clientOf(service: FakeService, more: Partial<CampanileClientOptions> = {}): CampanileClient {
  return new CampanileClient({
    baseUrl: 'https://fota.example/',
    clientId: 'id',
    clientSecret: 'sécret',
    username: 'user',
    password: 'word',
    fetch: service.fetch,
    now: () => 0,
    wait: async () => {},
    ...more,
  });
}

const read = (client: CampanileClient): Promise<unknown> =>
  client.campaigns.retrieveCampaignLevelInformation(ACCOUNT, 'c1');

describe('tokens', () => {
  test('the first call gets both tokens, the next ones use them', async () => {
    const service = new FakeService();
    const client = clientOf(service);
    expect(await read(client)).toEqual(CAMPAIGN);
    await read(client);
    expect(service.urls()).toEqual([
      'POST /api/ts/v1/oauth2/token',
      'POST /api/m2m/v1/session/login',
      `GET /api/fota/v3/campaigns/${ACCOUNT}/c1`,
      `GET /api/fota/v3/campaigns/${ACCOUNT}/c1`,
    ]);
    const [token, login] = service.calls;
    expect(token?.headers.get('authorization')).toBe('Basic aWQ6c8OpY3JldA==');
    expect(token?.body).toBe('grant_type=client_credentials');
    expect(JSON.parse(login?.body ?? '')).toEqual({ username: 'user', password: 'word' });
  });

  test('calls at the same time share one token request and one login', async () => {
    const service = new FakeService();
    const client = clientOf(service);
    await Promise.all(Array.from({ length: 20 }, () => read(client)));
    expect([service.access, service.session]).toEqual([1, 1]);
  });

  test('the access token is renewed before it ends', async () => {
    const service = new FakeService();
    let now = 0;
    const client = clientOf(service, { now: () => now });
    for (now = 0; now < HOUR - 60_000; now += 600_000) await read(client);
    expect(service.access).toBe(1);
    now = HOUR - 60_000;
    await read(client);
    expect(service.access).toBe(2);
  });

  test('a token that is nearly over when it is issued is used for half of its life', async () => {
    const service = new FakeService();
    service.expiresIn = 20;
    let now = 0;
    const client = clientOf(service, { now: () => now });
    await read(client);
    now = 9_999;
    await read(client);
    expect(service.access).toBe(1);
    now = 10_000;
    await read(client);
    expect(service.access).toBe(2);
  });

  test('a session that was idle for 19 minutes is not tried', async () => {
    const service = new FakeService();
    let now = 0;
    const client = clientOf(service, { now: () => now });
    await read(client);
    now = 19 * 60_000;
    await read(client);
    expect(service.session).toBe(2);
  });

  test('a refused access token is replaced and the call sent again, once', async () => {
    const service = new FakeService();
    const client = clientOf(service);
    await read(client);
    service.access += 1; // revoked behind the client's back
    expect(await read(client)).toEqual(CAMPAIGN);
    expect(service.session).toBe(1);
  });

  test('a refused session is replaced and the call sent again, once', async () => {
    const service = new FakeService();
    const client = clientOf(service);
    await read(client);
    service.session += 1;
    expect(await read(client)).toEqual(CAMPAIGN);
    expect(service.access).toBe(1);
  });

  test('a service that refuses every token gets two calls, not more', async () => {
    const service = new FakeService();
    service.answer = () => Response.json({ errorCode: 'INVALID_CREDENTIALS', errorMessage: 'no' }, { status: 401 });
    await expect(read(clientOf(service))).rejects.toMatchObject({ status: 401, errorCode: 'INVALID_CREDENTIALS' });
    expect(service.urls().filter((url) => url.startsWith('GET'))).toHaveLength(2);
  });

  test('a session token that was handed in is used, and its end is the caller’s to hear', async () => {
    const service = new FakeService();
    service.session = 7;
    const client = new CampanileClient({
      baseUrl: 'https://fota.example',
      clientId: 'id',
      clientSecret: 'secret',
      sessionToken: 'session-7',
      fetch: service.fetch,
      now: () => 0,
    });
    expect(await read(client)).toEqual(CAMPAIGN);
    service.session = 8;
    await expect(read(client)).rejects.toMatchObject({ status: 401 });
  });

  test('an aborted call leaves at once and harms no other', async () => {
    const service = new FakeService();
    const client = clientOf(service);
    const abort = new AbortController();
    const gone = client.campaigns.deleteACampaign(ACCOUNT, 'c1', { signal: abort.signal });
    const stays = read(client);
    abort.abort(new Error('enough'));
    await expect(gone).rejects.toThrow('enough');
    expect(await stays).toEqual(CAMPAIGN);
    expect(service.urls().some((url) => url.startsWith('DELETE'))).toBe(false);
  });
});

describe('errors', () => {
  test('a refusal is a CampanileError with code and sentence', async () => {
    const service = new FakeService();
    const body = { errorCode: 'CAMPAIGN_NOT_FOUND', errorMessage: 'There is no campaign c1.' };
    service.answer = () => Response.json(body, { status: 400 });
    const error = await read(clientOf(service)).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(CampanileError);
    expect(error).toMatchObject({ status: 400, ...body, body });
  });

  test('OAuth errors have the same form', async () => {
    const fetch: Fetch = async () =>
      Response.json({ error: 'invalid_client', error_description: 'wrong secret' }, { status: 401 });
    await expect(read(clientOf(new FakeService(), { fetch }))).rejects.toMatchObject({
      errorCode: 'invalid_client',
      errorMessage: 'wrong secret',
    });
  });

  test('a page of HTML and a dead host are told apart', async () => {
    const service = new FakeService();
    service.answer = () => new Response('<html>');
    await expect(read(clientOf(service))).rejects.toMatchObject({ status: 200, errorCode: 'ANSWER_NOT_JSON' });
    const fetch: Fetch = async () => {
      throw new TypeError('refused');
    };
    await expect(read(clientOf(service, { fetch }))).rejects.toMatchObject({ status: 0, errorCode: 'NO_ANSWER' });
  });
});

test('the three bases can be somewhere else', async () => {
  const service = new FakeService();
  const bases = { fota: '/fota', oauth: 'https://login.example/ts', session: 'https://login.example/m2m/' };
  await read(clientOf(service, { bases }));
  expect(service.calls.map(({ url }) => url)).toEqual([
    'https://login.example/ts/oauth2/token',
    'https://login.example/m2m/session/login',
    `https://fota.example/fota/v3/campaigns/${ACCOUNT}/c1`,
  ]);
});
