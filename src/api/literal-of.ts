// What became of a device in a campaign, in the documented words of each generation, with our sentence beside them.
import {
  type Campaign,
  type FailureReason,
  type Instant,
  isLive,
  NOT_JUDGED,
  type RejectReason,
  RULES,
  rfc3339,
  startedAt,
  type Update,
  type WaitReason,
} from '../campaigns/index.ts';
import {
  DEVICE_LITERALS,
  type DeviceLiteral,
  type DeviceLiteralKey,
  type DeviceStatusV1,
  type DeviceStatusV2,
  type DeviceStatusV3,
  type Literal,
  type LiteralTimes,
  literalReason,
} from '../contract/index.ts';
import { explained } from './update-view.ts';

/** A device of a campaign. Without an update it was accepted with the request and is not yet judged. */
export interface Member {
  readonly imei: string;
  readonly update?: Update;
}

/** What is the same for every device of a campaign, so that it is worked out once. */
export interface Telling {
  readonly campaign: Campaign;
  readonly startsAt?: Instant;
  readonly now: Instant;
}

export function tellingOf(campaign: Campaign, now: Instant): Telling {
  const startsAt = startedAt(campaign);
  return { campaign, now, ...(startsAt === undefined ? {} : { startsAt }) };
}

type ReasonedKey = `waiting.${WaitReason}` | `failed.${FailureReason}` | `rejected.${RejectReason}`;

/** The compiler proves that every state and reason of the engine has its literal. */
function keyOf(update: Update, campaign: Campaign): DeviceLiteralKey {
  const { state } = update;
  switch (state.name) {
    case 'waiting':
    case 'failed':
    case 'rejected':
      return `${state.name}.${state.reason}` as ReasonedKey satisfies DeviceLiteralKey;
    case 'expired':
      return hasWholeImage(update, campaign) ? 'expired.downloaded' : 'expired';
    default:
      return state.name;
  }
}

const hasWholeImage = ({ history }: Update, { package: { image } }: Campaign): boolean => {
  const bytes = history.at(-1)?.bytes ?? 0;
  return bytes > 0 && bytes >= image.size;
};

const textOf = ({ state, rule }: Update): string => explained(state).reasonText ?? RULES[rule];

/** When it is offered at the earliest; unknown where only the device or the hours decide. */
function nextAttemptAt({ state }: Update, { startsAt, now }: Telling): Instant | undefined {
  if (state.name !== 'waiting') return undefined;
  const at = Math.max(startsAt ?? 0, state.readyAt) as Instant;
  return at > now ? at : undefined;
}

function timesOf(update: Update, telling: Telling): LiteralTimes {
  const { state } = update;
  const next = nextAttemptAt(update, telling);
  if (next !== undefined) return { at: next };
  if (!isLive(state)) return {};
  const until = 'deadline' in state ? state.deadline : state.attempt.transfer?.notAfter;
  return { at: state.attempt.offeredAt, ...(until === undefined ? {} : { until }) };
}

interface Words<Status extends string> {
  readonly status: Status;
  readonly reason: string;
  readonly reasonText: string;
}

export function wordsOf<Generation extends keyof DeviceLiteral>(
  { update }: Pick<Member, 'update'>,
  generation: Generation,
  telling: Telling,
): Words<DeviceLiteral[Generation]['status']> {
  const key = update === undefined ? 'intake' : keyOf(update, telling.campaign);
  const literal: Literal<DeviceLiteral[Generation]['status']> = (DEVICE_LITERALS[key] as DeviceLiteral)[generation];
  const times = update === undefined ? {} : timesOf(update, telling);
  return {
    status: literal.status,
    reason: literalReason(literal, times),
    reasonText: update === undefined ? NOT_JUDGED : textOf(update),
  };
}

function statusOf<Generation extends keyof DeviceLiteral>(member: Member, generation: Generation, telling: Telling) {
  const { status, reason, reasonText } = wordsOf(member, generation, telling);
  return { deviceId: member.imei, status, ...(reason === '' ? {} : { resultReason: reason }), reasonText };
}

/** The first one, whatever became of it. */
export const firstOfferAt = ({ history, state }: Update): Instant | undefined =>
  history[0]?.offeredAt ?? (isLive(state) ? state.attempt.offeredAt : undefined);

function attemptTimes({ update }: Member, telling: Telling) {
  if (update === undefined) return {};
  const { state, history, changedAt } = update;
  const recent = isLive(state) ? state.attempt.offeredAt : history.at(-1)?.offeredAt;
  const next = nextAttemptAt(update, telling);
  return {
    updatedTime: rfc3339(changedAt),
    ...(recent === undefined ? {} : { recentAttemptTime: rfc3339(recent) }),
    ...(next === undefined ? {} : { nextAttemptTime: rfc3339(next) }),
  };
}

export const deviceStatusV1 = (member: Member, telling: Telling): DeviceStatusV1 => statusOf(member, 'v1', telling);

export const deviceStatusV2 = (member: Member, telling: Telling): DeviceStatusV2 => ({
  ...statusOf(member, 'v2', telling),
  ...attemptTimes(member, telling),
});

export const deviceStatusV3 = (member: Member, telling: Telling): DeviceStatusV3 => ({
  ...statusOf(member, 'v3', telling),
  ...attemptTimes(member, telling),
});
