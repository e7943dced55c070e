// How operators sign in with a browser: a link that is good once, a cookie, a token for changes, and what ends a session.
import { beforeEach, describe, expect, test } from 'vitest';
import { OPERATOR_LIMITS } from '../../src/accounts/index.ts';
import { CSRF_HEADER, LIMITS } from '../../src/contract/index.ts';
import { openMemoryStore, type Store } from '../../src/store/index.ts';
import { type Answer, type Desk, OPERATOR_KEY, openDesk } from './desk.ts';

let desk: Desk;
/** Whatever was handed to the store. */
let written: string;

beforeEach(async () => {
  written = '';
  desk = await openDesk({ store: recording(openMemoryStore()) });
});

function recording(store: Store): Store {
  const tell = (value: unknown): unknown =>
    typeof value !== 'function'
      ? value
      : (...given: readonly unknown[]) => {
          written += JSON.stringify(given);
          return value(...given);
        };
  return Object.fromEntries(Object.entries(store).map(([name, value]) => [name, tell(value)])) as unknown as Store;
}

const SESSION = '/operator/v1/session';
type Headers = Readonly<Record<string, string>>;
const fields = (answer: Answer) => answer.body as unknown as Readonly<Record<string, string>>;
const code = async (answer: Promise<Answer>) => (await answer).body.errorCode;
const signIn = (proof: object, headers: Headers = {}) => desk.call('POST', SESSION, proof, headers);
const cookieOf = ({ headers }: Answer): string => String(headers['set-cookie'] ?? '');

async function linkToken(name?: string): Promise<string> {
  const link = await desk.operator('POST', '/sign-in-links', name === undefined ? {} : { name });
  expect(link.status).toBe(201);
  return new URL(fields(link)['url'] ?? '').hash.slice(1);
}

interface Browser {
  readonly cookie: Headers;
  readonly csrf: Headers;
  readonly token: string;
}

function browserOf(answer: Answer): Browser {
  const token = /^campanile_session=([^;]+)/.exec(cookieOf(answer))?.[1] ?? '';
  const cookie = { cookie: `theme=dark; campanile_session=${token}` };
  return { token, cookie, csrf: { ...cookie, [CSRF_HEADER]: fields(answer)['csrfToken'] ?? '' } };
}

async function signedIn(name: string): Promise<Browser> {
  if ((await desk.store.operator(name)) === undefined && name !== 'root') {
    await desk.operator('POST', '/operators', { name, role: 'admin' });
  }
  return browserOf(await signIn({ token: await linkToken(name) }));
}

const me = (headers: Headers) => desk.call('GET', '/operator/v1/me', undefined, headers);

describe('a sign-in link', () => {
  test('signs in once, as whom it was made for; without a name as whoever made it', async () => {
    await desk.operator('POST', '/operators', { name: 'ada', role: 'viewer' });
    const token = await linkToken('ada');
    expect(await signIn({ token })).toMatchObject({
      status: 200,
      body: { operator: { name: 'ada', role: 'viewer' }, expiresAt: '2026-03-10T22:00:00.000Z' },
    });
    expect(await signIn({ token })).toMatchObject({ status: 401, body: { errorCode: 'SIGN_IN_REFUSED' } });
    expect((await signIn({ token: await linkToken() })).body).toMatchObject({ operator: { name: 'root' } });
    expect(await code(desk.operator('POST', '/sign-in-links', { name: 'nobody' }))).toBe('OPERATOR_NOT_FOUND');
  });

  test('of two who open it at once, one is in', async () => {
    const token = await linkToken();
    const answers = await Promise.all([signIn({ token }), signIn({ token })]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401]);
  });

  test('is good for ten minutes', async () => {
    expect(OPERATOR_LIMITS.signInLinkLife).toBe(LIMITS.signInLinkMinutesMax * 60_000);
    const [early, late] = [await linkToken(), await linkToken()];
    desk.later(OPERATOR_LIMITS.signInLinkLife - 1);
    expect((await signIn({ token: early })).status).toBe(200);
    desk.later(1);
    expect((await signIn({ token: late })).status).toBe(401);
  });

  test('is of no use any more to one who was disabled or has another key', async () => {
    await desk.operator('POST', '/operators', { name: 'ada', role: 'viewer' });
    const [first, second] = [await linkToken('ada'), await linkToken('ada')];
    await desk.operator('PATCH', '/operators/ada', { disabled: true });
    expect((await signIn({ token: first })).status).toBe(401);
    await desk.operator('PATCH', '/operators/ada', { disabled: false });
    await desk.operator('POST', '/operators/ada/rotate-key');
    expect((await signIn({ token: second })).status).toBe(401);
  });

  test('carries its token behind the #, where no server and no log sees it', async () => {
    const link = await desk.operator('POST', '/sign-in-links', {});
    expect(fields(link)['url']).toMatch(/^https:\/\/fota\.example\/sign-in#[\w-]+$/);
    expect(link.body).toMatchObject({ name: 'root', expiresAt: '2026-03-10T10:10:00.000Z' });
  });
});

