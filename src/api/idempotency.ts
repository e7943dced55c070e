// A POST with an Idempotency-Key that is sent again gets its first answer, and is carried out once also over a crash (engine.md §2).
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { type AccountName, after, hours, type Instant, instant, rfc3339, seconds } from '../campaigns/index.ts';
import { OPERATIONS, type Operation, type OperationId } from '../contract/index.ts';
import { type ApiContext, type Caller, callerAccount } from './call.ts';
import { contentHash } from './canonical.ts';
import { Refusal, refuse } from './refusal.ts';
import { idempotencyKey } from './repeats.ts';
import { hmac, sha256 } from './secrets.ts';

/** A longer answer is not kept; then the request is carried out again. Only lists of devices are so long. */
const ANSWER_LENGTH_MAX = 2 * 1024 * 1024;
const IN_PROGRESS_RETRY_SECONDS = 2;

/**
 * Those for which an answer need not be kept. A schedule keeps its campaign in the accepting commit instead (repeats.ts);
 * the other calls change nothing at all, or nothing that the first time has not changed, or make a link or a session that
 * is one more.
 */
const WITHOUT_ANSWER: ReadonlySet<OperationId> = new Set([
  'scheduleSoftwareUpgrade',
  'scheduleAFirmwareUpgrade',
  'scheduleUpgradeV1',
  'scheduleHttpSoftwareV2',
  'scheduleFileUpgradeV2',
  'scheduleCampaign',
  'retryCampaign',
  'createUpload',
  'finishUpload',
  'queryDevicesV3',
  'issueToken',
  'revokeToken',
  'createSignInLink',
  'createOperatorSession',
]);

/** Operator calls have a scope of their own beside the accounts. */
const OPERATOR_SCOPE = 'operator' as AccountName;

export interface KeyedCall {
  readonly id: OperationId;
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
  readonly caller: Caller;
  readonly keyHeader: string | readonly string[] | undefined;
  /** Of a body that its handler has read: what tells it from another one. */
  readonly content?: unknown;
  /** Told when the first answer is given again. */
  readonly again?: () => void;
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
  const account = callerAccount(call.caller)?.name ?? OPERATOR_SCOPE;
  // No operator is given another's answer.
  const operator = call.caller !== undefined && 'operator' in call.caller ? `${call.caller.operator.name}\0` : '';
  const name = `call:${sha256(`${operator}${key}`)}`;
  const seal = new Seal(hmac(context.serverSecret, `answer\0${account}\0${key}`));
  const asked: Asked = { account, name, key, seal, operation, request: fingerprint(call) };
  return context.inTurn.run(`${account} ${name}`, async () => {
    const known = await rememberedAs(asked, context);
    if (known === undefined) return carriedOut(asked, context, run);
    const answer = answerTo(known, asked, context);
    if (!(answer instanceof Refusal)) call.again?.();
    return answer;
  });
}

interface Asked {
  readonly account: AccountName;
  readonly name: string;
  readonly key: string;
  readonly seal: Seal;
  readonly operation: Operation;
  readonly request: string;
}

const fingerprint = ({ id, params, query, body, content }: KeyedCall): string =>
  contentHash(id, { params, query, body, content });

/** What a text in the store says; each begins with the fingerprint of its request. */
type Kept = { readonly request: string } & (
  | { readonly is: 'answered'; readonly sealed: string }
  | { readonly is: 'begun' | 'broken'; readonly at: Instant }
);

const SIGNS = { answered: '.', begun: '!', broken: '?' } as const;

function keptIn(text: string): Kept {
  const [, request = '', sign, rest = ''] = /^([0-9a-f]{64})(.)([^!]*)/s.exec(text) ?? [];
  if (sign === SIGNS.answered) return { request, is: 'answered', sealed: rest };
  return { request, is: sign === SIGNS.begun ? 'begun' : 'broken', at: instant(Number(rest)) };
}

async function rememberedAs({ account, name }: Asked, { store, clock }: ApiContext): Promise<Kept | undefined> {
  const text = await store.repeated(account, name, clock.now());
  return text === undefined ? undefined : keptIn(text);
}

function answerTo(kept: Kept, { request, key, seal, operation }: Asked, { clock, limits }: ApiContext): unknown {
  if (kept.request !== request) return refuse('IDEMPOTENCY_KEY_REUSED', { key });
  if (kept.is === 'answered') return (JSON.parse(seal.open(kept.sealed)) as { readonly answer?: unknown }).answer;
  const isInTime = clock.now() < after(kept.at, seconds(limits.idempotencySecondsMax));
  if (kept.is === 'begun' && isInTime) return inProgress(key);
  return refuse('IDEMPOTENCY_OUTCOME_UNKNOWN', { key, at: rfc3339(kept.at), look: lookFor(operation) });
}

function inProgress(key: string): Refusal {
  const wait = IN_PROGRESS_RETRY_SECONDS;
  const { status, body } = refuse('IDEMPOTENCY_KEY_IN_PROGRESS', { key, seconds: wait });
  return new Refusal(status, body, { 'retry-after': String(wait) });
}

/** The call that shows what this one changes: the one that reads, of the same family, whose path is the most alike. */
function lookFor({ family, path }: Operation): string {
  const parts = path.split('/');
  const alike = (other: string): number => {
    const difference = other.split('/').findIndex((part, place) => part !== parts[place]);
    return difference === -1 ? other.split('/').length : difference;
  };
  const readers = Object.values<Operation>(OPERATIONS).filter((one) => one.method === 'GET' && one.family === family);
  const [nearest] = readers.toSorted((one, other) => alike(other.path) - alike(one.path));
  return nearest === undefined ? 'a new request' : `GET ${nearest.path}`;
}

/** The key is taken before anything is changed: a crash in between leaves a request that was begun, never one that is new. */
async function carriedOut(asked: Asked, context: ApiContext, run: () => Promise<unknown>): Promise<unknown> {
  const { account, name, request, key } = asked;
  const { store, clock, limits, secrets } = context;
  const now = clock.now();
  const life = { now, until: after(now, hours(limits.idempotencyHoursMax)) };
  // Drawn, so that nobody gives back the key that somebody else has taken.
  const begun = `${request}${SIGNS.begun}${now}!${sha256(secrets.token())}`;
  if (!(await store.reserve(account, name, begun, life))) {
    const known = await rememberedAs(asked, context);
    return known === undefined ? inProgress(key) : answerTo(known, asked, context);
  }
  try {
    const answer = await run();
    // A call that is refused has changed nothing.
    if (answer instanceof Refusal) await store.forget(account, name, begun);
    else await keep(asked, { answer, begun, until: life.until }, context);
    return answer;
  } catch (error) {
    await store.remember(account, name, `${request}${SIGNS.broken}${now}`, life.until);
    throw error;
  }
}

interface Answered {
  readonly answer: unknown;
  readonly begun: string;
  readonly until: Instant;
}

async function keep(
  { account, name, request, seal }: Asked,
  { answer, begun, until }: Answered,
  { store, secrets }: ApiContext,
): Promise<void> {
  const text = JSON.stringify({ answer });
  if (text.length > ANSWER_LENGTH_MAX) return store.forget(account, name, begun);
  const nonce = Buffer.from(sha256(secrets.token()), 'hex').subarray(0, NONCE_BYTES);
  await store.remember(account, name, `${request}${SIGNS.answered}${seal.close(text, nonce)}`, until);
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
