// Lines of a ledger as events: the parts that a person looks at.

export interface LedgerEvent {
  readonly sequence: number;
  readonly at: string;
  readonly kind: string;
  readonly rule: string;
  readonly imei?: string;
}

/** Lines that are no entries, like the head, are left out. */
export const ledgerEvents = (lines: readonly string[]): readonly LedgerEvent[] => lines.flatMap(eventOf);

function eventOf(line: string): readonly LedgerEvent[] {
  const { text } = JSON.parse(line) as { readonly text?: string };
  if (text === undefined) return [];
  const { sequence, entry } = JSON.parse(text) as { readonly sequence: number; readonly entry: Entry };
  const { at, kind, rule, imei } = entry;
  const when = typeof at === 'number' ? new Date(at).toISOString() : at;
  return [{ sequence, at: when, kind, rule, ...(imei === undefined ? {} : { imei }) }];
}

interface Entry {
  readonly at: number | string;
  readonly kind: string;
  readonly rule: string;
  readonly imei?: string;
}
