// Stories of single HTTP devices that speak hawkBit DDI, one kind after the other.

import { describe, expect, test } from 'vitest';
import type { DdiDeployment, DdiPoll } from '../../contract/index.ts';
import type { DdiRequest } from './ddi-messages.ts';
import { reportOfDdi } from './ddi-mind.ts';
import type { Pace, Trait } from './kinds.ts';
import { DdiStory, hashOf, imageOf } from './story.ts';

const NEW = imageOf('2.0');
const LINK = { href: 'http://server/base' };
const NOTHING: DdiPoll = { config: { polling: { sleep: '00:05:00' } } };
const OFFER: DdiPoll = { ...NOTHING, _links: { deploymentBase: LINK } };
const MINUTE = 60_000;

interface Told {
  readonly image?: Uint8Array;
  readonly sha256?: string;
  readonly download?: 'skip' | 'forced';
  readonly update?: 'skip' | 'forced';
  readonly maintenanceWindow?: 'available' | 'unavailable';
}

function deployment(told: Told = {}): DdiDeployment {
  const { image = NEW, sha256 = hashOf(image), download = 'forced', update = 'forced', maintenanceWindow } = told;
  const hashes = { sha1: '', md5: '', sha256 };
  const _links = { 'download-http': { href: 'http://server/image' } };
  const artifacts = [{ filename: 'image.bin', hashes, size: image.length, _links }];
  return {
    id: '7',
    deployment: {
      download,
      update,
      ...(maintenanceWindow === undefined ? {} : { maintenanceWindow }),
      chunks: [{ part: 'bApp', version: '2.0', name: 'app', artifacts }],
    },
  };
}

/** A server that shows one deployment and hears everything; `until` names the request that is left open. */
class Served extends DdiStory {
  heard: DdiRequest[] = [];
  poll: DdiPoll = OFFER;
  told: Told = {};

  serve(until?: DdiRequest['type']): this {
    for (let request = this.asks; request !== undefined && request.type !== until; request = this.asks) {
      this.heard.push(request);
      this.#answer(request);
    }
    return this;
  }

  #answer(request: DdiRequest): void {
    const { id } = this;
    const image = this.told.image ?? NEW;
    if (request.type === 'poll') this.hear({ type: 'polled', id, poll: this.poll });
    else if (request.type === 'read-deployment')
      this.hear({ type: 'deployment', id, deployment: deployment(this.told) });
    else if (request.type === 'download')
      this.hear({ type: 'bytes', id, offset: request.offset, bytes: image.subarray(request.offset), last: true });
    else if (request.type === 'read-cancel')
      this.hear({ type: 'cancel', id, cancel: { id: '7', cancelAction: { stopId: '7' } } });
    else this.hear({ type: 'accepted', id });
  }

  /** Time passes and everything is answered at once. */
  run(ms: number): this {
    for (let end = this.now + ms; this.now < end; ) {
      this.pass(Math.min(1_000, end - this.now));
      this.serve();
    }
    return this;
  }

  get said(): readonly string[] {
    return this.heard.flatMap((one) => (one.type === 'feedback' ? [`${one.execution} ${one.finished}`] : []));
  }

  get report() {
    return reportOfDdi(this.mind);
  }
}

function booted(traits: readonly Trait[], pace: Partial<Pace> = {}): Served {
  const device = new Served(traits, pace);
  device.hear({ type: 'boot' });
  return device;
}

