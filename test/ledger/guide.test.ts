/** The guide to the ledger names every finding that there is, and no other. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { FINDINGS } from '../../src/campaigns/index.ts';

test('the guide lists the findings', () => {
  const guide = readFileSync(new URL('../../docs/ledger.md', import.meta.url), 'utf8');
  const listed = [...guide.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, kind]) => kind);
  expect(listed.toSorted()).toEqual(Object.keys(FINDINGS).toSorted());
});
