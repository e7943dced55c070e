// Stories of the world: hand-written, each a known hard case of the field.
import { describe, expect, test } from 'vitest';
import { given, http, lwm2m } from './scenario.ts';
import { World } from './world.ts';

const stories = {
  'an LwM2M device fetches, installs and comes back': given({ devices: [lwm2m(1)] }),
  'an HTTP device that closes at once': given({ devices: [http(1)] }),
} as const;

describe('the world', () => {
  for (const [title, scenario] of Object.entries(stories)) {
    test(title, async () => {
      const world = await (await World.open(scenario)).run();
      for (const device of scenario.devices) expect(world.stateOf(device.imei)).toBe('succeeded');
    });
  }
});
