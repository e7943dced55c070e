// The server's part of the OMA enabler test cases for object 5 (devices.md, LightweightM2M-1.0-int-7xx).
import { describe, expect, test } from 'vitest';
import { isFinal, type Update } from '../../src/campaigns/index.ts';
import { CODE, CONTENT_FORMAT, OPTION, pathOf, response, uintOf } from '../../src/lwm2m/index.ts';
import type { Manners } from './device.ts';
import { givenWorld, HOUR, MINUTE, type World } from './world.ts';

const isOver = (update: Update): boolean => isFinal(update.state);

async function withDevice(manners: Partial<Manners>, prepare: (world: World) => void = () => {}): Promise<World> {
  const world = await givenWorld({ manners });
  prepare(world);
  await world.during(world.device.register());
  return world;
}

const firstOutcome = (update: Update): string | undefined => update.history[0]?.outcome;
const hasOutcome = (update: Update): boolean => update.history.length > 0;

for (const [way, delivery] of [
  ['by pull', 0],
  ['by push', 1],
] as const) {
  describe(`an image ${way}`, () => {
    test('755, 756: a device that is not idle is brought to Idle first, by NUL or by an empty URI', async () => {
      const world = await withDevice({ delivery }, ({ device }) => {
        device.state = 2;
      });
      expect((await world.runUntil(isOver)).state).toMatchObject({ name: 'succeeded', attempt: 1 });
      // Whoever takes no package refuses the NUL as well, and is left the empty URI.
      const writes = world.device.heard.filter((heard) => heard.startsWith('PUT'));
      const expected = delivery === 0 ? ['PUT /5/0/0', 'PUT /5/0/1', 'PUT /5/0/1'] : Array(11).fill('PUT /5/0/0');
      expect(writes).toEqual(expected);
      expect(world.device.installs).toBe(1);
    });

    test('770, 771: is downloaded, executed, and ends with State 0, Result 1 and the new version', async () => {
      const world = await withDevice({ delivery });
      expect((await world.runUntil(isOver)).state).toMatchObject({ name: 'succeeded', evidence: 'version' });
      expect(world.device).toMatchObject({ state: 0, result: 1, version: '2.0', installs: 1 });
      expect(world.device.heard.filter((heard) => heard === 'POST /5/0/2')).toHaveLength(1);
    });

    test('772: an Execute that is refused with 4.05 changes nothing and is ordered again when State is 2', async () => {
      let refused = 0;
      const world = await withDevice({ delivery }, ({ device }) => {
        device.script = (request) => {
          if (pathOf(request.options) !== '/5/0/2' || refused > 0) return undefined;
          refused += 1;
          return response(CODE.METHOD_NOT_ALLOWED);
        };
      });
      expect((await world.runUntil(isOver)).state).toMatchObject({ name: 'succeeded' });
      expect(refused).toBe(1);
      expect(world.device.installs).toBe(1);
    });

    test.each([
      [773, 2, 'not-enough-storage'],
      [774, 3, 'out-of-memory'],
      [775, 4, 'connection-lost'],
      [776, 5, 'integrity-failed'],
      [777, 6, 'unsupported-package'],
      [778, 7, 'invalid-uri'],
      [780, 9, 'unsupported-protocol'],
    ])('%i: Result %i is the failure "%s", and nothing is executed', async (_number, result, reason) => {
      const world = await withDevice({ delivery, arrived: { state: 0, result } });
      expect(firstOutcome(await world.runUntil(hasOutcome))).toBe(reason);
      expect(world.device.heard).not.toContain('POST /5/0/2');
    });

    test('773: an image that does not fit ends with Result 2 before it has arrived', async () => {
      const world = await withDevice({ delivery, storageBytes: 4_096 });
      expect((await world.runUntil(isOver)).state).toMatchObject({ name: 'failed', reason: 'not-enough-storage' });
      expect(world.device.heard).not.toContain('POST /5/0/2');
      expect(world.log).toEqual([]);
    });

    test('779: an installation that fails leaves State 2, Result 8 and the old version', async () => {
      const installed = { state: 2, result: 8, version: '1.0', registers: false };
      const world = await withDevice({ delivery, installed });
      expect(firstOutcome(await world.runUntil(hasOutcome))).toBe('install-failed');
      expect(world.device.installs).toBe(1);
    });
  });
}

