// The rollout of a campaign, asked for in every API that schedules, approved by a second person, halted with evidence.
import { beforeEach, describe, expect, test } from 'vitest';
import { PILOT_TERMS } from '../../src/accounts/index.ts';
import { LIMITS as ENGINE_LIMITS } from '../../src/campaigns/index.ts';
import { LIMITS } from '../../src/contract/index.ts';
import { CAMPAIGN, deviceKey, importFleet, type Operate, operatorNamed, update } from './crew.ts';
import { ACCOUNT, type Desk, FIRMWARE, HTTP_DEVICES, LWM2M_DEVICES, openDesk, openExample, SOFTWARE } from './desk.ts';

let desk: Desk;
let caller: Record<string, string>;
let ada: Operate;
let bob: Operate;

beforeEach(async () => {
  desk = await openDesk();
  caller = await openExample(desk);
  ada = await operatorNamed(desk, 'ada');
  bob = await operatorNamed(desk, 'bob');
});

const DATES = { startDate: '2026-03-10', endDate: '2026-03-20' };
const V2 = {
  softwareName: SOFTWARE.name,
  softwareFrom: SOFTWARE.from,
  softwareTo: SOFTWARE.to,
  distributionType: 'HTTP',
  ...DATES,
  deviceList: HTTP_DEVICES,
};
const V3 = {
  firmwareName: FIRMWARE.name,
  firmwareFrom: FIRMWARE.from,
  firmwareTo: FIRMWARE.to,
  ...DATES,
  deviceList: LWM2M_DEVICES,
};
const DEFAULTS = {
  waves: [],
  soakHours: 0,
  advanceAtPercent: 90,
  onStepDeadline: 'hold',
  approval: 'none',
  halt: { usualFailurePercent: 2, badFailurePercent: 10, falseHaltPercent: 1, missPercent: 5 },
  retry: { attemptsMax: 3, waitMinutes: 10 },
  arrivalsPerMinute: 1000,
  slots: 1000,
  maxUnresolved: 50,
};

interface RolloutBody {
  readonly rollout?: { readonly [field: string]: unknown };
  readonly warnings?: readonly string[];
  readonly errorMessage?: string;
}
const post = async (path: string, body: object): Promise<RolloutBody> =>
  (await desk.call('POST', path, body, caller)).body as unknown as RolloutBody;

describe('a schedule body', () => {
  test.each([
    [`/api/fota/v2/campaigns/${ACCOUNT}`, V2],
    [`/api/fota/v2/campaigns/software/${ACCOUNT}`, V2],
    [`/api/fota/v3/campaigns/firmware/${ACCOUNT}`, V3],
  ])('of %s may say how the campaign spreads, and is answered with what holds', async (path, body) => {
    expect(await post(path, body)).not.toHaveProperty('rollout');
    const asked = { canary: { devices: 1 }, waves: [{ percent: 25 }], stratifyBy: 'label:site', soakHours: 1.5 };
    const { rollout, warnings } = await post(path, { ...body, campaignName: 'spread', rollout: asked });
    expect(rollout).toMatchObject({ ...DEFAULTS, ...asked, progress: { step: 0, steps: [], awaitsApproval: false } });
    expect(warnings).toEqual([expect.stringMatching(/^The canary has 1 devices; at least 36 must succeed/)]);
  });

  test.each([
    [{ cannary: { devices: 1 } }, 'rollout: given an object, accepted: no field named cannary.'],
    [
      { canary: { devices: 1, percent: 1 } },
      'canary of rollout: given an object, accepted: {"devices": …} or {"percent": …}.',
    ],
    [{ canary: {} }, 'canary of rollout: given an object, accepted: {"devices": …} or {"percent": …}.'],
    [{ waves: [{ percent: 0 }] }, 'percent of waves[0] of rollout: given 0, accepted: a number above 0, at most 100.'],
    [
      { stratifyBy: 'colour' },
      'stratifyBy of rollout: given "colour", accepted: "model" or "label:" and the key of a label.',
    ],
    [{ approval: 'never' }, 'approval of rollout: given "never", accepted: one of none, start, every-step.'],
    [
      { retry: { attemptsMax: 11 } },
      'attemptsMax of retry of rollout: given 11, accepted: a whole number from 1 to 10.',
    ],
    [
      { halt: { usualFailurePercent: 20 } },
      'halt of rollout: given an object, accepted: usualFailurePercent below badFailurePercent, and falseHaltPercent and missPercent below 100 together.',
    ],
    [{ arrivalsPerMinute: 0 }, 'arrivalsPerMinute of rollout: given 0, accepted: a whole number from 1 to 1000000.'],
    ['fast', 'rollout: given "fast", accepted: an object with fields of a rollout like canary and waves.'],
  ])('with %j is refused by field, value and what would be accepted', async (rollout, sentence) => {
    expect((await post(`/api/fota/v2/campaigns/${ACCOUNT}`, { ...V2, rollout })).errorMessage).toBe(sentence);
  });

  test('with terms that no whole number tells apart is refused too', async () => {
    const halt = { usualFailurePercent: 10, badFailurePercent: 10.0000001 };
    const { errorMessage } = await post(`/api/fota/v2/campaigns/${ACCOUNT}`, { ...V2, rollout: { halt } });
    expect(errorMessage).toMatch(/^halt of rollout: given usualFailurePercent 10 and badFailurePercent 10.0/);
  });

  test('without anything to say has none', async () => {
    expect(await post(`/api/fota/v2/campaigns/${ACCOUNT}`, { ...V2, rollout: null })).not.toHaveProperty('rollout');
  });
});

