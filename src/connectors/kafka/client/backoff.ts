import { setTimeout as pauseFor } from 'node:timers/promises';
import { growingPause } from '../../../core/index.ts';

const pauses = { first: 125, longest: 12_500, jitter: 0.4 } as const;

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
      failures++;
      await pauseFor(growingPause(failures, pauses), undefined, { signal }).catch(() => {});
    },
    reset() {
      failures = 0;
    },
    get failures() {
      return failures;
    },
  };
}
