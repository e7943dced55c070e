// Work that nobody waits for, lanes, lifetimes and addresses, each by itself.
import { expect, test } from 'vitest';
import type { Instant } from '../../campaigns/index.ts';
import { Expiries } from './expiries.ts';
import { Jobs, Lanes } from './jobs.ts';
import { addressOf, peerText } from './socket.ts';

test('what fails is told to the log, and the rest is waited for', async () => {
  const told: string[] = [];
  const jobs = new Jobs({ event: (name, facts) => void told.push(`${name} ${facts['what']}: ${facts['error']}`) });
  const done: string[] = [];
  jobs.start('a', async () => {
    throw new Error('no luck');
  });
  jobs.start('b', async () => {
    await Promise.resolve();
    jobs.start('c', async () => void done.push('c'));
    done.push('b');
  });
  expect(jobs.size).toBe(2);
  await jobs.done();
  expect(told).toEqual(['lwm2m-failed a: no luck']);
  expect(done.sort()).toEqual(['b', 'c']);
  expect(jobs.size).toBe(0);
});

test('a lane does one thing after the other, also after a failure, and lanes do not wait for one another', async () => {
  const lanes = new Lanes();
  const done: string[] = [];
  let go = (): void => {};
  const gate = new Promise<void>((resolve) => {
    go = resolve;
  });
  const first = lanes.run('a', async () => {
    await gate;
    done.push('first');
    throw new Error('first');
  });
  const second = lanes.run('a', async () => void done.push('second'));
  await lanes.run('b', async () => void done.push('other'));
  go();
  await expect(first).rejects.toThrow('first');
  await second;
  await lanes.idle('a');
  expect(done).toEqual(['other', 'first', 'second']);
});

test('a name comes out once its minute has passed, and only once', () => {
  const expiries = new Expiries();
  expiries.add('a', 60_000 as Instant);
  expiries.add('b', 60_001 as Instant);
  expect(expiries.take(59_999 as Instant)).toEqual([]);
  expect(expiries.take(60_000 as Instant)).toEqual(['a']);
  expect(expiries.take(120_000 as Instant)).toEqual(['b']);
  expect(expiries.isEmpty).toBe(true);
});

test.each([
  ['127.0.0.1', 5683, '127.0.0.1:5683'],
  ['::1', 40_000, '[::1]:40000'],
  ['fe80::1%eth0', 1, '[fe80::1%eth0]:1'],
])('the peer %s %i is written %s and read back', (host, port, text) => {
  expect(peerText(host, port)).toBe(text);
  expect(addressOf(text)).toEqual({ host, port });
});
