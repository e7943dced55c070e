// A list of devices out of what somebody pasted or a file holds: IMEIs, repeated ones once, the rest counted.

export interface DeviceList {
  readonly imeis: readonly string[];
  readonly repeated: number;
  /** What is no IMEI; the first few are shown. */
  readonly others: readonly string[];
}

const IMEI = /^\d{15}$/;

export function deviceList(words: readonly string[]): DeviceList {
  const given = words.map((word) => word.trim().replace(/^["']|["']$/g, '')).filter((word) => word !== '');
  const good = given.filter((word) => IMEI.test(word));
  const imeis = [...new Set(good)];
  return { imeis, repeated: good.length - imeis.length, others: given.filter((word) => !IMEI.test(word)) };
}

/** Separated by anything that is not part of a word. */
export const pastedList = (text: string): DeviceList => deviceList(text.split(/[\s,;]+/));

/** The column `imei` of a CSV with a header; without one, the first column of every line. */
export function csvList(text: string): DeviceList {
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .filter((line) => line !== '');
  const [head = ''] = lines;
  const separator = head.split(';').length > head.split(',').length ? ';' : ',';
  const names = head.split(separator).map((name) => name.trim().replaceAll('"', '').toLowerCase());
  const place = names.indexOf('imei');
  const rows = place === -1 ? lines : lines.slice(1);
  return deviceList(rows.map((row) => row.split(separator)[Math.max(place, 0)] ?? ''));
}
