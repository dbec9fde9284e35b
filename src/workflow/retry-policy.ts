/** How often and when a failed message is tried again. Milliseconds. */
export interface RetryPolicy {
  /** Tries in all. */
  readonly attempts: number;
  /** Pause before the second try; each later one is twice as long. */
  readonly backoff: number;
  /** No pause is longer. */
  readonly longestBackoff: number;
  /** Share of a pause that is left to chance, 0 to 1, so that what failed together is not tried again together. */
  readonly jitter: number;
}

export const defaultRetry: RetryPolicy = Object.freeze({
  attempts: 3,
  backoff: 20,
  longestBackoff: 10_000,
  jitter: 0.5,
});
