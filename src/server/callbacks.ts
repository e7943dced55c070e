// Callbacks over real sockets, in real time, with real chance.
import { CallbackSender, type CallbackSenderParts, poster, systemResolve } from '../callbacks/index.ts';
import { systemClock, systemTimers } from './clock.ts';
import { systemRandom } from './random.ts';

export const systemPost = poster({ resolve: systemResolve, timers: systemTimers });
export const systemChance = (): number => systemRandom.uint32() / 2 ** 32;

export const openCallbacks = (
  settled: CallbackSenderParts['settled'],
  log: CallbackSenderParts['log'],
): CallbackSender =>
  new CallbackSender({
    post: systemPost,
    clock: systemClock,
    chance: systemChance,
    settled,
    log,
  });
