// What the customer is told: the first event at once, later ones gathered, campaign events in their place, numbers without gaps.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Audience, type CallbackEvent, type DeviceEvent, flush, isFlushDue } from './callbacks.ts';
import type { Campaign } from './campaign.ts';
import type { Change, Entry } from './change.ts';
import type { Imei } from './ids.ts';
import { LIMITS } from './limits.ts';
import { fold, nextTurn } from './steward.ts';
import { ACCOUNT, CAMPAIGN, givenCampaign, phase, START } from './testing/given.ts';
import { after, type Duration, type Instant, seconds } from './time.ts';

const ended = (id: number, facts: Entry['facts'] = {}): Entry => ({
  account: ACCOUNT,
  campaign: CAMPAIGN,
  imei: `${100_000_000_000_000 + id}` as Imei,
  at: START,
  kind: 'verification',
  rule: 'update.failed',
  move: { from: 'waiting', to: 'failed' },
  facts,
});
const phased: Entry = {
  account: ACCOUNT,
  campaign: CAMPAIGN,
  at: START,
  kind: 'phase',
  rule: 'campaign.scheduled',
  facts: { phase: 'scheduled' },
};
const many = (count: number, first = 1): Entry[] => Array.from({ length: count }, (_, at) => ended(first + at));

/** A campaign whose steward folds, and what its listeners have been told. */
class Teller {
  campaign: Campaign = { ...givenCampaign(), tallies: { ...givenCampaign().tallies, waiting: 1_000_000 } };
  gathered: readonly DeviceEvent[] = [];
  told: CallbackEvent[] = [];
  audience: readonly Audience[] = ['v3'];
  now: Instant = START;

  #store(change: Change): this {
    for (const write of change.writes) {
      if (write.op === 'replace-campaign') this.campaign = write.row;
      if (write.op === 'gather') this.gathered = write.devices;
    }
    for (const intent of change.intents) if (intent.kind === 'callback') this.told.push(intent.event);
    return this;
  }

  fold(...entries: readonly Entry[]): this {
    const unsealed = entries.map((entry, id) => ({ id, entry }));
    const { campaign, gathered, audience } = this;
    return this.#store(
      fold({ campaign, gathered, audience, unsealed }, { digest: (text) => `${text.length}` }, this.now),
    );
  }

  flush(): this {
    return this.#store(flush(this.campaign, this, this.now));
  }

  wait(time: Duration): this {
    this.now = after(this.now, time);
    return this;
  }

  get sizes(): readonly number[] {
    return this.told.map(({ devices }) => devices.length);
  }
}

describe('device events', () => {
  test('leave at once when nothing was told of late, with reason and detail', () => {
    const teller = new Teller().fold(ended(1, { reason: 'install-failed', detail: 'no power' }));
    expect(teller.told[0]).toMatchObject({
      number: 1,
      facts: { generation: 'v3', package: 'base', to: '2.0' },
      devices: [{ state: 'failed', reason: 'install-failed', detail: 'no power' }],
    });
    expect(teller.campaign.callbacks).toEqual({ last: 1, toldAt: START });
  });

  test('wait five seconds for company after that, and the steward comes for them', () => {
    const teller = new Teller().fold(ended(1)).wait(seconds(1)).fold(ended(2)).wait(seconds(1)).fold(ended(3));
    expect(teller.sizes).toEqual([1]);
    const dueAt = after(START, LIMITS.callbackGather);
    expect(teller.campaign.nextActionAt).toBe(dueAt);
    expect(nextTurn(teller.campaign, teller.now)).toBe(dueAt);
    expect(nextTurn({ ...teller.campaign, phase: phase('ended') }, teller.now)).toBe(dueAt);
    expect(isFlushDue(teller.campaign, teller.now)).toBe(false);
    teller.wait(seconds(3));
    expect(isFlushDue(teller.campaign, teller.now)).toBe(true);
    teller.flush();
    expect(teller.sizes).toEqual([1, 2]);
    expect(teller.gathered).toEqual([]);
    expect(isFlushDue(teller.campaign, teller.now)).toBe(false);
  });

  test('leave when there are five hundred', () => {
    const teller = new Teller().fold(ended(0)).fold(...many(499));
    expect(teller.sizes).toEqual([1]);
    expect(teller.fold(ended(500)).sizes).toEqual([1, 500]);
    expect(teller.fold(...many(1_100, 501)).sizes).toEqual([1, 500, 500, 500]);
    expect(teller.gathered).toHaveLength(100);
  });

  test('leave before a campaign event, which has a number of its own', () => {
    const teller = new Teller().fold(ended(1)).fold(ended(2), phased, ended(3));
    expect(teller.told.map(({ number, phase, devices }) => [number, phase?.name, devices.length])).toEqual([
      [1, undefined, 1],
      [2, undefined, 1],
      [3, 'scheduled', 0],
    ]);
    expect(teller.gathered).toHaveLength(1);
  });
});

describe('the audience', () => {
  test('is the listener of the generation and that of v1; a listener of another hears nothing', () => {
    const told = (audience: readonly Audience[], generation: Campaign['generation']) => {
      const change = fold(
        { campaign: givenCampaign({ generation }), unsealed: [{ id: 1, entry: phased }], audience, gathered: [] },
        { digest: String },
        START,
      );
      return change.intents.map((intent) => (intent.kind === 'callback' ? intent.to : []));
    };
    expect(told(['v1', 'v2', 'v3'], 'v3')).toEqual([['v1', 'v3']]);
    expect(told(['v1', 'v2', 'v3'], 'v2')).toEqual([['v1', 'v2']]);
    expect(told(['v2'], 'v3')).toEqual([]);
  });

  test('that is empty costs no number, and what was gathered for it is forgotten', () => {
    const teller = new Teller().fold(ended(1)).fold(ended(2));
    teller.audience = [];
    teller.fold(ended(3), phased);
    expect(teller.gathered).toEqual([]);
    expect(teller.campaign.callbacks).toEqual({ last: 1 });
    teller.audience = ['v3'];
    expect(teller.fold(ended(4)).told.map(({ number }) => number)).toEqual([1, 2]);
  });
});

test('every end is told once, in order, at most five hundred at a time, whatever the batches and pauses', () => {
  const step = fc.record({
    count: fc.integer({ min: 1, max: 700 }),
    phase: fc.boolean(),
    wait: fc.integer({ max: 6, min: 0 }),
  });
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 8 }), (steps) => {
      const teller = new Teller();
      let next = 1;
      for (const { count, phase, wait } of steps) {
        teller.wait(seconds(wait)).fold(...many(count, next), ...(phase ? [phased] : []));
        next += count;
      }
      teller.wait(LIMITS.callbackGather).flush();
      expect(teller.told.map(({ number }) => number)).toEqual(teller.told.map((_, at) => at + 1));
      expect(Math.max(...teller.sizes)).toBeLessThanOrEqual(LIMITS.callbackDevicesMax);
      const imeis = teller.told.flatMap(({ devices }) => devices.map(({ imei }) => Number(imei) - 100_000_000_000_000));
      expect(imeis).toEqual(Array.from({ length: next - 1 }, (_, at) => at + 1));
    }),
    { seed: 7, numRuns: 20 },
  );
});
