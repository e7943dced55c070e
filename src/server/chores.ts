// Small work that comes back every so often: one after the other, never two at a time.
import type { Timers } from '../delivery/ports.ts';

export interface Chore {
  readonly name: string;
  readonly every: number;
  readonly run: () => Promise<void>;
}

/** Starts them; what it returns stops them and waits for the one that is running. */
export function keepDoing(
  chore: Chore,
  timers: Timers,
  failed: (name: string, error: unknown) => void,
): () => Promise<void> {
  let stopped = false;
  let running: Promise<void> = Promise.resolve();
  let cancel = (): void => {};
  const later = (): void => {
    cancel = timers.after(chore.every, () => {
      running = chore
        .run()
        .catch((error: unknown) => failed(chore.name, error))
        .finally(() => {
          if (!stopped) later();
        });
    });
  };
  later();
  return async () => {
    stopped = true;
    cancel();
    await running;
  };
}
