/** How pauses grow from failure to failure. Milliseconds. */
export interface Pauses {
  readonly first: number;
  /** No pause is longer. */
  readonly longest: number;
  /** Share of a pause that is left to chance, 0 to 1, so that what failed together is not tried again together; 0 by default. */
  readonly jitter?: number;
}

/** Milliseconds to wait after failure number `failures` in a row, from 1: twice as long each time. */
export function growingPause(
  failures: number,
  { first, longest, jitter = 0 }: Pauses,
  random: () => number = Math.random,
): number {
  return Math.min(longest, first * 2 ** (failures - 1)) * (1 - jitter * random());
}
