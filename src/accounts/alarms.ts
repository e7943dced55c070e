// What raises an operator event and what clears it: from what was seen, with room between the two so that nothing flutters.
import type { AccountName, CampaignId, Instant } from '../campaigns/index.ts';
import type { EventFacts, OperatorEvent, OperatorEventKind } from './operator-event.ts';

const MIB = 1024 * 1024;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

export const ALARM_LIMITS = {
  /** A disk is low below either of these, and well again above both of the others. */
  diskLowPercent: 5,
  diskWellPercent: 8,
  diskLowBytes: 512 * MIB,
  diskWellBytes: 1024 * MIB,
  /** A certificate has to be renewed when it is good for less (milliseconds); a renewed one is good for more than `Well`. */
  certificateLow: 14 * DAY,
  certificateWell: 15 * DAY,
  /** An alarm of gone-by faults is over when none has come for so long (milliseconds). */
  faultsOver: DAY,
  /** A campaign misses its end when it is predicted to be this much later, and does not when this much earlier (milliseconds). */
  finishMargin: HOUR,
  /** A node is lost when its lease has been over for so long (milliseconds). */
  nodeLost: 60_000,
} as const;

/** One cause as it was seen. `unsure`: neither bad enough to raise it nor well enough to clear it. */
export interface Sighting {
  readonly is: 'bad' | 'well' | 'unsure';
  readonly kind: OperatorEventKind;
  readonly cause: string;
  readonly account?: AccountName;
  readonly campaign?: CampaignId;
  readonly text: string;
  readonly facts: EventFacts;
}

export interface Judgement {
  readonly raise: readonly OperatorEvent[];
  readonly clear: readonly OperatorEvent[];
}

/**
 * `covers`: whether a look like this one would have shown the event's cause. What is covered and was not seen is over: its
 * campaign has ended, its listener is gone.
 */
export function judgeAlarms(
  open: readonly OperatorEvent[],
  seen: readonly Sighting[],
  covers: (event: OperatorEvent) => boolean,
  now: Instant,
): Judgement {
  const known = new Set(open.map(({ cause }) => cause));
  const sightings = new Map(seen.map((sighting) => [sighting.cause, sighting]));
  const bad = [...sightings.values()].filter(({ is, cause }) => is === 'bad' && !known.has(cause));
  const isOver = (event: OperatorEvent): boolean => {
    const sighting = sightings.get(event.cause);
    return sighting === undefined ? covers(event) : sighting.is === 'well';
  };
  return { raise: bad.map((sighting) => raised(sighting, now)), clear: open.filter(isOver) };
}

const raised = ({ is: _bad, ...about }: Sighting, now: Instant): OperatorEvent => ({
  ...about,
  id: 0,
  revision: 0,
  raisedAt: now,
  telling: { what: 'raised', dueAt: now, tries: 0 },
});

interface OfCampaign {
  readonly account: AccountName;
  readonly campaign: CampaignId;
}

/** Each halt is a cause of its own: a second one after a resume is news. */
export const haltSighting = (
  { account, campaign }: OfCampaign,
  halt: { readonly since: Instant; readonly reason: string },
): Sighting => ({
  is: 'bad',
  kind: 'halted',
  cause: `halted ${account} ${campaign} ${halt.since}`,
  account,
  campaign,
  text: `Campaign ${campaign} has halted: ${halt.reason}`,
  facts: { since: text(halt.since) },
});

export const finishSighting = (
  { account, campaign }: OfCampaign,
  { predicted, end, left }: { readonly predicted: Instant; readonly end: Instant; readonly left: number },
): Sighting => ({
  is: sideOf(predicted - end, ALARM_LIMITS.finishMargin, -ALARM_LIMITS.finishMargin),
  kind: 'will-miss-end',
  cause: `will-miss-end ${account} ${campaign}`,
  account,
  campaign,
  text: `At its present pace campaign ${campaign} ends at ${text(end)} before all its devices are done; ${left} are left.`,
  facts: { predicted: text(predicted), end: text(end), left },
});

export const deadCallbackSighting = (
  { account, generation }: { readonly account: AccountName; readonly generation: string },
  { dead, deadAt, failingSince }: { readonly dead: number; readonly deadAt?: Instant; readonly failingSince?: Instant },
  now: Instant,
): Sighting => ({
  is: dead === 0 ? 'well' : isRecent(deadAt, now) ? 'bad' : failingSince === undefined ? 'well' : 'unsure',
  kind: 'dead-callback',
  cause: `dead-callback ${account} ${generation}`,
  account,
  text: `${dead} callbacks to the ${generation} listener of account ${account} were given up; replay them when it answers again.`,
  facts: { generation, dead },
});

export const diskSighting = (disk: {
  readonly host: string;
  readonly what: string;
  readonly free: number;
  readonly size: number;
}): Sighting => {
  const { host, what, free, size } = disk;
  const percent = size === 0 ? 100 : (free / size) * 100;
  const { diskLowPercent, diskLowBytes, diskWellPercent, diskWellBytes } = ALARM_LIMITS;
  const isLow = percent < diskLowPercent || free < diskLowBytes;
  const isWell = percent >= diskWellPercent && free >= diskWellBytes;
  return {
    is: isLow ? 'bad' : isWell ? 'well' : 'unsure',
    kind: 'disk-low',
    cause: `disk-low ${host} ${what}`,
    text: `The disk of the ${what} on ${host} has ${Math.floor(free / MIB)} MiB left: free some space or move the directory.`,
    facts: { host, what, freeBytes: free, sizeBytes: size },
  };
};

export const violationSighting = (host: string, last: { readonly at: Instant; readonly text: string }, now: Instant) =>
  ({
    is: isRecent(last.at, now) ? 'bad' : 'well',
    kind: 'violation',
    cause: `violation ${host}`,
    text: `A promise was broken on ${host}: ${last.text} Pause the campaign and verify its ledger.`,
    facts: { host, at: text(last.at) },
  }) satisfies Sighting;

export const certificateSighting = (host: string, notAfter: Instant, now: Instant): Sighting => ({
  is: sideOf(now - notAfter, -ALARM_LIMITS.certificateLow, -ALARM_LIMITS.certificateWell),
  kind: 'certificate-expiring',
  cause: `certificate-expiring ${host}`,
  text: `The certificate of ${host} expires at ${text(notAfter)}: put a new one in its place, it is taken up within a minute.`,
  facts: { host, notAfter: text(notAfter) },
});

/** `found`: what a look at its bytes has found. */
export const imageSighting = (sha256: string, found: string): Sighting => ({
  is: 'bad',
  kind: 'image-damaged',
  cause: `image-damaged ${sha256}`,
  text: `Image ${sha256} cannot be served: ${found}. Upload its package again.`,
  facts: { sha256 },
});

export const nodeSighting = (node: string, aliveUntil: Instant, now: Instant): Sighting => ({
  is: sideOf(now - aliveUntil, ALARM_LIMITS.nodeLost, 0),
  kind: 'node-lost',
  cause: `node-lost ${node}`,
  text: `Node ${node} has not been heard of since ${text(aliveUntil)}; the others have taken over its work.`,
  facts: { node, aliveUntil: text(aliveUntil) },
});

const isRecent = (at: Instant | undefined, now: Instant): boolean =>
  at !== undefined && now - at < ALARM_LIMITS.faultsOver;

/** Bad above one bound, well at or below the other. */
const sideOf = (value: number, badAbove: number, wellTo: number): Sighting['is'] =>
  value > badAbove ? 'bad' : value <= wellTo ? 'well' : 'unsure';

const text = (at: Instant): string => new Date(at).toISOString();
