// Whether anything is left to do: what no tick and no contact can change is not run, and the outcome is the same.
import {
  type Campaign,
  type Change,
  campaignEnd,
  type DeviceSnapshot,
  type Instant,
  isFinal,
  mayBeginTransfer,
  type Rule,
  startedAt,
} from '../../src/campaigns/index.ts';
import type { CommitResult } from '../../src/engine/index.ts';
import type { Mirror } from './mirror.ts';

interface Line {
  readonly last: number;
  readonly done: number;
}

export class Quiet {
  readonly #mirror: Mirror;
  /** Commits that stored something. */
  commits = 0;
  #unsealed = 0;
  #intents = 0;
  readonly #settled = new Set<number>();
  readonly #lines = new Map<string, Line>();
  /** How often something of a device or of a campaign was stored. */
  readonly #touches = new Map<string, number>();
  #due: { readonly commits: number; readonly at: number } | undefined;

  constructor(mirror: Mirror) {
    this.#mirror = mirror;
  }

  committed(changes: readonly Change[], results: readonly CommitResult[]): void {
    for (const [place, change] of changes.entries()) if (results[place] === 'saved') this.#note(change);
  }

  #note({ writes, entries, intents }: Change): void {
    this.commits += 1;
    this.#unsealed += entries.length;
    for (const intent of intents) {
      if (intent.kind !== 'callback') this.#intents += 1;
      else this.#line(intent.event.campaign, { last: intent.event.number });
    }
    for (const write of writes) {
      if (write.op === 'seal') this.#unsealed -= write.sealed.length;
      if (write.op === 'settle' && !this.#settled.has(write.intent)) {
        this.#settled.add(write.intent);
        this.#intents -= 1;
      }
      if (write.op === 'settle-callback' && write.after.is === 'next')
        this.#line(write.turn.campaign, { done: write.after.number });
      if ('row' in write) this.#touch(write.row);
    }
  }

  #line(campaign: string, part: Partial<Line>): void {
    const { last = 0, done = 0 } = this.#lines.get(campaign) ?? {};
    this.#lines.set(campaign, { last: Math.max(last, part.last ?? 0), done: Math.max(done, part.done ?? 0) });
  }

  #touch(row: object): void {
    const keys = [
      'imei' in row ? row.imei : undefined,
      'campaign' in row ? row.campaign : undefined,
      'phase' in row ? (row as Campaign).id : undefined,
    ];
    for (const key of keys) if (typeof key === 'string') this.#touches.set(key, (this.#touches.get(key) ?? 0) + 1);
  }

  touchesOf(key: string | undefined): number {
    return key === undefined ? 0 : (this.#touches.get(key) ?? 0);
  }

  /** Every entry is sealed, everything that was to be sent is settled, the customer has been told. */
  get isSettled(): boolean {
    return (
      this.#unsealed === 0 && this.#intents === 0 && [...this.#lines.values()].every(({ last, done }) => done >= last)
    );
  }

  /** When a row is due next. */
  dueAt(): number {
    if (this.#due?.commits === this.commits) return this.#due.at;
    let at = Number.POSITIVE_INFINITY;
    for (const { nextActionAt } of this.#mirror.updates.values()) at = Math.min(at, nextActionAt ?? at);
    for (const { nextActionAt } of this.#mirror.campaigns.values()) at = Math.min(at, nextActionAt ?? at);
    this.#due = { commits: this.commits, at };
    return at;
  }
}

/** A contact that changed nothing, and until when another one would not either. */
interface Idle {
  readonly touches: string;
  readonly until: number;
  readonly seen: DeviceSnapshot;
}

/** Contacts of devices that can change nothing: answered from what the last one was answered. */
export class IdleContacts {
  readonly #quiet: Quiet;
  readonly #idle = new Map<string, Idle>();
  /** Contacts that were not run. */
  skipped = 0;

  constructor(quiet: Quiet) {
    this.#quiet = quiet;
  }

  known(imei: string, now: number): DeviceSnapshot | undefined {
    const idle = this.#idle.get(imei);
    if (idle === undefined || now >= idle.until || idle.touches !== this.#touches(idle.seen)) return undefined;
    this.skipped += 1;
    return idle.seen;
  }

  /** `rule`: why the update of the device was left as it is. */
  note(seen: DeviceSnapshot, rule: Rule | undefined, now: Instant): void {
    const until = idleUntil(seen, rule, now);
    const touches = this.#touches(seen);
    if (until > now) this.#idle.set(seen.device.imei, { touches, until, seen });
  }

  #touches({ device, live }: DeviceSnapshot): string {
    return `${this.#quiet.touchesOf(device.imei)} ${this.#quiet.touchesOf(live?.campaign.id)}`;
  }
}

function idleUntil({ device, live }: DeviceSnapshot, rule: Rule | undefined, now: Instant): number {
  if (device.residue !== undefined) return 0;
  if (live === undefined || isFinal(live.update.state)) return Number.POSITIVE_INFINITY;
  const { campaign, update } = live;
  if (update.state.name !== 'waiting' || rule === undefined) return 0;
  const end = campaignEnd(campaign.timetable);
  // Hours that open for other devices make the campaign begin: then this one's refusal is written down.
  const begin = startedAt(campaign) ?? end;
  const bound = begin > now ? Math.min(begin, end) : end;
  switch (rule) {
    case 'permit.held':
    case 'update.no-slot':
      return bound;
    case 'update.waiting-for-retry':
      return Math.min(bound, update.state.readyAt);
    case 'permit.not-started':
    case 'permit.download-after':
    case 'permit.install-after':
    case 'permit.download-window':
    case 'permit.install-window': {
      const permit = mayBeginTransfer(live, campaign.package.image.size, now);
      return permit.ok ? 0 : Math.min(bound, permit.nextEligibleAt ?? bound);
    }
    default:
      return 0;
  }
}
