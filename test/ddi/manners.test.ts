// What real clients send: odd headers, odd bodies, wrong tokens; none of it is a server error.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DdiDeployment, DdiPoll } from '../../src/contract/index.ts';
import { answerOf, Client, closed, going, imageLink } from './client.ts';
import { MINUTE } from './hands.ts';
import { ACCOUNT, IMEI } from './rows.ts';
import { givenWorld } from './world.ts';

describe('who is asking', () => {
  test('a wrong token, no token and an unknown device get the same answer', async () => {
    await using world = await givenWorld();
    const client = new Client(world);
    const path = client.base;
    const answers = await Promise.all([
      client.call('GET', path, { authorization: 'TargetToken wrong' }),
      client.call('GET', path, { authorization: '' }),
      client.call('GET', path, { authorization: `GatewayToken secret-${IMEI}` }),
      client.call('GET', path.replace(IMEI, '990000000000099')),
      client.call('GET', path.replace(IMEI, 'my-device')),
      client.call('GET', path.replace(ACCOUNT, '0000000009-00009')),
    ]);
    expect(new Set(answers.map(({ status, bytes }) => `${status} ${bytes}`)).size).toBe(1);
    expect(answers[0]).toMatchObject({ status: 401, json: { errorCode: 'UNAUTHENTICATED' } });
    expect((await client.call('PUT', 'configData', { authorization: 'TargetToken wrong' }, '{}')).status).toBe(401);
  });

  test('the scheme may be written in any case', async () => {
    await using world = await givenWorld();
    const client = new Client(world);
    expect((await client.poll({ authorization: `targettoken secret-${IMEI}` })).status).toBe(200);
  });

  test('a device without a token cannot be asked for by an empty one', async () => {
    await using world = await givenWorld();
    const device = await world.store.device({ account: ACCOUNT, imei: IMEI });
    if (device === undefined) throw new Error('no device');
    await world.store.writeDevices([{ device, isNew: false, secrets: { ddiToken: '' } }]);
    const client = new Client(world);
    expect((await client.poll({ authorization: 'TargetToken ' })).status).toBe(401);
    expect((await client.poll({ authorization: '' })).status).toBe(401);
  });
});

describe('the poll', () => {
  test("tells the account's interval and follows the contract", async () => {
    await using world = await givenWorld({ settings: { pollSeconds: 3_725 } });
    const client = new Client(world);
    const { json, headers } = await client.poll();
    expect(DdiPoll.parse(json).config.polling.sleep).toBe('01:19:50');
    world.clock.pass((79 * 60 + 50) * 1_000);
    // From its own place in the interval on it is the interval itself.
    expect((await client.poll()).json.config.polling.sleep).toBe('01:02:05');
    expect(json._links.configData!.href).toBe(`${world.url}${client.base}/configData`);
    expect(headers['content-type']).toBe('application/json;charset=UTF-8');
    expect((await client.poll({ accept: 'application/hal+json' })).headers['content-type']).toContain('hal+json');
    expect((await client.poll({ accept: ['application/cbor', 'application/json'] })).status).toBe(200);
  });

  test('that has not changed is answered by 304, until it has', async () => {
    await using world = await givenWorld();
    const client = new Client(world);
    const tag = String((await client.poll()).headers.etag);
    const same = await client.poll({ 'if-none-match': tag });
    expect([same.status, same.bytes.length]).toEqual([304, 0]);
    await client.tell({ version: '1.0' });
    expect((await client.poll({ 'if-none-match': tag })).status).toBe(200);
  });

  test('may carry a Content-Type, a body and a slash at its end', async () => {
    await using world = await givenWorld();
    const client = new Client(world);
    expect((await client.poll({ 'content-type': 'application/json' })).status).toBe(200);
    expect((await client.call('GET', client.base, { 'content-type': 'x', 'content-length': '2' }, '{}')).status).toBe(
      200,
    );
    expect((await client.call('GET', `${client.base}/`)).status).toBe(200);
  });
});

describe('the action', () => {
  test('of one artifact fits into a kilobyte and follows the contract', async () => {
    await using world = await givenWorld();
    const { json, bytes } = await new Client(world).readAction();
    expect(DdiDeployment.parse(json).deployment.chunks[0]?.artifacts[0]?.filename).toBe('app_2.swu');
    expect(bytes.length).toBeLessThanOrEqual(1_024);
    expect(Number.isInteger(Number(json.id))).toBe(true);
  });

  test('read several times is answered by 304 to who asks so', async () => {
    await using world = await givenWorld();
    const client = new Client(world);
    const { headers, json } = await client.readAction();
    const again = await client.call('GET', `deploymentBase/${json.id}?c=7`, { 'if-none-match': String(headers.etag) });
    expect(again.status).toBe(304);
  });

  test.each(['abc', '1.5', '-1', '99999999999999999999', '%20'])('%s is no action', async (id) => {
    await using world = await givenWorld();
    const client = new Client(world);
    expect((await client.call('GET', `deploymentBase/${id}`)).status).toBe(404);
    expect((await client.feedback(id, closed('success'))).status).toBe(404);
    expect((await client.call('GET', `installedBase/${id}`)).status).toBe(404);
  });
});

