// For tests only: campaigns, devices and updates to start from, and a story that feeds inputs to one update.
import { fullArrivals } from '../arrivals.ts';
import { type Campaign, NO_TALLIES, type Phase, type Timetable } from '../campaign.ts';
import type { Change, SlotLease } from '../change.ts';
import { decide } from '../decide.ts';
import { DEFAULT_PROFILE, type Device, type DeviceProfile } from '../device.ts';
import { startScore } from '../guard.ts';
import type { AccountName, CampaignId, ImageHash, ImageToken, Imei, NodeId } from '../ids.ts';
import type { DeviceReading, FirmwareObject, Snapshot, UpdateInput } from '../input.ts';
import { withAttributes, withReading } from '../inventory.ts';
import type { PackageFacts } from '../package.ts';
import { after, type Day, type Duration, type Instant, instant } from '../time.ts';
import type { Update, UpdateState } from '../update.ts';

export const ACCOUNT = '0123456789-00001' as AccountName;
export const CAMPAIGN = 'campaign-a' as CampaignId;
export const IMEI = '015399000000011' as Imei;
export const NODE = 'node-1' as NodeId;

export const day = (text: string): Day => text as Day;
export const utc = (text: string): Instant => instant(Date.parse(text));

export const START = utc('2026-03-02T00:00:00Z');
/** The first instant after the last day of the given timetable. */
export const END = utc('2026-03-09T00:00:00Z');

export const givenPackage = (more: Partial<PackageFacts> = {}): PackageFacts => ({
  kind: 'firmware',
  name: 'base',
  from: ['1.0'],
  to: '2.0',
  make: 'Acme',
  model: 'M1',
  transports: ['LWM2M', 'HTTP'],
  image: { sha256: 'ab'.repeat(32) as ImageHash, size: 100_000 },
  ...more,
});

export const givenTimetable = (more: Partial<Timetable> = {}): Timetable => ({
  startDate: day('2026-03-02'),
  endDate: day('2026-03-08'),
  downloadWindows: [],
  installWindows: [],
  zone: 'UTC',
  fallbackZone: 'UTC',
  rule: 'strict',
  ...more,
});

export const phase = (name: Phase['name'], since: Instant = START): Phase => ({
  name,
  since,
  rule: 'campaign.accepted',
});

const NO_LEDGER = { length: 0, head: '' };

export const givenCampaign = (more: Partial<Campaign> = {}): Campaign => ({
  account: ACCOUNT,
  id: CAMPAIGN,
  revision: 0,
  generation: 'v3',
  package: givenPackage(),
  from: '1.0',
  transport: 'LWM2M',
  timetable: givenTimetable(),
  createdAt: utc('2026-03-01T10:00:00Z'),
  phase: phase('scheduled'),
  autoAssignLicense: false,
  autoAddDevices: false,
  checkDigits: false,
  slotsMax: 10,
  slotsOut: 0,
  strata: [''],
  arrivals: fullArrivals(1_000, utc('2026-03-01T10:00:00Z')),
  score: startScore({ tallies: { ...NO_TALLIES, waiting: 1 }, autoAddDevices: false, ledger: NO_LEDGER }, [], []),
  intakePending: false,
  devicesTotal: 1,
  tallies: {
    ...NO_TALLIES,
    waiting: 1,
  },
  rejections: {},
  zones: [],
  sweepPending: false,
  ledger: { length: 0, head: '' },
  callbacks: { last: 0 },
  turn: 0,
  ...more,
});

const BEFORE = utc('2026-03-01T12:00:00Z');

/** A registered LwM2M device that has said that it runs 1.0. */
export const givenDevice = (more: Partial<Device> = {}): Device => ({
  account: ACCOUNT,
  imei: IMEI,
  revision: 0,
  make: 'Acme',
  model: 'M1',
  transport: 'LWM2M',
  firmware: { value: '1.0', at: BEFORE, source: 'reported' },
  software: {},
  attributes: {},
  labels: {},
  registration: {
    node: NODE,
    location: '/rd/1',
    peer: '127.0.0.1:5700',
    endpoint: 'urn:imei:015399000000011',
    queueMode: false,
    version: '1.1',
    expiresAt: utc('2027-01-01T00:00:00Z'),
    since: BEFORE,
  },
  reachable: true,
  liveCampaign: CAMPAIGN,
  lastActionId: 0,
  ...more,
});

/** A DDI device that has told that it runs 1.0. */
export function givenHttpDevice(more: Partial<Device> = {}): Device {
  const { registration: _none, firmware: _unread, ...device } = givenDevice();
  return { ...device, transport: 'HTTP', attributes: { firmware: '1.0' }, attributesAt: BEFORE, ...more };
}

export const givenUpdate = (state?: UpdateState, more: Partial<Update> = {}): Update => ({
  account: ACCOUNT,
  campaign: CAMPAIGN,
  imei: IMEI,
  revision: 0,
  stratum: 0,
  awake: true,
  hash: 1,
  attempts: 0,
  state: state ?? { name: 'waiting', reason: 'not-started', readyAt: BEFORE },
  rule: 'admission.accepted',
  changedAt: BEFORE,
  history: [],
  ...more,
});

const givenSlots = (more: Partial<SlotLease> = {}): SlotLease => ({
  account: ACCOUNT,
  campaign: CAMPAIGN,
  node: NODE,
  revision: 0,
  free: 1,
  arrivals: 1,
  until: utc('2030-01-01T00:00:00Z'),
  ...more,
});

