// How a DDI client talks: one request after the other; what was not heard is said again at the next poll.

import type { DdiRequest, DdiTold } from './ddi-messages.ts';
import type { DdiTurn } from './ddi-mind.ts';

export function ask(turn: DdiTurn, ...requests: readonly DdiRequest[]): void {
  turn.become({ queue: [...turn.mind.queue, ...requests] });
}

/** Feedback on the action that the client works on. */
export function tell(turn: DdiTurn, told: Pick<DdiTold, 'execution' | 'finished'>, detail: string): void {
  const { job } = turn.mind;
  if (job === undefined) return;
  ask(turn, { type: 'feedback', about: 'deploymentBase', actionId: job.actionId, ...told, details: [detail] });
}

/** The last word on an action. */
export function close(turn: DdiTurn, finished: 'success' | 'failure', detail: string): void {
  tell(turn, { execution: 'closed', finished }, detail);
  turn.become({ lastClosed: turn.mind.job?.actionId, job: undefined });
}

export function askNext(turn: DdiTurn): void {
  const { open, queue, nextId } = turn.mind;
  const [first, ...rest] = queue;
  if (open !== undefined || first === undefined) return;
  const request = asOfNow(turn, first);
  turn.become({ queue: rest });
  if (request === undefined) {
    askNext(turn);
    return;
  }
  turn.become({ open: { id: nextId, request }, nextId: nextId + 1 });
  turn.act({ type: 'ask', id: nextId, request });
}

/** A download that waited for its turn goes on where the image now ends, or is not wanted any more. */
function asOfNow(turn: DdiTurn, request: DdiRequest): DdiRequest | undefined {
  if (request.type !== 'download') return request;
  const { job } = turn.mind;
  return job?.phase === 'downloading' ? { ...request, href: job.href, offset: job.received.bytes } : undefined;
}

/** The open request if it has this number; it is over now. */
export function over(turn: DdiTurn, id: number): DdiRequest | undefined {
  const { open } = turn.mind;
  if (open?.id !== id) return undefined;
  turn.become({ open: undefined });
  return open.request;
}

export function stopAsking(turn: DdiTurn): void {
  const { open } = turn.mind;
  if (open === undefined) return;
  turn.act({ type: 'stop', id: open.id });
  turn.become({ open: undefined });
}

export const isLastWord = (request: DdiRequest): boolean =>
  request.type === 'feedback' && request.about === 'deploymentBase' && request.execution === 'closed';
