import type { Validator } from '../../types/index.ts';
import { type Block, joinBlocks, sequenceOf, splitBlock } from './block.ts';
import type { Sequence } from './ledger.ts';

/**
 * What waits in front of a stage, in order and bounded. `push` resolves when there is room again, which is the back pressure; `take`
 * joins what is waiting of one sequence into one block, or cuts the first, so that it holds at most `most` messages. A sequence that is `held` is passed over
 * by those behind it.
 */
export interface BlockQueue {
  push(block: Block): Promise<void>;
  /** Nothing comes any more. */
  end(): void;
  /** The next block; undefined after the end. One take at a time. */
  take(most: () => number): Promise<Block | undefined>;
  /** Says that a sequence may not be held any more. */
  released(): void;
  /** Messages that wait. */
  readonly waiting: number;
}

export interface QueueBounds {
  /** A push waits while more messages, or more bytes, than these are in the queue. How many may change as it is learnt how long one takes. */
  readonly messages: () => number;
  readonly bytes: number;
  /** Blocks are joined up to this size in bytes. */
  readonly blockBytes: number;
  readonly held: (sequence: Sequence) => boolean;
}

export function createBlockQueue(bounds: QueueBounds, json: Validator): BlockQueue {
  const blocks: Block[] = [];
  let messages = 0;
  let bytes = 0;
  let ended = false;
  let arrived: (() => void) | undefined;
  let roomAgain: (() => void)[] = [];

  const hasRoom = () => messages < bounds.messages() && bytes < bounds.bytes;

  /** Takes the block at a place out, with those behind it that can be joined with it. */
  function next(at: number, first: Block, most: number): Block {
    if (first.count > most) {
      const [head, rest] = splitBlock(first, most, json);
      blocks[at] = rest;
      messages -= head.count;
      bytes += rest.bytes - first.bytes;
      return head;
    }
    let end = at + 1;
    let count = first.count;
    let size = first.bytes;
    for (let block = blocks[end]; block !== undefined; block = blocks[++end]) {
      if (count + block.count > most || size + block.bytes > bounds.blockBytes) break;
      if (sequenceOf(block) !== sequenceOf(first)) break;
      count += block.count;
      size += block.bytes;
    }
    messages -= count;
    bytes -= size;
    // A shift is much cheaper than a splice, and nearly always it is the first alone that goes.
    const taken = at === 0 && end === 1 ? [blocks.shift() ?? first] : blocks.splice(at, end - at);
    return joinBlocks(taken);
  }

  /** The first block that may go, with its place. */
  function ready(): { readonly at: number; readonly block: Block } | undefined {
    for (const [at, block] of blocks.entries()) if (!bounds.held(sequenceOf(block))) return { at, block };
    return undefined;
  }

  return {
    async push(block) {
      blocks.push(block);
      messages += block.count;
      bytes += block.bytes;
      arrived?.();
      if (!hasRoom()) await new Promise<void>((resolve) => roomAgain.push(resolve));
    },
    end() {
      ended = true;
      arrived?.();
    },
    async take(most) {
      let found = ready();
      while (found === undefined) {
        if (ended && blocks.length === 0) return undefined;
        await new Promise<void>((resolve) => {
          arrived = resolve;
        });
        arrived = undefined;
        found = ready();
      }
      const block = next(found.at, found.block, most());
      if (hasRoom()) {
        for (const resolve of roomAgain) resolve();
        roomAgain = [];
      }
      return block;
    },
    released() {
      arrived?.();
    },
    get waiting() {
      return messages;
    },
  };
}
