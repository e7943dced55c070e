// A POST with an Idempotency-Key whose server dies, or whose body is a stream: it is never carried out twice, and the answer is honest.
import { beforeEach, describe, expect, test } from 'vitest';
import { ACCOUNT, type Desk, form, openDesk, openExample, SOFTWARE, upload } from './desk.ts';
import { ON_SQL } from './stores.ts';

const KEY = { 'idempotency-key': 'once-7f3a' };
const MINUTE = 60_000;
const CREDENTIALS = `/accounts/${ACCOUNT}/credentials`;

describe.each(ON_SQL)('on $name', ({ use }) => {
  const open = use();
  let desk: Desk;
  let caller: Record<string, string>;

  beforeEach(async () => {
    desk = await open();
    caller = await openExample(desk);
  });

  const pairs = async () => (await desk.operator('GET', CREDENTIALS)).body.items.length;

  /** The process ends when the work is done and its answer is about to be kept: nothing after that reaches the store. */
  async function dyingAfterTheWork(run: () => Promise<unknown>): Promise<void> {
    const { remember } = desk.store;
    desk.store.remember = () => Promise.reject(new Error('the process has ended'));
    await run();
    desk.store.remember = remember;
  }

  test('a crash between the work and its answer does not lead to the work a second time', async () => {
    await dyingAfterTheWork(() => desk.operator('POST', CREDENTIALS, undefined, KEY));
    expect(await pairs()).toBe(2);
    expect(await desk.operator('POST', CREDENTIALS, undefined, KEY)).toMatchObject({
      status: 409,
      headers: { 'retry-after': '2' },
      body: { errorCode: 'IDEMPOTENCY_KEY_IN_PROGRESS' },
    });
    desk.later(5 * MINUTE);
    const { status, body } = await desk.operator('POST', CREDENTIALS, undefined, KEY);
    expect([status, body.errorCode]).toEqual([409, 'IDEMPOTENCY_OUTCOME_UNKNOWN']);
    expect(body.errorMessage).toContain('begun at 2026-03-10T10:00:00');
    expect(body.errorMessage).toContain('GET /operator/v1/accounts/{accountName}/credentials');
    expect(await pairs()).toBe(2);
  });

  test('how long a request may be in progress is for the operator to say', async () => {
    desk = await open({ limits: { idempotencySecondsMax: 10 } });
    caller = await openExample(desk);
    await dyingAfterTheWork(() => desk.operator('POST', CREDENTIALS, undefined, KEY));
    const again = async () => (await desk.operator('POST', CREDENTIALS, undefined, KEY)).body.errorCode;
    desk.later(9_999);
    expect(await again()).toBe('IDEMPOTENCY_KEY_IN_PROGRESS');
    desk.later(1);
    expect(await again()).toBe('IDEMPOTENCY_OUTCOME_UNKNOWN');
  });

  test('work that breaks off has an outcome that nobody knows, at once', async () => {
    const { insertClient } = desk.store;
    desk.store.insertClient = async (client) => {
      await insertClient(client);
      throw new Error('the disk is full');
    };
    expect((await desk.operator('POST', CREDENTIALS, undefined, KEY)).status).toBe(500);
    desk.store.insertClient = insertClient;
    const again = await desk.operator('POST', CREDENTIALS, undefined, KEY);
    expect(again).toMatchObject({ status: 409, body: { errorCode: 'IDEMPOTENCY_OUTCOME_UNKNOWN' } });
  });

  test('another node that carries out the same request has taken the key', async () => {
    const other = await openDesk({ store: desk.store });
    const { insertClient } = desk.store;
    let goOn = (): void => {};
    const reached = new Promise<void>((isThere) => {
      desk.store.insertClient = async (client) => {
        isThere();
        await new Promise<void>((resolve) => {
          goOn = resolve;
        });
        return insertClient(client);
      };
    });
    const first = desk.operator('POST', CREDENTIALS, undefined, KEY);
    await reached;
    const second = await other.operator('POST', CREDENTIALS, undefined, KEY);
    expect(second).toMatchObject({ status: 409, body: { errorCode: 'IDEMPOTENCY_KEY_IN_PROGRESS' } });
    goOn();
    expect((await first).status).toBe(201);
    expect((await other.operator('POST', CREDENTIALS, undefined, KEY)).body).toEqual((await first).body);
    expect(await pairs()).toBe(2);
  });

  test('an upload is known by its key: the first answer stays, and another image is refused', async () => {
    const pack = { ...SOFTWARE, name: 'keyed' };
    const parts = (image: string) =>
      form([
        { name: 'package', content: JSON.stringify(pack), type: 'application/json' },
        { name: 'image', content: image, type: 'application/octet-stream', fileName: 'image.bin' },
      ]);
    const send = (image: string) => {
      const { body, headers } = parts(image);
      return desk.operator('POST', `/accounts/${ACCOUNT}/packages`, body, { ...headers, ...KEY });
    };
    const first = await send('one');
    expect(first.status).toBe(201);
    // What a package tells of its devices changes; the answer under the key does not.
    await desk.operator('POST', `/accounts/${ACCOUNT}/devices`, [
      { imei: '990013907835599', make: pack.make, model: pack.model, transport: 'HTTP', software: { app: pack.from } },
    ]);
    expect((await send('one')).body).toEqual(first.body);
    expect((await upload(desk, pack, 'one')).body).not.toEqual(first.body);
    expect((await send('two')).body.errorCode).toBe('IDEMPOTENCY_KEY_REUSED');
  });

  test('an import under its key is judged once, and is in the audit log once', async () => {
    const lines = [{ imei: '990013907835598', make: 'M', transport: 'HTTP' }, { imei: 'x' }];
    const send = (given: unknown) => desk.operator('POST', `/accounts/${ACCOUNT}/devices`, given, KEY);
    const first = await send(lines);
    expect(first.body.imported).toBe(1);
    await desk.operator('DELETE', `/accounts/${ACCOUNT}/devices/990013907835598`);
    const imports = async () =>
      (await desk.operator('GET', `/accounts/${ACCOUNT}/audit`)).body.items.filter(
        (one) => 'action' in one && one.action === 'import devices',
      ).length;
    const before = await imports();
    expect((await send(lines)).body).toEqual(first.body);
    expect(await imports()).toBe(before);
    expect((await send(lines.slice(1))).body.errorCode).toBe('IDEMPOTENCY_KEY_REUSED');
    expect((await desk.operator('GET', `/accounts/${ACCOUNT}/devices/990013907835598`)).status).toBe(404);
  });

  test('a file under its key is answered as the first time', async () => {
    const send = (content: string) => {
      const { body, headers } = form([
        { name: 'fileupload', content, fileName: 'settings.txt' },
        ...Object.entries({ fileVersion: '1', make: 'Verizon', model: 'Model-A', localTargetPath: '/x' }).map(
          ([name, value]) => ({ name, content: value }),
        ),
      ]);
      return desk.call('POST', `/api/fota/v2/files/${ACCOUNT}`, body, { ...headers, ...caller, ...KEY });
    };
    const first = await send('one');
    expect(first.status).toBe(200);
    expect(await send('one')).toMatchObject({ status: 200, body: first.body });
    expect((await send('two')).body.errorCode).toBe('IDEMPOTENCY_KEY_REUSED');
  });
});
