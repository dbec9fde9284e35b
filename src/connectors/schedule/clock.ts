import { setTimeout as sleep } from 'node:timers/promises';

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves when this time is there, or may be; at once when aborted. */
  until(time: number, signal: AbortSignal): Promise<void>;
}

/** A clock may be set and a machine may sleep, and no timer knows: long waits are made of such steps. */
const longestStep = 10_000;

export const systemClock: Clock = {
  now: Date.now,
  until: async (time, signal) => {
    const step = Math.max(1, Math.min(time - Date.now(), longestStep));
    await sleep(step, undefined, { signal }).catch(() => {});
  },
};