test('what the wire allows is what the engine can do', () => {
  expect(LIMITS.rolloutWavesMax + 2).toBe(ENGINE_LIMITS.rolloutStepsMax);
  expect(LIMITS.rolloutAttemptsMax).toBe(ENGINE_LIMITS.attemptHistoryMax);
  expect(LIMITS.campaignSlotsMax).toBe(ENGINE_LIMITS.campaignDevicesMax);
  const { pilotDevicesMin: devicesMin, pilotDevicesMax: devicesMax, pilotSuccessPercentMin: successPercent } = LIMITS;
  expect(PILOT_TERMS).toEqual({ devicesMin, devicesMax, successPercent });
});

describe('an approval', () => {
  const rollout = { waves: [{ devices: 1 }], approval: 'start' };

  test('is for somebody else than who scheduled the campaign', async () => {
    const made = await ada('POST', '/campaigns', { ...CAMPAIGN, rollout });
    const path = `/campaigns/${made.body.id}`;
    await desk.settle();
    const [first = ''] = HTTP_DEVICES;
    expect((await ada('GET', path)).body).toMatchObject({
      statusReason: expect.stringContaining('Step 1 of its rollout waits for an approval'),
      rollout: { progress: { step: 0, awaitsApproval: true } },
    });
    expect(await update(desk, first, 'installed')).toBe(false);
    expect((await ada('POST', `${path}/approve`)).body['errorMessage']).toBe(
      'The campaign was ordered by "ada"; its approval is for somebody else.',
    );
    const approved = await bob('POST', `${path}/approve`, { reason: 'seen the image' });
    expect(approved.body['rollout']).toMatchObject({ progress: { awaitsApproval: false, approvedBy: 'bob' } });
    await desk.settle();
    expect((await ada('GET', path)).body['rollout']).toMatchObject({
      progress: {
        step: 1,
        steps: [
          { kind: 'wave', size: 1, state: 'open' },
          { size: 1, state: 'waiting' },
        ],
      },
    });
    expect((await bob('POST', `${path}/approve`)).body['errorMessage']).toMatch(/No step of the campaign waits/);
    const audit = (await desk.operator('GET', `/accounts/${ACCOUNT}/audit`)).body.items[0];
    expect(audit).toMatchObject({
      action: 'approve campaign',
      actor: { name: 'bob' },
      after: { reason: 'seen the image' },
    });
  });

  test('of a campaign of a customer is for any operator', async () => {
    const { id } = (await desk.call('POST', `/api/fota/v2/campaigns/${ACCOUNT}`, { ...V2, rollout }, caller)).body;
    await desk.settle();
    expect((await bob('POST', `/campaigns/${id}/approve`)).status).toBe(200);
    expect((await ada('GET', `/campaigns/${id}`)).body['orderedBy']).toMatch(/^client-/);
  });
});

