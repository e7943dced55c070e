// Tokens and sessions: what opens a call, what does not, and the two shapes of every 401.
import { beforeEach, describe, expect, test } from 'vitest';
import { ACCOUNT, basic, bearer, type Desk, openAccount, type Pair, signIn } from './desk.ts';
import { ON_SQL } from './stores.ts';

describe.each(ON_SQL)('on $name', ({ use }) => {
  const openDesk = use();

  const TOKEN = '/api/ts/v1/oauth2/token';
  const REVOKE = '/api/ts/v1/oauth2/revoke';
  const LOGIN = '/api/m2m/v1/session/login';
  const LOGOUT = '/api/m2m/v1/session/logout';
  const RESET = '/api/m2m/v1/session/password/actions/reset';
  const CAMPAIGN = `/api/fota/v2/campaigns/${ACCOUNT}/none`;
  const MINUTE = 60_000;

  let desk: Desk;
  let pair: Pair;
  beforeEach(async () => {
    desk = await openDesk();
    pair = await openAccount(desk);
  });

  const refusedAs = (errorCode: string, fault: string) => ({
    status: 401,
    body: { errorCode, errorMessage: expect.any(String), fault: { code: fault, message: expect.any(String) } },
  });

  describe('an access token', () => {
    const ask = () => desk.call('POST', TOKEN, 'grant_type=client_credentials', basic(pair));

    test('comes for a client id and secret, as Basic or as fields, and is the same within its life', async () => {
      const first = await ask();
      expect(first).toMatchObject({ status: 200, body: { token_type: 'Bearer', expires_in: 3600 } });
      const { clientId, clientSecret } = pair;
      const form = new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: clientId,
        client_secret: clientSecret,
      });
      desk.later(10 * MINUTE);
      const second = await desk.call('POST', TOKEN, form.toString());
      expect(second.body).toMatchObject({ access_token: first.body.access_token, expires_in: 3000 });
      expect(second.headers['cache-control']).toBe('no-store');
    });

    test('is followed by another one when less than a minute of it is left', async () => {
      const first = await ask();
      desk.later(59 * MINUTE + 1000);
      const second = await ask();
      expect(second.body.access_token).not.toBe(first.body.access_token);
      expect(second.body.expires_in).toBe(3600);
      const old = { authorization: `Bearer ${first.body.access_token}` };
      const login = { username: pair.username, password: pair.password };
      expect((await desk.call('POST', LOGIN, login, old)).status).toBe(200);
      desk.later(MINUTE);
      expect(await desk.call('POST', LOGIN, login, old)).toMatchObject(refusedAs('INVALID_CREDENTIALS', '900901'));
    });

    test('is another one after it was revoked', async () => {
      const first = await ask();
      const token = first.body.access_token;
      const revoked = await desk.call('POST', REVOKE, `token=${token}`, basic(pair));
      expect(revoked).toMatchObject({ status: 200, body: '' });
      expect((await ask()).body.access_token).not.toBe(token);
      const answer = await desk.call('GET', CAMPAIGN, undefined, { authorization: `Bearer ${token}` });
      expect(answer).toMatchObject(refusedAs('INVALID_CREDENTIALS', '900901'));
    });

    test('of another client is not revoked', async () => {
      const other = await openAccount(desk, '0000123456-00002');
      const headers = await bearer(desk, other);
      await desk.call('POST', REVOKE, `token=${headers['authorization']?.slice(7)}`, basic(pair));
      expect((await desk.call('GET', CAMPAIGN, undefined, headers)).body.errorCode).not.toBe('INVALID_CREDENTIALS');
    });

    test('is refused in the shape of OAuth', async () => {
      const wrong = await desk.call(
        'POST',
        TOKEN,
        'grant_type=client_credentials',
        basic({ ...pair, clientSecret: 'x' }),
      );
      expect(wrong).toMatchObject({ status: 401, body: { error: 'invalid_client', fault: { code: '900901' } } });
      const missing = await desk.call('POST', TOKEN, 'grant_type=client_credentials');
      expect(missing).toMatchObject({ status: 401, body: { error: 'invalid_client', fault: { code: '900902' } } });
      const grant = await desk.call('POST', TOKEN, 'grant_type=password', basic(pair));
      expect(grant).toMatchObject({ status: 400, body: { error: 'unsupported_grant_type' } });
      const nothing = await desk.call('POST', TOKEN, '', basic(pair));
      expect(nothing).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
    });

    test('whose text is the stored hash of another opens nothing', async () => {
      const { body } = await ask();
      const stored = await desk.store.client(pair.clientId);
      expect(JSON.stringify(stored)).not.toContain(body.access_token);
      expect(JSON.stringify(stored)).not.toContain(pair.clientSecret);
    });
  });

  describe('a call of the campaign API', () => {
    test('without a token, with a wrong one, without a session, with a wrong session', async () => {
      const get = (headers: Record<string, string>) => desk.call('GET', CAMPAIGN, undefined, headers);
      expect(await get({})).toMatchObject(refusedAs('MISSING_CREDENTIALS', '900902'));
      expect(await get({ authorization: 'Basic abc' })).toMatchObject(refusedAs('MISSING_CREDENTIALS', '900902'));
      expect(await get({ authorization: 'Bearer x' })).toMatchObject(refusedAs('INVALID_CREDENTIALS', '900901'));
      const headers = await bearer(desk, pair);
      const session = 'UnifiedWebService.REQUEST_FAILED.SessionToken';
      expect(await get(headers)).toMatchObject(refusedAs(`${session}.Format`, '900902'));
      const input = 'UnifiedWebService.INPUT_INVALID.SessionToken.Invalid';
      expect(await get({ ...headers, 'VZ-M2M-Token': 'x' })).toMatchObject(refusedAs(input, '900901'));
      const unknown = { ...headers, 'VZ-M2M-Token': '00000000-0000-4000-8000-000000000000' };
      expect(await get(unknown)).toMatchObject(refusedAs(`${session}.Expired`, '900901'));
    });

    test('needs no session where the account says so', async () => {
      await desk.operator('PATCH', `/accounts/${ACCOUNT}`, { requireSession: false });
      const answer = await desk.call('GET', CAMPAIGN, undefined, await bearer(desk, pair));
      expect(answer).toMatchObject({ status: 400, body: { errorCode: 'CAMPAIGN_NOT_FOUND' } });
    });

    test('is not opened by the session of another account', async () => {
      const other = await openAccount(desk, '0000123456-00002');
      const foreign = await signIn(desk, other);
      const headers = { ...(await bearer(desk, pair)), 'VZ-M2M-Token': String(foreign['VZ-M2M-Token']) };
      expect((await desk.call('GET', CAMPAIGN, undefined, headers)).status).toBe(401);
    });
  });

  describe('a session', () => {
    const isOpen = async (headers: Readonly<Record<string, string>>) =>
      (await desk.call('GET', CAMPAIGN, undefined, headers)).status === 400;

    test('stays open while it is used and ends after 20 minutes without', async () => {
      const headers = await signIn(desk, pair);
      desk.later(19 * MINUTE);
      expect(await isOpen(headers)).toBe(true);
      desk.later(19 * MINUTE);
      expect(await isOpen(headers)).toBe(true);
      desk.later(20 * MINUTE);
      expect(await isOpen(headers)).toBe(false);
    });

    test('is closed by logging out', async () => {
      const headers = await signIn(desk, pair);
      const answer = await desk.call('POST', LOGOUT, undefined, headers);
      expect(answer).toMatchObject({ status: 200, body: { sessionToken: headers['VZ-M2M-Token'] } });
      expect(await isOpen(headers)).toBe(false);
    });

    test('lets its user exchange the password', async () => {
      const headers = await signIn(desk, pair);
      const wrong = await desk.call('PUT', RESET, { oldPassword: 'x' }, headers);
      expect(wrong).toMatchObject(refusedAs('UnifiedWebService.REQUEST_FAILED.Login', '900901'));
      const { body } = await desk.call('PUT', RESET, { oldPassword: pair.password }, headers);
      const login = (password: string) => desk.call('POST', LOGIN, { username: pair.username, password }, headers);
      expect((await login(pair.password)).status).toBe(401);
      expect((await login(body.newPassword)).status).toBe(200);
    });

    test('is not given to a user of another account, nor after five failures in a row', async () => {
      const headers = await bearer(desk, pair);
      const other = await openAccount(desk, '0000123456-00002');
      const foreign = { username: other.username, password: other.password };
      expect(await desk.call('POST', LOGIN, foreign, headers)).toMatchObject(
        refusedAs('UnifiedWebService.REQUEST_FAILED.Login', '900901'),
      );
      const login = (password: string) => desk.call('POST', LOGIN, { username: pair.username, password }, headers);
      for (let tries = 0; tries < 5; tries += 1) expect((await login('wrong')).status).toBe(401);
      expect(await login(pair.password)).toMatchObject(
        refusedAs('UnifiedWebService.REQUEST_FAILED.UserLocked', '900901'),
      );
    });
  });
});
