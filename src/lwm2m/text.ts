// Single values in the plain text form (LwM2M TS 1.0 §6.4.1).

/** A whole number as text; spaces around it are forgiven. */
export function textInteger(text: string): number | undefined {
  const trimmed = text.trim();
  if (!/^[+-]?\d{1,16}$/.test(trimmed)) return undefined;
  const value = Number(trimmed);
  return Number.isSafeInteger(value) ? value : undefined;
}
