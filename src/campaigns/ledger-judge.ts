// Judges what a ledger says was done: inside the hours that were in force, under a grant, not while held, not after the end.
import { campaignEnd, OVER, type PhaseName, type Timetable } from './campaign.ts';
import type { Entry } from './change.ts';
import { type Asked, LedgerHours, REACH, readTimetable } from './ledger-hours.ts';
import { LIMITS } from './limits.ts';
import { after, type Instant, rfc3339 } from './time.ts';
import { FINAL_STATES, type StateName } from './update.ts';
import type { Interval } from './windows.ts';

/** What was done and should not have been. */
export const FINDINGS = {
  'outside-window': 'The act lies outside the hours that were recorded with it.',
  'window-contradicted': 'The timetable in force has other hours than those recorded.',
  'grant-too-long': 'The transfer was granted beyond the end of its hours.',
  'byte-without-grant': 'Bytes left at an instant for which there was no grant.',
  'byte-outside-window': 'Bytes left while the hours in force were closed.',
  'while-held': 'It was done while the campaign was paused or halted.',
  'after-end': "It was done after the campaign's end.",
  'no-open-part': 'It was done for a device that had no open part in the campaign.',
  'second-execute': 'The installation was ordered twice in one attempt.',
  'refused-while-open': 'It was refused although the hours in force were open.',
} as const satisfies Record<string, string>;
export type FindingKind = keyof typeof FINDINGS;

export interface Finding {
  readonly sequence: number;
  readonly at: Instant;
  readonly imei?: string;
  readonly kind: FindingKind;
  readonly sentence: string;
}

export interface Findings {
  readonly violations: readonly Finding[];
  /** What comes out otherwise by the zone data at hand than by those that were recorded. */
  readonly differences: readonly Finding[];
}

interface Grant extends Asked {
  readonly notAfter: Instant;
  readonly sameZoneData: boolean;
}

/** What is known of a device with an open part; small, because a campaign has a million of them. */
interface Part {
  /** The last two: a byte of the one before may be told after the next one. */
  readonly grants: readonly Grant[];
  readonly executing: number | undefined;
  /** Bytes may be on their way whose end nobody has told. */
  readonly isSending: boolean;
  readonly isOver: boolean;
}
const FRESH: Part = { grants: [], executing: undefined, isSending: false, isOver: false };

/** The device itself showed that the order had not been taken, or we did not send it: another one may follow. */
const NOT_EXECUTED: readonly string[] = [
  'update.execute-not-taken',
  'permit.install-window',
  'update.deferred',
  'update.suspended',
];

interface Held {
  readonly from: Instant;
  readonly kind: unknown;
  until?: Instant;
}

type Facts = NonNullable<Entry['facts']>;

export class LedgerJudge {
  readonly #tzdata: string | undefined;
  readonly #hours = new LedgerHours();
  readonly #holds: Held[] = [];
  readonly #parts = new Map<string, Part>();
  #overAt: Instant | undefined;
  #violations: Finding[] = [];
  #differences: Finding[] = [];
  /** Decisions about hours that were made again. */
  judged = 0;
  /** Answers and pushes whose end was told. */
  ended = 0;
  /** Grants under which bytes may have left that nobody has told of: not after the grant. */
  unknown = 0;

  /** `tzdata`: version of the zone data at hand. */
  constructor(tzdata: string | undefined) {
    this.#tzdata = tzdata;
  }

