/**
 * How many messages a block may hold, and how many blocks an instance may have, learnt from how long blocks take: a fast function gets large blocks, since
 * each costs a wake-up at both ends; a slow one small blocks, so that a result never waits long for its neighbours. Blocks are in flight for so much time that the
 * instance has work while the hub is busy with something else, and no more, so that what an instance takes with it when it dies is little.
 */
export interface BlockSizer {
  readonly most: () => number;
  /** Blocks on their way in one instance. */
  readonly window: () => number;
  learn(count: number, milliseconds: number): void;
}

const largest = 512;
/** Milliseconds that a block should take. */
const wanted = 8;
/** Milliseconds of work that an instance may have before it. */
const ahead = 24;
const window = { least: 2, most: 12 };

export function createBlockSizer(): BlockSizer {
  let most = 1;
  /** Smoothed milliseconds a block. */
  let usual = wanted;
  return {
    most: () => most,
    window: () => Math.max(window.least, Math.min(window.most, 1 + Math.ceil(ahead / usual))),
    learn(count, milliseconds) {
      usual += (Math.max(0.1, milliseconds) - usual) / 8;
      const fitting = Math.floor((wanted * count) / Math.max(milliseconds, 0.001));
      const grown = count >= most ? most * 2 : most;
      most = Math.max(1, Math.min(largest, grown, fitting));
    },
  };
}
