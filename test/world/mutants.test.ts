// The checks are checked: every planted fault is noticed by some world.
import { describe, expect, test } from 'vitest';
import { MUTANTS } from './mutants.ts';
import { noticed } from './survey.ts';

/** Each of them is noticed within these; without one all of them are well (world.test.ts). */
const SEEDS = 60;

describe('a planted fault is noticed', () => {
  test.each(MUTANTS)(
    '$title',
    async (mutant) => {
      expect(await noticed(mutant, SEEDS)).toBeDefined();
    },
    120_000,
  );
});