  judge(sequence: number, entry: Entry): Findings {
    this.#violations = [];
    this.#differences = [];
    this.#learn(entry);
    const found = (kind: FindingKind, isDifference = false): void => {
      const { at, imei } = entry;
      const finding = { sequence, at, ...(imei === undefined ? {} : { imei }), kind, sentence: FINDINGS[kind] };
      (isDifference ? this.#differences : this.#violations).push(finding);
    };
    if (entry.imei !== undefined) this.#judgeDevice(entry, entry.imei, found);
    return { violations: this.#violations, differences: this.#differences };
  }

  /** To be asked at the end: devices that never told of the bytes of their last grant count, too. */
  get unknownTransfers(): number {
    let open = 0;
    for (const part of this.#parts.values()) if (part.isSending) open += 1;
    return this.unknown + open;
  }

  /** What is true of the campaign as a whole from this entry on. */
  #learn({ kind, at, rule, facts = {} }: Entry): void {
    const timetable = readTimetable(facts['timetable']);
    if (timetable !== undefined) this.#hours.change(at, timetable);
    if (kind === 'phase' && OVER.includes(facts['phase'] as PhaseName)) this.#overAt ??= at;
    const open = this.#holds.at(-1);
    const isOpen = open !== undefined && open.until === undefined;
    if (kind === 'hold' && facts['hold'] !== 'none' && !isOpen) this.#holds.push({ from: at, kind: facts['hold'] });
    // Whoever approves an undecided canary takes its hold away.
    const released = kind === 'hold' ? facts['hold'] === 'none' : rule === 'campaign.approved';
    if (isOpen && released && (kind === 'hold' || open.kind === 'undecided')) open.until = at;
  }

  #judgeDevice(entry: Entry, imei: string, found: Found): void {
    const { move } = entry;
    const part = move?.from === 'none' ? FRESH : this.#parts.get(imei);
    const next = this.#judgePart(entry, part, found);
    const closes = move !== undefined && (move.to === 'gone' || FINAL_STATES.includes(move.to as StateName));
    if (next === undefined) return;
    const isOver = next.isOver || closes;
    // Of what is over nothing is kept but a grant whose bytes have not been told of.
    if (isOver && !next.isSending) this.#parts.delete(imei);
    else this.#parts.set(imei, isOver === next.isOver ? next : { ...next, isOver });
  }

  #judgePart(entry: Entry, part: Part | undefined, found: Found): Part | undefined {
    switch (entry.kind) {
      case 'offer':
      case 'execute':
      case 'transfer-grant':
        return this.#judgeAct(entry, part, found);
      case 'last-byte':
        return this.#judgeBytes(entry, part, found);
      case 'refusal':
        this.#judgeRefusal(entry, found);
        return part;
      default:
        return released(entry, part);
    }
  }

  #judgeAct(entry: Entry, part: Part | undefined, found: Found): Part | undefined {
    const { at, kind, facts = {} } = entry;
    this.judged += 1;
    if (part === undefined || part.isOver) found('no-open-part');
    this.#judgeInstant(at, found);
    const asked = askedIn(facts, at);
    const bounds = boundsIn(facts);
    const within = asked !== undefined && bounds !== undefined && bounds.from <= at && at < bounds.until;
    if (!within) found('outside-window');
    else if (!this.#agrees(asked, facts, () => this.#hours.hasOpening(asked, bounds)))
      found('window-contradicted', this.#isOtherData(facts, asked));
    if (kind === 'offer' || part === undefined) return part;
    if (kind === 'execute') {
      const attempt = numberIn(facts, 'attempt');
      if (part.executing !== undefined && part.executing === attempt) found('second-execute');
      return { ...part, executing: attempt };
    }
    return asked === undefined ? part : this.#granted({ asked, bounds, facts }, part, found);
  }

  #granted(
    { asked, bounds, facts }: { readonly asked: Asked; readonly bounds: Interval | undefined; readonly facts: Facts },
    part: Part,
    found: Found,
  ): Part {
    const notAfter = numberIn(facts, 'notAfter') as Instant | undefined;
    const latest = this.#hours.latestEnd(asked, bounds?.until ?? asked.at, endOf);
    if (notAfter === undefined || notAfter > latest) found('grant-too-long');
    if (part.isSending) this.unknown += 1;
    const grant: Grant = {
      ...asked,
      notAfter: notAfter ?? asked.at,
      sameZoneData: facts['tzdata'] === this.#tzdata,
    };
    return { ...part, grants: [...part.grants.slice(-1), grant], isSending: true };
  }