describe('a halt', () => {
  test('names its evidence, its shares and its score, and a resume asks for a reason', async () => {
    const north = await importFleet(desk, 12, { labels: { site: 'north' } });
    const rollout = { retry: { attemptsMax: 1 } };
    const { body } = await ada('POST', '/campaigns', { ...CAMPAIGN, deviceList: north, rollout });
    const path = `/campaigns/${body.id}`;
    await desk.settle();
    for (const imei of north) {
      await update(desk, imei, 'failed');
      await desk.settle();
    }
    const seen = (await ada('GET', path)).body;
    expect(seen).toMatchObject({
      status: 'CampaignScheduled',
      statusReason: expect.stringMatching(/^Halted: Too many failures: \d+ of the last \d+ outcomes/),
      hold: {
        kind: 'halted',
        rule: 'campaign.halted-guard',
        evidence: {
          score: 'campaign',
          reasons: [{ name: 'install-failed' }],
          shares: expect.arrayContaining([{ name: 'label site=north', devices: expect.any(Number) }]),
        },
      },
      score: { guard: { value: expect.any(Number), bound: expect.any(Number) }, open: 0 },
    });
    const { hold, score } = seen as unknown as {
      readonly hold: { readonly evidence: { readonly failures: number; readonly devices: readonly string[] } };
      readonly score: { readonly guard: { readonly value: number; readonly bound: number } };
    };
    expect(hold.evidence.devices).toEqual(north.slice(0, hold.evidence.failures));
    expect(score.guard.value).toBeGreaterThanOrEqual(score.guard.bound);
    expect((await ada('POST', `${path}/resume`)).body['errorMessage']).toMatch(/^reason: missing/);
    expect((await ada('POST', `${path}/resume`, { reason: 'another cable' })).status).toBe(200);
    await desk.settle();
    expect((await ada('GET', path)).body).toMatchObject({ score: { guard: { value: 0 } } });
    expect((await ada('GET', '/campaigns')).body['items']).toEqual([
      expect.not.objectContaining({ hold: expect.anything() }),
    ]);
  });
});

describe('a canary', () => {
  test('that ends without a verdict opens nothing more until somebody else approves it', async () => {
    const fleet = await importFleet(desk, 8);
    const order = { ...CAMPAIGN, deviceList: fleet, rollout: { canary: { devices: 3 }, soakHours: 2 } };
    const { body } = await ada('POST', '/campaigns', order);
    expect(body['warnings']).toEqual([expect.stringMatching(/^The canary has 3 devices/)]);
    const path = `/campaigns/${body.id}`;
    await desk.settle();
    const offered: string[] = [];
    for (const imei of fleet) {
      if (!(await update(desk, imei, 'installed'))) continue;
      offered.push(imei);
      await desk.engine.deviceTold(deviceKey(imei), { mode: 'merge', data: { [SOFTWARE.name]: SOFTWARE.to } });
      await desk.settle();
    }
    expect(offered).toHaveLength(3);
    expect((await ada('GET', path)).body).toMatchObject({
      statusReason: expect.stringMatching(/^Undecided: Every device of the canary has an outcome \(3 succeeded/),
      hold: { kind: 'undecided', rule: 'campaign.canary-undecided' },
      score: { canary: { verdict: 'continue', outcomes: 3, failures: 0 } },
      rollout: { maxUnresolved: 3, progress: { step: 1, steps: [{ kind: 'canary', succeeded: 3 }, { size: 5 }] } },
    });
    expect((await bob('POST', `${path}/resume`, { reason: 'go' })).body['errorMessage']).toMatch(/approve it/);
    expect((await bob('POST', `${path}/approve`)).body).toMatchObject({
      rollout: {
        progress: { steps: [{ state: 'soaking' }, { state: 'waiting' }], soakUntil: '2026-03-10T12:00:00.000Z' },
      },
    });
    await desk.settle();
    const rest = fleet.filter((imei) => !offered.includes(imei));
    expect(await update(desk, rest[0] ?? '')).toBe(false);
    await desk.jumpTo('2026-03-10T12:00:00Z');
    expect((await ada('GET', path)).body['rollout']).toMatchObject({
      progress: { step: 2, steps: [{ state: 'done' }, {}] },
    });
    expect(await update(desk, rest[0] ?? '')).toBe(true);
  });
});
