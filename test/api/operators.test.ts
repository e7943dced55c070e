// Operators: made, listed, changed, given another key, deleted; what nobody does to itself or to root; all of it audited.
import { beforeEach, expect, test } from 'vitest';
import { instant } from '../../src/campaigns/index.ts';
import { LIMITS, type RoleName } from '../../src/contract/index.ts';
import { ACCOUNT, type Answer, type Desk, openAccount, openDesk } from './desk.ts';

let desk: Desk;
beforeEach(async () => {
  desk = await openDesk();
});

const fields = (answer: Answer) => answer.body as unknown as Readonly<Record<string, string>>;
const by = (key: string) => ({ authorization: `Bearer ${key}` });

async function add(name: string, role: RoleName = 'viewer'): Promise<string> {
  const made = await desk.operator('POST', '/operators', { name, role });
  expect(made).toMatchObject({ status: 201, body: { name, role } });
  return fields(made)['key'] ?? '';
}

const me = (key: string) => desk.call('GET', '/operator/v1/me', undefined, by(key));
const code = async (answer: Promise<Answer>) => (await answer).body.errorCode;

test('an operator is made once, and its key is shown once', async () => {
  const key = await add('ada', 'operator');
  expect(key).toMatch(/^ok_[\w-]{20,}$/);
  expect((await me(key)).body).toEqual({ name: 'ada', role: 'operator', signedInBy: 'key' });
  expect(await desk.operator('POST', '/operators', { name: 'ada', role: 'admin' })).toMatchObject({
    status: 409,
    body: { errorCode: 'OPERATOR_EXISTS', errorMessage: 'There is already an operator ada.' },
  });
  const shown = [await desk.operator('GET', '/operators'), await desk.operator('GET', '/operators/ada')];
  expect(shown[1]?.body).toEqual({ name: 'ada', role: 'operator', createdAt: '2026-03-10T10:00:00.000Z' });
  expect(shown[0]?.body).toEqual({ items: [shown[1]?.body] });
  expect(JSON.stringify(shown)).not.toContain(key);
});

test('only the hash of a key is stored', async () => {
  const key = await add('ada');
  const stored = await desk.store.operator('ada');
  expect(stored?.keyHash).toMatch(/^[0-9a-f]{64}$/);
  expect(JSON.stringify(stored)).not.toContain(key.slice(3));
});

test('a name has 1 to 64 of a few characters', async () => {
  for (const name of ['', 'Ada', 'a b', 'a/b', 'é', '.', '..', 'a'.repeat(LIMITS.operatorNameLengthMax + 1), 5]) {
    expect(await desk.operator('POST', '/operators', { name, role: 'viewer' })).toMatchObject({
      status: 400,
      body: { errorMessage: expect.stringMatching(/^name: given .*, accepted: 1 to 64 of the characters/) },
    });
  }
  await add(`a._-0${'z'.repeat(LIMITS.operatorNameLengthMax - 5)}`);
  expect((await desk.operator('POST', '/operators', { name: 'b', role: 'boss' })).body.errorMessage).toBe(
    'role: given "boss", accepted: one of viewer, operator, admin.',
  );
});

test('a role is changed, and counts from the next call on', async () => {
  const key = await add('ada');
  const make = () => desk.call('POST', '/operator/v1/accounts', { accountName: ACCOUNT }, by(key));
  expect(await code(make())).toBe('FORBIDDEN');
  expect((await desk.operator('PATCH', '/operators/ada', { role: 'admin' })).body).toMatchObject({ role: 'admin' });
  expect((await make()).status).toBe(201);
});

test('a disabled operator has no access until it is enabled again', async () => {
  const key = await add('ada', 'admin');
  desk.later(1_000);
  const disabled = await desk.operator('PATCH', '/operators/ada', { disabled: true });
  expect(disabled.body).toMatchObject({ disabledAt: '2026-03-10T10:00:01.000Z' });
  expect(await me(key)).toMatchObject({ status: 403, body: { errorCode: 'OPERATOR_DISABLED' } });
  expect(await code(desk.operator('POST', '/sign-in-links', { name: 'ada' }))).toBe('OPERATOR_DISABLED');
  const enabled = await desk.operator('PATCH', '/operators/ada', { disabled: false });
  expect(enabled.body).not.toHaveProperty('disabledAt');
  expect((await me(key)).status).toBe(200);
});

test('a rotated key replaces the old one', async () => {
  const key = await add('ada', 'operator');
  const rotated = await desk.operator('POST', '/operators/ada/rotate-key');
  expect(rotated).toMatchObject({ status: 200, body: { name: 'ada', role: 'operator' } });
  expect((await me(key)).status).toBe(401);
  expect((await me(fields(rotated)['key'] ?? '')).body).toMatchObject({ name: 'ada' });
});

test('a deleted operator is gone, and one of the same name is another one', async () => {
  const key = await add('ada');
  expect((await desk.operator('DELETE', '/operators/ada')).status).toBe(204);
  expect((await me(key)).status).toBe(401);
  for (const [method, path] of [
    ['GET', ''],
    ['PATCH', ''],
    ['DELETE', ''],
    ['POST', '/rotate-key'],
  ] as const) {
    expect(await code(desk.operator(method, `/operators/ada${path}`, {}))).toBe('OPERATOR_NOT_FOUND');
  }
  await add('ada');
  expect((await me(key)).status).toBe(401);
});

