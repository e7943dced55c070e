// Which content format a device is asked in and written to: its version, what it says, and what it answered (LwM2M TS 1.0 §6.4, 1.1 §7.4).

import { CODE } from './codes.ts';
import { CONTENT_FORMAT } from './options.ts';
import type { Version } from './registration.ts';

/** A content format, or the device's own choice: a request without the Accept option. */
export type Form = number | 'its-own';

/** What is known of how a device speaks. */
export interface Dialect {
  readonly version: Version;
  /** Content formats that its root link names; mostly none. */
  readonly formats: readonly number[];
  /** What it answered well last time. */
  readonly learned?: Form | undefined;
}

const { SENML_CBOR, SENML_JSON, TLV, TEXT } = CONTENT_FORMAT;

/** The smallest first. */
const PREFERENCE: readonly number[] = [SENML_CBOR, SENML_JSON, TLV];
/** LwM2M 1.0 has no SenML; its TLV is what all versions have in common. */
const FORMATS_OF: Readonly<Record<Version, readonly number[]>> = {
  '1.0': [TLV],
  '1.1': PREFERENCE,
  '1.2': PREFERENCE,
};

function preferred({ version, formats }: Dialect): readonly number[] {
  const named = PREFERENCE.filter((format) => formats.includes(format));
  const likely = named.length > 0 ? named : FORMATS_OF[version];
  // What it says is a promise, not a bound: TLV comes last where it is not named.
  return likely.includes(TLV) ? likely : [...likely, TLV];
}

/** In which forms a whole object is asked for, one after the other until one is understood. */
export function objectForms(dialect: Dialect): readonly Form[] {
  return learnedFirst([...preferred(dialect), 'its-own'], dialect.learned);
}

/** One resource: devices without a format option answer in TLV or in text, and both are read (devices.md). */
export function resourceForms({ version, formats, learned }: Dialect): readonly Form[] {
  const structured = version === '1.0' ? [] : preferred({ version, formats });
  // Text was optional in the beginning and is optional again, but nobody misunderstands it.
  return learnedFirst(['its-own', TEXT, ...structured], learned === TLV ? undefined : learned);
}

/** In which forms one resource is written: text first, which most devices take whatever they say. */
export function writeForms(dialect: Dialect): readonly number[] {
  const structured = preferred(dialect);
  const { learned } = dialect;
  if (typeof learned !== 'number' || !structured.includes(learned)) return [TEXT, ...structured];
  return [TEXT, learned, ...structured.filter((format) => format !== learned)];
}

/** What to ask for next time, after `asked` was understood in the content format that the answer named. */
export function learnedForm(asked: Form, answered: number | undefined): Form {
  // Who passes the Accept option over and answers in his own form is spared the question.
  return asked !== 'its-own' && answered !== undefined && PREFERENCE.includes(answered) ? answered : asked;
}

function learnedFirst(forms: readonly Form[], learned: Form | undefined): readonly Form[] {
  return learned === undefined ? forms : [learned, ...forms.filter((form) => form !== learned)];
}

/** The device knows the resource but not the format, or not the option that names it: another one may do. */
export const isFormProblem = (code: number): boolean =>
  code === CODE.NOT_ACCEPTABLE || code === CODE.BAD_OPTION || code === CODE.UNSUPPORTED_FORMAT;
