// The optional `rollout` of a campaign: canary, waves, halt, retries and pace as they are asked for and answered.

import { z } from 'zod';
import { LIMITS } from './limits.ts';
import { accepts, named, oneOf, text, wholeNumber, withoutNulls } from './schema.ts';

/** Only fields that are known: a canary that is misspelt must not go out to everybody. */
function fields<Shape extends z.ZodRawShape>(shape: Shape, phrase: string) {
  return z.strictObject(shape, { error: (issue) => (issue.code === 'invalid_type' ? phrase : undefined) });
}

function percent(max: number) {
  const phrase = accepts(`a number above 0, at most ${max}`);
  return z.number(phrase).gt(0, phrase).max(max, phrase);
}

function hours(max: number, min = 0) {
  const phrase = accepts(`a number of hours from ${min} to ${max}`);
  return z.number(phrase).min(min, phrase).max(max, phrase);
}

const SHARE = 'accepted: {"devices": …} or {"percent": …}';

const RolloutShare = named(
  'RolloutShare',
  fields(
    {
      devices: wholeNumber(1, LIMITS.campaignDevicesMax).exactOptional(),
      percent: percent(100).exactOptional(),
    },
    SHARE,
  ).refine(({ devices, percent: part }) => (devices === undefined) !== (part === undefined), SHARE),
);
export type RolloutShare = z.infer<typeof RolloutShare>;

const HALT_TERMS =
  'accepted: usualFailurePercent below badFailurePercent, and falseHaltPercent and missPercent below 100 together';

/** What the campaign tolerates: engine.md §7 has the statistics. */
const RolloutHalt = fields(
  {
    usualFailurePercent: percent(99).describe('So many failures are usual. Default 2.').exactOptional(),
    badFailurePercent: percent(99.9).describe('So many are too many. Default 10.').exactOptional(),
    falseHaltPercent: percent(50).describe('Chance of a halt although failures are usual. Default 1.').exactOptional(),
    missPercent: percent(50)
      .describe('Chance that a canary is accepted although failures are too many. Default 5.')
      .exactOptional(),
  },
  'accepted: an object with usualFailurePercent, badFailurePercent, falseHaltPercent, missPercent',
).refine(
  ({ usualFailurePercent = 2, badFailurePercent = 10, falseHaltPercent = 1, missPercent = 5 }) =>
    usualFailurePercent < badFailurePercent && falseHaltPercent + missPercent < 100,
  HALT_TERMS,
);

const RolloutRetry = fields(
  {
    attemptsMax: wholeNumber(1, LIMITS.rolloutAttemptsMax)
      .describe('Attempts of one device. Default 3.')
      .exactOptional(),
    waitMinutes: wholeNumber(1, LIMITS.rolloutWaitMinutesMax)
      .describe('Before the second attempt; doubles with each. Default 10.')
      .exactOptional(),
  },
  'accepted: an object with attemptsMax, waitMinutes',
);

const ON_STEP_DEADLINE = ['advance', 'hold'] as const;
const APPROVALS = ['none', 'start', 'every-step'] as const;

const STRATIFY = accepts('"model" or "label:" and the key of a label');

/** How many devices may begin an update in a minute. */
export const ArrivalsPerMinute = wholeNumber(1, LIMITS.arrivalsPerMinuteMax);
export const Slots = wholeNumber(1, LIMITS.campaignSlotsMax);

