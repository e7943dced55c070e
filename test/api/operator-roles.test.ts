// Each operation of the operator API names the least role that may call it, and no lesser one gets through.
import { beforeAll, describe, expect, test } from 'vitest';
import { OPERATOR_ROLES } from '../../src/accounts/index.ts';
import { OPERATIONS, type Operation, ROLES, type RoleName } from '../../src/contract/index.ts';
import { ACCOUNT, type Desk, HTTP_DEVICES, openDesk, openExample } from './desk.ts';

const all: readonly Operation[] = Object.values<Operation>(OPERATIONS);
const restricted = all.filter(({ credentials }) => credentials.includes('operatorKey'));
const rank = (role: RoleName): number => ROLES.indexOf(role);

let desk: Desk;
const keys = new Map<RoleName, string>();

beforeAll(async () => {
  desk = await openDesk();
  await openExample(desk);
  for (const role of ROLES) {
    const made = await desk.operator('POST', '/operators', { name: `a.${role}`, role });
    keys.set(role, (made.body as unknown as { readonly key: string }).key);
  }
});

const as = (role: RoleName) => ({ authorization: `Bearer ${keys.get(role)}` });

/** An address of the operation under which there is nothing, so that whoever may call it changes nothing. */
const addressOf = ({ path }: Operation): string =>
  path.replace(/\{(\w+)\}/g, (_, name: string) =>
    name === 'accountName' ? '0000999999-00009' : name === 'generation' ? 'v3' : 'nobody',
  );

test('every operation that an operator calls states its role, and no other does', () => {
  expect(OPERATOR_ROLES).toEqual(ROLES);
  for (const { operationId, family, credentials, role } of all) {
    const isRestricted = credentials.includes('operatorKey');
    expect(role === undefined, operationId).toBe(!isRestricted);
    if (family === 'operator' && !isRestricted) expect(operationId).toBe('createOperatorSession');
  }
});

test('whatever shows a secret, or decides who has access, is for admins; whatever only reads is for viewers', () => {
  const of = (role: RoleName) => restricted.filter((one) => one.role === role);
  const ids = of('admin').map(({ operationId }) => operationId);
  expect(ids.sort()).toEqual([
    'addCredentials',
    'addImageKey',
    'createAccount',
    'createOperator',
    'createSignInLink',
    'deleteCredentials',
    'deleteEventListener',
    'deleteGatewayToken',
    'deleteImageKey',
    'deleteOperator',
    'getEventListener',
    'patchAccount',
    'patchOperator',
    'putEventListener',
    'putProfiles',
    'rotateEventListenerSecret',
    'rotateGatewayToken',
    'rotateListenerSecret',
    'rotateOperatorKey',
  ]);
  for (const { operationId, method } of of('viewer')) {
    const storesNothing = ['deleteOperatorSession', 'simulateOrder', 'simulateCampaign'].includes(operationId);
    expect(method === 'GET' || storesNothing, operationId).toBe(true);
  }
  for (const { method } of of('operator')) expect(method).not.toBe('GET');
});

describe.each(restricted.map((operation) => [operation.operationId, operation] as const))('%s', (_, operation) => {
  const { method, role: needed = 'admin' } = operation;
  const call = (role: RoleName) =>
    desk.call(method, addressOf(operation), method === 'GET' ? undefined : '{', as(role));
  const lesser = ROLES.filter((role) => rank(role) < rank(needed));

  test('is refused to every lesser role, by the name of the one it needs', async () => {
    for (const role of lesser) {
      expect(await call(role)).toMatchObject({
        status: 403,
        body: {
          errorCode: 'FORBIDDEN',
          errorMessage: `The role ${role} may not do this; it needs ${needed}.`,
        },
      });
    }
  });

  test('is open to its role and every higher one', async () => {
    for (const role of ROLES.filter((one) => !lesser.includes(one))) {
      const { status, body } = await call(role);
      expect(status, JSON.stringify(body)).not.toBe(401);
      expect(status, JSON.stringify(body)).not.toBe(403);
    }
  });
});

describe('secrets of devices', () => {
  const [imei = ''] = HTTP_DEVICES;
  const devices = `/operator/v1/accounts/${ACCOUNT}/devices`;

  test('are set by admins only; everything else of a device by operators too', async () => {
    const patch = (body: object, role: RoleName) => desk.call('PATCH', `${devices}/${imei}`, body, as(role));
    expect((await patch({ labels: { a: 'b' } }, 'operator')).status).toBe(200);
    for (const secret of [
      { ddiToken: 'token' },
      { ddiToken: '' },
      { psk: { identity: 'i', key: '0011223344556677' } },
    ]) {
      expect(await patch({ labels: { a: 'c' }, ...secret }, 'operator')).toMatchObject({
        status: 403,
        body: { errorMessage: 'The role operator may not do this; it needs admin.' },
      });
    }
    expect((await desk.operator('GET', `/accounts/${ACCOUNT}/devices/${imei}`)).body.labels).toEqual({ a: 'b' });
    expect((await patch({ ddiToken: 'token' }, 'admin')).status).toBe(200);
  });

  test('keep a whole import out when one line of it has any', async () => {
    const device = { make: 'M', model: 'X', transport: 'HTTP' };
    const lines = [
      { imei: '352753090000088', ...device },
      { imei: '352753090000096', ...device, ddiToken: 'token' },
    ];
    const add = (body: unknown, role: RoleName) => desk.call('POST', devices, body, as(role));
    expect((await add(lines, 'operator')).status).toBe(403);
    expect((await add('imei,make,ddiToken\n352753090000088,M,token\n', 'operator')).status).toBe(403);
    expect((await desk.operator('GET', `/accounts/${ACCOUNT}/devices/352753090000088`)).status).toBe(404);
    expect((await add(lines.slice(0, 1), 'operator')).body.imported).toBe(1);
    expect((await add(lines, 'admin')).body.imported).toBe(2);
  });
});
