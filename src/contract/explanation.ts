// Operator API: why a device is not updated, as lines to be read and as parts to be used.

import { z } from 'zod';
import { LIMITS } from './limits.ts';
import { UPDATE_STATES, type UpdateStateName } from './operator.ts';
import { named, text } from './schema.ts';
import { AccountName, CampaignId, InstantText } from './shared.ts';

/** Anything may be asked about: what is no IMEI is answered with the devices that may be meant. */
export const ExplainDeviceParams = z.object({ accountName: AccountName, imei: text(LIMITS.deviceIdLengthMax) });
export const ExplainUpdateParams = ExplainDeviceParams.extend({ campaignId: CampaignId });

const upperCase = (state: UpdateStateName): Uppercase<UpdateStateName> =>
  state.toUpperCase() as Uppercase<UpdateStateName>;

export const VERDICTS = [...UPDATE_STATES.map(upperCase), 'NOT IN A CAMPAIGN', 'UNKNOWN DEVICE'] as const;

const RunningVersion = z.object({
  what: z.string().describe('firmware, or the name of a component or attribute.'),
  version: z.string(),
  readAt: InstantText,
  source: z.enum(['import', 'reported']).describe('reported: the device told it. import: an operator did.'),
});

const NextChance = z.object({
  at: InstantText,
  zone: z.string(),
  local: z.string().describe('What the clock on the wall shows then in that zone.'),
  is: z
    .enum(['contact', 'opening'])
    .describe('contact: the device is expected to contact us then. opening: it is allowed from then on.'),
});

const EarlierUpdate = z.object({
  campaignId: z.string(),
  package: z.string(),
  state: z.enum(UPDATE_STATES),
  at: InstantText,
  reason: z.string(),
});

export const ExplanationView = named(
  'ExplanationView',
  z.object({
    imei: z.string(),
    campaignId: z.string().exactOptional(),
    text: z.string().describe('The whole explanation as lines.'),
    runs: z.array(RunningVersion).describe('Empty: its version is not known.'),
    verdict: z.enum(VERDICTS),
    sentence: z.string().describe('Verdict, reason, next chance, attempt and what to do.'),
    rule: z.string().describe('Id of the rule by which it stands where it stands.').exactOptional(),
    ruleText: z.string().exactOptional(),
    nextEligible: NextChance.describe('Absent: time alone does not decide.').exactOptional(),
    ifMissed: z.string().exactOptional(),
    lastContactAt: InstantText.exactOptional(),
    usualInterval: z
      .object({
        seconds: z.int(),
        measuredOn: z.int().describe('Intervals that it was measured on; 0: it is assumed.'),
      })
      .exactOptional(),
    unblock: z.string().describe('What would unblock it.'),
    attempt: z.object({ number: z.int(), max: z.int() }).exactOptional(),
    refused: z.string().describe('That it came and was turned away, and why.').exactOptional(),
    residue: z.string().describe('What an ended campaign left on the device.').exactOptional(),
    earlier: z.array(EarlierUpdate).describe('Its parts in other campaigns, the newest first.'),
    fits: z.array(z.string()).describe('Of a device in no campaign: campaigns that are not over and fit it.'),
    nearest: z
      .array(z.object({ imei: z.string(), how: z.string() }))
      .describe('Of an IMEI that the account does not have: devices that may be meant.'),
  }),
);
export type ExplanationView = z.infer<typeof ExplanationView>;
