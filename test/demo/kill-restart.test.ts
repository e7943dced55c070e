// A server is killed in the middle of two campaigns and started again: both finish, and nobody installs twice.
import { expect, test } from 'vitest';
import type { UpdateView } from '../../src/sdk/operator.ts';
import { serve } from './child.ts';
import { ACCOUNT, directory, openStage, scheduleBoth, switchOn, TO, until, updatesOf } from './stage.ts';

const COUNT = { lwm2m: 8, secure: 4, http: 8, imageBytes: 300 * 1024 } as const;
const FINAL = ['succeeded', 'failed', 'rejected', 'cancelled', 'aborted', 'expired'];
const WITHIN_MS = 45_000;

const isFinal = ({ state }: UpdateView): boolean => FINAL.includes(state);
const isMoving = ({ state }: UpdateView): boolean => ['downloading', 'installing', 'verifying'].includes(state);

test('a server killed in the middle of its campaigns goes on after a restart: no device installs twice, none is lost', {
  timeout: 60_000,
}, async () => {
  await using data = await directory();
  await using first = await serve(data.path);
  const stage = await openStage(data.path, first, COUNT);
  await using fleet = switchOn(stage, first);
  const ids = await scheduleBoth(stage);
  const count = stage.devices.length;

  await until(
    () => updatesOf(stage, ids),
    (updates) => updates.some(isMoving) && updates.filter(isFinal).length < count,
    WITHIN_MS,
  );
  await first.kill();
  const before = fleet.devices().filter(({ installs }) => installs > 0).length;
  expect(before).toBeLessThan(count);

  await using second = await serve(data.path, first.ports);
  const updates = await until(
    () => updatesOf(stage, ids),
    (seen) => seen.length === count && seen.every(isFinal),
    WITHIN_MS,
  );
  expect(updates.map(({ state }) => state)).toEqual(updates.map(() => 'succeeded'));
  for (const device of fleet.devices())
    expect(device).toMatchObject({ runningVersion: TO, installs: 1, installsBegun: 1 });
  for (const id of ids) {
    const view = await until(
      () => stage.operator.campaigns.get(ACCOUNT, id),
      ({ status }) => status === 'CampaignEnded',
      WITHIN_MS,
    );
    expect(view.counts.succeeded).toBe(view.devices);
  }
  expect(await second.stop()).toBe(0);
});
