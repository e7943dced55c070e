// Verifies an exported ledger: the chain, the signature of its head, a head kept elsewhere, and every decision about hours.
import type { Entry } from './change.ts';
import type { CampaignId } from './ids.ts';
import { type Finding, LedgerJudge } from './ledger-judge.ts';
import { type LedgerKey, objectIn, readLine, type ShownHead, signedAtOf } from './ledger-line.ts';
import { LIMITS } from './limits.ts';
import { type Digest, headText } from './steward.ts';

export interface LedgerVerification {
  readonly campaign: CampaignId;
  readonly digest: Digest;
  /** Whether an Ed25519 signature in base64url is that of the text by this public key. */
  readonly verify: (publicKey: string, text: string, signature: string) => boolean;
  /** Every key that may have signed. */
  readonly keys: readonly LedgerKey[];
  /** A head that was kept elsewhere: no change before it goes undetected. */
  readonly keptHead?: ShownHead | undefined;
  /** Version of the zone data at hand. */
  readonly tzdata?: string | undefined;
}

/** `empty`: there is nothing that could be signed. */
export type SignatureVerdict = 'valid' | 'invalid' | 'unknown-key' | 'missing' | 'empty';
/** `contradicted`: another entry stands where the kept head was. `foreign`: it is another campaign's. */
export type KeptVerdict = 'found' | 'not-found' | 'contradicted' | 'foreign';

interface Counted {
  readonly count: number;
  /** The first of them. */
  readonly first: readonly Finding[];
}

export interface LedgerReport {
  /** Intact, signed, with the kept head in it, and without a violation. */
  readonly ok: boolean;
  readonly sentence: string;
  readonly campaign: CampaignId;
  /** Entries that are intact, and the head that they end in. */
  readonly length: number;
  readonly head: string;
  readonly broken?: { readonly at: number; readonly why: string };
  readonly signature: SignatureVerdict;
  readonly signedAt?: string;
  readonly keyId?: string;
  readonly keptHead?: KeptVerdict;
  /** Decisions about hours that were made again. */
  readonly judged: number;
  readonly violations: Counted;
  readonly tzDifferences: Counted;
  /** `unknown`: nobody has told when its last byte left; not after the end of its grant. */
  readonly transfers: { readonly ended: number; readonly unknown: number };
}

/** Reads the lines of an export, in order and once; memory holds a few words for each device with an open part. */
export async function verifyLedger(
  lines: AsyncIterable<string> | Iterable<string>,
  by: LedgerVerification,
): Promise<LedgerReport> {
  const reading = new Reading(by);
  for await (const line of lines) {
    reading.read(line);
    if (reading.isBroken) break;
  }
  return reading.report();
}

class Reading {
  readonly #by: LedgerVerification;
  readonly #judge: LedgerJudge;
  #length = 0;
  #head = '';
  #shown: ShownHead | undefined;
  #broken: LedgerReport['broken'];
  #kept: KeptVerdict = 'not-found';
  readonly #violations = new Tally();
  readonly #differences = new Tally();

  constructor(by: LedgerVerification) {
    this.#by = by;
    this.#judge = new LedgerJudge(by.tzdata);
    if (by.keptHead !== undefined && by.keptHead.campaign !== by.campaign) this.#kept = 'foreign';
    else if (by.keptHead?.length === 0) this.#kept = by.keptHead.head === '' ? 'found' : 'contradicted';
  }

  get isBroken(): boolean {
    return this.#broken !== undefined;
  }

