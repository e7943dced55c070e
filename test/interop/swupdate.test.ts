// SWUpdate, Debian's build of it, against a real server: what a device maker who knows only hawkBit will see.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'vitest';
import type { UpdateView } from '../../src/sdk/operator.ts';
import { systemClock } from '../../src/server/index.ts';
import { type Desk, openDesk } from './swupdate-desk.ts';
import { switchOn, swupdateMissing } from './swupdate-device.ts';

const missing = swupdateMissing();
if (missing !== undefined) process.stderr.write(`SWUpdate was NOT tested: ${missing}.\n`);

const PAYLOAD = Buffer.from(Uint8Array.from({ length: 300_000 }, (_, at) => (at * 31 + (at >> 8)) & 255));
const LARGE = Buffer.from(Uint8Array.from({ length: 3_000_000 }, (_, at) => (at * 37 + (at >> 9)) & 255));
const STORY_MS = 180_000;
const HOUR_MS = 3_600_000;

const images = ({ line }: Desk): readonly string[] =>
  line.requests.filter((request) => request.startsWith('GET /f/') && !request.includes('.MD5SUM'));
const polls = ({ line }: Desk): number =>
  line.requests.filter((request) => /^GET \S+\/controller\/v1\/\d+ /.test(request)).length;

/** It failed and may be tried again. */
const afterFirstTry = ({ state, attempt }: UpdateView): boolean => state === 'waiting' && attempt === 1;

const name = `SWUpdate${missing === undefined ? '' : ` (skipped: ${missing})`}`;

describe.skipIf(missing !== undefined)(name, { timeout: STORY_MS }, () => {
  test.concurrent('installs what it is offered, and its own version proves it after the reboot', async ({ expect }) => {
    await using desk = await openDesk();
    const id = await desk.campaign({ payload: PAYLOAD });
    {
      await using device = switchOn(desk.device, { version: '1' });
      await desk.until(id, () => device.log().includes('SWUPDATE successful'), device.log);
    }
    expect((await readFile(desk.target)).equals(PAYLOAD)).toBe(true);
    await using rebooted = switchOn(desk.device, { version: '2', confirm: 'success' });
    const update = await desk.until(id, ({ state }) => state === 'succeeded', rebooted.log);
    expect(update).toMatchObject({ attempt: 1, evidence: 'version' });
  });

  test.concurrent('that says success and still runs the old version has failed', async ({ expect }) => {
    await using desk = await openDesk();
    const id = await desk.campaign({ payload: PAYLOAD });
    {
      await using device = switchOn(desk.device, { version: '1' });
      await desk.until(id, () => device.log().includes('SWUPDATE successful'), device.log);
    }
    await using rebooted = switchOn(desk.device, { version: '1', confirm: 'success' });
    const update = await desk.until(id, ({ reason }) => reason === 'wrong-version', rebooted.log);
    expect(update.state).not.toBe('succeeded');
  });

  test.concurrent('that cannot install tells a failure, with the reason it gives', async ({ expect }) => {
    await using desk = await openDesk();
    const id = await desk.campaign({ payload: PAYLOAD, target: '/nowhere/to/write' });
    await using device = switchOn(desk.device, { version: '1' });
    await desk.until(id, afterFirstTry, device.log);
    expect(device.log()).toContain('Installation failed');
  });

  test.concurrent('refuses an image whose hash is not the signed one; nothing of it is installed', async ({
    expect,
  }) => {
    await using desk = await openDesk();
    const id = await desk.campaign({ payload: PAYLOAD, isHashWrong: true });
    await using device = switchOn(desk.device, { version: '1' });
    await desk.until(id, afterFirstTry, device.log);
    expect(device.log()).toMatch(/HASH mismatch/i);
    expect(existsSync(desk.target) && (await readFile(desk.target)).equals(PAYLOAD)).toBe(false);
  });

  test.concurrent('whose line is cut resumes where it was, and installs the whole', async ({ expect }) => {
    await using desk = await openDesk();
    const id = await desk.campaign({ payload: LARGE });
    desk.line.cutImageAfter(1_000_000);
    await using device = switchOn(desk.device, { version: '1' });
    await desk.until(id, () => device.log().includes('SWUPDATE successful'), device.log);
    expect((await readFile(desk.target)).equals(LARGE)).toBe(true);
    const [first, ...resumed] = images(desk);
    expect(first).not.toContain('range');
    expect(resumed.join()).toMatch(/range: bytes=\d{5,}-/i);
    // What was under way when the line was cut is sent again, not the whole image.
    expect(desk.line.imageBytes()).toBeLessThan(2 * LARGE.length);
  });

  test.concurrent('of a campaign that is aborted before it polls is offered nothing', async ({ expect }) => {
    await using desk = await openDesk();
    const id = await desk.campaign({ payload: PAYLOAD });
    await desk.cancel(id);
    await using device = switchOn(desk.device, { version: '1' });
    await desk.until(id, () => polls(desk) >= 3, device.log);
    expect(images(desk)).toEqual([]);
    expect(existsSync(desk.target)).toBe(false);
  });

  test.concurrent('of a campaign that is aborted in mid-download gets no more bytes, and answers the cancellation', async ({
    expect,
  }) => {
    await using desk = await openDesk();
    const id = await desk.campaign({ payload: LARGE, bytesPerSecond: 200_000 });
    await using device = switchOn(desk.device, { version: '1' });
    await desk.until(id, () => desk.line.imageBytes() > 100_000, device.log);
    await desk.cancel(id);
    const answered = () =>
      desk.line.requests.some((request) => /^POST \S+\/cancelAction\/\d+\/feedback /.test(request));
    await desk.until(id, answered, device.log);
    expect(desk.line.imageBytes()).toBeLessThan(LARGE.length);
    expect(existsSync(desk.target) && (await readFile(desk.target)).equals(LARGE)).toBe(false);
  });

  test.concurrent('with a wrong token is refused, and told nothing', async ({ expect }) => {
    await using desk = await openDesk();
    const id = await desk.campaign({ payload: PAYLOAD });
    await using device = switchOn({ ...desk.device, token: 'another' }, { version: '1' });
    await desk.until(id, () => polls(desk) >= 2, device.log);
    const update = await desk.until(id, ({ state }) => state === 'waiting', device.log);
    expect(update.attempt).toBe(0);
    expect(images(desk)).toEqual([]);
  });

  test.concurrent('outside the window is offered nothing and gets no byte', async ({ expect }) => {
    await using desk = await openDesk();
    const hour = new Date(systemClock.now() + 6 * HOUR_MS).getUTCHours();
    const id = await desk.campaign({ payload: PAYLOAD, hours: { startTime: hour, endTime: (hour + 1) % 24 } });
    await using device = switchOn(desk.device, { version: '1' });
    await desk.until(id, () => polls(desk) >= 4, device.log);
    expect(images(desk)).toEqual([]);
    expect(desk.line.requests.filter((request) => request.includes('deploymentBase'))).toEqual([]);
  });
});
