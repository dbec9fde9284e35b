import { setTimeout as pauseFor } from 'node:timers/promises';

const shortest = 100;
const longest = 10_000;

/** Pauses that grow from failure to failure, with a part of chance, so that many do not come at once. */
export interface Backoff {
  /** Resolves when the pause is over or the signal aborts. */
  pause(signal: AbortSignal): Promise<void>;
  /** It works again: the next pause is a short one. */
  reset(): void;
  /** How many pauses in a row there were. */
  readonly failures: number;
}

export function createBackoff(): Backoff {
  let failures = 0;
  return {
    async pause(signal) {
      const full = Math.min(longest, shortest * 2 ** Math.min(failures++, 10));
      await pauseFor(full * (0.75 + Math.random() / 2), undefined, { signal }).catch(() => {});
    },
    reset() {
      failures = 0;
    },
    get failures() {
      return failures;
    },
  };
}