describe('signing in', () => {
  test('is possible with a key too, also with that of root; a disabled or unknown one opens nothing', async () => {
    const made = await desk.operator('POST', '/operators', { name: 'ada', role: 'operator' });
    const key = fields(made)['key'] ?? '';
    expect((await signIn({ key })).body).toMatchObject({ operator: { name: 'ada', role: 'operator' } });
    expect((await signIn({ key: OPERATOR_KEY })).body).toMatchObject({ operator: { name: 'root', role: 'admin' } });
    await desk.operator('PATCH', '/operators/ada', { disabled: true });
    for (const wrong of [{ key }, { key: 'ok_wrong' }, { token: 'wrong' }]) {
      const refused = await signIn(wrong);
      expect(refused).toMatchObject({ status: 401, body: { errorCode: 'SIGN_IN_REFUSED' } });
      expect(cookieOf(refused)).toBe('');
    }
  });

  test('takes exactly one proof, which is never repeated in the refusal', async () => {
    for (const body of [{}, { token: 'a-secret', key: 'a-secret' }, { key: '' }, { token: 5 }, []]) {
      const refused = await signIn(body);
      expect(refused.status).toBe(400);
      expect(JSON.stringify(refused.body)).not.toContain('a-secret');
    }
  });

  test('sets a cookie that scripts cannot read and other sites cannot use', async () => {
    const cookie = cookieOf(await signIn({ key: OPERATOR_KEY }));
    expect(cookie.split('; ').slice(1)).toEqual([
      'Path=/',
      `Max-Age=${LIMITS.operatorSessionHoursMax * 3600}`,
      'HttpOnly',
      'SameSite=Strict',
      'Secure',
    ]);
  });

  test('is not done for a page of another site', async () => {
    for (const site of ['cross-site', 'same-site']) {
      const refused = signIn({ key: OPERATOR_KEY }, { 'sec-fetch-site': site });
      expect(await refused).toMatchObject({ status: 403, body: { errorCode: 'SIGN_IN_ELSEWHERE' } });
    }
    expect((await signIn({ key: OPERATOR_KEY }, { 'sec-fetch-site': 'same-origin' })).status).toBe(200);
  });

  test('may be tried only so often from one address', async () => {
    desk = await openDesk({ limits: { signInRequestsMax: 2, signInRequestsPerMinuteMax: 6 } });
    expect((await signIn({ key: 'wrong' })).status).toBe(401);
    expect((await signIn({ key: OPERATOR_KEY })).status).toBe(200);
    expect(await signIn({ key: OPERATOR_KEY })).toMatchObject({ status: 429, headers: { 'retry-after': '10' } });
    expect((await desk.operator('GET', '/me')).status).toBe(200);
    desk.later(10_000);
    expect((await signIn({ key: OPERATOR_KEY })).status).toBe(200);
  });

  test('leaves only hashes in the store, and is audited', async () => {
    const token = await linkToken('root');
    const answer = await signIn({ token });
    const browser = browserOf(answer);
    expect((await desk.call('DELETE', SESSION, undefined, browser.csrf)).status).toBe(204);
    for (const secret of [token, browser.token, fields(answer)['csrfToken'] ?? 'x']) {
      expect(secret.length).toBeGreaterThan(20);
      expect(written).not.toContain(secret);
    }
    const { items } = (await desk.operator('GET', '/audit')).body;
    const lines = items as unknown as readonly { readonly action: string; readonly target: string }[];
    expect(lines.map(({ action, target }) => `${action} ${target}`)).toEqual([
      'sign out root',
      'sign in root',
      'make sign-in link root',
    ]);
  });
});

