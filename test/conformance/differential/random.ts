/** A source of chance that gives the same for the same seed. */
export interface Random {
  /** A whole number from 0, below the bound. */
  below(bound: number): number;
  chance(of: number): boolean;
  /** One of several, of which there is at least one. */
  pick<T>(from: readonly T[]): T;
}

/** mulberry32, a small generator of 32 bits by Tommy Ettinger (public domain). */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const below = (bound: number) => Math.floor(next() * bound);
  return {
    below,
    chance: (of) => next() < of,
    pick: <T>(from: readonly T[]) => from[below(from.length)] as T,
  };
}
