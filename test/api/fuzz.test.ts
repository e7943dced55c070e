// Whatever is sent to whichever operation: an answer below 500, and nothing stored of what was refused.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OPERATIONS, type Operation } from '../../src/contract/index.ts';
import { ACCOUNT, form, SOFTWARE } from './desk.ts';
import { GOOD_BODIES, headersOf, openWorld, type World } from './fuzz-world.ts';

const RUNS = 60;
/** A good body with one or two places in it replaced by something else. */
const mutated = (body: unknown): fc.Arbitrary<unknown> =>
  fc.array(fc.tuple(fc.nat(), ANYTHING), { minLength: 1, maxLength: 2 }).map((changes) =>
    changes.reduce((whole, [place, value]) => {
      const spots = spotsIn(whole);
      return replaced(whole, spots[place % spots.length] ?? [], value);
    }, body),
  );

const ANYTHING: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(null, '', 0, -1, 1e308, true, [], {}, [[]], '__proto__', '\u0000', '\uD800', '9'.repeat(300)),
  fc.jsonValue({ maxDepth: 3 }),
);

type Spot = readonly (string | number)[];

function spotsIn(value: unknown): readonly Spot[] {
  if (typeof value !== 'object' || value === null) return [[]];
  return [[], ...Object.entries(value).flatMap(([key, inner]) => spotsIn(inner).map((spot): Spot => [key, ...spot]))];
}

function replaced(whole: unknown, [first, ...rest]: Spot, value: unknown): unknown {
  if (first === undefined) return value;
  const copy: Record<string | number, unknown> = Array.isArray(whole)
    ? (whole.slice() as unknown as Record<number, unknown>)
    : { ...(whole as object) };
  copy[first] = replaced(copy[first], rest, value);
  return copy;
}

const textOf = (value: unknown): string => JSON.stringify(value) ?? '';

const bodyOf = (operationId: string): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 6, arbitrary: mutated(GOOD_BODIES[operationId] ?? {}).map(textOf) },
    { weight: 1, arbitrary: fc.jsonValue().map(textOf) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 200 }) },
    { weight: 1, arbitrary: mutated(GOOD_BODIES[operationId] ?? {}).map((body) => textOf(body).slice(0, -3)) },
  );

const PATH_WORDS = fc.oneof(
  fc.constantFrom('none', '352753090000001', SOFTWARE.name),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 70 }),
);

function pathOf({ path, family }: Operation, word: string, { campaigns }: World): string {
  const id = campaigns[family];
  return path.replace(/\{(\w+)\}/g, (_, name: string) => {
    if (name.startsWith('account')) return ACCOUNT;
    return encodeURIComponent(name === 'campaignId' && id !== undefined && word === 'none' ? id : word).replace(
      /^\.+$/,
      'dots',
    );
  });
}

const fuzzed: readonly Operation[] = Object.values<Operation>(OPERATIONS);

for (const operation of fuzzed) {
  test(`${operation.operationId} answers anything with less than 500`, async () => {
    const world = await openWorld();
    const { desk } = world;
    const wellFormed = fc.record({
      text: bodyOf(operation.operationId),
      word: PATH_WORDS,
    });
    await fc.assert(
      fc.asyncProperty(wellFormed, async ({ text, word }) => {
        const before = desk.errors.length;
        const parts = form([
          { name: 'package', content: text },
          { name: 'image', content: text, fileName: 'x' },
        ]);
        const isForm = operation.body?.media === 'multipart';
        const body = operation.method === 'GET' ? undefined : isForm ? parts.body : text;
        const { status } = await desk.call(operation.method, pathOf(operation, word, world), body, {
          ...headersOf(operation, world),
          ...(isForm ? parts.headers : {}),
        });
        expect(desk.errors.slice(before)).toEqual([]);
        expect(status).toBeLessThan(500);
      }),
      { numRuns: RUNS },
    );
  });
}

test('nothing of a refused schedule request is stored', async () => {
  const { desk, headers } = await openWorld();
  const path = `/accounts/${ACCOUNT}/campaigns?limit=1000`;
  await fc.assert(
    fc.asyncProperty(bodyOf('scheduleSoftwareUpgrade'), async (text) => {
      const before = await desk.operator('GET', path);
      const { status } = await desk.call('POST', `/api/fota/v2/campaigns/${ACCOUNT}`, text, headers);
      const after = await desk.operator('GET', path);
      const added = after.body.items.length - before.body.items.length;
      expect(added).toBeLessThanOrEqual(status === 200 ? 1 : 0);
    }),
    { numRuns: RUNS },
  );
});
