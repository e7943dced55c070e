// The steward's own entries: counted and chained as if they had been stored first and read again.
import { expect, test } from 'vitest';
import type { Campaign } from './campaign.ts';
import type { Change } from './change.ts';
import { hashOf } from './ids.ts';
import { sealedAtOnce } from './sealing.ts';
import { admitPart, fold } from './steward.ts';
import { givenCampaign, givenDevice, IMEI, START } from './testing/given.ts';

const digest = (text: string): string => hashOf(text).toString(16);
const TELLING = { audience: ['v3'], gathered: [] } as const;

function campaignOf({ writes }: Change): Campaign {
  const [campaign, ...others] = writes.flatMap((write) => (write.op === 'replace-campaign' ? [write.row] : []));
  if (campaign === undefined || others.length > 0) throw new Error('the campaign was not written once');
  return campaign;
}

function admitted(): Change {
  const candidates = [
    { imei: IMEI, device: givenDevice(), present: false },
    { imei: 'nonsense', present: false },
  ];
  return admitPart(
    givenCampaign({ phase: { name: 'pending', since: START, rule: 'campaign.accepted' } }),
    0,
    candidates,
    true,
    START,
  ).change;
}

test('a part of the list that is admitted and counted in one commit leaves what two commits would', () => {
  const change = admitted();
  const unsealed = change.entries.map((entry, id) => ({ id, entry }));
  const later = fold({ campaign: campaignOf(change), unsealed, ...TELLING }, { digest }, START);
  const atOnce = sealedAtOnce(change, TELLING, { digest }, START);
  expect(campaignOf(atOnce)).toEqual(campaignOf(later));
  expect(atOnce.intents).toEqual(later.intents);
  expect(atOnce.intents).toHaveLength(1);
  expect(atOnce.entries).toEqual([]);
  const sealed = later.writes.flatMap((write) => (write.op === 'seal' ? write.sealed : []));
  const placed = atOnce.writes.flatMap((write) => (write.op === 'insert-sealed' ? write.sealed : []));
  expect(placed.map(({ imei }) => imei)).toEqual([IMEI, 'nonsense']);
  expect(placed.map(({ imei: _imei, ...place }) => place)).toEqual(sealed.map(({ id: _id, ...place }) => place));
});

test('everything else of the change is kept, and the row by which a late steward is found out is written first', () => {
  const change = admitted();
  const ops = sealedAtOnce(change, TELLING, { digest }, START).writes.map(({ op }) => op);
  expect(ops[0]).toBe('replace-campaign');
  for (const { op } of change.writes) expect(ops).toContain(op);
});

test('a change without entries is left as it is', () => {
  const change: Change = { ...admitted(), entries: [] };
  expect(sealedAtOnce(change, TELLING, { digest }, START)).toBe(change);
});
