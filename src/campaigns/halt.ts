// What speaks for a halt: which entries are evidence about the image, and how a halt is told (engine.md §7).
import type { Entry } from './change.ts';
import type { Device } from './device.ts';
import type { Imei } from './ids.ts';
import { LIMITS } from './limits.ts';
import { FAILURE_REASONS, type FailureReason } from './reasons.ts';
import type { Halt, ScoreEvent } from './score-book.ts';

const reasonOf = (entry: Entry): FailureReason | undefined => {
  const reason = entry.facts?.['reason'];
  return typeof reason === 'string' && reason in FAILURE_REASONS ? (reason as FailureReason) : undefined;
};

/** What an entry means for the scores; undefined: nothing. `strata`: those of the entry's device, by number. */
export function scoreEventOf(entry: Entry, strata: readonly number[]): ScoreEvent | undefined {
  const { imei, move, kind } = entry;
  if (imei === undefined) return undefined;
  if (kind === 'transfer-grant') return { is: 'granted', imei, strata };
  switch (move?.to) {
    case undefined:
    case 'downloaded':
      // A suspended attempt that is taken up with its whole image needs no other grant: its outcome counts all the same.
      return move?.from === 'waiting' ? { is: 'granted', imei, strata } : undefined;
    case 'offered':
    case 'downloading':
    case 'installing':
    case 'verifying':
      return undefined;
    case 'succeeded':
      return { is: 'succeeded', imei };
    case 'failed': {
      const reason = reasonOf(entry);
      return reason !== undefined && FAILURE_REASONS[reason].evidence
        ? { is: 'failed', imei, reason }
        : { is: 'left', imei };
    }
    default:
      return { is: 'left', imei };
  }
}

export interface Counted<Name extends string = string> {
  readonly name: Name;
  readonly devices: number;
}

export interface HaltEvidence {
  /** The score that halted: `canary`, `campaign`, or the name of a stratum. */
  readonly score: string;
  /** In micro-nats: where the score stood, and where it halts. */
  readonly value: number;
  readonly bound: number;
  /** Since the score last stood at zero. */
  readonly outcomes: number;
  readonly failures: number;
  /** Those that failed last, at most `haltDevicesMax`; reasons and shares are theirs. */
  readonly devices: readonly Imei[];
  readonly reasons: readonly Counted<FailureReason>[];
  /** `make Acme`, `model M1`, `label site=north`; the most frequent first, at most `haltSharesMax`. */
  readonly shares: readonly Counted[];
}

type Traits = Pick<Device, 'imei' | 'make' | 'model' | 'labels'>;

/** The evidence of a halt; `devices`: what is known of those that failed, for the shares. */
export function evidenceOf(halt: Halt, strata: readonly string[], devices: readonly Traits[]): HaltEvidence {
  return {
    score: halt.stratum === undefined ? halt.by : (strata[halt.stratum] ?? halt.by),
    value: halt.value,
    bound: halt.bound,
    outcomes: halt.outcomes,
    failures: halt.failures,
    devices: halt.failing.map(({ imei }) => imei),
    reasons: counted(halt.failing.map(({ reason }) => reason)),
    shares: sharesOf(devices.filter(({ imei }) => halt.failing.some((one) => one.imei === imei))),
  };
}

/** What they have in common, the most frequent first. */
export const sharesOf = (devices: readonly Traits[]): readonly Counted[] =>
  counted(devices.flatMap(traitsOf)).slice(0, LIMITS.haltSharesMax);

const traitsOf = ({ make, model, labels }: Traits): readonly string[] => [
  ...(make === undefined ? [] : [`make ${make}`]),
  ...(model === undefined ? [] : [`model ${model}`]),
  ...Object.entries(labels).map(([key, value]) => `label ${key}=${value}`),
];

function counted<Name extends string>(names: readonly Name[]): readonly Counted<Name>[] {
  const counts = new Map<Name, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  const rows = [...counts].map(([name, devices]) => ({ name, devices }));
  return rows.toSorted((one, other) => other.devices - one.devices || (one.name < other.name ? -1 : 1));
}

const SHARES_TOLD = 3;
const listed = (counts: readonly Counted[]): string =>
  counts.map(({ name, devices }) => `${name} ${devices}`).join(', ');

/** One sentence for `statusReason`, the audit and the ledger. */
export function haltSentence({ score, outcomes, failures, devices, reasons, shares }: HaltEvidence): string {
  const where = score === 'campaign' ? '' : score === 'canary' ? ' of the canary' : ` of ${score}`;
  const known = shares.length === 0 ? '' : ` Of these ${devices.length}: ${listed(shares.slice(0, SHARES_TOLD))}.`;
  return `Too many failures: ${failures} of the last ${outcomes} outcomes${where} (${listed(reasons)}).${known}`;
}
