// Operator API: image keys, signed and damaged images, uploads that are resumed, caps on downloads.
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type CampaignId, instant } from '../../src/campaigns/index.ts';
import { LIMITS } from '../../src/contract/index.ts';
import { openImages, Uploads, uploadIdOf } from '../../src/delivery/images/index.ts';
import { ACCOUNT, type Answer, type Desk, HTTP_DEVICES, openDesk, openExample, SOFTWARE, upload } from './desk.ts';

const IMAGE = Buffer.alloc(100_000, 'image');
const SHA256 = createHash('sha256').update(IMAGE).digest();
const KEYS = `/accounts/${ACCOUNT}/image-keys`;
const UPLOADS = `/accounts/${ACCOUNT}/uploads`;

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'campanile-api-images-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

let desk: Desk;
let headers: Record<string, string>;
let folders = 0;
beforeEach(async () => {
  folders += 1;
  const folder = join(root, String(folders));
  const uploads = new Uploads(join(folder, 'uploads'), await openImages({ folder }));
  desk = await openDesk({
    uploads: {
      idOf: uploadIdOf,
      begin: (one) => uploads.begin(one),
      state: (...asked) => uploads.state(...asked),
      append: (...given) => uploads.append(...given),
      finish: (...asked) => uploads.finish(...asked),
      drop: (...asked) => uploads.drop(...asked),
    },
  });
  headers = await openExample(desk);
});

const pair = () => generateKeyPairSync('ed25519');
const pem = (key: ReturnType<typeof pair>): string => String(key.publicKey.export({ type: 'spki', format: 'pem' }));
const signatureOf = ({ privateKey }: ReturnType<typeof pair>, bytes: Uint8Array = SHA256): string =>
  sign(null, bytes, privateKey).toString('base64');
const addKey = (publicKey: string): Promise<Answer> => desk.operator('POST', KEYS, { name: 'release', publicKey });
const named = (name: string, more = {}) => ({ ...SOFTWARE, name, ...more });

const schedule = (name: string, devices = HTTP_DEVICES.slice(0, 1)): Promise<Answer> =>
  desk.call(
    'POST',
    `/api/fota/v2/campaigns/software/${ACCOUNT}`,
    {
      softwareName: name,
      softwareFrom: SOFTWARE.from,
      softwareTo: SOFTWARE.to,
      distributionType: 'HTTP',
      startDate: '2026-03-11',
      endDate: '2026-03-12',
      deviceList: devices,
    },
    headers,
  );

describe('an image key', () => {
  test('is given as PEM or as its bytes, listed, and deleted', async () => {
    const one = pair();
    const raw = one.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64');
    const { status, body } = await addKey(pem(one));
    expect([status, body]).toEqual([201, { ...body, name: 'release', publicKey: raw }]);
    expect((await addKey(raw)).body.errorCode).toBe('IMAGE_KEY_EXISTS');
    expect((await desk.operator('GET', KEYS)).body.items).toEqual([body]);
    const { keyId } = body as unknown as { keyId: string };
    expect((await desk.operator('DELETE', `${KEYS}/${keyId}`)).status).toBe(204);
    expect((await desk.operator('DELETE', `${KEYS}/${keyId}`)).body.errorCode).toBe('IMAGE_KEY_NOT_FOUND');
  });

  test('that is none is refused with what it is', async () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ type: 'spki', format: 'pem' });
    const secret = pair().privateKey.export({ type: 'pkcs8', format: 'pem' });
    const cases: readonly (readonly [string, string])[] = [
      [String(rsa), 'of type rsa'],
      [String(secret), 'private key'],
      ['AAAA', '3 bytes'],
      ['-----BEGIN PUBLIC KEY-----', 'cannot be read'],
    ];
    for (const [given, why] of cases) {
      const { status, body } = await addKey(given);
      expect([status, body.errorCode]).toEqual([400, 'IMAGE_KEY_INVALID']);
      expect(body.errorMessage).toContain(why);
    }
  });

  test('an account has so many and no more', async () => {
    for (let count = 0; count < LIMITS.imageKeysPerAccountMax; count += 1) await addKey(pem(pair()));
    expect((await addKey(pem(pair()))).body.errorCode).toBe('IMAGE_KEY_LIMIT');
  });
});

