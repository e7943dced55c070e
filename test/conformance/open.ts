/** How the conformance suite gets a store: empty, and closed again at the end of the test. */
import type { Store } from '../../src/store/index.ts';

export type Open = () => Promise<Store>;

/** The body of a test that gets an empty store of its own. */
export const withStore = (open: Open) => (run: (store: Store) => Promise<void>) => async (): Promise<void> => {
  await using store = await open();
  await run(store);
};
