// The console's only touch with real time: what time it is, waking somebody later.

export const clock = {
  now: (): number => Date.now(),
  /** Calls `then` once, `wait` milliseconds from now; what it returns takes that back. */
  after(wait: number, then: () => void): () => void {
    const timer = setTimeout(then, wait);
    return () => clearTimeout(timer);
  },
} as const;
