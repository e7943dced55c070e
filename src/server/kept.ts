// An answer that is kept for a while: whoever asks meanwhile, however many, is given the same.
import type { Clock } from '../engine/ports.ts';

export function kept<Answer>(clock: Clock, keptFor: number, ask: () => Promise<Answer>): () => Promise<Answer> {
  let last: Promise<Answer> | undefined;
  let at = Number.NEGATIVE_INFINITY;
  return () => {
    const now = clock.now();
    if (last !== undefined && now - at < keptFor) return last;
    at = now;
    const answer = ask();
    last = answer;
    // A failure is not kept: the next one asks again.
    answer.catch(() => {
      if (last === answer) last = undefined;
    });
    return answer;
  };
}