describe('a session', () => {
  test('tells whose it is and its token again', async () => {
    const browser = await signedIn('ada');
    const shown = await desk.call('GET', SESSION, undefined, browser.cookie);
    expect(shown.body).toMatchObject({ operator: { name: 'ada', role: 'admin' } });
    expect(fields(shown)['csrfToken']).toBe(browser.csrf[CSRF_HEADER]);
    expect((await me(browser.cookie)).body).toEqual({ name: 'ada', role: 'admin', signedInBy: 'session' });
    expect((await desk.operator('GET', '/operators/ada')).body).toMatchObject({
      lastSignInAt: '2026-03-10T10:00:00.000Z',
    });
    expect(await code(desk.operator('GET', '/session'))).toBe('SESSION_NOT_FOUND');
    expect(await code(desk.operator('DELETE', '/session'))).toBe('SESSION_NOT_FOUND');
    expect((await desk.call('GET', SESSION)).status).toBe(401);
  });

  test('changes nothing without its own token, and is no token for another one', async () => {
    const [ada, bob] = [await signedIn('ada'), await signedIn('bob')];
    const make = (headers: Headers) =>
      desk.call('POST', '/operator/v1/operators', { name: 'x', role: 'viewer' }, headers);
    for (const headers of [ada.cookie, { ...ada.cookie, [CSRF_HEADER]: '' }, { ...bob.csrf, ...ada.cookie }]) {
      expect(await make(headers)).toMatchObject({ status: 403, body: { errorCode: 'CSRF_TOKEN_WRONG' } });
    }
    expect((await make(ada.csrf)).status).toBe(201);
    // The key of the header is what counts, and a key needs no token.
    expect((await me({ ...ada.cookie, authorization: 'Bearer wrong' })).status).toBe(401);
  });

  test('lasts for twelve hours after its last use, and its cookie with it', async () => {
    expect(OPERATOR_LIMITS.sessionIdleMax).toBe(LIMITS.operatorSessionHoursMax * 3_600_000);
    const { cookie } = await signedIn('ada');
    desk.later(OPERATOR_LIMITS.sessionTouch - 1);
    expect(cookieOf(await me(cookie))).toBe('');
    desk.later(1);
    expect(cookieOf(await me(cookie))).toContain(`Max-Age=${LIMITS.operatorSessionHoursMax * 3600}`);
    desk.later(OPERATOR_LIMITS.sessionIdleMax - 1);
    expect((await me(cookie)).status).toBe(200);
    desk.later(OPERATOR_LIMITS.sessionIdleMax);
    expect((await me(cookie)).status).toBe(401);
  });

  test('ends by signing out, which other sessions outlive', async () => {
    const [one, other] = [await signedIn('ada'), await signedIn('ada')];
    desk.later(OPERATOR_LIMITS.sessionTouch);
    const out = await desk.call('DELETE', SESSION, undefined, one.csrf);
    expect(out.status).toBe(204);
    expect(cookieOf(out)).toMatch(/^campanile_session=; Path=\/; Max-Age=0; /);
    expect([(await me(one.cookie)).status, (await me(other.cookie)).status]).toEqual([401, 200]);
  });

  test.each([
    ['disabled', () => desk.operator('PATCH', '/operators/ada', { disabled: true })],
    ['given another key', () => desk.operator('POST', '/operators/ada/rotate-key')],
    ['deleted', () => desk.operator('DELETE', '/operators/ada')],
  ])('ends when its operator is %s', async (_, end) => {
    const { cookie } = await signedIn('ada');
    expect((await me(cookie)).status).toBe(200);
    await end();
    expect((await me(cookie)).status).toBe(401);
  });

  test('has the role that its operator has now', async () => {
    const { csrf } = await signedIn('ada');
    await desk.operator('PATCH', '/operators/ada', { role: 'viewer' });
    const make = desk.call('POST', '/operator/v1/operators', { name: 'x', role: 'viewer' }, csrf);
    expect(await code(make)).toBe('FORBIDDEN');
  });

  test('opens no FOTA call', async () => {
    const { csrf } = await signedIn('root');
    const answer = await desk.call('GET', '/api/fota/v3/callbacks/0000123456-00001', undefined, csrf);
    expect(answer.status).toBe(401);
  });
});