describe('an update', () => {
  test('one kind closes its action at once and restarts then', () => {
    const device = booted([]).run(10 * MINUTE);
    expect(device.said).toEqual(['proceeding none', 'download none', 'proceeding none', 'closed success']);
    expect(device.report).toMatchObject({
      runningVersion: '2.0',
      imageSha256: hashOf(NEW),
      installs: 1,
      bytes: 10_000,
    });
    expect(device.heard.slice(-2).map(({ type }) => type)).toEqual(['poll', 'read-deployment']);
  });

  test('one kind restarts, polls, and closes only then', () => {
    const device = booted(['reboots-then-closes']).run(10 * MINUTE);
    const last = device.heard.findLastIndex((one) => one.type === 'feedback');
    expect(device.heard[last]).toMatchObject({ execution: 'closed', finished: 'success' });
    expect(device.heard.slice(last - 2, last).map(({ type }) => type)).toEqual(['poll', 'read-deployment']);
    expect(device.report).toMatchObject({ runningVersion: '2.0', installs: 1 });
  });

  test('its attributes tell the version that it runs', () => {
    const device = booted([]);
    device.poll = { ...NOTHING, _links: { configData: LINK } };
    device.serve();
    expect(device.heard.at(-1)).toMatchObject({ type: 'put-config', data: { version: '1.0', make: 'Nordic' } });
  });

  test('an image with another hash is not installed', () => {
    const device = booted([]);
    device.told = { sha256: 'f'.repeat(64) };
    expect(device.run(10 * MINUTE).said.at(-1)).toBe('closed failure');
    expect(device.report).toMatchObject({ runningVersion: '1.0', installsBegun: 0 });
  });

  test('something that is no image is not installed', () => {
    const device = booted([]);
    device.told = { image: new Uint8Array(99) };
    expect(device.run(10 * MINUTE).said.at(-1)).toBe('closed failure');
  });

  test('one kind cannot write its flash', () => {
    const device = booted(['fails-flash-always']).run(10 * MINUTE);
    expect(device.said.at(-1)).toBe('closed failure');
    expect(device.report).toMatchObject({ runningVersion: '1.0', installsBegun: 1, installs: 0 });
  });

  test('one kind says success and runs the old version', () => {
    const device = booted(['lies']).run(10 * MINUTE);
    expect(device.said.at(-1)).toBe('closed success');
    expect(device.report.runningVersion).toBe('1.0');
  });

  test('one kind begins to install and is never heard of again', () => {
    const device = booted(['dies-in-install']).run(60 * MINUTE);
    expect(device.report.state).toBe('dead');
    expect(device.said).toEqual(['proceeding none', 'download none']);
  });
});

describe('waiting', () => {
  test('a split client downloads, waits, and installs when it may', () => {
    const device = booted(['split']);
    device.told = { update: 'skip', maintenanceWindow: 'unavailable' };
    device.run(20 * MINUTE);
    expect(device.report).toMatchObject({ state: 'downloaded', installsBegun: 0, downloads: 1, bytes: 10_000 });
    expect(device.said.at(-1)).toBe('downloaded none');
    device.told = {};
    device.run(10 * MINUTE);
    expect(device.report).toMatchObject({ runningVersion: '2.0', installs: 1 });
  });

  test('one kind ignores the maintenance window', () => {
    const device = booted(['split', 'ignores-maintenance-window']);
    device.told = { maintenanceWindow: 'unavailable' };
    expect(device.run(10 * MINUTE).report.runningVersion).toBe('2.0');
  });

  test('one kind says success when it is told to skip', () => {
    const device = booted(['skips']);
    device.told = { download: 'skip' };
    expect(device.run(MINUTE).said).toEqual(['closed success']);
    expect(device.report).toMatchObject({ bytes: 0, runningVersion: '1.0' });
  });

  test('it polls as often as it is told', () => {
    const device = booted([]);
    device.poll = NOTHING;
    device.run(60 * MINUTE - 1);
    expect(device.heard).toHaveLength(12);
  });
});