export const RolloutPolicy = named(
  'RolloutPolicy',
  z.preprocess(
    withoutNulls,
    fields(
      {
        canary: RolloutShare.describe('Goes first and is judged by a test of its own.').exactOptional(),
        waves: z
          .array(RolloutShare, accepts('a list of shares'))
          .max(LIMITS.rolloutWavesMax, accepts(`at most ${LIMITS.rolloutWavesMax} waves`))
          .describe('Shares of all accepted devices, in order; what is left over is a last wave.')
          .exactOptional(),
        stratifyBy: text(LIMITS.labelLengthMax + 'label:'.length)
          .regex(/^(?:model|label:.+)$/s, STRATIFY)
          .describe('Every step takes its share of each, and each is guarded by itself.')
          .exactOptional(),
        soakHours: hours(LIMITS.rolloutHoursMax)
          .describe('From the end of a step to the opening of the next. Default 0.')
          .exactOptional(),
        advanceAtPercent: percent(100)
          .describe('A wave is done when so many of its devices have an outcome. Default 90.')
          .exactOptional(),
        stepDeadlineHours: hours(LIMITS.rolloutHoursMax, 1)
          .describe('A step that is not done after so long goes by onStepDeadline.')
          .exactOptional(),
        onStepDeadline: oneOf(ON_STEP_DEADLINE)
          .describe('advance: open the next wave, if anybody succeeded. hold: wait for an approval. Default hold.')
          .exactOptional(),
        approval: oneOf(APPROVALS)
          .describe('Steps that somebody else than who scheduled has to approve. Default none.')
          .exactOptional(),
        maxUnresolved: wholeNumber(1, LIMITS.campaignDevicesMax)
          .describe('Devices between offer and outcome. Default: the larger of 50 and 5 % of the wave.')
          .exactOptional(),
        halt: RolloutHalt.exactOptional(),
        retry: RolloutRetry.exactOptional(),
        arrivalsPerMinute: ArrivalsPerMinute.describe(
          'Devices that may begin in a minute. Default 1000.',
        ).exactOptional(),
        slots: Slots.describe('Devices that are being updated at a time. Default 1000.').exactOptional(),
      },
      'accepted: an object with fields of a rollout like canary and waves',
    ),
  ),
);
export type RolloutPolicy = z.infer<typeof RolloutPolicy>;

const Instant = z.string().meta({ format: 'date-time' });

const RolloutStepView = named(
  'RolloutStepView',
  z.object({
    kind: z.enum(['canary', 'wave']),
    size: z.int(),
    state: z.enum(['waiting', 'open', 'soaking', 'done']),
    live: z.int(),
    succeeded: z.int(),
    failed: z.int(),
    other: z.int().describe('Rejected, expired, cancelled: no evidence about the image.'),
  }),
);

/** The policy with its defaults filled in, and how far it has come. */
export const RolloutView = named(
  'RolloutView',
  z.object({
    canary: z.object({ devices: z.int().exactOptional(), percent: z.number().exactOptional() }).exactOptional(),
    waves: z.array(z.object({ devices: z.int().exactOptional(), percent: z.number().exactOptional() })),
    stratifyBy: z.string().exactOptional(),
    soakHours: z.number(),
    advanceAtPercent: z.number(),
    stepDeadlineHours: z.number().exactOptional(),
    onStepDeadline: z.enum(ON_STEP_DEADLINE),
    approval: z.enum(APPROVALS),
    maxUnresolved: z.int().describe('Devices between offer and outcome, in the step that is open.'),
    halt: z.object({
      usualFailurePercent: z.number(),
      badFailurePercent: z.number(),
      falseHaltPercent: z.number(),
      missPercent: z.number(),
    }),
    retry: z.object({ attemptsMax: z.int(), waitMinutes: z.number() }),
    arrivalsPerMinute: z.int(),
    slots: z.int(),
    progress: z
      .object({
        step: z.int().describe('Number of the step that was opened last, from 1; 0: none.'),
        steps: z.array(RolloutStepView).describe('Empty until the campaign is scheduled.'),
        openedAt: Instant.exactOptional(),
        doneAt: Instant.exactOptional(),
        soakUntil: Instant.exactOptional(),
        awaitsApproval: z.boolean(),
        approvedBy: z.string().exactOptional(),
      })
      .exactOptional(),
  }),
);
export type RolloutView = z.infer<typeof RolloutView>;
