// The building blocks of every schema: named components, "accepted" phrases, nulls that mean absent.

import { z } from 'zod';

/** Components of the OpenAPI documents: what is named here becomes a schema with that name, and a type in the SDK. */
export const COMPONENTS = z.registry<{ id: string }>();

export function named<Schema extends z.ZodType>(id: string, schema: Schema): Schema {
  COMPONENTS.add(schema, { id });
  return schema;
}

const ACCEPTED = 'accepted: ';

/** The error option of a check: what would have been accepted, in words for the caller. */
export function accepts(phrase: string): { readonly error: string } {
  return { error: ACCEPTED + phrase };
}

/** The phrase given to `accepts`, or undefined for a message of zod's own. */
export function acceptedPhrase(message: string): string | undefined {
  return message.startsWith(ACCEPTED) ? message.slice(ACCEPTED.length) : undefined;
}

export type JsonObject = Readonly<Record<string, unknown>>;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** contract.md §1.6: for clients of the original service `null` and absent are the same. */
export function withoutNulls(value: unknown): unknown {
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== null));
}

/** A text with both bounds, whose refusal says both. */
export function text(max: number, min = 1): z.ZodString {
  const phrase = accepts(min === 0 ? `a text of at most ${max} characters` : `a text of ${min} to ${max} characters`);
  return z.string(phrase).min(min, phrase).max(max, phrase);
}

export function wholeNumber(min: number, max: number): z.ZodInt {
  const phrase = accepts(`a whole number from ${min} to ${max}`);
  return z.int(phrase).min(min, phrase).max(max, phrase);
}

export function oneOf<const Values extends readonly [string, ...string[]]>(values: Values) {
  return z.enum(values, accepts(`one of ${values.join(', ')}`));
}
