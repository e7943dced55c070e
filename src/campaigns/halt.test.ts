// Evidence of a halt: which entries count against an image, and how the halt is told.
import { describe, expect, test } from 'vitest';
import type { Entry } from './change.ts';
import { evidenceOf, haltSentence, scoreEventOf } from './halt.ts';
import type { Imei } from './ids.ts';
import { LIMITS } from './limits.ts';
import { FAILURE_REASONS, type FailureReason } from './reasons.ts';
import type { Halt } from './score-book.ts';
import { ACCOUNT, CAMPAIGN, givenDevice, IMEI, object5, START, Story } from './testing/given.ts';
import { hours } from './time.ts';
import { UPDATE_MOVES } from './update.ts';

const entry = (more: Partial<Entry>): Entry => ({
  account: ACCOUNT,
  campaign: CAMPAIGN,
  imei: IMEI,
  at: START,
  kind: 'state',
  rule: 'update.failed',
  ...more,
});
const ended = (to: 'failed' | 'succeeded' | 'expired', facts: Entry['facts'] = {}): Entry =>
  entry({ move: { from: 'installing', to }, facts });

describe('an entry', () => {
  test('of a transfer grant gives the device its place, whatever else it says', () => {
    const grant = entry({ kind: 'transfer-grant', move: { from: 'waiting', to: 'downloading' } });
    expect(scoreEventOf(grant, [2])).toEqual({ is: 'granted', imei: IMEI, strata: [2] });
  });

  test('of a failure counts when its reason speaks against the image, and then only', () => {
    for (const reason of Object.keys(FAILURE_REASONS) as FailureReason[]) {
      const counts = FAILURE_REASONS[reason].evidence;
      const event = counts ? { is: 'failed', imei: IMEI, reason } : { is: 'left', imei: IMEI };
      expect(scoreEventOf(ended('failed', { reason }), [])).toEqual(event);
    }
    expect(scoreEventOf(ended('failed'), [])).toEqual({ is: 'left', imei: IMEI });
    expect(scoreEventOf(ended('failed', { reason: 'toString' }), [])).toEqual({ is: 'left', imei: IMEI });
  });

  test('of a retry, of the end of the campaign or of a removal takes the place away', () => {
    for (const to of ['waiting', 'rejected', 'cancelled', 'aborted', 'expired', 'gone'] as const)
      expect(scoreEventOf(entry({ move: { from: 'downloading', to } }), [])).toEqual({ is: 'left', imei: IMEI });
    expect(scoreEventOf(ended('succeeded'), [])).toEqual({ is: 'succeeded', imei: IMEI });
  });

  test('of a suspended attempt that goes on with its whole image gives a new place: no other grant comes', () => {
    const story = Story.lwm2m().toInstalling();
    const deferred = story.reads({ firmware: '1.0', object5: object5('idle', 'deferred') });
    expect(deferred.entries.map((one) => scoreEventOf(one, []))).toEqual([{ is: 'left', imei: IMEI }]);
    story.wait(hours(1)).tell({ type: 'contact' });
    const taken = story.reads({ firmware: '1.0', object5: object5('downloaded') });
    expect(story.state.name).toBe('downloaded');
    expect(taken.entries.map((one) => scoreEventOf(one, [2]))).toEqual([{ is: 'granted', imei: IMEI, strata: [2] }]);
  });

  test('of any other step says nothing', () => {
    for (const to of UPDATE_MOVES.downloading.slice(2, 5))
      expect(scoreEventOf(entry({ move: { from: 'downloading', to } }), [])).toBeUndefined();
    expect(scoreEventOf(entry({ kind: 'late', facts: { result: 'failed' } }), [])).toBeUndefined();
    const { imei: _none, ...ofCampaign } = entry({ kind: 'phase' });
    expect(scoreEventOf(ofCampaign, [])).toBeUndefined();
  });
});

const imei = (number: number): Imei => String(100_000_000_000_000 + number) as Imei;
const reasons: readonly FailureReason[] = ['install-failed', 'silent-after-install', 'install-failed'];
const halt: Halt = {
  by: 'stratum',
  stratum: 1,
  value: 4_828_314,
  bound: 4_553_877,
  outcomes: 5,
  failures: 3,
  failing: reasons.map((reason, at) => ({ imei: imei(at), reason, strata: [1] })),
};
const devices = [0, 1, 2, 3].map((at) =>
  givenDevice({ imei: imei(at), model: at === 0 ? 'M2' : 'M1', labels: { site: 'north', rack: String(at) } }),
);

describe('a halt', () => {
  test('names devices, reasons, and the makes, models and labels of those that failed', () => {
    expect(evidenceOf(halt, ['', 'M1'], devices)).toEqual({
      score: 'M1',
      value: 4_828_314,
      bound: 4_553_877,
      outcomes: 5,
      failures: 3,
      devices: [imei(0), imei(1), imei(2)],
      reasons: [
        { name: 'install-failed', devices: 2 },
        { name: 'silent-after-install', devices: 1 },
      ],
      shares: [
        { name: 'label site=north', devices: 3 },
        { name: 'make Acme', devices: 3 },
        { name: 'model M1', devices: 2 },
        { name: 'label rack=0', devices: 1 },
        { name: 'label rack=1', devices: 1 },
        { name: 'label rack=2', devices: 1 },
        { name: 'model M2', devices: 1 },
      ],
    });
  });

  test('names a limited number of shares', () => {
    const labels = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`key${at}`, 'value']));
    const { shares } = evidenceOf(halt, [], [givenDevice({ imei: imei(0), labels })]);
    expect(shares).toHaveLength(LIMITS.haltSharesMax);
  });

  test('is told in a sentence', () => {
    expect(haltSentence(evidenceOf(halt, ['', 'M1'], devices))).toBe(
      'Too many failures: 3 of the last 5 outcomes of M1 (install-failed 2, silent-after-install 1). Of these 3: label site=north 3, make Acme 3, model M1 2.',
    );
    const { stratum: _of, ...whole } = halt;
    expect(haltSentence(evidenceOf({ ...whole, by: 'campaign' }, [], []))).toBe(
      'Too many failures: 3 of the last 5 outcomes (install-failed 2, silent-after-install 1).',
    );
    expect(haltSentence(evidenceOf({ ...whole, by: 'canary' }, [], []))).toContain('outcomes of the canary (');
  });
});
