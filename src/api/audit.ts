// Every change that a caller makes gets into the audit log: who, what, to what, and what was before and after.
import { type Actor, recordAudit } from '../accounts/index.ts';
import { type AccountName, invariant, rfc3339 } from '../campaigns/index.ts';
import type { OperationId, PageQuery } from '../contract/index.ts';
import { type AuditedCall, CHANGES, type Change } from './audit-changes.ts';
import { type AnswerOf, type ApiContext, type Caller, callerAccount, type Handler } from './call.ts';
import { accountOf } from './operator-accounts.ts';
import { invalid, Refusal } from './refusal.ts';

function actorOf(caller: Caller): Actor {
  invariant(caller !== undefined, 'somebody unknown has changed something');
  if ('operator' in caller) return { kind: 'operator', name: caller.operator.name };
  return { kind: 'client', name: caller.clientId };
}

/** Runs the call; what it changed is recorded before it is answered. A call that is refused has changed nothing. */
export async function audited(
  id: OperationId,
  call: AuditedCall,
  context: ApiContext,
  run: () => Promise<unknown>,
): Promise<unknown> {
  const change: Change | undefined = id in CHANGES ? CHANGES[id as keyof typeof CHANGES] : undefined;
  if (change === undefined) return run();
  const before = await change.look?.(call, context);
  const answer = await run();
  if (answer instanceof Refusal) return answer;
  if (context.answeredAgain.has(call) || change.didNothing?.(call, answer, context) === true) return answer;
  const facts = change.facts?.(call, answer);
  const after = change.look === undefined ? facts : { ...(await change.look(call, context)), ...facts };
  const account = callerAccount(call.caller)?.name ?? accountNameOf(call);
  const order = {
    actor: actorOf(call.caller),
    ...(account === undefined ? {} : { account }),
    action: change.action,
    target: change.target(call, answer),
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  };
  await recordAudit(context.store, order, context.clock.now());
  return answer;
}

const accountNameOf = ({ params, body }: AuditedCall): AccountName | undefined =>
  (params?.['accountName'] ?? body?.['accountName']) as AccountName | undefined;

const listAudit: Handler<'listAudit'> = async ({ params, query }, context) => {
  const account = await accountOf(params.accountName, context);
  return account instanceof Refusal ? account : auditPage(account.name, query, context);
};

const listServerAudit: Handler<'listServerAudit'> = ({ query }, context) => auditPage(undefined, query, context);

/** Of one account, or of the whole server. */
async function auditPage(
  account: AccountName | undefined,
  query: PageQuery,
  { store }: ApiContext,
): Promise<AnswerOf<'listServerAudit'> | Refusal> {
  const before = pageNumber(query.after);
  if (before instanceof Refusal) return before;
  const found = await store.audit(account, { max: query.limit + 1, ...before });
  const rows = found.slice(0, query.limit);
  const last = rows.at(-1);
  return {
    items: rows.map(({ at, actor, account: of, action, target, before: old, after }) => ({
      at: rfc3339(at),
      actor: { ...actor },
      ...(of === undefined ? {} : { accountName: of }),
      action,
      target,
      ...(old === undefined ? {} : { before: { ...old } }),
      ...(after === undefined ? {} : { after: { ...after } }),
    })),
    ...(found.length > rows.length && last !== undefined ? { nextPageToken: String(last.id) } : {}),
  };
}

/** Lists that are read backwards are paged by the number of their last line. */
export function pageNumber(after: string | undefined): { readonly before?: number } | Refusal {
  if (after === undefined) return {};
  return /^\d{1,15}$/.test(after)
    ? { before: Number(after) }
    : invalid(`after: given ${JSON.stringify(after)}, accepted: the nextPageToken of the page before.`);
}

export const AUDIT_HANDLERS = { listAudit, listServerAudit } as const;
