// Stories of single LwM2M devices, one kind after the other.

import { describe, expect, test } from 'vitest';
import { reportOfLwm2m } from './lwm2m-mind.ts';
import { hashOf, imageOf, Lwm2mStory } from './story.ts';

const URI = 'coap://127.0.0.1:5683/f/token';
const NEW = imageOf('2.0');
const report = (device: Lwm2mStory) => reportOfLwm2m(device.mind);
const EXECUTE = { op: 'execute', path: '/5/0/2' } as const;
const WRITE = { op: 'write-uri', uri: URI } as const;
const shown = (device: Lwm2mStory) => [device.mind.state, device.mind.result];

function downloaded(device: Lwm2mStory): Lwm2mStory {
  device.start().answer(WRITE);
  device.serve(NEW);
  return device;
}

describe('a device that pulls', () => {
  test('registers, fetches, waits for Execute, installs, restarts and comes back with what it got', () => {
    const device = new Lwm2mStory(['pull-only']).start();
    expect(device.done).toMatchObject([
      { type: 'register', newPort: false, registering: { endpoint: 'urn:imei:490154203237518', version: '1.1' } },
    ]);
    expect(device.ask(WRITE)).toMatchObject([
      { type: 'respond', code: '2.04' },
      { type: 'fetch', uri: URI, offset: 0 },
    ]);
    device.serve(NEW);
    expect(shown(device)).toEqual([2, 0]);
    expect(report(device)).toMatchObject({ state: 'downloaded', runningVersion: '1.0', imageSha256: hashOf(NEW) });
    expect(device.answer(EXECUTE)).toBe('2.04');
    expect(device.pass(10 * 60_000)).toMatchObject([{ type: 'register' }]);
    expect(shown(device)).toEqual([0, 1]);
    expect(report(device)).toMatchObject({ runningVersion: '2.0', installs: 1, installsBegun: 1, bytes: 10_000 });
  });

  test('runs what the image says, not what anybody promised', () => {
    const device = new Lwm2mStory([]).start();
    device.answer(WRITE);
    device.serve(imageOf('1.9-wrong'));
    device.answer(EXECUTE);
    device.pass(10 * 60_000);
    expect(report(device).runningVersion).toBe('1.9-wrong');
  });

  test('cannot make sense of a corrupt image: Result 5', () => {
    const device = new Lwm2mStory([]).start();
    device.answer(WRITE);
    device.serve(new Uint8Array(5_000));
    expect(shown(device)).toEqual([0, 5]);
    expect(device.answer(EXECUTE)).toBe('4.05');
  });

  test('takes the same blocks again without counting them twice', () => {
    const device = new Lwm2mStory([]).start();
    device.answer(WRITE);
    device.serve(NEW, 1_000, 4_000);
    device.serve(NEW, 1_500);
    expect(report(device)).toMatchObject({ imageSha256: hashOf(NEW), bytes: 10_000 });
  });

  test('does not take a block behind a gap', () => {
    const device = new Lwm2mStory([]).start();
    device.answer(WRITE);
    device.hear({ type: 'bytes', fetch: 1, offset: 2_000, bytes: NEW.subarray(2_000), last: true });
    expect(shown(device)).toEqual([1, 0]);
  });

  test('comes back when the server named a time, and resumes there', () => {
    const device = new Lwm2mStory([]).start();
    device.answer(WRITE);
    device.serve(NEW, 1_000, 3_000);
    device.hear({ type: 'fetch-refused', fetch: 1, retryAfterMs: 60_000 });
    expect(device.pass(59_000)).toEqual([]);
    expect(device.pass(1_000)).toMatchObject([{ type: 'fetch', offset: 3_000 }]);
    device.serve(NEW);
    expect(report(device)).toMatchObject({ state: 'downloaded', imageSha256: hashOf(NEW), downloads: 1 });
  });

  test('has lost the connection when nobody answers for too long: Result 4', () => {
    const device = new Lwm2mStory([]).start();
    device.ask({ op: 'observe', path: '/5/0/5' });
    device.answer(WRITE);
    for (let fetch = 1; fetch <= 4; fetch += 1) {
      device.hear({ type: 'fetch-failed', fetch, why: 'lost' });
      device.pass(60_000);
    }
    expect(shown(device)).toEqual([0, 4]);
    expect(device.done.at(-1)).toMatchObject({ type: 'notify', path: '/5/0/5', content: { value: 4 } });
  });

  test('begins again when the image has become another one', () => {
    const device = new Lwm2mStory([]).start();
    device.answer(WRITE);
    device.serve(imageOf('1.5'), 1_000, 3_000);
    device.hear({ type: 'fetch-failed', fetch: 1, why: 'changed' });
    expect(device.pass(0)).toMatchObject([{ type: 'fetch', offset: 0 }]);
    device.serve(NEW);
    expect(report(device).imageSha256).toBe(hashOf(NEW));
  });

  test.each([
    ['no address at all', 7],
    ['ftp://server/image', 7],
    ['https://server/image', 9],
  ])('refuses the URI "%s" with Result %i', (uri, result) => {
    const device = new Lwm2mStory([]).start();
    device.answer({ op: 'write-uri', uri });
    expect(shown(device)).toEqual([0, result]);
  });

  test('has no room for an image that is too large: Result 2', () => {
    const device = new Lwm2mStory([], { storageBytes: 2_500 }).start();
    device.answer(WRITE);
    expect(device.serve(NEW)).toContainEqual({ type: 'stop-fetch', fetch: 1 });
    expect(shown(device)).toEqual([0, 2]);
  });

  test('stops and forgets when it is reset, by either way', () => {
    for (const by of ['nul', 'empty-uri'] as const) {
      const device = new Lwm2mStory([]).start();
      device.answer(WRITE);
      device.serve(NEW, 1_000, 2_000);
      expect(device.ask({ op: 'reset', by })).toMatchObject([
        { type: 'stop-fetch' },
        { type: 'respond', code: '2.04' },
      ]);
      expect(shown(device)).toEqual([0, 0]);
      expect(device.serve(NEW)).toEqual([]);
    }
  });
});

