import type { Validator } from '../../types/index.ts';
import { type Block, joinBlocks, sliceBlock } from './block.ts';

/** What became of a block: the results in order, and the indices (ascending) of the messages that have none because they are dead letters. */
export interface Worked {
  readonly results: Block | undefined;
  readonly gone: readonly number[];
}

export function noResults(count: number): Worked {
  return { results: undefined, gone: Array.from({ length: count }, (_, index) => index) };
}

/**
 * Puts the results of some messages of a block of `count` back among the others: `indices` (ascending) are theirs, `done` holds the results of all the
 * others (undefined: those have none, and are gone).
 */
export function mergeResults(
  {
    count,
    done,
    indices,
    mended,
  }: {
    readonly count: number;
    readonly done: Block | undefined;
    readonly indices: readonly number[];
    readonly mended: Worked;
  },
  json: Validator,
): Worked {
  const parts: Block[] = [];
  const gone: number[] = [];
  const lost = new Set(mended.gone);
  let nextMended = 0;
  let takenMended = 0;
  let takenDone = 0;
  const flushDone = (to: number) => {
    if (done !== undefined && to > takenDone) parts.push(sliceBlock(done, takenDone, to, json));
    takenDone = to;
  };
  const flushMended = (to: number) => {
    if (mended.results !== undefined && to > takenMended)
      parts.push(sliceBlock(mended.results, takenMended, to, json));
    takenMended = to;
  };
  let seenDone = 0;
  let seenMended = 0;
  for (let index = 0; index < count; index++) {
    if (indices[nextMended] === index) {
      if (lost.has(nextMended)) gone.push(index);
      else {
        flushDone(seenDone);
        seenMended++;
      }
      nextMended++;
    } else if (done === undefined) gone.push(index);
    else {
      flushMended(seenMended);
      seenDone++;
    }
  }
  flushDone(seenDone);
  flushMended(seenMended);
  return { results: parts.length === 0 ? undefined : joinBlocks(parts), gone };
}
