// A call of an operation as its handler sees it: parsed, authenticated, typed by the operation itself.
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { Account, Session } from '../accounts/index.ts';
import type { OPERATIONS, OperationId } from '../contract/index.ts';
import type { BodyHold, LargeBodies } from './body.ts';
import type { InTurn } from './in-turn.ts';
import type { ApiParts } from './ports.ts';
import type { RateLimiter } from './rate-limit.ts';
import type { Refusal } from './refusal.ts';

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
    ? z.output<Schema>
    : undefined;

/** Who calls with an access token, and in which session. */
export interface AccountCaller {
  readonly account: Account;
  readonly clientId: string;
  readonly session?: Session;
  /** The session token as it came. */
  readonly sessionToken?: string;
}

export type CallerOf<Id extends OperationId> = 'bearer' extends Op<Id>['credentials'][number]
  ? AccountCaller
  : undefined;

export interface Call<Id extends OperationId> {
  readonly params: ParamsOf<Id>;
  readonly query: QueryOf<Id>;
  readonly body: BodyOf<Id>;
  readonly caller: CallerOf<Id>;
  readonly request: FastifyRequest;
  readonly hold: BodyHold;
}

/** The parts, and what one registration of the API shares among its calls. */
export interface ApiContext extends ApiParts {
  readonly largeBodies: LargeBodies;
  readonly inTurn: InTurn;
  readonly rates: RateLimiter;
  /** Bodies of schedule calls that were answered with a campaign there was before. */
  readonly answeredAgain: WeakSet<object>;
}

export type Handler<Id extends OperationId> = (call: Call<Id>, context: ApiContext) => Promise<AnswerOf<Id> | Refusal>;
