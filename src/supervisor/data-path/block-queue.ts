import type { Validator } from '../../types/index.ts';
import { type Block, joinBlocks, splitBlock } from './block.ts';

/**
 * What waits in front of a stage, in order and bounded. `push` resolves when there is room again, which is the back pressure; `take`
 * joins what is waiting into one block, or cuts the first, so that it holds at most `most` messages.
 */
export interface BlockQueue {
  push(block: Block): Promise<void>;
  /** Nothing comes any more. */
  end(): void;
  /** The next block; undefined after the end. */
  take(most: () => number): Promise<Block | undefined>;
  /** Messages that wait. */
  readonly waiting: number;
}

export interface QueueBounds {
  /** A push waits while more messages, or more bytes, than these are in the queue. How many may change as it is learnt how long one takes. */
  readonly messages: () => number;
  readonly bytes: number;
  /** Blocks are joined up to this size in bytes. */
  readonly blockBytes: number;
}

export function createBlockQueue(bounds: QueueBounds, json: Validator): BlockQueue {
  const blocks: Block[] = [];
  let messages = 0;
  let bytes = 0;
  let ended = false;
  let arrived: (() => void) | undefined;
  let roomAgain: (() => void)[] = [];

  const hasRoom = () => messages < bounds.messages() && bytes < bounds.bytes;

  function shift(): Block | undefined {
    const block = blocks.shift();
    if (block === undefined) return undefined;
    messages -= block.count;
    bytes -= block.bytes;
    return block;
  }

  function next(most: number): Block {
    const first = shift();
    if (first === undefined) throw new Error('took from an empty queue');
    if (first.count > most) {
      const [head, rest] = splitBlock(first, most, json);
      blocks.unshift(rest);
      messages += rest.count;
      bytes += rest.bytes;
      return head;
    }
    const joined = [first];
    let count = first.count;
    let size = first.bytes;
    for (let block = blocks[0]; block !== undefined; block = blocks[0]) {
      if (count + block.count > most || size + block.bytes > bounds.blockBytes) break;
      joined.push(block);
      count += block.count;
      size += block.bytes;
      shift();
    }
    return joinBlocks(joined);
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
      while (blocks.length === 0) {
        if (ended) return undefined;
        await new Promise<void>((resolve) => {
          arrived = resolve;
        });
        arrived = undefined;
      }
      const block = next(most());
      if (hasRoom()) {
        for (const resolve of roomAgain) resolve();
        roomAgain = [];
      }
      return block;
    },
    get waiting() {
      return messages;
    },
  };
}
