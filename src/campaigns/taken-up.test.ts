// What goes on after a break: a suspended attempt that its device takes up by itself, an image that waits to be installed.
import { expect, test } from 'vitest';
import { object5, Story } from './testing/given.ts';
import { type Instant, minutes } from './time.ts';

const suspended = (): Story => {
  const story = Story.http();
  story.tell({ type: 'contact' });
  story.tell({ type: 'acted' });
  story.tell({ type: 'transfer-begin', offset: 0 });
  story.tell({ type: 'interrupted', sent: { bytes: 10 } });
  expect(story.state.name).toBe('waiting');
  return story.wait(minutes(1));
};

const withCell = (story: Story, level: number): Story => {
  const { account } = story.update;
  const row = { account, scope: 'cell=7', revision: 1, level, at: story.now as Instant };
  story.snapshot = { ...story.snapshot, budgets: [{ row, perMinute: 6 }] };
  return story;
};

test('it waits while the cell of its device allows nobody to begin', () => {
  const story = withCell(suspended(), 0);
  expect(story.tell({ type: 'transfer-begin', offset: 10 })).toMatchObject({ writes: [], rule: 'update.label-cap' });
  story.wait(minutes(1));
  expect(story.tell({ type: 'transfer-begin', offset: 10 }).rule).toBe('update.transfer-granted');
  expect(story.state.name).toBe('downloading');
});

test('it waits while its campaign is held, whatever it asks for', () => {
  const story = suspended();
  const hold = { kind: 'paused', reason: 'a look at it', since: story.now, rule: 'campaign.paused' } as const;
  story.changeCampaign({ hold });
  expect(story.tell({ type: 'transfer-begin', offset: 10 })).toMatchObject({ writes: [], rule: 'permit.held' });
  expect(story.tell({ type: 'contact' })).toMatchObject({ writes: [], rule: 'permit.held' });
});

test('an image that a pause has kept from being installed is installed soon after the pause', () => {
  const story = Story.lwm2m().toDownloaded();
  const there = { firmware: '1.0', object5: object5('downloaded') } as const;
  story.changeCampaign({ hold: { kind: 'paused', reason: 'a look at it', since: story.now, rule: 'campaign.paused' } });
  story.wait(minutes(2)).tell({ type: 'due' });
  story.reads(there);
  expect(story.state.name).toBe('downloaded');
  const { hold: _over, ...resumed } = story.snapshot.campaign;
  story.snapshot = { ...story.snapshot, campaign: resumed };
  expect(story.wait(minutes(10)).tell({ type: 'due' }).intents).toMatchObject([{ kind: 'ask' }]);
  story.reads(there);
  expect(story.state.name).toBe('installing');
});
