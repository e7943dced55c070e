// The callback pump: turns of listeners that are due go to the sender; what became of each is noted with what follows.
import type { AfterTurn, CallbackTurn, Delivery } from '../campaigns/index.ts';
import { LIMITS } from '../campaigns/index.ts';
import type { EngineParts } from './ports.ts';

/** What became of a turn, and what follows. */
export interface CallbackSettlement {
  readonly turn: CallbackTurn;
  readonly after: AfterTurn;
  readonly delivery?: Delivery;
}

/** Hands out what may be told now; returns how many turns were looked at. */
export async function pumpCallbacks(parts: EngineParts): Promise<number> {
  const room = Math.min(LIMITS.callbackBatchMax, parts.sender.callbackRoom?.() ?? LIMITS.callbackBatchMax);
  if (room <= 0) return 0;
  const claimed = await parts.store.claimCallbacks(parts.clock.now(), room, parts.node);
  for (const one of claimed) {
    const { event, turn } = one;
    if (event === undefined) await settleCallback(parts, { turn, after: { is: 'next', number: turn.last } });
    else parts.sender.send({ kind: 'callback', callback: { ...one, event } });
  }
  return claimed.length;
}

/** A turn that was settled already, or was claimed again meanwhile, changes nothing. */
export async function settleCallback(parts: EngineParts, settlement: CallbackSettlement): Promise<void> {
  const at = parts.clock.now();
  await parts.store.commit(
    [
      {
        writes: [{ op: 'settle-callback', at, ...settlement }],
        entries: [],
        intents: [],
        rule: 'campaign.callback-settled',
      },
    ],
    at,
  );
}
