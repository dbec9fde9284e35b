import { growingPause } from '../core/index.ts';

/**
 * How long to wait before a data path is started again: not at all after the first fault, then twice as long each time, up to half a minute. One that ran for a
 * minute begins anew.
 */
export interface RestartPauses {
  /** It carries messages. */
  running(): void;
  /** Milliseconds before the next start. */
  next(): number;
}

const pauses = { first: 250, longest: 30_000 } as const;
const steady = 60_000;

export function createRestartPauses(now: () => number = () => performance.now()): RestartPauses {
  let faults = 0;
  let since: number | undefined;
  return {
    running() {
      since = now();
    },
    next() {
      if (since !== undefined && now() - since > steady) faults = 0;
      since = undefined;
      const pause = faults === 0 ? 0 : growingPause(faults, pauses);
      faults++;
      return pause;
    },
  };
}
