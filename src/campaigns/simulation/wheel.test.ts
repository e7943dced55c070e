// Who comes next is computed: it has to be whom one finds by looking at every contact.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Agenda } from './agenda.ts';
import { Wheel } from './wheel.ts';

describe('a wheel of contacts', () => {
  test('finds whom a walk over all contacts finds, whoever is in', () => {
    const phases = fc.array(fc.nat(999), { minLength: 1, maxLength: 80 });
    fc.assert(
      fc.property(phases, fc.array(fc.boolean()), fc.nat(50_000), (given, isIn, from) => {
        const wheel = new Wheel(
          1_000,
          given.map((phase, member) => ({ phase, member })),
        );
        const inside = wheel.members.filter((_, place) => isIn[place] === true);
        for (const [place] of wheel.members.entries()) if (isIn[place] === true) wheel.put(place);
        const ahead = inside.map((member) => {
          const phase = given[member] ?? 0;
          const turn = Math.floor(from / 1_000) * 1_000;
          return turn + phase >= from ? turn + phase : turn + 1_000 + phase;
        });
        expect(wheel.nextAt(from)).toBe(ahead.length === 0 ? undefined : Math.min(...ahead));
      }),
    );
  });

  test('looks at everybody once in each turn, also at those who come at the same instant', () => {
    const wheel = new Wheel(
      100,
      [10, 10, 50].map((phase, member) => ({ phase, member })),
    );
    for (const place of [0, 1, 2]) wheel.put(place);
    const seen: (number | undefined)[][] = [];
    for (let now = 0, looked = 0; looked < 6; looked += 1) {
      now = wheel.nextAt(now) ?? 0;
      seen.push([now, wheel.take()]);
    }
    expect(seen).toEqual([
      [10, 0],
      [10, 1],
      [50, 2],
      [110, 0],
      [110, 1],
      [150, 2],
    ]);
  });

  test('has nobody come before it opens', () => {
    const wheel = new Wheel(100, [{ phase: 30, member: 'a' }]);
    wheel.put(0);
    wheel.openFrom = 1_040;
    expect(wheel.nextAt(0)).toBe(1_130);
    wheel.remove(0);
    expect(wheel.nextAt(0)).toBeUndefined();
  });
});

describe('an agenda', () => {
  test('gives the least first, and what is equal in the order in which it came', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20)), (keys) => {
        const agenda = new Agenda<number>();
        for (const [place, key] of keys.entries()) agenda.add(key, place);
        const taken = keys.map(() => agenda.take()?.item);
        const sorted = keys
          .map((key, place) => ({ key, place }))
          .toSorted((a, b) => a.key - b.key || a.place - b.place);
        expect(taken).toEqual(sorted.map(({ place }) => place));
        expect(agenda.take()).toBeUndefined();
      }),
    );
  });
});
