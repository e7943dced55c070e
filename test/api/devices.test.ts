// Operator API: import by JSON and CSV, and what a device shows of itself.
import { beforeEach, describe, expect, test } from 'vitest';
import { ACCOUNT, type Desk, HTTP_DEVICES, openAccount, openExample, SOFTWARE } from './desk.ts';
import { ON_EVERY_STORE } from './stores.ts';

describe.each(ON_EVERY_STORE)('on $name', ({ use }) => {
  const openDesk = use();

  const DEVICES = `/accounts/${ACCOUNT}/devices`;
  const IMEI = '352753090000001';
  const DEVICE = { imei: IMEI, make: 'M', model: 'X', transport: 'LWM2M', firmware: '1.0' };
  const KEY = '000102030405060708090a0b0c0d0e0f';

  let desk: Desk;
  beforeEach(async () => {
    desk = await openDesk();
    await openAccount(desk);
  });
  const load = (body: unknown, query = '', headers = {}) => desk.operator('POST', DEVICES + query, body, headers);
  const read = async (imei = IMEI) => (await desk.operator('GET', `${DEVICES}/${imei}`)).body;

  describe('an import', () => {
    test('is an upsert: absent is unchanged, empty is cleared', async () => {
      const full = {
        ...DEVICE,
        timeZone: 'Europe/Berlin',
        labels: { site: 'north', floor: '1' },
        software: { app: '1' },
      };
      expect((await load([full])).body).toEqual({ imported: 1, rejected: [] });
      await load([{ imei: IMEI, firmware: '2.0', labels: { floor: '' } }]);
      expect(await read()).toMatchObject({
        make: 'M',
        firmware: '2.0',
        timeZone: 'Europe/Berlin',
        software: { app: '1' },
      });
      expect((await read()).labels).toEqual({ site: 'north' });
      await load([{ imei: IMEI, timeZone: '', software: {}, model: '' }]);
      const cleared = await read();
      expect(cleared).not.toHaveProperty('timeZone');
      expect(cleared).not.toHaveProperty('model');
      expect(cleared.software).toEqual({});
    });

    test('rejects a bad line by itself and takes the others', async () => {
      const { status, body } = await load([
        DEVICE,
        { imei: '123' },
        { imei: '352753090000002', make: 'M' },
        { ...DEVICE, imei: '352753090000003', timeZone: 'Mars/Olympus' },
        'nonsense',
        null,
      ]);
      expect(status).toBe(200);
      expect(body.imported).toBe(1);
      expect(body.rejected.map(({ imei }: { imei: string }) => imei)).toEqual([
        '123',
        '352753090000003',
        '',
        '',
        '352753090000002',
      ]);
      for (const one of body.rejected) expect(one.errorMessage).toContain('accepted:');
    });

    test('takes the last word about a device that is there twice', async () => {
      const { body } = await load([DEVICE, { imei: IMEI, firmware: '3.0' }]);
      expect(body).toEqual({ imported: 2, rejected: [] });
      expect((await read()).firmware).toBe('3.0');
    });

    test('with dryRun stores nothing', async () => {
      expect((await load([DEVICE, { imei: 'x' }], '?dryRun=1')).body).toMatchObject({ imported: 1, dryRun: true });
      expect((await desk.operator('GET', `${DEVICES}/${IMEI}`)).status).toBe(404);
    });

    test('keeps secrets to itself, and one identity belongs to one device of the server', async () => {
      await load([{ ...DEVICE, psk: { identity: 'id-1', key: KEY }, ddiToken: 'ddi-secret' }]);
      const view = await read();
      expect(view).toMatchObject({ pskIdentity: 'id-1', hasPsk: true, hasDdiToken: true });
      const list = await desk.operator('GET', DEVICES);
      expect(JSON.stringify([view, list.body])).not.toContain(KEY);
      expect(JSON.stringify([view, list.body])).not.toContain('ddi-secret');
      const other = { ...DEVICE, imei: '352753090000002', psk: { identity: 'id-1', key: KEY } };
      for (const query of ['', '?dryRun=1']) {
        const { body } = await load([other], query);
        expect(body.rejected).toMatchObject([{ imei: other.imei, errorCode: 'DEVICE_IDENTITY_TAKEN' }]);
      }
      await load([{ imei: IMEI, psk: null, ddiToken: '' }]);
      expect(await read()).toMatchObject({ hasPsk: false, hasDdiToken: false });
      expect((await load([other])).body.imported).toBe(1);
    });
  });

  describe('a CSV', () => {
    const HEADER = 'imei,make,model,transport,firmware,software.app,timeZone,psk.identity,psk.key,ddiToken,labels.site';
    const ROW = `${IMEI},M,"X, large",LWM2M,1.0,7,Europe/Berlin,id-1,${KEY},secret,north`;

    for (const [name, text] of Object.entries({
      'with commas': `${HEADER}\n${ROW}\n`,
      'with a byte order mark and CRLF': `\uFEFF${HEADER}\r\n${ROW}\r\n`,
      'with semicolons': `${HEADER}\n${ROW}`.replaceAll(',', ';').replace('X; large', 'X, large'),
    })) {
      test(name, async () => {
        expect((await load(text, '', { 'content-type': 'text/csv' })).body).toEqual({ imported: 1, rejected: [] });
        expect(await read()).toMatchObject({
          model: 'X, large',
          software: { app: '7' },
          labels: { site: 'north' },
          hasPsk: true,
        });
      });
    }

    test('with an unknown column is refused by its name, and nothing is stored', async () => {
      const { status, body } = await load(`imei,colour\n${IMEI},red`);
      expect(status).toBe(400);
      expect(body.errorMessage).toContain('"colour"');
    });

    test('with an IMEI that a spreadsheet spoiled rejects that row with a hint', async () => {
      const { body } = await load(`imei,make,model,transport\n3.52753E+14,M,X,LWM2M\n${IMEI},M,X,LWM2M`);
      expect(body.imported).toBe(1);
      expect(body.rejected[0]?.errorMessage).toContain('spreadsheet');
    });
  });

  describe('a device', () => {
    test('is changed by itself', async () => {
      await load([DEVICE]);
      const patch = (body: object) => desk.operator('PATCH', `${DEVICES}/${IMEI}`, body);
      expect(await patch({ model: 'Y' })).toMatchObject({ status: 200, body: { model: 'Y', make: 'M' } });
      expect((await patch({ timeZone: 'Mars/Olympus' })).body.errorMessage).toMatch(/^timeZone: /);
      expect((await patch({ transport: 'PIGEON' })).status).toBe(400);
      expect((await desk.operator('PATCH', `${DEVICES}/352753090000009`, {})).status).toBe(404);
    });

    test('is deleted, but not while it is in a live campaign', async () => {
      const example = await openDesk();
      const headers = await openExample(example);
      const [imei = ''] = HTTP_DEVICES;
      const { body } = await example.call(
        'POST',
        `/api/fota/v2/campaigns/${ACCOUNT}`,
        {
          softwareName: SOFTWARE.name,
          softwareFrom: SOFTWARE.from,
          softwareTo: SOFTWARE.to,
          distributionType: 'HTTP',
          startDate: '2026-03-21',
          endDate: '2026-03-22',
          deviceList: [imei],
        },
        headers,
      );
      await example.settle();
      const path = `${DEVICES}/${imei}`;
      expect(await example.operator('DELETE', path)).toMatchObject({ status: 409, body: { errorCode: 'DEVICE_BUSY' } });
      expect((await example.operator('GET', path)).body.campaignId).toBe(body.id);
      await example.call('DELETE', `/api/fota/v2/campaigns/${ACCOUNT}/${body.id}`, undefined, headers);
      await example.settle();
      expect((await example.operator('DELETE', path)).status).toBe(204);
      expect((await example.operator('DELETE', path)).status).toBe(404);
    });
  });
});
