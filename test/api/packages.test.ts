// Operator API: packages, uploaded in two parts, with how many devices run what.
import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import { ACCOUNT, type Desk, form, openAccount, openDesk, type Part, SOFTWARE, upload } from './desk.ts';

const PACKAGES = `/accounts/${ACCOUNT}/packages`;
const IMAGE = Buffer.alloc(300_000, 'campanile');

let desk: Desk;
beforeEach(async () => {
  desk = await openDesk();
  await openAccount(desk);
});

test('an upload is hashed while it arrives and tells what its devices run', async () => {
  const device = (imei: string, version?: string) => ({
    imei,
    make: 'Verizon',
    model: 'Model-A',
    transport: 'HTTP',
    ...(version === undefined ? {} : { software: { app: version } }),
  });
  await desk.operator('POST', `/accounts/${ACCOUNT}/devices`, [
    device('352753090000001', SOFTWARE.from),
    device('352753090000002', SOFTWARE.to),
    device('352753090000003', 'another'),
    device('352753090000004'),
    { ...device('352753090000005', SOFTWARE.from), model: 'Model-B' },
  ]);
  const { status, body } = await upload(desk, SOFTWARE, IMAGE);
  expect(status).toBe(201);
  expect(body).toMatchObject({
    ...SOFTWARE,
    sha256: createHash('sha256').update(IMAGE).digest('hex'),
    size: IMAGE.length,
    installed: { from: 1, to: 1, neither: 1, unknown: 1 },
  });
  expect(desk.images.get(body.sha256)).toEqual(IMAGE);
  expect((await desk.operator('GET', `${PACKAGES}/${SOFTWARE.name}`)).body).toEqual(body);
  expect((await desk.operator('GET', PACKAGES)).body).toEqual({ items: [body] });
});

test('the same upload again is answered again, another content under the same name is not taken', async () => {
  await upload(desk, SOFTWARE, IMAGE);
  expect((await upload(desk, SOFTWARE, IMAGE)).status).toBe(201);
  expect(await upload(desk, SOFTWARE, 'other')).toMatchObject({ status: 409, body: { errorCode: 'PACKAGE_EXISTS' } });
});

test('versions are one, a list or any, and reports name how they look on the device', async () => {
  const from = async (name: string, given: unknown) =>
    (await upload(desk, { ...SOFTWARE, name, from: given, reports: { attribute: 'v' } })).body.from;
  expect(await from('one', '1')).toBe('1');
  expect(await from('listed', ['1', '2'])).toEqual(['1', '2']);
  expect(await from('any', '*')).toBe('*');
  const { body } = await desk.operator('GET', `${PACKAGES}/any`);
  expect(body.reports).toEqual({ to: SOFTWARE.to, attribute: 'v' });
});

describe('an upload is refused', () => {
  const PACKAGE: Part = { name: 'package', content: JSON.stringify(SOFTWARE), type: 'application/json' };
  const BYTES: Part = { name: 'image', content: 'bytes', fileName: 'image.bin', type: 'application/octet-stream' };
  const send = (parts: readonly Part[], cut = 0) => {
    const { body, headers } = form(parts);
    return desk.operator('POST', PACKAGES, body.subarray(0, body.length - cut), headers);
  };
  const cases: Record<string, [readonly Part[], string, number?]> = {
    'without an image': [[PACKAGE], '"image"'],
    'without a package': [[], '"package"'],
    'in the wrong order': [[BYTES, PACKAGE], '"package"'],
    'with an empty image': [[PACKAGE, { ...BYTES, content: '' }], '0 bytes'],
    'with a package that is not JSON': [[{ ...PACKAGE, content: '{' }, BYTES], 'JSON'],
    'with a package without a type that is not JSON': [[{ name: 'package', content: '{' }, BYTES], 'JSON'],
    'with a package of another kind': [[{ ...PACKAGE, content: '{"kind":"x"}' }, BYTES], 'kind'],
    'with "*" beside versions': [
      [{ ...PACKAGE, content: JSON.stringify({ ...SOFTWARE, from: ['1', '*'] }) }, BYTES],
      'from',
    ],
    'with two packages': [[PACKAGE, PACKAGE, BYTES], 'twice'],
    'with two images': [[PACKAGE, BYTES, BYTES], 'twice'],
    'with an image as a text field': [[PACKAGE, { name: 'image', content: 'x' }], 'filename'],
    'when it breaks off': [[PACKAGE, BYTES], 'broke off', 20],
    'when it breaks off in the image': [[PACKAGE, { ...BYTES, content: IMAGE }], 'broke off', 1000],
    'with a package that is too large': [[{ ...PACKAGE, content: `"${'x'.repeat(70_000)}"` }, BYTES], 'package'],
    'with a large package as a file': [
      [{ ...PACKAGE, fileName: 'p.json', content: `"${'x'.repeat(70_000)}"` }, BYTES],
      '65536 bytes',
    ],
  };
  for (const [name, [parts, words, cut]] of Object.entries(cases)) {
    test(name, async () => {
      const { status, body } = await send(parts, cut);
      expect({ status, text: body.errorMessage }).toEqual({ status: 400, text: expect.stringContaining(words) });
      expect((await desk.operator('GET', PACKAGES)).body.items).toEqual([]);
      expect(desk.errors).toEqual([]);
    });
  }

  test('when it is no form at all', async () => {
    expect((await desk.operator('POST', PACKAGES, { kind: 'firmware' })).body.errorCode).toBe('IMAGE_MISSING');
    expect((await desk.operator('POST', PACKAGES)).status).toBe(400);
    const headers = { 'content-type': 'multipart/form-data' };
    expect((await desk.operator('POST', PACKAGES, 'x', headers)).status).toBe(400);
    expect((await desk.operator('GET', `${PACKAGES}/none`)).status).toBe(404);
  });
});
