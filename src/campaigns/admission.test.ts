// Which devices of a list take part, which are rejected, and with which sentence.
import { describe, expect, test } from 'vitest';
import { admit, type Candidate, judgeCandidate } from './admission.ts';
import type { CampaignId } from './ids.ts';
import { hasCheckDigit, parseAccountName, parseImei } from './ids.ts';
import {
  CAMPAIGN,
  givenCampaign,
  givenDevice,
  givenHttpDevice,
  givenPackage,
  givenTimetable,
  IMEI,
  START,
} from './testing/given.ts';

const { liveCampaign: _none, ...FREE } = givenDevice();
const { firmware: _unread, ...UNREAD } = FREE;
const OTHER = 'campaign-b' as CampaignId;
const line = (more: Partial<Candidate> = {}): Candidate => ({ imei: IMEI, device: FREE, present: false, ...more });

describe('a device of a list', () => {
  const campaign = givenCampaign();
  const reading = (value: string) => ({ value, at: START, source: 'import' }) as const;
  const { device: _device, ...unknown } = line();

  const cases: readonly (readonly [string, Candidate, string, string])[] = [
    ['is no IMEI', line({ imei: '12345' }), 'imei-malformed', '"12345" is not 15 digits.'],
    ['is not known', unknown, 'device-unknown', `The account has no device ${IMEI}.`],
    [
      'is in another campaign',
      line({ device: { ...FREE, liveCampaign: OTHER } }),
      'busy',
      'It is in campaign campaign-b until that ends.',
    ],
    [
      'is reached over another transport',
      line({ device: { ...FREE, transport: 'HTTP' } }),
      'wrong-transport',
      'It is reached over HTTP, the campaign uses LWM2M.',
    ],
    [
      'is of another make',
      line({ device: { ...FREE, make: 'Apex' } }),
      'wrong-make',
      'Its make is "Apex", the package is for "Acme".',
    ],
    [
      'is of another model',
      line({ device: { ...FREE, model: 'M2' } }),
      'wrong-model',
      'Its model is "M2", the package is for "M1".',
    ],
    [
      'runs another version',
      line({ device: { ...FREE, firmware: reading('1.5') } }),
      'wrong-from-version',
      'It runs "1.5", the package starts from "1.0".',
    ],
    [
      'runs the target',
      line({ device: { ...FREE, firmware: reading('2.0') } }),
      'already-current',
      'It already runs "2.0".',
    ],
  ];
  test.each(cases)('that %s is rejected and told so', (_, candidate, reason, detail) => {
    expect(judgeCandidate(candidate, campaign)).toMatchObject({ reason, detail });
    const { writes, entries, results } = admit([candidate], campaign, START);
    expect(writes).toMatchObject([{ op: 'insert-update', row: { state: { name: 'rejected', reason, detail } } }]);
    expect(entries).toMatchObject([{ move: { from: 'none', to: 'rejected' }, facts: { reason, detail } }]);
    expect(results).toMatchObject([{ imei: candidate.imei, rejection: { reason } }]);
  });

  test('that is right waits, and takes part in no other campaign', () => {
    const { writes, entries } = admit([line()], campaign, START);
    expect(writes).toMatchObject([
      { op: 'insert-update', row: { state: { name: 'waiting' }, attempts: 0, rule: 'admission.accepted' } },
      { op: 'claim-device', row: { liveCampaign: CAMPAIGN } },
    ]);
    expect(entries).toMatchObject([{ kind: 'admission', move: { from: 'none', to: 'waiting' } }]);
  });

  test('of which make, model or version is not known is not wrong', () => {
    const { make: _make, model: _model, ...nameless } = UNREAD;
    expect(judgeCandidate(line({ device: nameless }), campaign)).toBeUndefined();
    const { writes } = admit([line({ device: UNREAD })], campaign, START);
    expect(writes[0]).toMatchObject({
      row: { state: { name: 'waiting', reason: 'version-unknown' }, rule: 'admission.version-unknown' },
    });
  });

  test('that is on the list already changes nothing', () => {
    expect(admit([line({ present: true })], campaign, START)).toMatchObject({
      writes: [],
      entries: [],
      results: [{ imei: IMEI }],
    });
  });

  test('is judged by its check digit only where the account wants it', () => {
    const right = parseImei('490154203237518');
    const wrong = line({ imei: '490154203237517' });
    expect(right !== undefined && hasCheckDigit(right)).toBe(true);
    expect(judgeCandidate(wrong, campaign)).toBeUndefined();
    expect(judgeCandidate(wrong, { ...campaign, checkDigits: true })).toMatchObject({ reason: 'imei-check-digit' });
  });

  test('is judged by how its versions look on the device', () => {
    const pack = givenPackage({ reports: { from: ['fw-1'], to: 'fw-2' } });
    const at = (value: string) => line({ device: { ...FREE, firmware: reading(value) } });
    expect(judgeCandidate(at('fw-1'), { ...campaign, package: pack })).toBeUndefined();
    expect(judgeCandidate(at('fw-2'), { ...campaign, package: pack })?.reason).toBe('already-current');
    expect(judgeCandidate(at('1.0'), { ...campaign, package: pack })?.detail).toBe(
      'It runs "1.0", the package starts from "fw-1".',
    );
    const full = givenPackage({ from: '*' });
    expect(judgeCandidate(at('0.1'), { ...campaign, package: full })).toBeUndefined();
    expect(judgeCandidate(at('2.0'), { ...campaign, package: full })?.reason).toBe('already-current');
  });
});

describe('software', () => {
  const { attributes: _told, attributesAt: _at, ...http } = givenHttpDevice();
  const campaign = givenCampaign({ transport: 'HTTP', package: givenPackage({ kind: 'software', name: 'app' }) });
  const judge = (software: Readonly<Record<string, string>>, attributes: Readonly<Record<string, string>> = {}) => {
    const readings = Object.entries(software).map(([name, value]) => [name, { value, at: START, source: 'import' }]);
    const { liveCampaign: _live, ...device } = http;
    const told = { ...device, software: Object.fromEntries(readings), attributes, attributesAt: START };
    return judgeCandidate(line({ device: told }), campaign)?.reason;
  };

  test('is matched by its name, by what is installed under any name, and by what the device tells', () => {
    expect(judge({ app: '1.0' })).toBeUndefined();
    expect(judge({ app: '2.0' })).toBe('already-current');
    expect(judge({ app: '1.1' })).toBe('wrong-from-version');
    expect(judge({ main: '1.0' })).toBeUndefined();
    expect(judge({ '1.0': 'yes' })).toBeUndefined();
    expect(judge({}, { app: '1.1' })).toBe('wrong-from-version');
    expect(judge({}, { version: '1.0' })).toBeUndefined();
    expect(judge({})).toBeUndefined();
  });
});

describe('the zones of the devices', () => {
  test('are collected where the hours are theirs', () => {
    const campaign = givenCampaign({ timetable: givenTimetable({ zone: 'device', fallbackZone: 'Europe/Paris' }) });
    const tokyo = line({ device: { ...FREE, timeZone: 'Asia/Tokyo' } });
    expect(admit([tokyo, line()], campaign, START).zones).toEqual(['Asia/Tokyo', 'Europe/Paris']);
  });
});

describe('names', () => {
  test('are parsed once', () => {
    expect(parseImei('01539900000001')).toBeUndefined();
    expect(parseImei('0153990000000111')).toBeUndefined();
    expect(parseImei(IMEI)).toBe(IMEI);
    expect(parseAccountName('0123456789-00001')).toBe('0123456789-00001');
    expect(parseAccountName('0123456789-0001')).toBeUndefined();
  });
});
