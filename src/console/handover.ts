// Devices that were chosen on one page for another: kept in this tab only, and taken once.

const KEY = 'campanile-chosen-devices';

export function handOver(imeis: readonly string[]): void {
  window.sessionStorage.setItem(KEY, imeis.join('\n'));
}

/** Looked at, and taken away only when the campaign is made: going back and forth loses nothing. */
export const handedOver = (): readonly string[] =>
  (window.sessionStorage.getItem(KEY) ?? '').split('\n').filter((one) => one !== '');

export const takeHandedOver = (): void => window.sessionStorage.removeItem(KEY);
