// Operator API: looking for devices, and what is known of one over time.
import { beforeEach, describe, expect, test } from 'vitest';
import { ACCOUNT, type Desk, openAccount } from './desk.ts';
import { ON_EVERY_STORE } from './stores.ts';

describe.each(ON_EVERY_STORE)('on $name', ({ use }) => {
  const openDesk = use();

  const DEVICES = `/accounts/${ACCOUNT}/devices`;
  const imei = (number: number): string => String(352_753_090_000_000 + number);
  const FLEET = [
    { imei: imei(1), make: 'M', model: 'X', transport: 'LWM2M', firmware: '1.0', labels: { site: 'north' } },
    { imei: imei(2), make: 'M', model: 'Y', transport: 'HTTP', software: { app: '1.0' } },
    { imei: imei(13), make: 'N', model: 'Y', transport: 'HTTP', labels: { site: 'a=b' } },
  ];

  let desk: Desk;
  beforeEach(async () => {
    desk = await openDesk();
    await openAccount(desk);
    await desk.operator('POST', DEVICES, FLEET);
  });
  const found = async (query: string): Promise<readonly string[]> => {
    const { status, body } = await desk.operator('GET', `${DEVICES}?${query}`);
    expect(status).toBe(200);
    return body.items.map((one: { imei: string }) => one.imei);
  };

  test.each([
    ['imeiEnds=013', [13]],
    ['imeiBegins=35275309000000', [1, 2]],
    ['make=M', [1, 2]],
    ['make=M&model=Y', [2]],
    ['model=Y', [2, 13]],
    ['transport=HTTP&version=1.0', [2]],
    ['versionUnknown=1', [13]],
    ['label=site=north', [1]],
    ['label=site=a=b', [13]],
    ['neverSeen=true&transport=LWM2M', [1]],
    ['silentDays=1', []],
    ['campaign=none', []],
  ])('%s', async (query, numbers) => {
    expect(await found(query)).toEqual(numbers.map(imei));
  });

  test('a search is paged like any list', async () => {
    const first = (await desk.operator('GET', `${DEVICES}?version=1.0&limit=1`)).body;
    expect(first.items).toMatchObject([{ imei: imei(1) }]);
    const second = (await desk.operator('GET', `${DEVICES}?version=1.0&limit=1&after=${first.nextPageToken}`)).body;
    expect(second).toMatchObject({ items: [{ imei: imei(2) }] });
    expect(second).not.toHaveProperty('nextPageToken');
  });

  test.each([
    ['imeiEnds=12a', 'imeiEnds: given "12a", accepted: 1 to 15 digits.'],
    ['silentDays=0', 'silentDays: given "0", accepted: a whole number from 1 to 3650.'],
    ['neverSeen=no', 'neverSeen: given "no", accepted: 1 or nothing.'],
    ['label=north', 'label: given "north", accepted: a label as name=value.'],
    ['state=lost', 'state: given "lost", accepted: one of waiting, offered'],
  ])('%s is refused with a sentence', async (query, sentence) => {
    const { status, body } = await desk.operator('GET', `${DEVICES}?${query}`);
    expect(status).toBe(400);
    expect(body.errorMessage).toContain(sentence);
  });

  test('a device that nobody has heard has no history, no check-ins and no logs; one that is not there is unknown', async () => {
    for (const what of ['history', 'check-ins', 'logs']) {
      expect((await desk.operator('GET', `${DEVICES}/${imei(1)}/${what}`)).body).toEqual({ items: [] });
      const unknown = await desk.operator('GET', `${DEVICES}/${imei(9)}/${what}`);
      expect(unknown.body.errorCode).toBe('DEVICE_UNKNOWN');
    }
  });

  test('the limits of the server are told, with what they can be set to', async () => {
    const { body } = await desk.operator('GET', '/limits');
    expect(body.items).toContainEqual({
      name: 'pageSizeMax',
      value: 1000,
      default: 1000,
      sentence: 'Items in one page of the operator API.',
      min: 1,
      max: 10_000,
    });
    expect(body.items).toContainEqual({
      name: 'silentDaysMax',
      value: 3650,
      default: 3650,
      sentence: 'Days of silence by which devices are looked for.',
    });
  });
});
