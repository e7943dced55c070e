// Stories of LwM2M devices that do not do what one would like.

import { describe, expect, test } from 'vitest';
import type { Pace, Trait } from './kinds.ts';
import { reportOfLwm2m } from './lwm2m-mind.ts';
import { hashOf, imageOf, Lwm2mStory } from './story.ts';

const NEW = imageOf('2.0');
const EXECUTE = { op: 'execute', path: '/5/0/2' } as const;
const WRITE = { op: 'write-uri', uri: 'coap://127.0.0.1:5683/f/token' } as const;
const HOUR = 3_600_000;
const report = (device: Lwm2mStory) => reportOfLwm2m(device.mind);
const shown = (device: Lwm2mStory) => [device.mind.state, device.mind.result];

function downloaded(traits: readonly Trait[], pace: Partial<Pace> = {}): Lwm2mStory {
  const device = new Lwm2mStory(traits, pace).start();
  device.answer(WRITE);
  device.serve(NEW);
  return device;
}

describe('installing', () => {
  test('one kind comes back from a new port', () => {
    const device = downloaded(['new-port']);
    device.ask(EXECUTE);
    expect(device.pass(5 * 60_000)).toMatchObject([{ type: 'register', newPort: true }]);
  });

  test('one kind neither restarts nor registers again', () => {
    const device = downloaded(['no-restart']);
    device.ask(EXECUTE);
    expect(device.pass(5 * 60_000)).toEqual([]);
    expect(shown(device)).toEqual([0, 1]);
    expect(report(device).runningVersion).toBe('2.0');
  });

  test('one kind says success and runs the old version', () => {
    const device = downloaded(['lies']);
    device.ask(EXECUTE);
    device.pass(5 * 60_000);
    expect(shown(device)).toEqual([0, 1]);
    expect(report(device)).toMatchObject({ runningVersion: '1.0', installsBegun: 1, installs: 0 });
  });

  test('one kind fails its first flash, keeps the image, and succeeds when it is executed again', () => {
    const device = downloaded(['fails-flash-once']);
    device.ask(EXECUTE);
    device.pass(5 * 60_000);
    expect(shown(device)).toEqual([2, 8]);
    expect(device.answer(EXECUTE)).toBe('2.04');
    device.pass(5 * 60_000);
    expect(report(device)).toMatchObject({ runningVersion: '2.0', installsBegun: 2, installs: 1 });
  });

  test('one kind never gets it into its flash', () => {
    const device = downloaded(['fails-flash-always']);
    for (const _ of [1, 2, 3]) {
      device.ask(EXECUTE);
      device.pass(5 * 60_000);
    }
    expect(shown(device)).toEqual([2, 8]);
    expect(report(device)).toMatchObject({ runningVersion: '1.0', installs: 0 });
  });

  test('one kind dies', () => {
    const device = downloaded(['dies-in-install']);
    expect(device.answer(EXECUTE)).toBe('2.04');
    expect(device.pass(24 * HOUR)).toEqual([]);
    expect(device.hear({ type: 'boot' })).toEqual([]);
    expect(report(device).state).toBe('dead');
  });

  test('one kind does not wait for an Execute', () => {
    const device = downloaded(['auto-installs']);
    expect(shown(device)).toEqual([3, 0]);
    expect(device.answer(EXECUTE)).toBe('4.05');
    device.pass(5 * 60_000);
    expect(report(device)).toMatchObject({ runningVersion: '2.0', installs: 1 });
  });

  test('a second Execute finds nothing to install', () => {
    const device = downloaded([]);
    device.ask(EXECUTE);
    expect(device.answer(EXECUTE)).toBe('4.05');
    device.pass(5 * 60_000);
    device.hear({ type: 'registered' });
    expect(device.answer(EXECUTE)).toBe('4.05');
    expect(report(device).installs).toBe(1);
  });

  test('a power cut while it writes leaves the old program and the image', () => {
    const device = downloaded([]);
    device.ask(EXECUTE);
    device.pass(1_000);
    device.hear({ type: 'boot' });
    expect(shown(device)).toEqual([2, 8]);
    expect(report(device)).toMatchObject({ runningVersion: '1.0', installs: 0 });
  });

  test('a running install cannot be reset', () => {
    const device = downloaded([]);
    device.ask(EXECUTE);
    expect(device.answer({ op: 'reset', by: 'nul' })).toBe('4.05');
  });
});

