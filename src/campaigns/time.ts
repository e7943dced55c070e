// Instants and durations: whole milliseconds, branded so that a bare number cannot be passed for either.

declare const unit: unique symbol;

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number & { readonly [unit]: 'instant' };
/** A length of time in milliseconds. */
export type Duration = number & { readonly [unit]: 'duration' };

export const instant = (milliseconds: number): Instant => Math.trunc(milliseconds) as Instant;
export const seconds = (count: number): Duration => (count * 1_000) as Duration;
export const minutes = (count: number): Duration => (count * 60_000) as Duration;
export const hours = (count: number): Duration => (count * 3_600_000) as Duration;
export const days = (count: number): Duration => (count * 86_400_000) as Duration;

export const after = (at: Instant, wait: Duration): Instant => (at + wait) as Instant;
export const earliest = (...instants: readonly (Instant | undefined)[]): Instant | undefined => {
  const known = instants.filter((at): at is Instant => at !== undefined);
  return known.length === 0 ? undefined : (Math.min(...known) as Instant);
};

/** A UTC calendar day, `YYYY-MM-DD`. */
export type Day = string & { readonly [unit]: 'day' };

/** The UTC day of an instant. */
export function dayOf(at: Instant): Day {
  return new Date(at).toISOString().slice(0, 10) as Day;
}

// Every decision asks for the days of its campaign, and reading a text as a date is slow.
const starts = new Map<Day, Instant>();
const STARTS_MAX = 1_024;

/** 00:00:00.000Z of a day. */
export function startOfDay(day: Day): Instant {
  const known = starts.get(day);
  if (known !== undefined) return known;
  if (starts.size >= STARTS_MAX) starts.clear();
  const start = Date.parse(`${day}T00:00:00Z`) as Instant;
  starts.set(day, start);
  return start;
}

/** The first instant after a day: contract.md §3.4, the end day is inclusive. */
export function endOfDay(day: Day): Instant {
  return after(startOfDay(day), days(1));
}

/** RFC 3339 in UTC, the one spelling of time that leaves the server (contract.md §9-24). */
export function rfc3339(at: Instant): string {
  return new Date(at).toISOString();
}
