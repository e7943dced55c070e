// What may be installed, as each generation lists it.
import { describe, expect, test } from 'vitest';
import { ACCOUNT, FIRMWARE, SOFTWARE, upload } from './desk.ts';
import { neighboursOn } from './neighbours.ts';
import { ON_EVERY_STORE } from './stores.ts';

describe.each(ON_EVERY_STORE)('on $name', ({ use }) => {
  const openNeighbours = neighboursOn(use());

  const NOW = '2026-03-10T10:00:00.000Z';
  const common = { make: FIRMWARE.make, model: FIRMWARE.model, releaseNote: '' };

  test('generation 1 lists the firmware under its own names', async () => {
    const { get } = await openNeighbours();
    expect(await get(`/v1/firmware/${ACCOUNT}`)).toEqual([
      {
        ...common,
        firmwareName: FIRMWARE.name,
        participantName: ACCOUNT,
        launchDate: NOW,
        fromVersion: FIRMWARE.from,
        toVersion: FIRMWARE.to,
      },
    ]);
  });

  test('firmware has a line for each version that it starts from and each transport', async () => {
    const { desk, get } = await openNeighbours();
    await upload(
      desk,
      { ...FIRMWARE, name: 'many', from: ['1', '2'], to: '3', transports: ['LWM2M', 'HTTP'] },
      'other',
    );
    const all = await get(`/v3/firmware/${ACCOUNT}?protocol=all`);
    expect(all).toHaveLength(5);
    expect(all).toContainEqual({
      ...common,
      firmwareName: 'many',
      firmwareFrom: '2',
      firmwareTo: '3',
      launchDate: NOW,
      protocol: 'HTTP',
    });
    expect(await get(`/v1/firmware/${ACCOUNT}`)).toHaveLength(3);
    expect(await get(`/v3/firmware/${ACCOUNT}?protocol=HTTP`)).toHaveLength(2);
  });

  test('a transport is named in any of its spellings; nothing is reached over OMA-DM', async () => {
    const { get } = await openNeighbours();
    expect(await get(`/v3/firmware/${ACCOUNT}?protocol=lwm2m`)).toHaveLength(1);
    expect(await get(`/v3/firmware/${ACCOUNT}?protocol=ALL`)).toHaveLength(1);
    for (const spelling of ['OMA', 'OMA-DM', 'OMD-DM', 'omadm', 'OMDADM']) {
      expect(await get(`/v3/firmware/${ACCOUNT}?protocol=${spelling}`)).toEqual([]);
    }
  });

  test('the transport of a firmware list is required', async () => {
    const { ask } = await openNeighbours();
    for (const query of ['', '?protocol=', '?protocol=FTP']) {
      const { status, body } = await ask('GET', `/v3/firmware/${ACCOUNT}${query}`);
      expect([status, body.errorCode]).toEqual([400, 'INVALID_PARAMETER']);
      expect(body.errorMessage).toContain('LWM2M');
    }
  });

  test('software is listed, with and without the filter', async () => {
    const { get } = await openNeighbours();
    const line = {
      softwareName: SOFTWARE.name,
      launchDate: '2026-03-10',
      releaseNote: '',
      make: SOFTWARE.make,
      model: SOFTWARE.model,
      distributionType: 'HTTP',
      devicePlatformId: 'IoT',
    };
    expect(await get(`/v2/software/${ACCOUNT}`)).toEqual([line]);
    expect(await get(`/v2/software/${ACCOUNT}?distributionType=http`)).toEqual([line]);
    expect(await get(`/v2/software/${ACCOUNT}?distributionType=LWM2M`)).toEqual([]);
  });

  test('files are listed under the capital A of the wire', async () => {
    const { desk, get } = await openNeighbours();
    expect(await get(`/v2/files/${ACCOUNT}`)).toEqual({ AvailableFilesResponse: [] });
    const pack = { ...SOFTWARE, kind: 'file', name: 'settings.txt', from: '*', to: '7' };
    expect((await upload(desk, pack, 'settings')).status).toBe(201);
    expect(await get(`/v2/files/${ACCOUNT}?distributionType=HTTP`)).toEqual({
      AvailableFilesResponse: [
        {
          fileName: 'settings.txt',
          fileVersion: '7',
          releaseNote: '',
          make: SOFTWARE.make,
          model: SOFTWARE.model,
          localTargetPath: '',
          distributionType: 'HTTP',
          devicePlatformId: 'IoT',
        },
      ],
    });
  });

  test('the lists of another account are refused alike, whether it exists or not', async () => {
    const { ask, operator } = await openNeighbours();
    await operator('POST', '/accounts', { accountName: '0000000002-00002' });
    const lists = ['/v1/firmware/X', '/v3/firmware/X?protocol=all', '/v2/software/X', '/v2/files/X'];
    for (const list of lists) {
      for (const account of ['0000000002-00002', '0000000003-00003']) {
        const { status, body } = await ask('GET', list.replace('X', account));
        expect([status, body.errorCode]).toEqual([400, 'INVALID_ACCOUNT']);
      }
    }
  });
});