export const object5 = (
  state: FirmwareObject['state'],
  result: FirmwareObject['result'] = 'initial',
): FirmwareObject => ({
  state,
  result,
  canPull: true,
  canPush: true,
});

export interface Given {
  readonly now?: Instant;
  readonly timetable?: Partial<Timetable>;
  readonly campaign?: Partial<Campaign>;
  readonly device?: Partial<Device>;
  readonly profile?: Partial<DeviceProfile>;
  readonly update?: Update;
}

const assembled = (given: Given, device: Device): Snapshot => ({
  update: given.update ?? givenUpdate(),
  campaign: givenCampaign({
    transport: device.transport,
    timetable: givenTimetable(given.timetable),
    ...given.campaign,
  }),
  device: { ...device, ...given.device },
  profile: { ...DEFAULT_PROFILE, ...given.profile },
  slots: givenSlots(),
});

/** The snapshot as it is once the change is stored, and the slot that was set free is leased again. */
function applied(snapshot: Snapshot, change: Change): Snapshot {
  let next = snapshot;
  for (const write of change.writes) {
    if (write.op === 'replace-update') next = { ...next, update: { ...write.row, revision: write.row.revision + 1 } };
    if (write.op === 'replace-device') next = { ...next, device: { ...write.row, revision: write.row.revision + 1 } };
    if (write.op === 'replace-slots') next = { ...next, slots: write.row };
  }
  for (const { slots } of change.entries) {
    if (slots === -1 && next.slots !== undefined)
      next = { ...next, slots: { ...next.slots, free: next.slots.free + 1, arrivals: next.slots.arrivals + 1 } };
  }
  return next;
}

/** One update and its device; inputs are decided and stored one after the other, on a clock that only the story moves. */
export class Story {
  snapshot: Snapshot;
  now: Instant;
  #tokens = 0;

  constructor(snapshot: Snapshot, now: Instant) {
    this.snapshot = snapshot;
    this.now = now;
  }

  static lwm2m(given: Given = {}): Story {
    return new Story(assembled(given, givenDevice()), given.now ?? utc('2026-03-02T10:00:00Z'));
  }

  static http(given: Given = {}): Story {
    return new Story(assembled(given, givenHttpDevice()), given.now ?? utc('2026-03-02T10:00:00Z'));
  }

  get state(): UpdateState {
    return this.snapshot.update.state;
  }

  get update(): Update {
    return this.snapshot.update;
  }

  get device(): Device {
    return this.snapshot.device;
  }

  /** The attempt of a live state, or the one that is kept while it waits. */
  get attempt() {
    const { state } = this;
    return 'attempt' in state && typeof state.attempt === 'object'
      ? state.attempt
      : state.name === 'waiting'
        ? state.suspended
        : undefined;
  }

  wait(duration: Duration): this {
    this.now = after(this.now, duration);
    return this;
  }

  until(at: Instant): this {
    this.now = at;
    return this;
  }

  tell(input: UpdateInput): Change {
    this.#tokens += 1;
    const change = decide(this.snapshot, input, {
      now: this.now,
      node: NODE,
      token: `token-${this.#tokens}` as ImageToken,
    });
    this.snapshot = applied(this.snapshot, change);
    return change;
  }

  /** The device answers what it was asked, by default just now. */
  reads(reading: DeviceReading, askedAt: Instant = this.now): Change {
    this.snapshot = { ...this.snapshot, device: withReading(this.device, reading, this.now) };
    const { object5: told } = reading;
    return this.tell({ type: 'reading', askedAt, ...(told === undefined ? {} : { object5: told }) });
  }

  /** The device puts its attributes (DDI configData). */
  attributes(data: Readonly<Record<string, string>>): Change {
    this.snapshot = { ...this.snapshot, device: withAttributes(this.device, { mode: 'merge', data }, this.now) };
    return this.tell({ type: 'attributes' });
  }

  /** The device registers anew, as after a restart. */
  registers(): Change {
    const { registration } = this.device;
    if (registration === undefined) throw new Error('only a registered device can register anew');
    const device = { ...this.device, reachable: true, registration: { ...registration, since: this.now } };
    this.snapshot = { ...this.snapshot, device };
    return this.tell({ type: 'contact' });
  }

  changeCampaign(more: Partial<Campaign>): this {
    this.snapshot = { ...this.snapshot, campaign: { ...this.snapshot.campaign, ...more } };
    return this;
  }

  /** LwM2M: asked, offered, all bytes sent, image on the device. */
  toDownloaded(): this {
    this.tell({ type: 'contact' });
    this.reads({ firmware: '1.0', object5: object5('idle') });
    this.tell({ type: 'transfer-begin', offset: 0 });
    this.tell({ type: 'transfer-end', bytes: 100_000, complete: true, took: 5_000 });
    return this;
  }

  /** LwM2M: the order to install was committed and has arrived. */
  toInstalling(): this {
    this.toDownloaded().reads({ firmware: '1.0', object5: object5('downloaded') });
    this.tell({ type: 'settled', intent: 'execute', attempt: this.attempt?.number ?? 0, outcome: { is: 'delivered' } });
    return this;
  }

  /** HTTP: offered, read, all bytes sent. */
  toFetched(): this {
    this.tell({ type: 'contact' });
    this.tell({ type: 'acted' });
    this.tell({ type: 'transfer-begin', offset: 0 });
    this.tell({ type: 'transfer-end', bytes: 100_000, complete: true, took: 5_000 });
    return this;
  }
}
