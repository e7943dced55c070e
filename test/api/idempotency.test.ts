// Idempotency-Key: a POST that is sent again is answered as the first time, and carried out once.
import { beforeEach, describe, expect, test } from 'vitest';
import { ACCOUNT, type Desk, HTTP_DEVICES, OPERATOR_KEY, openExample } from './desk.ts';
import { ON_EVERY_STORE } from './stores.ts';

describe.each(ON_EVERY_STORE)('on $name', ({ use }) => {
  const openDesk = use();

  const KEY = { 'idempotency-key': 'once-7f3a' };
  const URL = 'https://customer.example/fota';
  const HOUR = 3_600_000;
  let desk: Desk;
  let caller: Record<string, string>;

  beforeEach(async () => {
    desk = await openDesk();
    caller = await openExample(desk);
  });

  const credentials = `/accounts/${ACCOUNT}/credentials`;
  const pairs = async () => (await desk.operator('GET', credentials)).body.items.length;

  test('the answer with a secret that is shown once is shown again to whoever lost it', async () => {
    const first = await desk.operator('POST', credentials, undefined, KEY);
    const again = await desk.operator('POST', credentials, undefined, KEY);
    expect(first.status).toBe(201);
    expect(again).toMatchObject({ status: 201, body: first.body });
    expect(await pairs()).toBe(2);
  });

  test('two equal requests at the same moment are a first and a repeat', async () => {
    const answers = await Promise.all([1, 2, 3].map(() => desk.operator('POST', credentials, undefined, KEY)));
    expect(new Set(answers.map(({ body }) => body.clientSecret)).size).toBe(1);
    expect(await pairs()).toBe(2);
  });

  test('without a key, and with another one, the work is done again', async () => {
    const path = `/accounts/${ACCOUNT}/callbacks/v3/rotate-secret`;
    await desk.call('POST', `/api/fota/v3/callbacks/${ACCOUNT}`, { url: URL }, caller);
    const bodies = [
      await desk.operator('POST', path),
      await desk.operator('POST', path),
      await desk.operator('POST', path, undefined, KEY),
      await desk.operator('POST', path, undefined, { 'idempotency-key': 'another' }),
    ].map(({ body }) => JSON.stringify(body));
    expect(new Set(bodies).size).toBe(4);
  });

  test('a key is good for 24 hours', async () => {
    const path = `/accounts/${ACCOUNT}/callbacks/v3/rotate-secret`;
    await desk.call('POST', `/api/fota/v3/callbacks/${ACCOUNT}`, { url: URL }, caller);
    const first = await desk.operator('POST', path, undefined, KEY);
    desk.later(24 * HOUR - 1);
    expect((await desk.operator('POST', path, undefined, KEY)).body).toEqual(first.body);
    desk.later(1);
    expect((await desk.operator('POST', path, undefined, KEY)).body).not.toEqual(first.body);
  });

  describe('of a customer', () => {
    const assign = (deviceList: readonly string[], headers: Readonly<Record<string, string>> = KEY) =>
      desk.call('POST', `/api/fota/v3/licenses/${ACCOUNT}/assign`, { deviceList }, { ...caller, ...headers });

    test('the first answer stays what it was', async () => {
      const first = await assign(HTTP_DEVICES);
      expect(first.status).toBe(200);
      expect((await assign(HTTP_DEVICES)).body).toEqual(first.body);
      expect((await assign(HTTP_DEVICES, {})).body).not.toEqual(first.body);
    });

    test('a key is bound to its request', async () => {
      await assign(HTTP_DEVICES);
      expect(await assign(HTTP_DEVICES.slice(1))).toMatchObject({
        status: 400,
        body: { errorCode: 'IDEMPOTENCY_KEY_REUSED' },
      });
      const other = await desk.call('POST', `/api/fota/v3/callbacks/${ACCOUNT}`, { url: URL }, { ...caller, ...KEY });
      expect(other.body.errorCode).toBe('IDEMPOTENCY_KEY_REUSED');
    });

    test('a request that was refused may be mended and sent again under its key', async () => {
      const register = (url: string) =>
        desk.call('POST', `/api/fota/v3/callbacks/${ACCOUNT}`, { url }, { ...caller, ...KEY });
      expect((await register('http://10.0.0.1/')).status).toBe(400);
      expect((await register(URL)).status).toBe(200);
    });
  });

  test.each(['', 'x'.repeat(256)])('a key of no or too many characters is refused', async (key) => {
    const answer = await desk.operator('POST', credentials, undefined, { 'idempotency-key': key });
    expect(answer).toMatchObject({ status: 400, body: { errorCode: 'INVALID_PARAMETER' } });
    expect(await pairs()).toBe(1);
  });

  test('what is kept can be read by nobody who has only the store', async () => {
    const kept: string[] = [];
    const { remember } = desk.store;
    desk.store.remember = (account, key, text, until) => {
      kept.push(key, text);
      return remember.call(desk.store, account, key, text, until);
    };
    const { body } = await desk.operator('POST', credentials, undefined, KEY);
    const texts = [...kept, ...kept.map((one) => Buffer.from(one, 'base64url').toString('latin1'))].join(' ');
    expect(kept).toHaveLength(2);
    for (const secret of [body.clientSecret, body.password, OPERATOR_KEY, KEY['idempotency-key']])
      expect(texts).not.toContain(secret);
  });
});
