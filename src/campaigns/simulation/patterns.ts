// What earlier contacts and updates of devices teach: their usual interval, and how long an installation takes.
import { type Device, isAwake } from '../device.ts';
import { type Duration, type Instant, seconds } from '../time.ts';
import { assumedContacts, type Contacts, type Measured } from './facts.ts';

/** Contacts that follow one another faster belong to one conversation. */
const CONVERSATION = seconds(30);

const medianOf = (sorted: readonly number[]): number => sorted[sorted.length >> 1] ?? 0;

/** The rhythm of a device; `instants`: its contacts, in any order. */
export function contactsOf(
  device: Device,
  seen: { readonly instants: readonly Instant[]; readonly lastSeenAt?: Instant | undefined },
  pollEvery: Duration,
): Contacts {
  const sorted = seen.instants.toSorted((one, other) => one - other);
  const gaps = sorted.slice(1).map((at, place) => at - (sorted[place] ?? at));
  const pauses = gaps.filter((gap) => gap >= CONVERSATION).toSorted((one, other) => one - other);
  const last = Math.max(sorted.at(-1) ?? 0, seen.lastSeenAt ?? 0) as Instant;
  const lastAt = last === 0 ? {} : { lastAt: last };
  if (pauses.length === 0 || isAwake(device)) return { ...assumedContacts(device.transport, pollEvery), ...lastAt };
  return { every: medianOf(pauses) as Duration, measuredOn: pauses.length, ...lastAt };
}

/** Adds up, line by line of ledgers, how long installations took. */
export class InstallTimes {
  readonly #since = new Map<string, number>();
  readonly #took: number[] = [];

  /** `text`: a sealed line of a ledger. */
  add(text: string): void {
    const { entry } = JSON.parse(text) as { readonly entry: EntryText };
    const { imei, move, at } = entry;
    if (imei === undefined || move === undefined) return;
    if (move.to === 'installing') this.#since.set(imei, at);
    if (move.from !== 'installing') return;
    const since = this.#since.get(imei);
    this.#since.delete(imei);
    if (since !== undefined && (move.to === 'verifying' || move.to === 'succeeded')) this.#took.push(at - since);
  }

  /** The usual one; undefined: none was seen. */
  get usual(): Measured | undefined {
    if (this.#took.length === 0) return undefined;
    const sorted = this.#took.toSorted((one, other) => one - other);
    return { time: medianOf(sorted) as Duration, measuredOn: sorted.length };
  }
}

interface EntryText {
  readonly imei?: string;
  readonly at: number;
  readonly move?: { readonly from: string; readonly to: string };
}
