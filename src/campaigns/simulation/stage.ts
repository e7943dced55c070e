// The rows of a played campaign, kept in memory as a store would keep them, and the agenda of what happens to devices.
import { fullArrivals, type LabelBudget } from '../arrivals.ts';
import type { Campaign } from '../campaign.ts';
import type { Budget, Change, Entry, SlotLease } from '../change.ts';
import { decide } from '../decide.ts';
import type { KeptBook } from '../guard.ts';
import type { ImageToken, NodeId } from '../ids.ts';
import type { Moment, Snapshot, UpdateInput } from '../input.ts';
import type { AccountAllowance } from '../leases.ts';
import { zoneOf } from '../permits.ts';
import type { UnsealedEntry } from '../steward.ts';
import { type Instant, instant } from '../time.ts';
import { isFinal } from '../update.ts';
import type { Act, Actor } from './actor.ts';
import { Agenda } from './agenda.ts';
import type { Chance } from './chance.ts';
import type { Chronicle } from './chronicle.ts';

export interface StageParts {
  readonly now: Instant;
  readonly campaign: Campaign;
  readonly kept: KeptBook | undefined;
  readonly actors: readonly Actor[];
  readonly nodes: readonly NodeId[];
  readonly allowance: AccountAllowance | undefined;
  readonly labelCaps: Readonly<Record<string, number>>;
  readonly budgets: readonly Budget[];
  readonly failureChance: number;
  readonly chance: Chance;
  readonly chronicle: Chronicle;
}

const TOKEN = 'simulated' as ImageToken;

export class Stage {
  readonly parts: StageParts;
  readonly agenda = new Agenda<Actor>();
  readonly leases = new Map<NodeId, SlotLease>();
  readonly chronicle: Chronicle;
  now: Instant;
  campaign: Campaign;
  kept: KeptBook | undefined;
  allowance: AccountAllowance | undefined;
  unsealed: UnsealedEntry[] = [];
  /** Updates that are not final. */
  open = 0;
  /** Rows that the sweep of an ended campaign has looked at. */
  swept = 0;
  readonly #budgets: Map<string, Budget>;
  #entries = 0;

  constructor(parts: StageParts) {
    this.parts = parts;
    this.now = parts.now;
    this.campaign = parts.campaign;
    this.kept = parts.kept;
    this.allowance = parts.allowance;
    this.chronicle = parts.chronicle;
    this.#budgets = new Map(parts.budgets.map((row) => [row.scope, row]));
    for (const { update } of parts.actors) if (!isFinal(update.state)) this.open += 1;
  }

  moment(node: NodeId): Moment {
    return { now: this.now, node, token: TOKEN };
  }

  snapshot(actor: Actor): Snapshot {
    const slots = this.leases.get(actor.node);
    return {
      update: actor.update,
      campaign: this.campaign,
      device: actor.device,
      profile: actor.given.profile,
      ...(slots === undefined ? {} : { slots }),
      ...(actor.scopes.length === 0 ? {} : { budgets: this.#budgetsOf(actor) }),
    };
  }

  #budgetsOf({ scopes }: Actor): readonly LabelBudget[] {
    const { labelCaps, campaign } = this.parts;
    return scopes.map((scope) => {
      const perMinute = labelCaps[scope.slice(0, scope.indexOf('='))] ?? 0;
      const { level, at } = fullArrivals(perMinute, instant(0));
      const row = this.#budgets.get(scope) ?? { account: campaign.account, scope, revision: 0, level, at };
      return { row, perMinute };
    });
  }

  /** One input of one update, decided by the same rules as in earnest and stored at once. */
  tell(actor: Actor, input: UpdateInput): Change {
    const change = decide(this.snapshot(actor), input, this.moment(actor.node));
    this.store(change, actor);
    return change;
  }

  store(change: Change, actor?: Actor): void {
    for (const write of change.writes) {
      switch (write.op) {
        case 'replace-update':
          if (actor !== undefined) this.#update(actor, write.row);
          break;
        case 'replace-device':
          if (actor !== undefined) actor.device = write.row;
          break;
        case 'replace-campaign':
          this.campaign = write.row;
          break;
        case 'insert-slots':
        case 'replace-slots':
          this.leases.set(write.row.node, write.row);
          break;
        case 'replace-budget':
          this.#keepBudget(write.row);
          break;
        case 'keep-score':
          this.kept = write.kept;
          break;
        default:
      }
    }
    for (const entry of change.entries) this.#enter(entry);
  }

  #keepBudget(row: Budget): void {
    if (this.allowance?.row.scope === row.scope) this.allowance = { ...this.allowance, row };
    else this.#budgets.set(row.scope, row);
  }

  #enter(entry: Entry): void {
    this.#entries += 1;
    this.unsealed.push({ id: this.#entries, entry: counted(entry) });
  }

  #update(actor: Actor, row: Actor['update']): void {
    const before = actor.update.state.name;
    actor.update = row;
    const { name } = row.state;
    if (name === before) return;
    if (name === 'installing') {
      actor.installingAt = this.now;
      this.chronicle.installs(this.now, zoneOf(this.campaign, actor.device));
    }
    if (!isFinal(row.state)) return;
    this.open -= 1;
    if (name === 'succeeded') this.chronicle.succeeded.push(this.now);
    if (name === 'succeeded' || name === 'failed') this.chronicle.lastOutcome = this.now;
  }

  /** The device does this next; whatever else it was going to do is forgotten. */
  plan(actor: Actor, act: Act, at: number): void {
    actor.act = act;
    actor.event = this.agenda.add(Math.max(at, this.now), actor);
  }

  /** Slots and arrivals that devices of a node may still take. */
  free(node: NodeId): number {
    const lease = this.leases.get(node);
    return lease === undefined || this.now >= lease.until ? 0 : Math.min(lease.free, lease.arrivals);
  }
}

/** Of an entry what is counted by: nobody reads the ledger of a simulation. */
function counted(entry: Entry): Entry {
  const { account, campaign, imei, at, kind, rule, move, stratum, joined, slots, facts } = entry;
  if (facts === undefined) return entry;
  const { reason } = facts;
  return {
    account,
    campaign,
    at,
    kind,
    rule,
    ...(imei === undefined ? {} : { imei }),
    ...(move === undefined ? {} : { move }),
    ...(stratum === undefined ? {} : { stratum }),
    ...(joined === undefined ? {} : { joined }),
    ...(slots === undefined ? {} : { slots }),
    ...(reason === undefined ? {} : { facts: { reason } }),
  };
}
