import type { RetryPolicy } from '../../workflow/index.ts';

/** Milliseconds to wait after the try of that number: exponential, bounded, and partly left to chance. */
export function pauseBefore(
  attempt: number,
  { backoff, longestBackoff, jitter }: Pick<RetryPolicy, 'backoff' | 'longestBackoff' | 'jitter'>,
  random: () => number = Math.random,
): number {
  const whole = Math.min(longestBackoff, backoff * 2 ** (attempt - 1));
  return whole * (1 - jitter * random());
}