describe('a device that is pushed to', () => {
  test('answers each block, and the last one with 2.04', () => {
    const device = new Lwm2mStory(['push-only']).start();
    const codes = device.push(NEW);
    expect(new Set(codes.slice(0, -1))).toEqual(new Set(['2.31']));
    expect(codes.at(-1)).toBe('2.04');
    expect(report(device)).toMatchObject({ state: 'downloaded', imageSha256: hashOf(NEW) });
  });

  test('accepts a URI and ignores it when it is push only', () => {
    const device = new Lwm2mStory(['push-only']).start();
    expect(device.ask(WRITE)).toMatchObject([{ type: 'respond', code: '2.04' }]);
    expect(shown(device)).toEqual([0, 0]);
  });

  test('wants the whole again when a block is missing', () => {
    const device = new Lwm2mStory([]).start();
    device.answer({ op: 'write-package', offset: 0, bytes: NEW.subarray(0, 1_000), last: false });
    const behind = { op: 'write-package', offset: 2_000, bytes: NEW.subarray(2_000), last: true } as const;
    expect(device.answer(behind)).toBe('4.08');
    expect(device.push(NEW).at(-1)).toBe('2.04');
    expect(report(device)).toMatchObject({ downloads: 2, imageSha256: hashOf(NEW) });
  });

  test('answers the last block of a corrupt image with 5.00 and notifies first', () => {
    const device = new Lwm2mStory([]).start();
    device.ask({ op: 'observe', path: '/5/0/5' });
    expect(device.push(new Uint8Array(500))).toEqual(['5.00']);
    expect(device.done.slice(-2)).toMatchObject([{ type: 'notify' }, { type: 'respond' }]);
  });

  test('refuses a package when it only pulls', () => {
    expect(new Lwm2mStory(['pull-only']).start().push(NEW, 10_000)).toEqual(['4.05']);
  });
});

describe('what a read shows', () => {
  test('object 3 tells make, model and the running version', () => {
    const [answer] = new Lwm2mStory([]).start().ask({ op: 'read', path: '/3/0' });
    expect(answer).toMatchObject({ code: '2.05', content: { resources: { 0: 'Nordic', 1: 'T91', 3: '1.0' } } });
  });

  test('the package has a name and a version only while there is one', () => {
    const device = new Lwm2mStory([]).start();
    expect(device.answer({ op: 'read', path: '/5/0/7' })).toBe('4.04');
    downloaded(device);
    expect(device.ask({ op: 'read', path: '/5/0/7' })).toMatchObject([{ content: { value: '2.0' } }]);
  });

  test.each([
    [['push-only'], { 9: 1 }],
    [['pull-only'], { 8: [0], 9: 0 }],
    [[], { 8: [0], 9: 2 }],
    [['silent-about-delivery'], {}],
  ] as const)('a device that is %j tells of its ways %j', (traits, told) => {
    const [answer] = new Lwm2mStory(traits).start().ask({ op: 'read', path: '/5/0' });
    expect(answer).toMatchObject({ content: { resources: { 3: 0, 5: 0, ...told } } });
    expect(answer).toHaveProperty('content.resources', { 3: 0, 5: 0, ...told });
  });

  test('observers hear of State and Result, and no longer once the device has restarted', () => {
    const device = new Lwm2mStory([]).start();
    device.ask({ op: 'observe', path: '/5/0/3' });
    device.answer(WRITE);
    device.serve(NEW);
    const told = device.done.flatMap((action) => (action.type === 'notify' ? [action.content] : []));
    expect(told).toEqual([
      { of: 'resource', id: 3, value: 1 },
      { of: 'resource', id: 3, value: 2 },
    ]);
    expect(device.ask(EXECUTE)).toMatchObject([{ type: 'respond' }, { type: 'notify', content: { value: 3 } }]);
    expect(device.pass(10 * 60_000)).toMatchObject([{ type: 'register' }]);
  });

  test('an observation that was ended is silent', () => {
    const device = new Lwm2mStory([]).start();
    device.ask({ op: 'observe', path: '/5/0/3' });
    device.ask({ op: 'stop-observing', path: '/5/0/3' });
    expect(device.ask(WRITE).map(({ type }) => type)).toEqual(['respond', 'fetch']);
  });
});
