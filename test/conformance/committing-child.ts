/** A server in small: opens the store of a directory and tells on its standard output what has been stored, for ever. */
import { openSqliteStore } from '../../src/store/index.ts';
import { change, imei, NOW, update } from './given.ts';

const [, , directory = ''] = process.argv;
const store = await openSqliteStore({ directory });

for (let number = 1; ; number += 8) {
  // Some at once, so that they share a transaction.
  const numbers = Array.from({ length: 8 }, (_, at) => number + at);
  const stored = numbers.map(async (one) => {
    await store.commit([change([{ op: 'insert-update', row: update(one) }])], NOW);
    process.stdout.write(`${imei(one)}\n`);
  });
  await Promise.all(stored);
}
