// What is known beforehand not to go is told in a sentence, and nothing is told where nothing is known.
import { describe, expect, test } from 'vitest';
import type { Device } from './device.ts';
import { feasibilityWarnings, longestOpening, type Plan } from './feasibility.ts';
import { givenDevice, givenTimetable, START } from './testing/given.ts';
import { hours, minutes } from './time.ts';

const plan = (more: Partial<Plan> = {}, windows = [{ from: 2, until: 4 }]): Plan => ({
  timetable: givenTimetable({ downloadWindows: windows }),
  transport: 'LWM2M',
  size: 100_000,
  profile: { ddiClient: 'streaming', autoInstalls: false },
  poll: minutes(5),
  ...more,
});
const told = (of: Plan, devices: readonly Device[] = []): readonly string[] => feasibilityWarnings(of, devices, START);

describe('the longest opening', () => {
  test('is that of the longest window, and goes on over midnight', () => {
    expect(longestOpening(plan(), 'UTC', START)).toBe(hours(2));
    const night = [
      { from: 0, until: 4 },
      { from: 12, until: 13 },
      { from: 22, until: 24 },
    ];
    expect(longestOpening(plan({}, night), 'UTC', START)).toBe(hours(6));
  });

  test('of a device that installs as it downloads is what both windows leave', () => {
    const timetable = givenTimetable({
      downloadWindows: [{ from: 2, until: 6 }],
      installWindows: [{ from: 5, until: 9 }],
    });
    expect(longestOpening(plan({ timetable, transport: 'HTTP' }), 'UTC', START)).toBe(hours(1));
    expect(longestOpening(plan({ timetable }), 'UTC', START)).toBe(hours(4));
  });

  test('without windows is all the time, and without a common hour there is none', () => {
    expect(longestOpening(plan({}, []), 'UTC', START)).toBe(hours(7 * 24));
    const timetable = givenTimetable({
      downloadWindows: [{ from: 2, until: 3 }],
      installWindows: [{ from: 3, until: 4 }],
    });
    expect(longestOpening(plan({ timetable, transport: 'HTTP' }), 'UTC', START)).toBeUndefined();
  });
});

describe('warnings', () => {
  test('are none where everything fits', () => {
    expect(told(plan())).toEqual([]);
    expect(told(plan({ transport: 'HTTP', poll: hours(2) }))).toEqual([]);
  });

  test('name a poll interval that is longer than the window', () => {
    expect(told(plan({ transport: 'HTTP', poll: hours(3) }))).toEqual([
      'Devices are told to poll every 3 hours, and the longest time that is open is 2 hours: some will not come while it is open.',
    ]);
    expect(told(plan({ poll: hours(3) }))).toEqual([]);
  });

  test('name a transfer that fits into no window, measured or assumed; with the other rule it may finish later', () => {
    const large = { size: 60_000_000 };
    expect(told(plan(large))).toEqual([expect.stringContaining('8192 bytes a second that are assumed')]);
    const fast = givenDevice({ rate: 1_000_000 });
    const slow = givenDevice({ rate: 1_000 });
    expect(told(plan(large), [fast])).toEqual([]);
    expect(told(plan(large), [fast, slow])).toEqual([
      expect.stringMatching(/^For 1 of 2 devices whose throughput was measured/),
    ]);
    const timetable = givenTimetable({ downloadWindows: [{ from: 2, until: 4 }], rule: 'start-before-close' });
    expect(told(plan({ ...large, timetable }))).toEqual([]);
  });

  test('count the devices whose own zone has no open hour left', () => {
    const timetable = givenTimetable({
      zone: 'device',
      endDate: givenTimetable().startDate,
      downloadWindows: [{ from: 2, until: 3 }],
    });
    const devices = ['Pacific/Honolulu', 'Pacific/Honolulu', 'UTC'].map((timeZone) => givenDevice({ timeZone }));
    expect(told(plan({ timetable }), devices)).toEqual([]);
    // It ends at 14:00 in Honolulu, and from 03:00 there on nothing more is open.
    const late = feasibilityWarnings(plan({ timetable }), devices, (START + hours(13)) as typeof START);
    expect(late).toEqual([
      'There is no open download hour in UTC between start and end: no device in that zone can be updated.',
      'There is no open hour in Pacific/Honolulu between start and end: 2 devices are there.',
    ]);
  });
});
