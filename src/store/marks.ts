// What devices are found by beside model and transport: their makes, their versions, their labels, the end of their IMEIs.
import type { Device } from '../campaigns/index.ts';
import { keyText } from './columns.ts';

/** No version is known, neither of the firmware nor of any software. */
export const VERSION_UNKNOWN = 'unknown';
/** It has never been heard. Given when the device is stored, taken away by its first contact; not among `marksOf`. */
export const NEVER_SEEN = 'never';

export const versionMark = (version: string): string => keyText(`version:${version}`);
export const makeMark = (make: string): string => keyText(`make:${make}`);
export const labelMark = (name: string, value: string): string => keyText(`label:${name}=${value}`);
/** An IMEI backwards: those that end alike lie together. */
export const tailMark = (end: string): string => keyText(`tail:${[...end].reverse().join('')}`);

/** In an order that depends on nothing but the marks themselves. */
export function marksOf({ imei, make, firmware, software, labels }: Device): readonly string[] {
  const versions = [firmware, ...Object.values(software)].filter((one) => one !== undefined && one.value !== '');
  const marks = [
    tailMark(imei),
    ...(make === undefined ? [] : [makeMark(make)]),
    ...(versions.length === 0 ? [VERSION_UNKNOWN] : versions.map((one) => versionMark(one?.value ?? ''))),
    ...Object.entries(labels).map(([name, value]) => labelMark(name, value)),
  ];
  return [...new Set(marks)].sort();
}

/** Silence is told in whole UTC days, so that a contact seldom touches an index. */
export const SILENCE_UNIT_MS = 86_400_000;
export const silenceDayOf = (at: number): number => Math.floor(at / SILENCE_UNIT_MS);
