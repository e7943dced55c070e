// Short words for how attempts and updates ended, and for what a device runs.
import type { Device, Reading } from '../device.ts';
import { type PackageFacts, runningVersion } from '../package.ts';
import { FAILURE_REASONS, REJECT_REASONS } from '../reasons.ts';
import { RULES } from '../rules.ts';
import type { AttemptOutcome, Update } from '../update.ts';
import { type Here, momentText } from './clock-times.ts';
import type { Running } from './explanation.ts';

const OUTCOMES = {
  succeeded: 'It succeeded.',
  suspended: 'We cut it; it cost nothing.',
  untouched: 'The device did not act on the offer; it cost nothing.',
  unreachable: 'The device did not answer; it cost nothing.',
  deferred: 'The device put it off; it cost nothing.',
  'campaign-over': 'The campaign was over.',
} as const;

export const pastReason = (outcome: AttemptOutcome['outcome']): string =>
  outcome in FAILURE_REASONS
    ? FAILURE_REASONS[outcome as keyof typeof FAILURE_REASONS].text
    : OUTCOMES[outcome as keyof typeof OUTCOMES];

const withDetail = (text: string, detail: string | undefined): string =>
  detail === undefined || detail === '' ? text : `${text} ${detail}${detail.endsWith('.') ? '' : '.'}`;

/** Why the update stands where it stands, as a sentence. */
export function reasonOf({ state, rule }: Update): string {
  if (state.name === 'failed') return withDetail(FAILURE_REASONS[state.reason].text, state.detail);
  if (state.name === 'rejected') return withDetail(REJECT_REASONS[state.reason], state.detail);
  return RULES[rule];
}

/** What the device runs of this package. */
export function runsOf(device: Device, pack: PackageFacts): readonly Running[] {
  const reading = runningVersion(device, pack);
  return reading === undefined ? [] : [{ what: pack.kind, ...reading }];
}

// What clients commonly call their version; the other attributes of a device are its own matter.
const VERSION_ATTRIBUTES = ['firmware', 'fw_version', 'version', 'sw_version'];

/** Everything that is known of what it runs. */
export function runsAll({ firmware, software, attributes, attributesAt }: Device): readonly Running[] {
  const told = VERSION_ATTRIBUTES.flatMap((what): readonly Running[] => {
    const value = attributes[what];
    return value === undefined || attributesAt === undefined
      ? []
      : [{ what, value, at: attributesAt, source: 'reported' }];
  });
  const own: readonly Running[] = firmware === undefined ? [] : [{ what: 'firmware', ...firmware }];
  const parts = Object.entries(software).map(([what, reading]): Running => ({ what, ...reading }));
  const newest = new Map<string, Running>();
  for (const one of [...own, ...parts, ...told])
    if (one.at >= (newest.get(one.what)?.at ?? one.at)) newest.set(one.what, one);
  return [...newest.values()];
}

const howText = ({ source, at }: Reading, here: Here): string =>
  `${source === 'reported' ? 'told by the device' : 'imported, not told by the device'} ${momentText(at, here)}`;

/** The first line of an explanation. */
export const runsText = (runs: readonly Running[], here: Here): string =>
  runs.length === 0
    ? 'Its version is not known.'
    : `Runs ${runs.map((one) => `${one.what} ${one.value} (${howText(one, here)})`).join(', ')}.`;
