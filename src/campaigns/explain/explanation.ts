// What an explanation consists of, and what it is made from (its order: what it runs, verdict, rule, next, and so on).
import type { Campaign } from '../campaign.ts';
import type { Device, Reading } from '../device.ts';
import type { CampaignId, Imei } from '../ids.ts';
import type { Snapshot } from '../input.ts';
import type { Rule } from '../rules.ts';
import type { Duration, Instant } from '../time.ts';
import type { StateName, Update } from '../update.ts';
import type { Zone } from '../windows.ts';
import type { Near } from './nearest.ts';

export const EXPLAIN_LIMITS = {
  /** Devices that are named for an IMEI that nobody has. */
  nearestMax: 5,
  /** Earlier campaigns that are told, the newest first. */
  earlierMax: 10,
  /** Campaigns that are named for a device that is in none. */
  fitsMax: 10,
  /** Openings and contacts that are looked at for the next chance. */
  looksMax: 1_000,
  /** A device that is silent for so many of its intervals is overdue: its next contact is not foretold. */
  silentIntervals: 3,
  /** After so many cuts of one device its transfer is said not to fit (engine.md §3). */
  cuts: 2,
} as const;

/** The state of the device's update in capital letters, or that there is none. */
export type Verdict = Uppercase<StateName> | 'NOT IN A CAMPAIGN' | 'UNKNOWN DEVICE';

/** When a device was heard, as the store keeps it. */
export interface Seen {
  /** Its last check-ins, in any order. */
  readonly instants: readonly Instant[];
  readonly lastSeenAt?: Instant;
  /** How often HTTP devices of the account are told to poll. */
  readonly pollEvery: Duration;
  /** It came and was turned away at the door, after its last good contact. */
  readonly refused?: { readonly at: Instant; readonly why: string };
}

/** One device's part in one campaign. */
export interface Part {
  readonly update: Update;
  readonly campaign: Campaign;
}

interface OfDevice {
  readonly now: Instant;
  readonly seen: Seen;
  /** All its parts, also the one that is explained, in any order. */
  readonly parts: readonly Part[];
}

export type ExplainFacts =
  /** Its part in a campaign that runs, or in the one that is asked about. */
  | (OfDevice & { readonly is: 'update'; readonly snapshot: Snapshot })
  /** `asked`: the campaign that is asked about and that it is not in; `others`: campaigns that are not over. */
  | (OfDevice & {
      readonly is: 'idle';
      readonly device: Device;
      readonly asked?: Campaign;
      readonly others: readonly Campaign[];
    })
  /** It is on the list of a request whose devices are still being looked at. */
  | { readonly is: 'listed'; readonly now: Instant; readonly imei: string; readonly campaign: Campaign }
  /** The account has no such device; `part`: its line in the campaign that is asked about. `known`: what may be meant. */
  | {
      readonly is: 'unknown';
      readonly now: Instant;
      readonly imei: string;
      readonly part?: Part;
      readonly known: readonly Imei[];
    };

export interface Running extends Reading {
  /** `firmware`, or the name of a component or attribute. */
  readonly what: string;
}

/** When it goes on if nothing else is in the way. */
export interface Next {
  readonly at: Instant;
  /** Zone of the local time that is told beside UTC. */
  readonly zone: Zone;
  /** `contact`: it is expected to contact us then. `opening`: it is allowed from then on, at its next contact. */
  readonly is: 'contact' | 'opening';
}

export interface ContactRhythm {
  readonly lastAt?: Instant;
  /** Usual time between two contacts. */
  readonly every?: Duration;
  /** Intervals that `every` was measured on; 0: it is assumed. */
  readonly measuredOn: number;
}

export interface Earlier {
  readonly campaign: CampaignId;
  readonly package: string;
  readonly state: StateName;
  readonly at: Instant;
  /** Why it ended so, as a sentence. */
  readonly reason: string;
}

export interface Explanation {
  readonly imei: string;
  readonly campaign?: CampaignId;
  readonly runs: readonly Running[];
  readonly verdict: Verdict;
  /** Verdict, reason, next, attempt and what to do, in one line. */
  readonly sentence: string;
  readonly rule?: Rule;
  readonly next?: Next;
  readonly ifMissed?: string;
  readonly contact?: ContactRhythm;
  readonly unblock: string;
  readonly attempt?: { readonly number: number; readonly max: number };
  /** That it came and was turned away, as a sentence. */
  readonly refused?: string;
  /** What an ended campaign left on it, as a sentence. */
  readonly residue?: string;
  readonly earlier: readonly Earlier[];
  /** Campaigns that are not over and would take it. */
  readonly fits: readonly CampaignId[];
  readonly nearest: readonly Near[];
  /** All of it as lines. */
  readonly text: string;
}