describe('trouble', () => {
  test('a cut download goes on with the byte that is missing', () => {
    const device = booted([]).serve('download');
    device.hear({ type: 'bytes', id: device.id, offset: 0, bytes: NEW.subarray(0, 3_000), last: false });
    device.hear({ type: 'lost', id: device.id });
    expect(device.asks).toMatchObject({ type: 'download', offset: 3_000 });
    expect(device.run(10 * MINUTE).report).toMatchObject({ imageSha256: hashOf(NEW), bytes: 10_000, downloads: 1 });
  });

  test('a server that will not send now is asked at the next poll', () => {
    const device = booted([]).serve('download');
    device.hear({ type: 'bytes', id: device.id, offset: 0, bytes: NEW.subarray(0, 3_000), last: false });
    device.hear({ type: 'refused', id: device.id, status: 503 });
    expect(device.asks).toBeUndefined();
    device.pass(5 * MINUTE);
    device.serve('download');
    expect(device.asks).toMatchObject({ type: 'download', offset: 3_000 });
  });

  test('one kind gives up when it is cut', () => {
    const device = booted(['gives-up-when-cut']).serve('download');
    device.hear({ type: 'lost', id: device.id });
    expect(device.asks).toMatchObject({ type: 'feedback', execution: 'closed', finished: 'failure' });
  });

  test('a server that ignores Range and begins at the first byte does no harm', () => {
    const device = booted([]).serve('download');
    device.hear({ type: 'bytes', id: device.id, offset: 0, bytes: NEW.subarray(0, 3_000), last: false });
    device.hear({ type: 'lost', id: device.id });
    device.hear({ type: 'bytes', id: device.id, offset: 0, bytes: NEW, last: true });
    expect(device.run(10 * MINUTE).report).toMatchObject({ imageSha256: hashOf(NEW), runningVersion: '2.0' });
  });

  test('one kind restarts in the middle and goes on afterwards', () => {
    const device = booted(['reboots-in-download']).serve('download');
    device.hear({ type: 'bytes', id: device.id, offset: 0, bytes: NEW.subarray(0, 5_000), last: false });
    expect(device.report.state).toBe('restarting');
    expect(device.run(10 * MINUTE).report).toMatchObject({ runningVersion: '2.0', bytes: 10_000, downloads: 1 });
  });

  test('its last word is said until it is heard, also over a restart', () => {
    const device = booted([]).serve('download');
    device.serve();
    device.pass(40_000);
    device.serve('feedback');
    expect(device.asks).toMatchObject({ execution: 'closed' });
    for (const _ of [1, 2, 3]) {
      device.hear({ type: 'lost', id: device.id });
      device.pass(5 * MINUTE);
      expect(device.asks).toMatchObject({ execution: 'closed' });
    }
    device.hear({ type: 'boot' });
    expect(device.asks).toMatchObject({ execution: 'closed' });
    expect(device.run(10 * MINUTE).report.installs).toBe(1);
  });

  test('a power cut while it installs makes it install again', () => {
    const device = booted([]).serve();
    expect(device.report.state).toBe('installing');
    device.hear({ type: 'boot' });
    expect(device.run(10 * MINUTE).report).toMatchObject({ installsBegun: 2, installs: 1, bytes: 10_000 });
  });

  test('an action that the server has closed is not spoken of any more', () => {
    const device = booted([]).serve('feedback');
    device.hear({ type: 'refused', id: device.id, status: 410 });
    expect(device.asks).toMatchObject({ type: 'feedback', execution: 'download' });
  });
});

describe('cancelling', () => {
  const CANCEL: DdiPoll = { ...NOTHING, _links: { cancelAction: LINK } };

  test('a download that waits is given up', () => {
    const device = booted(['split']);
    device.told = { update: 'skip' };
    device.run(MINUTE);
    device.poll = CANCEL;
    device.run(10 * MINUTE);
    expect(device.heard.findLast((one) => one.type === 'feedback')).toMatchObject({
      about: 'cancelAction',
      actionId: '7',
      execution: 'closed',
      finished: 'success',
    });
    expect(device.report).toMatchObject({ state: 'idle', installsBegun: 0 });
  });

  test('an install goes on, and the client says so', () => {
    const device = booted([], { installMs: 30 * MINUTE }).serve();
    device.poll = CANCEL;
    device.run(10 * MINUTE);
    expect(device.said.at(-1)).toBe('rejected none');
    expect(device.report.state).toBe('installing');
  });

  test('one kind never stops', () => {
    const device = booted(['split', 'rejects-cancel']);
    device.told = { update: 'skip' };
    device.run(MINUTE);
    device.poll = CANCEL;
    expect(device.run(10 * MINUTE).said.at(-1)).toBe('rejected none');
  });
});
