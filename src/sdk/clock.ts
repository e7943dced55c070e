// The SDK's one look at the clock: it is only needed to know when a token runs out.

export type Now = () => number;

/** Milliseconds since 1970. */
export const systemNow: Now = () => Date.now();
