// Bodies: bounded, and large ones one at a time.
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { BodyHold, LARGE_BODY_BYTES, LargeBodies, parseForm, parseJson, readText } from './body.ts';
import { Refusal } from './refusal.ts';

const large = () => Readable.from([Buffer.alloc(LARGE_BODY_BYTES, ' '), Buffer.from('{}')]);
const bytesMax = 4 * LARGE_BODY_BYTES;

test('a large body is refused while another one is in hand, and taken when that is done', async () => {
  const place = new LargeBodies();
  const first = new BodyHold(place);
  expect(await readText(large(), { bytesMax, hold: first })).not.toBeInstanceOf(Refusal);
  const second = new BodyHold(place);
  expect(await readText(large(), { bytesMax, hold: second })).toMatchObject({
    status: 503,
    headers: { 'retry-after': '2' },
  });
  second.release();
  expect(await readText(Readable.from([Buffer.from('{}')]), { bytesMax, hold: second })).toEqual({ text: '{}' });
  first.release();
  expect(await readText(large(), { bytesMax, hold: second })).not.toBeInstanceOf(Refusal);
});

test('a body over its limit is refused with the number, and what is left of it is read away', async () => {
  const stream = large();
  const refusal = await readText(stream, { bytesMax: 10, hold: new BodyHold(new LargeBodies()) });
  expect(refusal).toMatchObject({ status: 413, body: { errorMessage: expect.stringContaining(' 10 bytes') } });
  expect(stream.destroyed).toBe(false);
  expect(await once(stream, 'end')).toEqual([]);
});

test('a form may come as JSON', () => {
  expect(parseForm('a=1&b=x%20y')).toEqual({ value: { a: '1', b: 'x y' } });
  expect(parseForm('{"a":"1"}')).toEqual(parseJson('{"a":"1"}'));
});
