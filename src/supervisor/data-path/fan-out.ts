import { type Block, copyBlock, settleRuns } from './block.ts';
import type { Ending } from './ledger.ts';
import type { Outlet } from './outlet.ts';

/** Gives every message to each of several outlets. A delivery is complete when all of its copies are. The slowest sets the pace. */
export function createFanOut(outlets: readonly Outlet[]): Outlet {
  const [only] = outlets;
  if (only !== undefined && outlets.length === 1) return only;
  return {
    async push(block) {
      for (const { batch, count } of block.runs) batch.split(count * (outlets.length - 1));
      const blocks = outlets.map((_, index) => (index === 0 ? block : copyBlock(block)));
      await Promise.all(outlets.map((outlet, index) => outlet.push(blocks[index] ?? block)));
    },
    async end() {
      await Promise.all(outlets.map((outlet) => outlet.end()));
    },
  };
}

/** An outlet that several give to: it ends when all of them have. */
export function createJunction(outlet: Outlet, givers: number): Outlet {
  if (givers === 1) return outlet;
  let left = givers;
  const ended = Promise.withResolvers<void>();
  return {
    push: (block) => outlet.push(block),
    end() {
      left--;
      if (left === 0) outlet.end().then(ended.resolve, ended.reject);
      return ended.promise;
    },
  };
}

/** The end of a way where nothing follows. */
export function createDeadEnd(how: Ending, onCount: (count: number) => void): Outlet {
  return {
    async push(block: Block) {
      settleRuns(block.runs, how);
      onCount(block.count);
    },
    async end() {},
  };
}
