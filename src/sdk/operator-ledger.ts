// The operator's view of ledgers: their entries line by line, their heads, and the keys that signed.

import { withQuery } from './caller.ts';
import type { CallOptions } from './http.ts';
import { type Caller, campaignPath } from './operator-call.ts';
import type { LedgerHeadView, LedgerKeyPage } from './wire.gen.ts';

export interface LedgerOptions extends CallOptions {
  /** Sequence number of the last entry that is known already. */
  readonly after?: number;
  /** Entries of one answer, 1 to 1000. */
  readonly limit?: number;
}

export class OperatorLedger {
  readonly #call: Caller;

  constructor(call: Caller) {
    this.#call = call;
  }

  /** The head of a campaign's ledger: kept elsewhere, it proves later that nothing before it was changed. */
  async head(accountName: string, campaignId: string, options: CallOptions = {}): Promise<LedgerHeadView> {
    const path = `${campaignPath(accountName, campaignId)}/ledger/head`;
    return (await this.#call({ method: 'GET', path, ...options })) as LedgerHeadView;
  }

  /** Every key that ever signed. */
  async keys(options: CallOptions = {}): Promise<LedgerKeyPage> {
    return (await this.#call({ method: 'GET', path: '/operator/v1/ledger-keys', ...options })) as LedgerKeyPage;
  }

  /** One answer of an export: entries, and as the last line the head that there was then. */
  async page(
    accountName: string,
    campaignId: string,
    { after, limit, ...options }: LedgerOptions = {},
  ): Promise<readonly string[]> {
    const path = withQuery(`${campaignPath(accountName, campaignId)}/ledger`, {
      after: after === undefined ? undefined : String(after),
      limit: limit === undefined ? undefined : String(limit),
    });
    const text = (await this.#call({ method: 'GET', path, answer: 'text', ...options })) as string;
    return text.split('\n').slice(0, -1);
  }

  /** The lines of a whole export, up to the head that there is now: that head is the last line. */
  async *lines(accountName: string, campaignId: string, options: CallOptions = {}): AsyncGenerator<string, void> {
    let head: string | undefined;
    let length = 0;
    for (let after = 0; ; ) {
      const page = await this.page(accountName, campaignId, { after, ...options });
      const last = page.at(-1) ?? '';
      if (head === undefined) {
        head = last;
        length = lengthOf(head);
      }
      const entries = page.slice(0, Math.min(page.length - 1, length - after));
      yield* entries;
      after += entries.length;
      if (after >= length || entries.length === 0) break;
    }
    yield head;
  }
}

/** For how many entries the head of a line stands. */
function lengthOf(line: string): number {
  const { head } = JSON.parse(line) as { readonly head?: { readonly length?: number } };
  return head?.length ?? 0;
}