describe('what devices do besides', () => {
  test('a device that says yes to a URI and ignores it is pushed to after the offer has gone stale', async () => {
    const world = await withDevice({ delivery: 1 }, ({ device }) => {
      Object.assign(device.manners, { delivery: undefined, protocols: undefined });
      const own = device.script;
      device.script = (request) => {
        const isUri = pathOf(request.options) === '/5/0/1' && request.payload.length > 0;
        return isUri ? response(CODE.CHANGED) : own(request);
      };
    });
    expect((await world.runUntil(isOver)).state).toMatchObject({ name: 'succeeded' });
    expect(world.agenda.now()).toBeGreaterThan(HOUR);
  });

  test('a URI that must be TLV is written as TLV', async () => {
    const forms: (number | undefined)[] = [];
    const world = await withDevice({ delivery: 0 }, ({ device }) => {
      device.script = (request) => {
        if (pathOf(request.options) !== '/5/0/1') return undefined;
        const form = uintOf(request.options, OPTION.CONTENT_FORMAT);
        forms.push(form);
        return form === CONTENT_FORMAT.TEXT ? response(CODE.UNSUPPORTED_FORMAT) : response(CODE.CHANGED);
      };
    });
    await world.run(10 * MINUTE);
    expect(forms.slice(0, 2)).toEqual([CONTENT_FORMAT.TEXT, CONTENT_FORMAT.TLV]);
    expect((await world.update()).state.name).toBe('offered');
  });

  test('an offer that is refused costs an attempt and says why', async () => {
    const world = await withDevice({ delivery: 0 }, ({ device }) => {
      device.script = (request) => (pathOf(request.options) === '/5/0/1' ? response(CODE.UNAUTHORIZED) : undefined);
    });
    expect(firstOutcome(await world.runUntil(hasOutcome))).toBe('offer-refused');
  });

  test('a device that knows no TLV, and none of the objects as a whole, is read resource by resource', async () => {
    const world = await withDevice({ delivery: 0 }, ({ device }) => {
      device.script = (request) => {
        const path = pathOf(request.options);
        if (request.code !== CODE.GET || (path !== '/3/0' && path !== '/5/0')) return undefined;
        return response(
          uintOf(request.options, OPTION.ACCEPT) === undefined ? CODE.METHOD_NOT_ALLOWED : CODE.NOT_ACCEPTABLE,
        );
      };
    });
    expect((await world.runUntil(isOver)).state).toMatchObject({ name: 'succeeded', evidence: 'version' });
  });

  test('a device without object 5 is rejected as not capable', async () => {
    const world = await withDevice({ delivery: 0 }, ({ device }) => {
      device.script = (request) => (pathOf(request.options).startsWith('/5') ? response(CODE.NOT_FOUND) : undefined);
    });
    expect((await world.runUntil(isOver)).state).toMatchObject({ name: 'rejected', reason: 'not-capable' });
  });

  test('paths begin with the root that the device registered with', async () => {
    const world = await givenWorld({ manners: { delivery: 0, root: '/lwm2m' } });
    const paths = new Set<string | undefined>();
    world.device.script = (request) => {
      paths.add(pathOf(request.options).split('/')[1]);
      return undefined;
    };
    await world.during(world.device.register());
    await world.run(10_000);
    expect([...paths]).toEqual(['lwm2m']);
    expect((await world.update()).state.name).not.toBe('waiting');
  });

  test('the version is read where the package says it is', async () => {
    const reports = { from: ['uuid-1'], to: 'uuid-2', resource: '/9/0/2' };
    const world = await givenWorld({
      manners: { delivery: 0 },
      reports,
      device: { firmware: { value: 'uuid-1', at: 0 as never, source: 'import' } },
    });
    world.device.script = (request) => {
      if (pathOf(request.options) !== '/9/0/2') return undefined;
      const value = world.device.version === '2.0' ? 'uuid-2' : 'uuid-1';
      return { code: CODE.CONTENT, options: [], payload: new TextEncoder().encode(value) };
    };
    await world.during(world.device.register());
    expect((await world.runUntil(isOver)).state).toMatchObject({ name: 'succeeded', evidence: 'version' });
  });
});