  #judgeBytes(entry: Entry, part: Part | undefined, found: Found): Part | undefined {
    const { facts = {} } = entry;
    const told = [numberIn(facts, 'firstByteAt'), numberIn(facts, 'lastByteAt')].filter((at) => at !== undefined);
    if (told.length > 0) this.ended += 1;
    for (const at of told as Instant[]) if (!this.#judgeByte(at, part, found)) break;
    const moved = released(entry, part);
    return moved === undefined || told.length === 0 ? moved : { ...moved, isSending: false };
  }

  /** False when it should not have left: the other instant of the same transfer is not told as well. */
  #judgeByte(at: Instant, part: Part | undefined, found: Found): boolean {
    this.judged += 1;
    if (!this.#judgeInstant(at, found)) return false;
    const grant = part?.grants.findLast((one) => one.at - REACH <= at && at < one.notAfter);
    if (grant === undefined) {
      found('byte-without-grant');
      return false;
    }
    const asked = { ...grant, at };
    if (!this.#hours.isStrict(asked) || this.#hours.isOpen(asked)) return true;
    found('byte-outside-window', !grant.sameZoneData && grant.zone !== 'UTC');
    return false;
  }

  #judgeRefusal({ at, rule, facts = {} }: Entry, found: Found): void {
    this.judged += 1;
    const asked = askedIn(facts, at);
    const bounds = boundsIn(facts);
    if (asked === undefined || bounds === undefined) return found('window-contradicted');
    const isOtherData = this.#isOtherData(facts, asked);
    if (!this.#agrees(asked, facts, () => this.#hours.opensNext(asked, bounds)))
      return found('window-contradicted', isOtherData);
    if (rule !== 'permit.does-not-fit' && !this.#hours.isClosed(asked)) found('refused-while-open', isOtherData);
  }

  #agrees(asked: Asked, facts: Facts, isSo: () => boolean): boolean {
    return this.#hours.hasOffset(asked, numberIn(facts, 'utcOffset') ?? Number.NaN) && isSo();
  }

  /** UTC has no zone data that could differ. */
  #isOtherData(facts: Facts, { zone }: Asked): boolean {
    return zone !== 'UTC' && facts['tzdata'] !== this.#tzdata;
  }

  /** Whether the campaign ran at this instant. */
  #judgeInstant(at: Instant, found: Found): boolean {
    const isHeld = this.#holds.some(
      ({ from, until }) => at >= after(from, REACH) && (until === undefined || at < until - REACH),
    );
    const isOver = this.#overAt !== undefined && at >= after(this.#overAt, REACH);
    if (isHeld) found('while-held');
    if (isOver) found('after-end');
    return !isHeld && !isOver;
  }
}

type Found = (kind: FindingKind, isDifference?: boolean) => void;

const released = ({ move, rule }: Entry, part: Part | undefined): Part | undefined =>
  part?.executing !== undefined && move?.from === 'installing' && NOT_EXECUTED.includes(rule)
    ? { ...part, executing: undefined }
    : part;

const numberIn = (facts: Facts, name: string): number | undefined => {
  const value = facts[name];
  return typeof value === 'number' ? value : undefined;
};

function askedIn(facts: Facts, at: Instant): Asked | undefined {
  const { act, zone, installs } = facts as Readonly<Record<string, unknown>> & Partial<Asked>;
  const isAct = act === 'download' || act === 'install';
  return isAct && typeof zone === 'string' ? { act, zone, installs: installs === true, at } : undefined;
}

function boundsIn(facts: Facts): Interval | undefined {
  const [from, until] = [numberIn(facts, 'windowFrom'), numberIn(facts, 'windowUntil')];
  return from === undefined || until === undefined ? undefined : { from: from as Instant, until: until as Instant };
}

const endOf = (timetable: Timetable, until: Instant): Instant =>
  timetable.rule === 'strict' ? until : (Math.min(campaignEnd(timetable), after(until, LIMITS.overrunMax)) as Instant);

/** RFC 3339 of a finding's instant, for people. */
export const findingLine = ({ sequence, at, imei, kind, sentence }: Finding): string =>
  `entry ${sequence}, ${rfc3339(at)}${imei === undefined ? '' : `, ${imei}`}: ${kind}: ${sentence}`;
