// Operator API: what would become of a campaign; asked with the body of a schedule call, or of one that exists.

import { z } from 'zod';
import { TransportInput } from './inventory.ts';
import { LIMITS } from './limits.ts';
import { ArrivalsPerMinute, RolloutPolicy, Slots } from './rollout.ts';
import { accepts, isJsonObject, named, text, wholeNumber, withoutNulls } from './schema.ts';
import { Day, DeviceList, InstantText, TimeWindowList, windowExtras, withPlainWindows } from './shared.ts';

const BODY = accepts('a JSON object');
const PERCENT = accepts('a number from 0 to 100');

const assumptions = {
  failurePercent: z
    .number(PERCENT)
    .min(0, PERCENT)
    .max(100, PERCENT)
    .describe('So many installations fail. Default 0.')
    .exactOptional(),
  seed: wholeNumber(0, 0xffff_ffff).describe('The same seed plays the same campaign again. Default 1.').exactOptional(),
};

const times = {
  downloadAfterDate: Day.exactOptional(),
  installAfterDate: Day.exactOptional(),
  downloadWindows: TimeWindowList.describe('Empty or absent: always.').exactOptional(),
  installWindows: TimeWindowList.describe('Empty or absent: always.').exactOptional(),
  ...windowExtras,
};

/** Bodies of v3 and v2 schedule calls are understood too: their names become ours. */
function inOurWords(body: unknown): unknown {
  const fields = withPlainWindows(body);
  if (!isJsonObject(fields)) return fields;
  const {
    firmwareName,
    firmwareFrom,
    firmwareTo: _to,
    protocol,
    campaignTimeWindowList,
    timeWindowList,
    ...v3
  } = fields;
  const windows = campaignTimeWindowList ?? timeWindowList;
  if (firmwareName !== undefined)
    return withoutNulls({
      ...v3,
      packageName: firmwareName,
      from: firmwareFrom ?? null,
      transport: protocol ?? 'LWM2M',
      downloadWindows: windows ?? null,
      installWindows: windows ?? null,
    });
  const { softwareName, softwareFrom, softwareTo: _target, distributionType, ...v2 } = fields;
  if (softwareName === undefined) return fields;
  const { downloadTimeWindowList, installTimeWindowList, ...rest } = v2;
  return withoutNulls({
    ...rest,
    packageName: softwareName,
    from: softwareFrom ?? null,
    transport: distributionType ?? null,
    downloadWindows: downloadTimeWindowList ?? null,
    installWindows: installTimeWindowList ?? null,
  });
}

const LABELS = accepts('an object of labels');

const DeviceFilter = z.object(
  {
    labels: z
      .record(text(LIMITS.labelLengthMax), text(LIMITS.labelLengthMax, 0), LABELS)
      .describe('Devices that have all of these labels.')
      .exactOptional(),
  },
  accepts('an object {"labels": {…}}'),
);

export const SimulatedCampaign = named(
  'SimulatedCampaign',
  z.preprocess(
    inOurWords,
    z.object(
      {
        packageName: text(LIMITS.nameLengthMax),
        from: text(LIMITS.versionLengthMax).exactOptional(),
        transport: TransportInput.describe('Needed where the package is made for both.').exactOptional(),
        startDate: Day,
        endDate: Day,
        ...times,
        rollout: RolloutPolicy.exactOptional(),
        deviceList: DeviceList.describe(
          'Absent: every device of the make and model of the package, or those that the filter lets through.',
        ).exactOptional(),
        filter: DeviceFilter.exactOptional(),
        ...assumptions,
      },
      BODY,
    ),
  ),
);
export type SimulatedCampaign = z.infer<typeof SimulatedCampaign>;

/** Absent = as it is; with a change both futures are told, and who gains and who loses by it. */
export const SimulatedChange = named(
  'SimulatedChange',
  z.preprocess(
    withoutNulls,
    z.object(
      {
        startDate: Day.exactOptional(),
        endDate: Day.exactOptional(),
        ...times,
        arrivalsPerMinute: ArrivalsPerMinute.exactOptional(),
        slots: Slots.exactOptional(),
        ...assumptions,
      },
      BODY,
    ),
  ),
);
export type SimulatedChange = z.infer<typeof SimulatedChange>;

const Spread = z
  .object({ p50: InstantText, p90: InstantText, basis: z.string() })
  .describe('Half of the plays, and nine of ten, are not later. basis: measured on how many devices, or assumed.');
const group = { devices: z.int(), named: z.array(z.string()).describe('The first of them.') };
const hours = z.array(z.object({ from: InstantText, transfers: z.int(), bytes: z.number() }));
const TrafficOf = z.object({ name: z.string(), hours });

export const PredictionView = named(
  'PredictionView',
  z.object({
    at: InstantText,
    plays: z.int(),
    devices: z.int().describe('Devices that take part.'),
    sampled: z
      .object({ played: z.int(), of: z.int() })
      .describe('So many stand for all; counts are scaled up.')
      .exactOptional(),
    finish: Spread.exactOptional(),
    halfDone: Spread.exactOptional(),
    succeeded: z.object({ devices: z.int(), basis: z.string() }),
    failed: z.object({ devices: z.int(), basis: z.string() }),
    late: z
      .array(z.object({ rule: z.string(), sentence: z.string(), ...group }))
      .describe('Devices that are not updated by the end date, and why.'),
    refused: z.array(z.object({ reason: z.string(), reasonText: z.string(), ...group })),
    hours: hours.describe('By the hour, UTC.'),
    labels: z.array(TrafficOf),
    strata: z.array(TrafficOf),
    trafficBasis: z.string(),
    firstInstall: z.object({ at: InstantText, zone: z.string(), local: z.string(), basis: z.string() }).exactOptional(),
    steps: z.array(z.object({ kind: z.enum(['canary', 'wave']), devices: z.int(), opens: Spread.exactOptional() })),
    hold: z
      .object({ kind: z.enum(['paused', 'halted', 'undecided']), reason: z.string(), since: InstantText })
      .exactOptional(),
    inputs: z.array(z.object({ what: z.string(), basis: z.string(), measuredOn: z.int() })),
    notes: z.array(z.string()),
  }),
);
export type PredictionView = z.infer<typeof PredictionView>;

/** `gains`: updated with the change only; `loses`: updated without it only. */
export const LivePrediction = named(
  'LivePrediction',
  z.object({
    prediction: PredictionView.describe('As the campaign is.'),
    changed: PredictionView.describe('With the change.').exactOptional(),
    gains: z.object(group).exactOptional(),
    loses: z.object(group).exactOptional(),
    sooner: z.int().exactOptional(),
    later: z.int().exactOptional(),
  }),
);
export type LivePrediction = z.infer<typeof LivePrediction>;