describe('restarting in the middle of a download', () => {
  test('most have forgotten it', () => {
    const device = new Lwm2mStory(['reboots-in-download']).start();
    device.answer(WRITE);
    expect(device.serve(NEW)).toEqual([{ type: 'stop-fetch', fetch: 1 }]);
    expect(device.pass(HOUR / 4)).toMatchObject([{ type: 'register' }]);
    device.hear({ type: 'registered' });
    expect(shown(device)).toEqual([0, 0]);
    device.answer(WRITE);
    device.serve(NEW);
    expect(report(device)).toMatchObject({ state: 'downloaded', imageSha256: hashOf(NEW), downloads: 2 });
  });

  test('some go on where they were', () => {
    const device = new Lwm2mStory(['reboots-in-download', 'resumes']).start();
    device.answer(WRITE);
    device.serve(NEW);
    device.pass(HOUR / 4);
    expect(device.hear({ type: 'registered' })).toMatchObject([{ type: 'fetch', offset: 5_000 }]);
    device.serve(NEW);
    expect(report(device)).toMatchObject({
      state: 'downloaded',
      imageSha256: hashOf(NEW),
      downloads: 1,
      bytes: 10_000,
    });
  });

  test('some take up a lost download when they are given the same URI again', () => {
    const device = new Lwm2mStory(['resumes'], { patienceMs: 1_000 }).start();
    device.answer(WRITE);
    device.serve(NEW, 1_000, 6_000);
    device.hear({ type: 'fetch-refused', fetch: 1, retryAfterMs: HOUR });
    expect(shown(device)).toEqual([0, 4]);
    expect(device.ask(WRITE)).toMatchObject([{ type: 'respond' }, { type: 'fetch', offset: 6_000 }]);
  });
});

describe('registration', () => {
  test('an Update comes at half of the lifetime, again and again', () => {
    const device = new Lwm2mStory([], { lifetimeSeconds: 3_600 }).start();
    expect(device.pass(2 * HOUR)).toEqual([
      { type: 'update' },
      { type: 'update' },
      { type: 'update' },
      { type: 'update' },
    ]);
  });

  test('a server that does not know it makes it register at once', () => {
    const device = new Lwm2mStory([]).start();
    device.pass(HOUR / 2);
    expect(device.hear({ type: 'update-failed' })).toMatchObject([{ type: 'register' }]);
  });

  test('nobody there: it tries again and again, more and more slowly', () => {
    const device = new Lwm2mStory([], { retryMs: 10_000 });
    device.hear({ type: 'boot' });
    device.hear({ type: 'register-failed' });
    expect(device.pass(9_999)).toEqual([]);
    expect(device.pass(1)).toMatchObject([{ type: 'register' }]);
    device.hear({ type: 'register-failed' });
    expect(device.pass(19_999)).toEqual([]);
    expect(device.pass(1)).toMatchObject([{ type: 'register' }]);
  });

  test('LwM2M 1.0 and queue mode are told', () => {
    const device = new Lwm2mStory(['lwm2m-1.0', 'queue-mode']).start();
    expect(device.done).toMatchObject([{ registering: { version: '1.0', queueMode: true } }]);
    expect(device.answer({ op: 'execute', path: '/5/0/10' })).toBe('4.04');
  });

  test('a device in queue mode hears nothing while it sleeps, and is awake for a moment after each Update', () => {
    const device = new Lwm2mStory(['queue-mode'], { listenMs: 10_000, lifetimeSeconds: 600 }).start();
    device.pass(9_000);
    expect(device.answer({ op: 'read', path: '/3/0' })).toBe('2.05');
    device.pass(11_000);
    expect(report(device).state).toBe('asleep');
    expect(device.answer({ op: 'read', path: '/3/0' })).toBeUndefined();
    device.pass(280_000);
    device.hear({ type: 'updated' });
    expect(device.answer({ op: 'read', path: '/3/0' })).toBe('2.05');
  });

  test('a device in queue mode stays awake while it downloads, and for a moment afterwards', () => {
    const device = new Lwm2mStory(['queue-mode'], { listenMs: 10_000 }).start();
    device.answer(WRITE);
    device.pass(60_000);
    device.serve(NEW);
    device.pass(9_000);
    expect(device.answer(EXECUTE)).toBe('2.04');
  });

  test('devices that are switched on together do not speak together', () => {
    const device = new Lwm2mStory([]);
    device.mind = { ...device.mind, firstWaitMs: 5_000 };
    expect(device.hear({ type: 'boot' })).toEqual([]);
    expect(device.pass(5_000)).toMatchObject([{ type: 'register' }]);
  });
});
