// Devices that come back from elsewhere, lose what they had, or fall silent, and our own stop.
import { describe, expect, test } from 'vitest';
import { isFinal, type Update } from '../../src/campaigns/index.ts';
import { CODE, parse, pathOf, response } from '../../src/lwm2m/index.ts';
import { SERVER } from './device.ts';
import { givenWorld, MINUTE, SECOND_LONG } from './world.ts';

const isOver = (update: Update): boolean => isFinal(update.state);

describe('a device that restarts', () => {
  test('in the middle of a push registers from a new port and gets the image from its beginning', async () => {
    const world = await givenWorld({ manners: { delivery: 1, szx: 2 } });
    await world.during(world.device.register());
    await world.runUntil(({ state }) => state.name === 'downloading');
    await world.run(300);
    const device = world.device;
    [device.state, device.result] = [0, 0];
    await world.during(device.restart());
    expect(world.server.counts.registrations).toBe(1);
    expect((await world.runUntil(isOver)).state).toMatchObject({ name: 'succeeded', attempt: 1 });
    expect(Buffer.from(device.image).equals(world.image)).toBe(true);
    expect(world.log).toEqual([]);
  });

  test('in the middle of a fetch and has forgotten it gets another attempt', async () => {
    const world = await givenWorld({ manners: { delivery: 0, szx: 1 } });
    await world.during(world.device.register());
    await world.runUntil(({ state }) => state.name === 'downloading');
    await world.run(300);
    const device = world.device;
    device.fetching = undefined;
    [device.state, device.result] = [0, 0];
    await world.during(device.restart());
    expect((await world.runUntil(isOver)).state).toMatchObject({ name: 'succeeded', attempt: 2 });
    expect(Buffer.from(device.image).equals(world.image)).toBe(true);
  });

  test('while it is being asked is asked again at its new address', async () => {
    const world = await givenWorld({ manners: { delivery: 0 } });
    let silent = true;
    world.device.script = () => (silent ? 'silent' : undefined);
    await world.during(world.device.register());
    await world.run(3 * SECOND_LONG);
    silent = false;
    await world.during(world.device.restart());
    expect((await world.runUntil(isOver)).state).toMatchObject({ name: 'succeeded', attempt: 1 });
  });
});

describe('a device with whom something is wrong', () => {
  test('that answers nothing is left alone until it speaks', async () => {
    const world = await givenWorld({ manners: { delivery: 0 } });
    let silent = true;
    world.device.script = () => (silent ? 'silent' : undefined);
    await world.during(world.device.register());
    await world.run(3 * MINUTE);
    const heard = world.device.heard.length;
    await world.run(10 * MINUTE);
    expect(world.device.heard.length).toBe(heard);
    expect(world.server.counts).toMatchObject({ conversations: 0, outstanding: 0 });
    silent = false;
    await world.during(world.device.update());
    expect((await world.runUntil(isOver)).state.name).toBe('succeeded');
  });

  test('that answers a block with 4.08 gets the image from its beginning', async () => {
    const world = await givenWorld({ manners: { delivery: 1, szx: 4 } });
    let blocks = 0;
    world.device.script = (request) => {
      if (pathOf(request.options) !== '/5/0/0' || request.payload.length === 1) return undefined;
      blocks += 1;
      return blocks === 10 ? response(CODE.INCOMPLETE) : undefined;
    };
    await world.during(world.device.register());
    expect((await world.runUntil(isOver)).state).toMatchObject({ name: 'succeeded', attempt: 1 });
    expect(Buffer.from(world.device.image).equals(world.image)).toBe(true);
  });

  test('that refuses the first block without a reason of its own has refused the offer', async () => {
    const world = await givenWorld({ manners: { delivery: 1 } });
    world.device.script = (request) => (pathOf(request.options) === '/5/0/0' ? response(CODE.UNAUTHORIZED) : undefined);
    await world.during(world.device.register());
    const update = await world.runUntil(({ history }) => history.length > 0);
    expect(update.history[0]).toMatchObject({ outcome: 'offer-refused' });
  });

  test('whose link loses a third of what it sends, or of everything while it is written to, is updated all the same', async () => {
    for (const delivery of [0, 1] as const) {
      const world = await givenWorld({ manners: { delivery, szx: 6 } });
      let seed = 99;
      world.net.loses = () => {
        seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
        return seed / 2 ** 32 < 0.3;
      };
      await world.during(world.device.register());
      const beat = async (): Promise<void> => {
        await world.device.update();
        world.agenda.after(5 * MINUTE, () => void beat());
      };
      world.agenda.after(5 * MINUTE, () => void beat());
      expect((await world.runUntil(isOver)).state.name).toBe('succeeded');
      expect(world.device.installs).toBe(1);
      expect(Buffer.from(world.device.image).equals(world.image)).toBe(true);
    }
  });
});

describe('an aborted campaign', () => {
  test('leaves nothing on the device: it is reset at its next contact', async () => {
    const world = await givenWorld({ manners: { delivery: 1, szx: 2 } });
    await world.during(world.device.register());
    await world.runUntil(({ state }) => state.name === 'downloading');
    await world.run(500);
    await world.abort();
    await world.run(20 * SECOND_LONG);
    expect(world.device.state).toBe(1);
    await world.during(world.device.update());
    await world.run(5 * SECOND_LONG);
    expect(world.device.state).toBe(0);
    const row = await world.store.device({
      account: (await world.update()).account,
      imei: (await world.update()).imei,
    });
    expect(row?.residue).toBeUndefined();
  });
});

describe('our own stop', () => {
  test('interrupts a push, settles nothing that it does not know, and sends nothing more', async () => {
    const world = await givenWorld({ manners: { delivery: 1, szx: 0 } });
    await world.during(world.device.register());
    await world.runUntil(({ state }) => state.name === 'downloading');
    await world.during(world.server.stop());
    expect((await world.update()).state).toMatchObject({ name: 'waiting', reason: 'suspended' });
    const sent = world.net.sent.filter(({ from }) => from === SERVER).length;
    await world.run(10 * MINUTE);
    expect(world.net.sent.filter(({ from }) => from === SERVER).length).toBe(sent);
    expect(world.log).toEqual([]);
    expect(parse(world.net.sent.at(-1)!.bytes).ok).toBe(true);
  });
});