describe('an account that requires signed images', () => {
  beforeEach(async () => {
    await desk.operator('PATCH', `/accounts/${ACCOUNT}`, { requireSignedImages: true });
  });

  test('schedules what one of its keys has signed, as long as it has that key', async () => {
    const key = pair();
    const { keyId } = (await addKey(pem(key))).body as unknown as { keyId: string };
    const stored = await upload(desk, named('signed', { signature: signatureOf(key) }), IMAGE);
    expect(stored.body).toMatchObject({ signedBy: keyId, image: { state: 'unchecked' } });
    expect((await schedule('signed')).status).toBe(200);
    await desk.operator('DELETE', `${KEYS}/${keyId}`);
    const refused = await schedule('signed', HTTP_DEVICES.slice(1));
    expect([refused.status, refused.body.errorCode]).toEqual([400, 'IMAGE_NOT_SIGNED']);
  });

  test('refuses to schedule what is not signed, and takes no signature that fits no key', async () => {
    await addKey(pem(pair()));
    await upload(desk, named('unsigned'), IMAGE);
    const { body } = await schedule('unsigned');
    expect(body.errorMessage).toBe(
      `Account ${ACCOUNT} requires signed images, and the image of package unsigned is not signed.`,
    );
    const wrong = await upload(desk, named('wrong', { signature: signatureOf(pair()) }), IMAGE);
    expect([wrong.status, wrong.body.errorCode]).toEqual([400, 'IMAGE_SIGNATURE_WRONG']);
    expect((await desk.operator('GET', `/accounts/${ACCOUNT}/packages/wrong`)).status).toBe(404);
  });
});

test('a damaged image cannot be scheduled; uploading it again mends it', async () => {
  await upload(desk, named('app'), IMAGE);
  const sha256 = SHA256.toString('hex');
  const at = instant(Date.parse('2026-03-10T09:00:00Z'));
  await desk.store.noteImageCheck(sha256, { at, found: 'its file is missing' });
  const { body } = await schedule('app');
  expect(body.errorCode).toBe('IMAGE_DAMAGED');
  const shown = await desk.operator('GET', `/accounts/${ACCOUNT}/packages/app`);
  expect(shown.body).toMatchObject({
    image: { state: 'damaged', checkedAt: '2026-03-10T09:00:00.000Z', found: 'its file is missing' },
  });
  expect((await upload(desk, named('app'), IMAGE)).body).toMatchObject({ image: { state: 'good' } });
  expect((await schedule('app')).status).toBe(200);
});

describe('an upload in pieces', () => {
  const begin = () => desk.operator('POST', UPLOADS, { size: IMAGE.length, sha256: SHA256.toString('hex') });
  const idOf = ({ body }: Answer): string => (body as unknown as { uploadId: string }).uploadId;
  const append = (id: string, from: number, until: number): Promise<Answer> =>
    desk.operator('PATCH', `${UPLOADS}/${id}?offset=${from}`, IMAGE.subarray(from, until), {
      'content-type': 'application/octet-stream',
    });

  test('is begun, found again, continued and finished as a package', async () => {
    const id = idOf(await begin());
    expect((await append(id, 0, 60_000)).body).toMatchObject({ uploadId: id, offset: 60_000, size: IMAGE.length });
    expect((await begin()).body).toMatchObject({ uploadId: id, offset: 60_000 });
    expect((await desk.operator('GET', `${UPLOADS}/${id}`)).body).toMatchObject({ offset: 60_000 });
    expect((await append(id, 50_000, 70_000)).body.errorCode).toBe('UPLOAD_OFFSET_WRONG');
    expect((await desk.operator('POST', `${UPLOADS}/${id}/package`, named('big'))).body.errorCode).toBe(
      'UPLOAD_INCOMPLETE',
    );
    await append(id, 60_000, IMAGE.length);
    const finished = await desk.operator('POST', `${UPLOADS}/${id}/package`, named('big'));
    expect(finished).toMatchObject({ status: 201, body: { name: 'big', sha256: SHA256.toString('hex') } });
    // Its answer may have been lost.
    expect((await desk.operator('POST', `${UPLOADS}/${id}/package`, named('big'))).body).toEqual(finished.body);
    expect((await schedule('big')).status).toBe(200);
  });

  test('with too many bytes, a wrong hash or no such id is refused', async () => {
    const wrong = await desk.operator('POST', UPLOADS, { size: 1_000, sha256: 'f'.repeat(64) });
    const id = idOf(wrong);
    expect((await append(id, 0, 1_001)).body.errorCode).toBe('UPLOAD_TOO_LONG');
    await append(id, 0, 1_000);
    expect((await desk.operator('POST', `${UPLOADS}/${id}/package`, named('big'))).body.errorCode).toBe(
      'UPLOAD_HASH_WRONG',
    );
    expect((await append(id, 0, 10)).body.errorCode).toBe('UPLOAD_NOT_FOUND');
    expect((await desk.operator('DELETE', `${UPLOADS}/${id}`)).body.errorCode).toBe('UPLOAD_NOT_FOUND');
  });

  test('is dropped on request; an account has so many and no more', async () => {
    const sizes = Array.from({ length: LIMITS.uploadsPerAccountMax }, (_, at) => at + 1);
    const make = (size: number) => desk.operator('POST', UPLOADS, { size, sha256: SHA256.toString('hex') });
    const made = await Promise.all(sizes.map(make));
    expect((await make(999)).body.errorCode).toBe('UPLOAD_LIMIT');
    const [first] = made;
    if (first === undefined) throw new Error('none was made');
    expect((await desk.operator('DELETE', `${UPLOADS}/${idOf(first)}`)).status).toBe(204);
    expect((await make(999)).status).toBe(201);
  });
});

