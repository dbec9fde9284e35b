/**
 * How many messages a block may hold, learnt from how long blocks take: a fast function gets large blocks, since each costs a wake-up at
 * both ends; a slow one small blocks, so that a result never waits long for its neighbours.
 */
export interface BlockSizer {
  readonly most: () => number;
  learn(count: number, milliseconds: number): void;
}

const largest = 512;
/** Milliseconds that a block should take. */
const wanted = 8;

export function createBlockSizer(): BlockSizer {
  let most = 1;
  return {
    most: () => most,
    learn(count, milliseconds) {
      const fitting = Math.floor((wanted * count) / Math.max(milliseconds, 0.001));
      const grown = count >= most ? most * 2 : most;
      most = Math.max(1, Math.min(largest, grown, fitting));
    },
  };
}
