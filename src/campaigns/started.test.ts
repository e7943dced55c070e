// When a campaign has started, and that narrowed windows do not undo it.
import { describe, expect, test } from 'vitest';
import { cancel, hasStarted, type Instant, narrowWindows, type ScheduleOrder, schedule, startedAt } from './index.ts';

const at = (text: string): Instant => Date.parse(text) as Instant;
const ORDERED = at('2026-11-22T09:00:00Z');

function running() {
  const order = {
    account: '0000123456-00001',
    id: '00000000-0000-4000-8000-000000000001',
    generation: 'v2',
    package: { kind: 'software', name: 'app', from: ['1'], to: '2', make: 'Acme', model: 'Lamp', transports: ['HTTP'] },
    from: '1',
    transport: 'HTTP',
    timetable: {
      startDate: '2026-11-22',
      endDate: '2026-11-25',
      downloadWindows: [{ from: 10, until: 20 }],
      installWindows: [],
      zone: 'UTC',
      fallbackZone: 'UTC',
      rule: 'strict',
    },
    autoAssignLicense: false,
    autoAddDevices: false,
    checkDigits: false,
    imeis: [],
  } as unknown as ScheduleOrder;
  const accepted = schedule(order, ORDERED);
  if (!accepted.ok) throw new Error(accepted.sentence);
  const { campaign } = accepted;
  return { ...campaign, phase: { ...campaign.phase, name: 'scheduled' } } as const;
}

const narrowed = (now: Instant) => {
  const hours = { downloadWindows: [{ from: 18, until: 20 }], installWindows: [] };
  const result = narrowWindows(running(), hours, { by: 'second' }, now);
  if (!result.ok) throw new Error(result.sentence);
  return result.campaign;
};

describe('windows that are narrowed to later hours', () => {
  test('leave a campaign that has started what it is', () => {
    const now = at('2026-11-22T12:00:00Z');
    const campaign = narrowed(now);
    expect(startedAt(campaign)).toBe(at('2026-11-22T10:00:00Z'));
    expect(hasStarted(campaign, now)).toBe(true);
    expect(cancel(campaign, false, now)).toMatchObject({ ok: false, code: 'CAMPAIGN_STATE_INVALID' });
  });

  test('put off the start of one that has not', () => {
    const campaign = narrowed(at('2026-11-22T09:30:00Z'));
    expect(startedAt(campaign)).toBe(at('2026-11-22T18:00:00Z'));
    expect(hasStarted(campaign, at('2026-11-22T12:00:00Z'))).toBe(false);
  });
});
