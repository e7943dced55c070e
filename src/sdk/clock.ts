// The SDK's clock: when a token runs out, how old a callback is, and the wait before a call is sent again.

export type Now = () => number;

/** Milliseconds since 1970. */
export const systemNow: Now = () => Date.now();

/** Resolves after that many milliseconds; an abort rejects at once with its reason. */
export type Wait = (milliseconds: number, signal?: AbortSignal) => Promise<void>;

export const systemWait: Wait = (milliseconds, signal) =>
  new Promise((resolve, reject) => {
    const leave = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', leave);
      resolve();
    }, milliseconds);
    if (signal?.aborted === true) leave();
    signal?.addEventListener('abort', leave, { once: true });
  });
