// What is noted while a campaign is played: bytes by the hour, first times, and how each device ended.

import { hours, type Instant } from '../time.ts';
import { offsetAt, type Zone } from '../windows.ts';

const HOUR = hours(1);

/** Transfers that were begun in an hour, and the bytes that were sent in it. */
export interface Traffic {
  transfers: number;
  bytes: number;
}
export type ByHour = Map<number, Traffic>;

export class Chronicle {
  /** Of the whole campaign, and of each label `key=value` that is told apart; by the beginning of the hour. */
  readonly hours: ByHour = new Map();
  readonly byLabel: ReadonlyMap<string, ByHour>;
  readonly byStratum = new Map<number, ByHour>();
  /** When each step of the rollout was opened. */
  readonly opened: (Instant | undefined)[] = [];
  firstInstall: { readonly at: Instant; readonly zone: Zone } | undefined;
  /** When devices succeeded or failed, one after the other; those of former days are not among them. */
  readonly succeeded: Instant[] = [];
  lastOutcome: Instant | undefined;

  constructor(labels: readonly string[]) {
    this.byLabel = new Map(labels.map((label) => [label, new Map()]));
  }

  /** A transfer from `from` to `until`, its bytes spread evenly over that time. */
  sent(
    what: { readonly labels: Readonly<Record<string, string>>; readonly stratum: number; readonly begins: boolean },
    span: { readonly from: number; readonly until: number; readonly bytes: number },
  ): void {
    const stratum = this.byStratum.get(what.stratum) ?? new Map<number, Traffic>();
    this.byStratum.set(what.stratum, stratum);
    const books = [this.hours, stratum];
    for (const [key, value] of Object.entries(what.labels)) {
      const book = this.byLabel.get(`${key}=${value}`);
      if (book !== undefined) books.push(book);
    }
    for (const book of books) note(book, what.begins, span);
  }

  installs(at: Instant, zone: Zone): void {
    if (this.firstInstall === undefined || at < this.firstInstall.at) this.firstInstall = { at, zone };
  }
}

function note(book: ByHour, begins: boolean, span: { from: number; until: number; bytes: number }): void {
  const took = Math.max(1, span.until - span.from);
  for (let hour = Math.floor(span.from / HOUR) * HOUR; hour < span.until || hour <= span.from; hour += HOUR) {
    const within = Math.min(span.until, hour + HOUR) - Math.max(span.from, hour);
    const traffic = book.get(hour) ?? { transfers: 0, bytes: 0 };
    if (begins && hour <= span.from) traffic.transfers += 1;
    traffic.bytes += (span.bytes * Math.max(0, within)) / took;
    book.set(hour, traffic);
  }
}

const two = (value: number): string => String(value).padStart(2, '0');

/** `2026-03-02 02:00`, as the clocks of a zone show it. */
export function localText(at: Instant, zone: Zone): string {
  const local = new Date(at + offsetAt(zone, at));
  const day = `${local.getUTCFullYear()}-${two(local.getUTCMonth() + 1)}-${two(local.getUTCDate())}`;
  return `${day} ${two(local.getUTCHours())}:${two(local.getUTCMinutes())}`;
}
