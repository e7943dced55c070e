// Stories of the groups: pages to their end, one listener in two shapes, a session that is ended, a file in its parts.

import { describe, expect, test } from 'vitest';
import { CampanileClient, type Fetch } from './index.ts';

const ACCOUNT = '0000123456-00001';

interface Seen {
  readonly line: string;
  readonly request: Request;
}

/** Every call but those for tokens is answered by `answer`. */
function clientThat(answer: (url: URL) => unknown): { readonly client: CampanileClient; readonly seen: Seen[] } {
  const seen: Seen[] = [];
  let sessions = 0;
  const fetch: Fetch = async (url, init) => {
    if (url.endsWith('/oauth2/token'))
      return Response.json({ access_token: 'a', token_type: 'bearer', expires_in: 60 });
    const request = new Request(url, init);
    const { pathname, search } = new URL(url);
    seen.push({ line: `${request.method} ${pathname}${search}`, request });
    if (url.endsWith('/session/login')) {
      sessions += 1;
      return Response.json({ sessionToken: `session-${sessions}` });
    }
    const body = answer(new URL(url));
    return body === undefined ? new Response(null, { status: 204 }) : Response.json(body);
  };
  const credentials = { clientId: 'i', clientSecret: 's', username: 'u', password: 'old' };
  const client = new CampanileClient({ baseUrl: 'http://fota.example', ...credentials, fetch, now: () => 0 });
  return { client, seen };
}

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const list: Item[] = [];
  for await (const item of items) list.push(item);
  return list;
}

describe('a list is iterated to its end', () => {
  test('by the last device seen', async () => {
    const pages: Readonly<Record<string, unknown>> = {
      '': { hasMoreData: true, lastSeenDeviceId: '2', deviceList: [{ deviceId: '1' }, { deviceId: '2' }] },
      '2': { hasMoreData: true, lastSeenDeviceId: '3', deviceList: [{ deviceId: '3' }] },
      '3': { hasMoreData: false, deviceList: [] },
    };
    const { client, seen } = clientThat((url) => pages[url.searchParams.get('lastSeenDeviceId') ?? '']);
    const devices = await all(client.devices.eachV3(ACCOUNT, { protocol: 'HTTP' }));
    expect(devices.map(({ deviceId }) => deviceId)).toEqual(['1', '2', '3']);
    expect(seen.at(-1)?.line).toBe(`GET /api/fota/v3/devices/${ACCOUNT}?lastSeenDeviceId=3&protocol=HTTP`);
  });

  test('by an index', async () => {
    const { client, seen } = clientThat(({ pathname }) =>
      pathname.endsWith('/0')
        ? { hasMoreFlag: true, lastSeenUpgradeId: 50, reportList: [{ id: 'a' }] }
        : { hasMoreFlag: false, lastSeenUpgradeId: 51, reportList: [{ id: 'b' }] },
    );
    expect(await all(client.reports.eachUpgradeV1(ACCOUNT, 'Finished'))).toEqual([{ id: 'a' }, { id: 'b' }]);
    expect(seen.at(-1)?.line).toBe(`GET /api/fota/v1/reports/${ACCOUNT}/status/Finished/index/50`);
  });

  test('also when it is null, or the service names the same page for ever', async () => {
    const nothing = clientThat(() => ({ hasMoreData: false, campaignList: null }));
    expect(await all(nothing.client.reports.eachCampaignV2(ACCOUNT, 'CampaignEnded'))).toEqual([]);
    const same = clientThat(() => ({ hasMoreData: true, lastSeenCampaignId: 'c', campaignList: [{ id: 'c' }] }));
    expect(await all(same.client.reports.eachCampaignV3(ACCOUNT, 'CampaignEnded'))).toHaveLength(2);
  });

  test('or until its reader has had enough', async () => {
    const { client, seen } = clientThat(() => ({ hasMoreData: true, lastSeenDeviceId: '1', deviceList: [{}] }));
    for await (const _ of client.licenses.eachV2(ACCOUNT)) break;
    expect(seen.filter(({ line }) => line.includes('/licenses/'))).toHaveLength(1);
  });
});

test.each([
  ['an object', { aname: ACCOUNT, name: 'Fota', url: 'https://a/' }, 1],
  ['a list', [{ aname: ACCOUNT, name: 'Fota', url: 'https://a/' }], 1],
  ['an empty list', [], 0],
  ['an object without address', { aname: ACCOUNT, name: 'Fota', url: '' }, 0],
])('the listener of generation 1 may come as %s', async (_, answer, count) => {
  const { client } = clientThat(() => answer);
  expect(await client.callbacks.getV1(ACCOUNT)).toHaveLength(count);
});

test('a session that was closed is not used again, and a new password is', async () => {
  const { client, seen } = clientThat(() => ({ newPassword: 'new', sessionToken: 'session-1' }));
  expect(await client.session.logIn()).toEqual({ sessionToken: 'session-1' });
  expect(await client.session.resetPassword('old')).toMatchObject({ newPassword: 'new' });
  await client.session.logOut();
  await client.subscriptions.getV3(ACCOUNT);
  const [, reset, out, login, last] = seen;
  expect(reset?.line).toBe('PUT /api/m2m/v1/session/password/actions/reset');
  expect(out?.line).toBe('POST /api/m2m/v1/session/logout');
  expect(await login?.request.json()).toEqual({ username: 'u', password: 'new' });
  expect(last?.request.headers.get('vz-m2m-token')).toBe('session-2');
});

test('a file is sent in its parts, the bytes last', async () => {
  const { client, seen } = clientThat(() => ({}));
  const fields = { fileVersion: '1.0', make: 'Acme', model: 'One', localTargetPath: '/etc/a' };
  await client.files.uploadV2(ACCOUNT, fields, { name: 'a.txt', bytes: new TextEncoder().encode('hello') });
  const form = await seen.at(-1)!.request.formData();
  expect([...form.keys()]).toEqual(['fileVersion', 'make', 'model', 'localTargetPath', 'fileupload']);
  const file = form.get('fileupload') as File;
  expect([file.name, await file.text()]).toEqual(['a.txt', 'hello']);
});

test('names are encoded in paths, and devices to stop logging are one text', async () => {
  const { client, seen } = clientThat(() => undefined);
  await client.logging.disableV2('a/b', ['1', '2']);
  expect(seen.at(-1)?.line).toBe('DELETE /api/fota/v2/logging/a%2Fb/devices?deviceIds=1%2C2');
});

test('wrong calls do not compile', () => {
  const { client } = clientThat(() => ({}));
  // The calls are only compiled.
  const wrong = [
    // @ts-expect-error a status that no campaign has
    () => client.reports.campaignsV2(ACCOUNT, 'Done'),
    // @ts-expect-error generation 1 has words of its own
    () => client.reports.upgradesV1(ACCOUNT, 'CampaignEnded'),
    // @ts-expect-error one device is a list too
    () => client.licenses.assignV3(ACCOUNT, '990013907835573'),
    // @ts-expect-error an index is a number
    () => client.devices.listV1(ACCOUNT, { startIndex: '1' }),
    // @ts-expect-error what has no body answers nothing
    async () => (await client.logging.disableV2(ACCOUNT, ['1'])).success,
    // @ts-expect-error a file has a make and a model
    () => client.files.uploadV2(ACCOUNT, { fileVersion: '1' }, { name: 'f', bytes: new Blob() }),
  ];
  expect(wrong).toHaveLength(6);
});
