// Whether two contents are the same, whatever the order of their fields: as one text, or as a hash that needs no text.
import { createHash } from 'node:crypto';

/** Elements of a list that are put into one text: a list of a million devices is hashed without being written out. */
const LIST_PIECE = 1_000;

/** The same text for the same content, whatever the order of the fields. */
export const canonicalText = (value: unknown): string => [...canonicalPieces(value)].join('');

/** The same hash for the same content, whatever the order of the fields. */
export function contentHash(...values: readonly unknown[]): string {
  const hash = createHash('sha256');
  for (const value of values) for (const piece of canonicalPieces(value)) hash.update(piece);
  return hash.digest('hex');
}

function* canonicalPieces(value: unknown): Generator<string> {
  if (Array.isArray(value)) {
    yield '[';
    for (let at = 0; at < value.length; at += LIST_PIECE) yield* listPieces(value.slice(at, at + LIST_PIECE));
    yield ']';
    return;
  }
  if (typeof value !== 'object' || value === null) {
    yield `${JSON.stringify(value) ?? 'null'},`;
    return;
  }
  yield '{';
  for (const [name, field] of Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))) {
    if (field === undefined) continue;
    yield `${JSON.stringify(name)}:`;
    yield* canonicalPieces(field);
  }
  yield '},';
}

function* listPieces(items: readonly unknown[]): Generator<string> {
  if (items.every((item) => typeof item !== 'object' || item === null)) yield `${JSON.stringify(items).slice(1, -1)},`;
  else for (const item of items) yield* canonicalPieces(item);
}
