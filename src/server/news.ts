// What a commit means to those who watch campaigns in a browser.
import type { LiveChanges } from '../api/index.ts';
import type { Change } from '../campaigns/index.ts';

/** What is called with each commit: whoever waits for work is woken, whoever watches is told. */
export const whenStored =
  (live: LiveChanges, poke: () => void) =>
  (changes: readonly Change[]): void => {
    poke();
    if (live.count > 0) tellNews(live, changes);
  };

/** Every entry and every campaign row says that its campaign is not as it was. */
function tellNews(live: LiveChanges, changes: readonly Change[]): void {
  for (const { entries, writes } of changes) {
    for (const { account, campaign } of entries) live.changed(account, campaign);
    for (const write of writes) {
      if (write.op !== 'insert-campaign' && write.op !== 'replace-campaign') continue;
      live.changed(write.row.account, write.row.id);
    }
  }
}
