// How updates end on real devices (devices.md, Firmware Update object), packet by packet: good ends in every form, and the bad ones with their reason.
import { describe, expect, test } from 'vitest';
import { isFinal, type Update } from '../../src/campaigns/index.ts';
import { CODE, pathOf, response } from '../../src/lwm2m/index.ts';
import { SERVER } from './device.ts';
import { givenWorld, HOUR, MINUTE, SECOND_LONG, type World } from './world.ts';

const isOver = (update: Update): boolean => isFinal(update.state);
const bytesOut = (world: World): number => world.net.sent.filter(({ from }) => from === SERVER).length;

describe('OMA 751', () => {
  test('object 5 is read in Idle, and what it says decides how the image is sent', async () => {
    const world = await givenWorld({ manners: { delivery: 1 } });
    await world.during(world.device.register());
    await world.runUntil(({ state }) => state.name !== 'waiting');
    expect(world.device.heard[0]).toBe('GET /5/0');
    expect((await world.update()).state).toMatchObject({ attempt: { delivery: 'push', resultBefore: 'initial' } });
  });
});

describe('an end that looks different', () => {
  test('Result 1 without a new registration, and the new version, is a success', async () => {
    const installed = { state: 0, result: 1, version: '2.0', registers: false };
    const world = await givenWorld({ manners: { delivery: 0, installed } });
    await world.during(world.device.register());
    expect((await world.runUntil(isOver)).state).toMatchObject({ name: 'succeeded', evidence: 'version' });
  });

  test('Result 1 without a new registration, and the old version, is none', async () => {
    const installed = { state: 0, result: 1, version: '1.0', registers: false };
    const world = await givenWorld({ manners: { delivery: 0, installed } });
    await world.during(world.device.register());
    const update = await world.runUntil(({ history, state }) => history.length > 0 || isFinal(state));
    expect(update.state).toMatchObject({ name: 'failed', reason: 'wrong-version' });
    expect(world.device.installs).toBe(1);
  });

  test('a new registration with the new version is a success, although Result says 8', async () => {
    const installed = { state: 0, result: 8, version: '2.0', registers: true };
    const world = await givenWorld({ manners: { delivery: 0, installed } });
    await world.during(world.device.register());
    expect((await world.runUntil(isOver)).state).toMatchObject({ name: 'succeeded', evidence: 'version' });
  });

  test('State 2 with Result 8 may be executed again, in another attempt', async () => {
    const world = await givenWorld({
      manners: { delivery: 0, installed: { state: 2, result: 8, version: '1.0', registers: false } },
    });
    await world.during(world.device.register());
    await world.runUntil(({ history }) => history.length > 0);
    Object.assign(world.device.manners, { installed: { state: 0, result: 1, version: '2.0', registers: true } });
    expect((await world.runUntil(isOver)).state).toMatchObject({ name: 'succeeded', attempt: 2 });
    expect(world.device.installs).toBe(2);
  });

  test('State 1 that never becomes 2 is a download that has stalled', async () => {
    const world = await givenWorld({ manners: { delivery: 0 } });
    world.device.script = (request) => {
      if (pathOf(request.options) !== '/5/0/1' || request.payload.length === 0) return undefined;
      world.device.become(1, 0);
      return response(CODE.CHANGED);
    };
    await world.during(world.device.register());
    const update = await world.runUntil(({ history }) => history.length > 0);
    expect(update.history[0]?.outcome).toBe('download-stalled');
    expect(world.agenda.now()).toBeGreaterThan(HOUR / 2);
  });

  test('State 3 for good is left alone: nothing more is written or executed', async () => {
    const world = await givenWorld({ manners: { delivery: 1, arrived: { state: 3, result: 0 } } });
    await world.during(world.device.register());
    await world.runUntil(({ state }) => state.name === 'installing');
    const heard = world.device.heard.length;
    await world.run(3 * HOUR);
    expect(new Set(world.device.heard.slice(heard).map((one) => one.split(' ')[0]))).toEqual(new Set(['GET']));
    expect((await world.update()).state.name).toBe('installing');
  });

  test('a new version that nobody ordered is found at the next contact and counts as ours', async () => {
    const world = await givenWorld({ manners: { delivery: 1, arrived: { state: 2, result: 0 } } });
    world.device.script = (request) => (pathOf(request.options) === '/5/0/2' ? 'silent' : undefined);
    await world.during(world.device.register());
    await world.runUntil(({ state }) => state.name === 'installing');
    Object.assign(world.device, { version: '2.0', state: 0, result: 1 });
    await world.during(world.device.restart());
    expect((await world.runUntil(isOver)).state).toMatchObject({ name: 'succeeded', evidence: 'version' });
  });
});

describe('a campaign that is aborted', () => {
  test.each([
    ['offered', 0],
    ['downloading', 0],
    ['downloading', 1],
    ['downloaded', 0],
    ['downloaded', 1],
  ] as const)(
    'while %s (/5/0/9 is %i): nothing more of it leaves, and the device is cleaned at its next contact',
    async (name, delivery) => {
      const installWindows = name === 'downloaded' ? [{ from: 22, until: 23 }] : [];
      const world = await givenWorld({ manners: { delivery, szx: 2 }, installWindows });
      if (name === 'offered') {
        world.device.script = (request) =>
          pathOf(request.options) === '/5/0/1' && request.payload.length > 0 ? response(CODE.CHANGED) : undefined;
      }
      await world.during(world.device.register());
      await world.runUntil(({ state }) => state.name === name);
      await world.abort();
      await world.run(10 * SECOND_LONG);
      const sent = bytesOut(world);
      await world.run(2 * MINUTE);
      expect((await world.update()).state.name).toBe('aborted');
      world.device.script = () => undefined;
      await world.during(world.device.update());
      await world.run(10 * SECOND_LONG);
      expect(world.device.state).toBe(0);
      expect((await world.store.device(await world.update()))?.residue).toBeUndefined();
      expect(world.device.heard).not.toContain('POST /5/0/2');
      // Between the abort and the next contact nothing but refusals left.
      expect(bytesOut(world)).toBeGreaterThan(sent);
    },
  );

  test('while installing: the device finishes, and its true end is told', async () => {
    const world = await givenWorld({ manners: { delivery: 0 } });
    await world.during(world.device.register());
    await world.runUntil(() => world.device.installs === 1);
    await world.abort();
    expect((await world.runUntil(isOver)).state).toMatchObject({ name: 'succeeded' });
    expect(world.device.installs).toBe(1);
  });
});