describe('the cap on downloads of a campaign', () => {
  const bandwidth = (id: string): string => `/accounts/${ACCOUNT}/campaigns/${id}/bandwidth`;

  test('is set, shown and taken away', async () => {
    const { id } = (await schedule(SOFTWARE.name)).body;
    expect((await desk.operator('GET', bandwidth(id))).body).toEqual({});
    const set = await desk.operator('PUT', bandwidth(id), { downloadBytesPerSecondMax: 1_000_000 });
    expect(set.body).toEqual({ downloadBytesPerSecondMax: 1_000_000 });
    expect((await desk.operator('GET', bandwidth(id))).body).toEqual(set.body);
    await desk.operator('PUT', bandwidth(id), {});
    expect((await desk.operator('GET', bandwidth(id))).body).toEqual({});
  });

  test('is refused below the least there is, and for a campaign that there is not', async () => {
    const { id } = (await schedule(SOFTWARE.name)).body;
    const low = await desk.operator('PUT', bandwidth(id), { downloadBytesPerSecondMax: 1 });
    expect(low.body.errorMessage).toContain(String(LIMITS.downloadBytesPerSecondMin));
    expect((await desk.operator('PUT', bandwidth('x'), {})).body.errorCode).toBe('CAMPAIGN_UNKNOWN');
  });

  test('an account has so many; those of campaigns that there are no more make room', async () => {
    const { id } = (await schedule(SOFTWARE.name)).body;
    const list = await desk.store.accountList(ACCOUNT as never, 'bandwidth');
    const caps = Array.from({ length: LIMITS.bandwidthCapsPerAccountMax }, (_, at) => ({
      campaign: `gone-${at}` as CampaignId,
      bytesPerSecond: 100_000,
    }));
    await desk.store.replaceAccountList({ ...list, caps });
    expect((await desk.operator('PUT', bandwidth(id), { downloadBytesPerSecondMax: 20_000 })).status).toBe(200);
    expect((await desk.store.accountList(ACCOUNT as never, 'bandwidth')).caps).toEqual([
      { campaign: id, bytesPerSecond: 20_000 },
    ]);
  });
});

test('the cap on downloads of an account is a rate that can be kept, or none', async () => {
  const set = (rate: number) => desk.operator('PATCH', `/accounts/${ACCOUNT}`, { downloadBytesPerSecondMax: rate });
  expect((await set(1_000_000)).body.settings).toMatchObject({ downloadBytesPerSecondMax: 1_000_000 });
  expect((await set(0)).body.settings).toMatchObject({ downloadBytesPerSecondMax: 0 });
  expect((await set(5)).body.errorMessage).toContain('accepted: 0, or a whole number from 16384');
});
