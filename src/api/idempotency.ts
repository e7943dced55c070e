// A POST with an Idempotency-Key that is sent again gets its first answer for 24 hours (engine.md §2).
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { type AccountName, after, type CampaignId, hours } from '../campaigns/index.ts';
import { OPERATIONS, type Operation, type OperationId } from '../contract/index.ts';
import type { AccountCaller, ApiContext } from './call.ts';
import { Refusal, refuse } from './refusal.ts';
import { canonicalJson, idempotencyKey } from './repeats.ts';
import { hmac, sha256 } from './secrets.ts';

const ANSWER_LIFE = hours(24);
/** A longer answer is not kept; then the request is carried out again. */
const ANSWER_LENGTH_MAX = 2 * 1024 * 1024;

/**
 * Those for which an answer need not be kept. A schedule keeps its campaign in the accepting commit instead (repeats.ts);
 * the bytes of a streamed body are told apart by their content, so that the same ones again change nothing; the other
 * calls change nothing at all, or nothing that the first time has not changed.
 */
const WITHOUT_ANSWER: ReadonlySet<OperationId> = new Set([
  'scheduleSoftwareUpgrade',
  'scheduleAFirmwareUpgrade',
  'scheduleUpgradeV1',
  'scheduleHttpSoftwareV2',
  'scheduleFileUpgradeV2',
  'uploadFileV2',
  'uploadPackage',
  'createUpload',
  'finishUpload',
  'importDevices',
  'queryDevicesV3',
  'issueToken',
  'revokeToken',
]);

/** Operator calls have a scope of their own beside the accounts. */
const OPERATOR_SCOPE = 'operator' as AccountName;

export interface KeyedCall {
  readonly id: OperationId;
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
  readonly caller: AccountCaller | undefined;
  readonly keyHeader: string | readonly string[] | undefined;
}

/** Runs the call, or answers what it answered the first time; equal calls at the same moment come one after the other. */
export async function answeredOnce(
  call: KeyedCall,
  context: ApiContext,
  run: () => Promise<unknown>,
): Promise<unknown> {
  const operation: Operation = OPERATIONS[call.id];
  if (operation.method !== 'POST') return run();
  const header = idempotencyKey(call.keyHeader);
  if (header instanceof Refusal) return header;
  const { key } = header;
  if (key === undefined || WITHOUT_ANSWER.has(call.id)) return run();
  const account = call.caller?.account.name ?? OPERATOR_SCOPE;
  const name = `call:${sha256(key)}`;
  return context.inTurn.run(`${account} ${name}`, async () => {
    const first = await context.store.repeated(account, name, context.clock.now());
    const seal = new Seal(hmac(context.serverSecret, `answer\0${account}\0${key}`));
    const request = fingerprint(call);
    if (first !== undefined) return firstAnswer(first, { request, key, seal });
    const answer = await run();
    if (!(answer instanceof Refusal)) await keep({ account, name, request, seal }, answer, context);
    return answer;
  });
}

const fingerprint = ({ id, params, query, body }: KeyedCall): string =>
  sha256(`${id}\0${canonicalJson({ params, query, body })}`);

interface Asked {
  readonly request: string;
  readonly key: string;
  readonly seal: Seal;
}

function firstAnswer(kept: string, { request, key, seal }: Asked): unknown {
  const [firstRequest, sealed = ''] = kept.split('.');
  if (firstRequest !== request) return refuse('IDEMPOTENCY_KEY_REUSED', { key });
  return (JSON.parse(seal.open(sealed)) as { readonly answer?: unknown }).answer;
}

interface Keeping {
  readonly account: AccountName;
  readonly name: string;
  readonly request: string;
  readonly seal: Seal;
}

async function keep({ account, name, request, seal }: Keeping, answer: unknown, context: ApiContext): Promise<void> {
  const text = JSON.stringify({ answer });
  if (text.length > ANSWER_LENGTH_MAX) return;
  const nonce = Buffer.from(sha256(context.secrets.token()), 'hex').subarray(0, NONCE_BYTES);
  // The store keeps one text for each key: a campaign's id for schedules, the answer itself for everything else.
  const kept = `${request}.${seal.close(text, nonce)}` as CampaignId;
  await context.store.remember(account, name, kept, after(context.clock.now(), ANSWER_LIFE));
}

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Answers may hold secrets that are shown once; what is stored opens only for whoever knows the key of the request. */
class Seal {
  readonly #key: Buffer;

  constructor(key: Buffer) {
    this.#key = key;
  }

  close(text: string, nonce: Buffer): string {
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce);
    const bytes = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), bytes]).toString('base64url');
  }

  open(sealed: string): string {
    const bytes = Buffer.from(sealed, 'base64url');
    const decipher = createDecipheriv('aes-256-gcm', this.#key, bytes.subarray(0, NONCE_BYTES));
    decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    const text = decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES));
    return Buffer.concat([text, decipher.final()]).toString('utf8');
  }
}
