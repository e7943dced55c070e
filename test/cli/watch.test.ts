// `campaign watch` against a server that tells one view after the other: what it shows, and with which code it ends.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { campanile } from './desk.ts';

const ACCOUNT = '0000123456-00001';
const COUNTS = {
  waiting: 0,
  offered: 0,
  downloading: 0,
  downloaded: 0,
  installing: 0,
  verifying: 0,
  succeeded: 0,
  failed: 0,
  rejected: 0,
  cancelled: 0,
  aborted: 0,
  expired: 0,
};

let views: object[] = [];
let url = '';
const server = createServer((_request, response) => {
  const view = views.length > 1 ? views.shift() : views[0];
  response.setHeader('content-type', 'application/json').end(JSON.stringify(view));
});

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const view = (status: string, counts: Partial<typeof COUNTS>, more: object = {}) => ({
  status,
  devices: 4,
  counts: { ...COUNTS, ...counts },
  ...more,
});

async function watched(seen: readonly object[], ...args: readonly string[]) {
  views = [...seen];
  const quick = ['--account', ACCOUNT, '--every-seconds', '0.001', '--url', url];
  return campanile({ env: { CAMPANILE_OPERATOR_KEY: 'a key' } }, 'campaign', 'watch', 'one', ...quick, ...args);
}

describe('watching a campaign', () => {
  test('shows each news once, and ends with 0 when every device runs the new version', async () => {
    const running = view('CampaignScheduled', { succeeded: 2, downloading: 2 });
    const { code, out } = await watched([running, running, running, view('CampaignEnded', { succeeded: 4 })]);
    expect(out).toEqual([
      'CampaignScheduled [############............] 50 %  4 devices: 2 downloading, 2 succeeded',
      'CampaignEnded [########################] 100 %  4 devices: 4 succeeded',
      'CampaignEnded: 4 devices: 4 succeeded',
    ]);
    expect(code).toBe(0);
  });

  test('a device that already runs the version is updated; any other rejection is not', async () => {
    const ended = (rejections: object) => view('CampaignEnded', { succeeded: 3, rejected: 1 }, { rejections });
    expect((await watched([ended({ 'already-current': 1 })])).code).toBe(0);
    const refused = await watched([ended({ 'device-unknown': 1 })]);
    expect(refused.code).toBe(3);
    expect(refused.out.at(-1)).toMatch(/^device-unknown +1$/);
  });

  test.each(['CampaignEnded', 'CampaignAborted', 'CampaignCancelled'])(
    '%s with devices left behind is 3',
    async (status) => {
      expect((await watched([view(status, { succeeded: 3, failed: 1 })])).code).toBe(3);
    },
  );

  test('with --until hold a pause ends it with 4 and says why; without, it goes on', async () => {
    const hold = { kind: 'paused', reason: 'a look', since: '2026-03-10T00:00:00Z' };
    const paused = view('CampaignScheduled', { waiting: 4 }, { hold });
    const ended = view('CampaignEnded', { succeeded: 4 });
    const { code, out } = await watched([paused, ended], '--until', 'hold');
    expect(code).toBe(4);
    expect(out.at(-1)).toBe('paused since 2026-03-10T00:00:00Z: a look');
    expect((await watched([paused, ended])).code).toBe(0);
  });

  test('for programs each view is a line of JSON', async () => {
    const ended = view('CampaignEnded', { succeeded: 4 });
    expect((await watched([ended], '--json')).out.map((line) => JSON.parse(line))).toEqual([ended]);
  });

  test('a wait that cannot be is refused', async () => {
    expect(await watched([], '--every-seconds', 'soon')).toMatchObject({ code: 2 });
  });
});
