// What a customer is told about a campaign, and when: device events are gathered, campaign events flush what is gathered.
import type { Campaign, Generation, Ledger, PhaseName } from './campaign.ts';
import type { Change, Entry, Intent, Write } from './change.ts';
import type { AccountName, CampaignId, Imei } from './ids.ts';
import { LIMITS } from './limits.ts';
import type { Rule } from './rules.ts';
import { after, type Day, earliest, type Instant } from './time.ts';
import type { StateName } from './update.ts';

/** The shape in which a listener is told: that of the API generation by which it was registered. */
export const AUDIENCES = ['v1', 'v2', 'v3'] as const;
export type Audience = (typeof AUDIENCES)[number];

/** What a customer is told about one device. */
export interface DeviceEvent {
  readonly imei: Imei;
  readonly state: StateName;
  readonly reason?: string;
  readonly detail?: string;
  readonly at: Instant;
}

/** What a callback says of its campaign, as it was when the callback was numbered. */
export interface CampaignFacts {
  readonly generation: Generation;
  readonly phase: PhaseName;
  readonly name?: string;
  readonly package: string;
  readonly from: string;
  readonly to: string;
  readonly make: string;
  readonly model: string;
  readonly startDate: Day;
  readonly endDate: Day;
}

/** One numbered thing that a campaign's listeners are told: its phase, or what became of devices. Kept for replays. */
export interface CallbackEvent {
  readonly account: AccountName;
  readonly campaign: CampaignId;
  /** Rises by one with each event of the campaign. */
  readonly number: number;
  readonly at: Instant;
  readonly facts: CampaignFacts;
  readonly phase?: { readonly name: PhaseName; readonly rule: Rule };
  /** Beside a phase: the head of the ledger that holds it. Whoever keeps it can prove later what was changed (engine.md §8). */
  readonly ledgerHead?: Ledger;
  readonly devices: readonly DeviceEvent[];
}

/** Who listens, and which device events of the campaign have been gathered and not been told. */
export interface Telling {
  readonly audience: readonly Audience[];
  readonly gathered: readonly DeviceEvent[];
}

export interface Told {
  readonly callbacks: Campaign['callbacks'];
  readonly writes: readonly Write[];
  readonly intents: readonly Intent[];
}

const TOLD: readonly StateName[] = ['succeeded', 'failed', 'rejected', 'cancelled', 'aborted', 'expired'];

function eventOf({ imei, move, at, facts }: Entry): DeviceEvent | undefined {
  if (imei === undefined || move === undefined || move.to === 'gone' || !TOLD.includes(move.to)) return undefined;
  const text = (name: 'reason' | 'detail') => {
    const value = facts?.[name];
    return typeof value === 'string' && value !== '' ? { [name]: value } : {};
  };
  return { imei, state: move.to, at, ...text('reason'), ...text('detail') };
}

function phaseOf({ kind, facts, rule }: Entry): CallbackEvent['phase'] {
  const name = facts?.['phase'];
  return kind === 'phase' && typeof name === 'string' ? { name: name as PhaseName, rule } : undefined;
}

/** A campaign is told to the listeners of its own generation and to those of v1, whose upgrades are campaigns too. */
const audienceOf = ({ generation }: Campaign, audience: readonly Audience[]): readonly Audience[] =>
  audience.filter((one) => one === generation || one === 'v1');

function factsOf(campaign: Campaign): CampaignFacts {
  const { generation, phase, name, from, timetable } = campaign;
  const { name: pack, to, make, model } = campaign.package;
  const { startDate, endDate } = timetable;
  return {
    generation,
    phase: phase.name,
    ...(name === undefined ? {} : { name }),
    package: pack,
    from,
    to,
    make,
    model,
    startDate,
    endDate,
  };
}

/** Numbers what entries give rise to. The first device event leaves at once, later ones wait for company. */
export function tell(
  campaign: Campaign,
  entries: readonly Entry[],
  { audience, gathered }: Telling,
  now: Instant,
): Told {
  const { account, id } = campaign;
  const to = audienceOf(campaign, audience);
  const forget: readonly Write[] = gathered.length === 0 ? [] : [gather(campaign, [])];
  if (to.length === 0) return { callbacks: { last: campaign.callbacks.last }, writes: forget, intents: [] };
  const facts = factsOf(campaign);
  const intents: Intent[] = [];
  const waiting = [...gathered];
  let { last, toldAt } = campaign.callbacks;
  const send = (what: Pick<CallbackEvent, 'phase' | 'ledgerHead' | 'devices'>): void => {
    last += 1;
    intents.push({ kind: 'callback', to, event: { account, campaign: id, number: last, at: now, facts, ...what } });
  };
  const sendDevices = (): void => {
    while (waiting.length > 0) send({ devices: waiting.splice(0, LIMITS.callbackDevicesMax) });
    toldAt = now;
  };
  for (const entry of entries) {
    const event = eventOf(entry);
    if (event !== undefined) waiting.push(event);
    const phase = phaseOf(entry);
    if (waiting.length >= LIMITS.callbackDevicesMax || (phase !== undefined && waiting.length > 0)) sendDevices();
    if (phase !== undefined) send({ phase, ledgerHead: campaign.ledger, devices: [] });
  }
  const dueAt = toldAt === undefined ? now : after(toldAt, LIMITS.callbackGather);
  if (waiting.length > 0 && now >= dueAt) sendDevices();
  const waits = waiting.length > 0;
  return {
    callbacks: { last, ...(toldAt === undefined ? {} : { toldAt }), ...(waits ? { dueAt } : {}) },
    writes: waits || gathered.length > 0 ? [gather(campaign, waiting)] : [],
    intents,
  };
}

const gather = ({ account, id }: Campaign, devices: readonly DeviceEvent[]): Write => ({
  op: 'gather',
  account,
  campaign: id,
  devices,
});

/** What was gathered has waited long enough. */
export const isFlushDue = ({ callbacks }: Campaign, now: Instant): boolean =>
  callbacks.dueAt !== undefined && now >= callbacks.dueAt;

export function flush(campaign: Campaign, telling: Telling, now: Instant): Change {
  const { callbacks, writes, intents } = tell(campaign, [], telling, now);
  const row = withCallbacks(campaign, callbacks);
  return {
    writes: [{ op: 'replace-campaign', row }, ...writes],
    entries: [],
    intents,
    rule: 'campaign.told',
  };
}

/** The steward comes again when what is gathered has to be told: in the same row, so that no crash forgets it. */
export function withCallbacks(campaign: Campaign, callbacks: Campaign['callbacks']): Campaign {
  const nextActionAt = earliest(campaign.nextActionAt, callbacks.dueAt);
  return { ...campaign, callbacks, ...(nextActionAt === undefined ? {} : { nextActionAt }) };
}
