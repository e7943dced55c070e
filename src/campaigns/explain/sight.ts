// One update as it is seen at one moment: its rows, its rhythm, the zone of its hours, and what decide answers it.
import { decide } from '../decide.ts';
import { isAwake } from '../device.ts';
import type { ImageToken, NodeId } from '../ids.ts';
import type { Moment, Snapshot, UpdateInput } from '../input.ts';
import { zoneOf } from '../permits.ts';
import type { Rule } from '../rules.ts';
import { contactsOf } from '../simulation/patterns.ts';
import type { Instant } from '../time.ts';
import type { Update } from '../update.ts';
import type { Here } from './clock-times.ts';
import { type ContactRhythm, EXPLAIN_LIMITS, type Seen } from './explanation.ts';

export interface Sight extends Here {
  readonly snapshot: Snapshot;
  readonly rhythm: ContactRhythm;
  /** It can be spoken to at any moment. */
  readonly awake: boolean;
  /** It should have contacted us several times since it did. */
  readonly overdue: boolean;
}

/** How often it contacts us; an interval that is neither measured nor ordered by us is not told. */
export function rhythmOf(device: Snapshot['device'], { instants, lastSeenAt, pollEvery }: Seen): ContactRhythm {
  // Also of one that listens at any time: how often it comes by itself says that it lives.
  const asleep = { ...device, reachable: false };
  const { every, measuredOn, lastAt } = contactsOf(asleep, { instants, lastSeenAt }, pollEvery);
  const isKnown = measuredOn > 0 || device.transport === 'HTTP';
  return { measuredOn, ...(lastAt === undefined ? {} : { lastAt }), ...(isKnown ? { every } : {}) };
}

export const isOverdue = ({ lastAt, every }: ContactRhythm, now: Instant): boolean =>
  lastAt !== undefined && every !== undefined && now - lastAt > every * EXPLAIN_LIMITS.silentIntervals;

export function sightOf(snapshot: Snapshot, seen: Seen, now: Instant): Sight {
  const rhythm = rhythmOf(snapshot.device, seen);
  const awake = isAwake(snapshot.device);
  const zone = zoneOf(snapshot.campaign, snapshot.device);
  return { snapshot, rhythm, awake, zone, now, overdue: !awake && isOverdue(rhythm, now) };
}

/** Its first usual contact from `at` on; undefined: nobody can tell. */
export function contactFrom({ rhythm, awake, overdue }: Sight, at: Instant): Instant | undefined {
  if (awake) return at;
  const { lastAt, every } = rhythm;
  if (lastAt === undefined || every === undefined || every <= 0 || overdue) return undefined;
  const intervals = Math.max(1, Math.ceil((at - lastAt) / every));
  return (lastAt + intervals * every) as Instant;
}

/** Nothing is stored of what is decided here, so nobody's name and no secret are needed. */
export const momentAt = (now: Instant): Moment => ({ now, node: '' as NodeId, token: '' as ImageToken });

const HAS_THE_IMAGE = { state: 'downloaded', result: 'initial', canPull: true, canPush: true } as const;

/**
 * By which rule it would be answered if it came to us now: an offered device for the image, one that has the image when
 * it is asked, any other one just to be heard.
 */
export function ruleOfContact({ snapshot, now }: Pick<Sight, 'snapshot' | 'now'>): Rule {
  const change = decide(snapshot, comingOf(snapshot, now), momentAt(now));
  if (change.rule !== 'update.version-known') return change.rule;
  // It is noted first that the version is known; what holds the device back beside that is told at the contact after.
  const [update] = change.writes.flatMap((write) => (write.op === 'replace-update' ? [write.row] : []));
  return update === undefined ? change.rule : ruleOfContact({ snapshot: { ...snapshot, update }, now });
}

function comingOf({ device, update }: Snapshot, now: Instant): UpdateInput {
  if (update.state.name === 'offered') return { type: 'transfer-begin', offset: 0 };
  return device.transport === 'LWM2M' && update.state.name === 'downloaded'
    ? { type: 'reading', askedAt: now, object5: HAS_THE_IMAGE }
    : { type: 'contact' };
}

/** Attempts that we cut: of the one that is kept, and those that were closed because of it. */
export const cutsOf = ({ state, history }: Update): number => {
  const kept = 'attempt' in state && typeof state.attempt === 'object' ? state.attempt : undefined;
  const attempt = state.name === 'waiting' ? state.suspended : kept;
  return (attempt?.interruptions ?? 0) + history.filter(({ outcome }) => outcome === 'suspended').length;
};