test('nobody deletes or disables itself; stepping down is allowed', async () => {
  const key = await add('ada', 'admin');
  const own = (method: 'PATCH' | 'DELETE', body?: object) =>
    desk.call(method, '/operator/v1/operators/ada', body, by(key));
  expect(await own('DELETE')).toMatchObject({
    status: 409,
    body: { errorMessage: 'An operator cannot delete itself; another admin can.' },
  });
  expect(await code(own('PATCH', { disabled: true }))).toBe('OPERATOR_SELF');
  expect((await own('PATCH', { role: 'viewer' })).status).toBe(200);
  // What it gave up it cannot take back.
  expect(await code(own('PATCH', { role: 'admin' }))).toBe('FORBIDDEN');
});

test('root is neither stored nor changed', async () => {
  expect((await desk.operator('GET', '/me')).body).toEqual({ name: 'root', role: 'admin', signedInBy: 'key' });
  expect(await code(desk.operator('POST', '/operators', { name: 'root', role: 'viewer' }))).toBe('OPERATOR_EXISTS');
  for (const [method, path] of [
    ['GET', ''],
    ['PATCH', ''],
    ['DELETE', ''],
    ['POST', '/rotate-key'],
  ] as const) {
    expect(await desk.operator(method, `/operators/root${path}`, { disabled: true })).toMatchObject({
      status: 409,
      body: { errorCode: 'OPERATOR_ROOT' },
    });
  }
  expect((await desk.operator('GET', '/me')).status).toBe(200);
});

test('there are at most so many operators', async () => {
  for (let number = 1; number < LIMITS.operatorsMax; number += 1) {
    const operator = { name: `o${number}`, revision: 0, role: 'viewer', keyHash: `hash ${number}` } as const;
    await desk.store.insertOperator({ ...operator, createdAt: instant(0) });
  }
  await add('last');
  expect(await desk.operator('POST', '/operators', { name: 'more', role: 'viewer' })).toMatchObject({
    status: 409,
    body: { errorCode: 'OPERATOR_LIMIT', errorMessage: expect.stringContaining(`${LIMITS.operatorsMax} operators`) },
  });
});

test('operators come in pages by their names', async () => {
  for (const name of ['c', 'a', 'b']) await add(name);
  const first = await desk.operator('GET', '/operators?limit=2');
  const rest = await desk.operator('GET', `/operators?limit=2&after=${first.body.nextPageToken}`);
  const names = [...first.body.items, ...rest.body.items].map((one) => (one as unknown as { name: string }).name);
  expect(names).toEqual(['a', 'b', 'c']);
  expect(rest.body).not.toHaveProperty('nextPageToken');
});

test('an answer that is repeated for an Idempotency-Key belongs to the operator who had it', async () => {
  const [ada, bob] = [await add('ada', 'admin'), await add('bob', 'admin')];
  const rotate = (key: string) =>
    desk.call('POST', '/operator/v1/operators/bob/rotate-key', undefined, { ...by(key), 'idempotency-key': 'k' });
  const first = await rotate(ada);
  expect((await rotate(ada)).body).toEqual(first.body);
  expect((await rotate(bob)).status).toBe(401);
  const own = await rotate(fields(first)['key'] ?? '');
  expect(fields(own)['key']).not.toBe(fields(first)['key']);
});

test('the audit log names the operator, and what was before and after; never a key', async () => {
  const key = await add('ada', 'admin');
  await openAccount(desk);
  await desk.call('PATCH', `/operator/v1/accounts/${ACCOUNT}`, { pollSeconds: 60 }, by(key));
  await desk.operator('PATCH', '/operators/ada', { role: 'operator' });
  await desk.operator('PATCH', '/operators/ada', { disabled: true });
  const rotated = await desk.operator('POST', '/operators/ada/rotate-key');
  await desk.operator('DELETE', '/operators/ada');
  const { items } = (await desk.operator('GET', '/audit')).body;
  const root = { kind: 'operator', name: 'root' };
  const lines = items as unknown as readonly Readonly<Record<string, unknown>>[];
  expect(lines.map(({ at: _, ...line }) => line)).toMatchObject([
    { actor: root, action: 'delete operator', target: 'ada', before: { role: 'operator', disabled: true } },
    { actor: root, action: 'rotate operator key', target: 'ada' },
    { actor: root, action: 'change operator', before: { disabled: false }, after: { disabled: true } },
    { actor: root, action: 'change operator', before: { role: 'admin' }, after: { role: 'operator' } },
    { actor: { kind: 'operator', name: 'ada' }, action: 'change account settings', accountName: ACCOUNT },
    { actor: root, action: 'create account', accountName: ACCOUNT },
    { actor: root, action: 'create operator', target: 'ada', after: { role: 'admin' } },
  ]);
  for (const secret of [key, fields(rotated)['key'] ?? '']) expect(JSON.stringify(items)).not.toContain(secret);
  const [first] = (await desk.operator('GET', '/audit?limit=1')).body.items;
  expect(first).toEqual(items[0]);
  expect(await code(desk.operator('GET', '/audit?after=x'))).toBe('INVALID_PARAMETER');
});