describe('feedback', () => {
  test('is taken with the id as number, as text, or not at all, and with an odd time', async () => {
    await using world = await givenWorld();
    const client = new Client(world);
    const { json } = await client.readAction();
    const bodies = [
      { id: Number(json.id) },
      { id: json.id },
      {},
      { id: 'x' },
      { time: '20261122T205529' },
      { time: 5 },
    ];
    for (const more of bodies) {
      const status = {
        execution: 'Proceeding',
        result: { finished: 'NONE', progress: { cnt: 0, of: 0 } },
        details: 'one line',
      };
      expect((await client.feedback(json.id, status, more)).status).toBe(200);
    }
  });

  test('with an unknown execution is refused with the words that are accepted', async () => {
    await using world = await givenWorld();
    const client = new Client(world);
    const { json } = await client.readAction();
    const refused = await client.feedback(json.id, { execution: 'exploded' });
    expect(refused.status).toBe(400);
    expect(refused.json.message).toContain('exploded');
    expect(refused.json.message).toContain('proceeding');
  });

  test('with any body is never a server error', async () => {
    await using world = await givenWorld();
    const client = new Client(world);
    const { json } = await client.readAction();
    const body = fc.oneof(fc.json(), fc.string(), fc.constant(''));
    await fc.assert(
      fc.asyncProperty(body, fc.constantFrom('text/plain', 'json', 'application/json', ''), async (text, type) => {
        const headers = type === '' ? {} : { 'content-type': type };
        const paths = [`deploymentBase/${json.id}/feedback`, `cancelAction/${json.id}/feedback`] as const;
        for (const path of paths) expect((await client.call('POST', path, headers, text)).status).toBeLessThan(500);
        expect((await client.call('PUT', 'configData', headers, text)).status).toBeLessThan(500);
      }),
      { numRuns: 25 },
    );
    expect(world.log).toEqual([]);
  });

  test('larger than the limit is refused by that', async () => {
    await using world = await givenWorld();
    const body = JSON.stringify({ status: { execution: 'proceeding', details: ['x'.repeat(300_000)] } });
    const refused = await new Client(world).call('POST', 'deploymentBase/1/feedback', {}, body);
    expect(refused).toMatchObject({ status: 413, json: { errorCode: 'BODY_TOO_LARGE' } });
  });
});

describe('attributes', () => {
  test('may be put with Expect: 100-continue', async () => {
    await using world = await givenWorld();
    const client = new Client(world);
    const authorization = `TargetToken secret-${IMEI}`;
    const body = JSON.stringify({ data: { version: '1.0', cores: 4 } });
    const asked = client.open('PUT', 'configData', {
      authorization,
      expect: '100-continue',
      'content-length': String(body.length),
    });
    const answered = answerOf(asked);
    asked.on('continue', () => asked.end(body));
    asked.flushHeaders();
    expect((await answered).status).toBe(200);
    expect((await world.store.device({ account: ACCOUNT, imei: IMEI }))?.attributes).toEqual({
      version: '1.0',
      cores: '4',
    });
  });

  test('do not pile up without end', async () => {
    await using world = await givenWorld();
    const client = new Client(world);
    const many = (start: number) => Object.fromEntries(Array.from({ length: 200 }, (_, at) => [`a${start + at}`, 'x']));
    expect((await client.tell(many(0))).status).toBe(200);
    const refused = await client.tell(many(200));
    expect([refused.status, refused.json.message]).toEqual([400, expect.stringContaining('at most 256')]);
    expect((await client.tell(many(200), 'replace')).status).toBe(200);
  });
});

test('what was installed last is shown read-only', async () => {
  await using world = await givenWorld();
  const client = new Client(world);
  const action = await client.readAction();
  expect((await client.call('GET', `installedBase/${action.json.id}`)).status).toBe(404);
  await client.call('GET', imageLink(action));
  await client.feedback(action.json.id, closed('success'));
  world.clock.pass(MINUTE);
  await client.tell({ version: '2.0' });
  expect(await world.state()).toBe('succeeded');
  await world.remember();
  const installed = await client.call('GET', `installedBase/${action.json.id}`);
  expect(installed.json.actionHistory).toEqual({ status: 'FINISHED', messages: [] });
  expect(installed.json.deployment).toMatchObject({ download: 'skip', update: 'skip' });
  expect(installed.json.deployment.chunks[0]!.artifacts[0]!._links).toEqual({});
  expect((await client.poll()).json._links.installedBase!.href).toContain(`/installedBase/${action.json.id}`);
  expect((await client.feedback(action.json.id, closed('success'))).status).toBe(200);
  expect((await client.feedback(action.json.id, going)).status).toBe(410);
});
