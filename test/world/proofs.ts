// The ledger and the score, reckoned again from what was sealed and from what the devices know of themselves.
import { createHash } from 'node:crypto';
import type { KeptBook } from '../../src/campaigns/index.ts';
import { type Campaign, type Entry, headText, type SealedEntry, type Signer } from '../../src/campaigns/index.ts';
import type { Fail } from './mirror.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Stands for the key that lies outside the store. */
export const SIGNER: Signer = { keyId: 'world', sign: (text) => sha256(`the world's key ${text}`) };

/** engine.md §7: what counts against an image, once a byte of it was served. */
const AGAINST: readonly unknown[] = [
  'install-failed',
  'integrity-failed',
  'wrong-version',
  'silent-after-install',
  'not-enough-storage',
  'out-of-memory',
  'unsupported-package',
];

interface Outcome {
  readonly imei: string;
  is: 'open' | 'success' | 'failure' | 'none';
}

/** What a device has seen of an image. */
export interface Seen {
  readonly bytes: number;
  readonly installsBegun: number;
}

/** One campaign's ledger, and the outcomes in the order of their first transfer grants. */
export class Proof {
  readonly #fail: Fail;
  #length = 0;
  #head = '';
  readonly #order: Outcome[] = [];
  readonly #open = new Map<string, Outcome>();
  #kept: KeptBook | undefined;
  #entries = 0;
  /** A score that halted, or was begun anew, no longer holds every outcome. */
  #whole = true;

  constructor(fail: Fail) {
    this.#fail = fail;
  }

  entriesStored(count: number): void {
    this.#entries += count;
  }

  /** Entries that the steward writes itself are sealed in the commit that stores them. */
  insertedSealed(rows: readonly Omit<SealedEntry, 'id'>[]): void {
    this.#entries += rows.length;
    this.sealed(rows);
  }

  sealed(rows: readonly Omit<SealedEntry, 'id'>[]): void {
    for (const { sequence, text, hash } of rows) {
      const told = JSON.parse(text) as { sequence: number; previous: string; entry: Entry };
      if (sequence !== this.#length + 1 || told.sequence !== sequence || told.previous !== this.#head)
        this.#fail(`entry ${sequence} of the ledger does not follow entry ${this.#length}`);
      if (hash !== sha256(text)) this.#fail(`entry ${sequence} of the ledger has another hash`);
      this.#length = sequence;
      this.#head = hash;
      this.#take(told.entry);
    }
  }

  campaignStored({ id, ledger }: Campaign): void {
    const { signature, signedAt, length, head } = ledger;
    if (signature === undefined || signedAt === undefined) return;
    if (signature !== SIGNER.sign(headText(id, { length, head }, signedAt)))
      this.#fail(`the head of the ledger of ${id} is signed by nobody we know`);
  }

  scoreKept(kept: KeptBook): void {
    this.#kept = kept;
  }

  #take({ imei, kind, move, facts }: Entry): void {
    if (kind === 'hold' && facts?.['hold'] === 'halted') this.#whole = false;
    if (imei === undefined) return;
    const takenUp = move?.from === 'waiting' && move.to === 'downloaded';
    if ((kind === 'transfer-grant' || takenUp) && !this.#open.has(imei)) {
      const outcome: Outcome = { imei, is: 'open' };
      this.#order.push(outcome);
      this.#open.set(imei, outcome);
    }
    const place = this.#open.get(imei);
    if (place === undefined || move === undefined) return;
    if (['offered', 'downloading', 'downloaded', 'installing', 'verifying'].includes(move.to)) return;
    this.#open.delete(imei);
    place.is =
      move.to === 'succeeded'
        ? 'success'
        : move.to === 'failed' && AGAINST.includes(facts?.['reason'])
          ? 'failure'
          : 'none';
  }

  /** What has counted for the image and against it, as the ledger and the devices tell it. */
  get outcomes(): { readonly successes: number; readonly failures: number } {
    const of = (name: Outcome['is']) => this.#order.filter(({ is }) => is === name).length;
    return { successes: of('success'), failures: of('failure') };
  }

  /** The chain is whole, and the score has received exactly these outcomes. */
  atRest(campaign: Campaign, seen: (imei: string) => Seen | undefined): void {
    const { ledger, score, id } = campaign;
    if (ledger.length !== this.#length || ledger.head !== this.#head)
      this.#fail(`the ledger of ${id} ends at ${ledger.length}, its entries at ${this.#length}`);
    if (this.#entries !== this.#length)
      this.#fail(`${this.#entries} entries of ${id} were stored and ${this.#length} sealed`);
    const counted = this.#order.filter(({ is }) => is === 'success' || is === 'failure');
    for (const { imei, is } of counted) {
      const truth = seen(imei);
      if (truth !== undefined && truth.bytes === 0) this.#fail(`${imei} counts as ${is} and never got a byte`);
    }
    if (score === undefined || !this.#whole || this.#kept === undefined || this.#kept.book.halted) return;
    if (score.canary !== undefined && score.canary.verdict !== 'continue') return;
    if (score.canaryApproved) return;
    const { failure, success } = score.plan;
    let [value, outcomes] = [0, 0];
    for (const { is } of counted) {
      const next = value + (is === 'failure' ? failure : success);
      value = score.canary === undefined ? Math.max(0, next) : next;
      outcomes += 1;
    }
    const { book } = this.#kept;
    const told = book.canary ?? book.guards[0];
    if (told?.value !== value)
      this.#fail(`the score of ${id} stands at ${told?.value}, and ${outcomes} outcomes make ${value}`);
  }
}