  read(line: string): void {
    const read = readLine(line);
    if (this.#shown !== undefined) return this.#break('there is a line after the head');
    if (read.is === 'malformed') return this.#break('it is not spelt as a line of an export is');
    if (read.is === 'head') {
      this.#shown = read.head;
      return;
    }
    const sequence = this.#length + 1;
    const hash = this.#by.digest(read.text);
    if (hash !== read.hash) return this.#break('its text is not the one that was hashed');
    const { sequence: told, previous, entry } = objectIn(read.text) ?? {};
    if (told !== sequence) return this.#break(`its place is ${String(told)}: an entry is missing, added or moved`);
    if (previous !== this.#head) return this.#break('it does not follow the entry before it');
    if (!isEntry(entry)) return this.#break('it holds no entry');
    if (entry.campaign !== this.#by.campaign) return this.#break(`it belongs to campaign ${entry.campaign}`);
    this.#length = sequence;
    this.#head = hash;
    this.#compareKept();
    const { violations, differences } = this.#judge.judge(sequence, entry);
    this.#violations.add(violations);
    this.#differences.add(differences);
  }

  #break(why: string): void {
    this.#broken = { at: this.#length + 1, why };
  }

  #compareKept(): void {
    const { keptHead } = this.#by;
    if (this.#kept !== 'not-found' || keptHead?.length !== this.#length) return;
    this.#kept = keptHead.head === this.#head ? 'found' : 'contradicted';
  }

  report(): LedgerReport {
    if (this.#broken === undefined) this.#checkHead();
    const { campaign, keptHead } = this.#by;
    const { signedAt, keyId } = this.#shown ?? {};
    const signature = this.#signature();
    const facts = {
      campaign,
      length: this.#length,
      head: this.#head,
      ...(this.#broken === undefined ? {} : { broken: this.#broken }),
      signature,
      ...(signedAt === undefined ? {} : { signedAt }),
      ...(keyId === undefined ? {} : { keyId }),
      ...(keptHead === undefined ? {} : { keptHead: this.#kept }),
      judged: this.#judge.judged,
      violations: this.#violations.counted,
      tzDifferences: this.#differences.counted,
      transfers: { ended: this.#judge.ended, unknown: this.#judge.unknownTransfers },
    };
    const isSigned = signature === 'valid' || signature === 'empty';
    const isKept = keptHead === undefined || this.#kept === 'found';
    const ok = this.#broken === undefined && isSigned && isKept && facts.violations.count === 0;
    return { ok, sentence: sentenceOf(facts), ...facts };
  }

  #checkHead(): void {
    const shown = this.#shown;
    if (shown === undefined) return this.#break('the head is missing: the export was cut off');
    if (shown.campaign !== this.#by.campaign) return this.#break(`the head is that of campaign ${shown.campaign}`);
    if (shown.length !== this.#length)
      return this.#break(`the head stands for ${shown.length} entries, there are ${this.#length}`);
    if (shown.head !== this.#head) this.#break('the head is not that of the last entry');
  }

  #signature(): SignatureVerdict {
    const shown = this.#shown;
    if (shown?.length === 0 && shown.signature === undefined) return 'empty';
    const signedAt = shown && signedAtOf(shown);
    if (shown?.signature === undefined || signedAt === undefined) return 'missing';
    const key = this.#by.keys.find(({ keyId }) => keyId === shown.keyId);
    if (key === undefined) return 'unknown-key';
    const text = headText(shown.campaign as CampaignId, shown, signedAt);
    return this.#by.verify(key.publicKey, text, shown.signature) ? 'valid' : 'invalid';
  }
}

const isEntry = (value: unknown): value is Entry => {
  if (typeof value !== 'object' || value === null) return false;
  const { campaign, at, kind, rule } = value as Partial<Record<keyof Entry, unknown>>;
  return typeof campaign === 'string' && Number.isFinite(at) && typeof kind === 'string' && typeof rule === 'string';
};

/** All are counted, the first ones are kept. */
class Tally {
  #count = 0;
  readonly #first: Finding[] = [];

  add(findings: readonly Finding[]): void {
    this.#count += findings.length;
    for (const finding of findings) if (this.#first.length < LIMITS.ledgerFindingsMax) this.#first.push(finding);
  }

  get counted(): Counted {
    return { count: this.#count, first: this.#first };
  }
}

const SIGNED: Readonly<Record<SignatureVerdict, string>> = {
  valid: 'signed',
  invalid: 'with a signature that is false',
  'unknown-key': 'signed by a key that is not known',
  missing: 'not signed',
  empty: 'not signed, because nothing has happened',
};
const KEPT: Readonly<Record<KeptVerdict, string>> = {
  found: 'The kept head is in it.',
  'not-found': 'The kept head was not reached: entries are missing.',
  contradicted: 'The kept head is contradicted: entries before it were changed.',
  foreign: "The kept head is another campaign's.",
};

function sentenceOf(report: Omit<LedgerReport, 'ok' | 'sentence'>): string {
  const { broken, length, head, signature, signedAt, keyId, keptHead, judged, violations, tzDifferences } = report;
  const chain =
    broken === undefined
      ? `Intact up to head ${head === '' ? '(none)' : head} (${length} entries), ${SIGNED[signature]}`
      : `Broken at entry ${broken.at}: ${broken.why}; intact before it, ${SIGNED[signature]}`;
  const when = broken === undefined && signedAt !== undefined ? ` ${signedAt} by key ${keyId ?? '?'}` : '';
  const found = `${judged} decisions judged, ${violations.count} violations`;
  const zones = tzDifferences.count === 0 ? '' : `, ${tzDifferences.count} differences by zone data`;
  return [`${chain}${when}.`, ...(keptHead === undefined ? [] : [KEPT[keptHead]]), `${found}${zones}.`].join(' ');
}
