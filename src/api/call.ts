// A call of an operation as its handler sees it: parsed, authenticated, typed by the operation itself.
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { Account, Principal, Session } from '../accounts/index.ts';
import type { Instant } from '../campaigns/index.ts';
import type { OPERATIONS, Operation, OperationId } from '../contract/index.ts';
import type { BodyHold, LargeBodies } from './body.ts';
import type { InTurn } from './in-turn.ts';
import type { Lines } from './lines.ts';
import type { ApiParts } from './ports.ts';
import type { RateLimiter } from './rate-limit.ts';
import type { Refusal } from './refusal.ts';
import type { Simulations } from './simulations.ts';

type Op<Id extends OperationId> = (typeof OPERATIONS)[Id];

export type ParamsOf<Id extends OperationId> =
  Op<Id> extends { readonly params: infer Schema extends z.ZodType } ? z.output<Schema> : undefined;

export type QueryOf<Id extends OperationId> =
  Op<Id> extends { readonly query: infer Schema extends z.ZodType } ? z.output<Schema> : undefined;

/** Multipart and CSV bodies are read by their handlers. */
export type BodyOf<Id extends OperationId> =
  Op<Id> extends { readonly body: { readonly media: 'json' | 'form'; readonly schema: infer Schema extends z.ZodType } }
    ? z.output<Schema>
    : undefined;

export type AnswerOf<Id extends OperationId> =
  Op<Id> extends { readonly success: { readonly schema: infer Schema extends z.ZodType } }
    ? Op<Id> extends { readonly success: { readonly media: 'ndjson' } }
      ? Lines<z.output<Schema>>
      : z.output<Schema>
    : undefined;

/** Who calls with an access token, and in which session. */
export interface AccountCaller {
  readonly account: Account;
  readonly clientId: string;
  readonly session?: Session;
  /** The session token as it came. */
  readonly sessionToken?: string;
}

/** Which operator calls, and in which session of a browser; without one it showed its key. */
export interface OperatorCaller {
  readonly operator: Principal;
  readonly session?: { readonly tokenHash: string; readonly csrfToken: string; readonly endsAt: Instant };
}

/** Absent: the operation needs no credential, or its handler looks at it. */
export type Caller = AccountCaller | OperatorCaller | undefined;

/** The account that a caller is of. */
export const callerAccount = (caller: Caller): Account | undefined =>
  caller !== undefined && 'account' in caller ? caller.account : undefined;

export type CallerOf<Id extends OperationId> = 'bearer' extends Op<Id>['credentials'][number]
  ? AccountCaller
  : 'operatorKey' extends Op<Id>['credentials'][number]
    ? OperatorCaller
    : undefined;

/**
 * Calls whose body is read by their handler come to this when it has been read: what is done under an Idempotency-Key
 * is done once for the same content.
 */
export type Once<Id extends OperationId> = (
  content: unknown,
  run: () => Promise<AnswerOf<Id> | Refusal>,
) => Promise<AnswerOf<Id> | Refusal>;

type OnceOf<Id extends OperationId> =
  Op<Id> extends { readonly body: { readonly media: 'multipart' | 'jsonOrCsv' } } ? Once<Id> : undefined;

export interface Call<Id extends OperationId> {
  readonly params: ParamsOf<Id>;
  readonly query: QueryOf<Id>;
  readonly body: BodyOf<Id>;
  readonly caller: CallerOf<Id>;
  readonly request: FastifyRequest;
  readonly hold: BodyHold;
  /** The answer carries it. */
  readonly setCookie: (cookie: string) => void;
  readonly once: OnceOf<Id>;
}

/** The parts, and what one registration of the API shares among its calls. */
export interface ApiContext extends ApiParts {
  /** With the limits of this server in their schemas. */
  readonly operations: Readonly<Record<OperationId, Operation>>;
  readonly largeBodies: LargeBodies;
  readonly inTurn: InTurn;
  readonly simulations: Simulations;
  readonly rates: RateLimiter;
  /** Calls, and bodies of schedule calls, that were given an answer there was before. */
  readonly answeredAgain: WeakSet<object>;
}

export type Handler<Id extends OperationId> = (call: Call<Id>, context: ApiContext) => Promise<AnswerOf<Id> | Refusal>;
