import { keyHash } from '../../core/index.ts';
import { createFieldReader } from '../../types/index.ts';
import type { CallOrder } from '../../workflow/index.ts';
import { markRuns, sequenceOf } from './block.ts';
import { createBlockQueue } from './block-queue.ts';
import { createBlockSizer } from './block-sizer.ts';
import { createBurial } from './burial.ts';
import { createInOrder } from './in-order.ts';
import { createKeyedLane, type Letter } from './keyed-lane.ts';
import type { Sequence } from './ledger.ts';
import type { Outlet } from './outlet.ts';
import { createParcel, type Parcel } from './parcel.ts';
import { blocksWaiting, queueBounds, type StageOptions } from './stage-options.ts';

/** Messages that an instance may have before it, those that wait for an earlier one of their key among them, even where the function is slow. */
const leastAhead = 8;
const mostAheadBytes = 8 * 1024 * 1024;
/** What of one sequence may be begun and not have left, since an earlier one is still tried. */
const heldBack = { messages: 1024, bytes: 8 * 1024 * 1024 };

/**
 * A stage whose calls are in order: messages of one key go to one instance, each when the one before it is through, also where that is tried again; keys do not wait
 * for each other. Results leave in the order of their sequence, as those of any stage.
 */
export function createKeyedStage(options: StageOptions & { readonly order: CallOrder }): Outlet {
  const { label, outlet, deadLetters, retry, json, counts, onFailure } = options;
  const sizer = createBlockSizer();
  const keysOf = createKeyReader(options.order);
  const exit = createInOrder({ label, outlet, counts, onLeft: () => queue.released(), onFailure });
  /** Messages that have neither a result nor are dead letters. */
  let ahead = 0;
  let aheadBytes = 0;
  let roomAgain: (() => void) | undefined;
  const lanes = options.lanes.map((lane) =>
    createKeyedLane({
      lane,
      sizer,
      retry,
      bury: createBurial(label, deadLetters, counts, json),
      onRetry: () => void counts.retries++,
      onDone({ parcel, index }) {
        ahead--;
        aheadBytes -= parcel.sizeOf(index);
        if (roomAgain !== undefined && hasRoom()) roomAgain();
      },
      onFailure,
    }),
  );
  /** As much again as may be with the instances, so that their blocks are full. */
  const mostAhead = () => lanes.length * Math.max(leastAhead, 2 * sizer.window() * sizer.most());
  const queue = createBlockQueue(
    {
      ...queueBounds,
      messages: () => blocksWaiting * sizer.most(),
      held(sequence) {
        const { messages, bytes } = exit.underWay(sequence);
        return messages >= Math.max(heldBack.messages, 2 * mostAhead()) || bytes >= heldBack.bytes;
      },
    },
    json,
  );
  const pumped = pump();
  pumped.catch(onFailure);

  function hasRoom(): boolean {
    return ahead < mostAhead() && aheadBytes < mostAheadBytes;
  }

  async function pump(): Promise<void> {
    for (;;) {
      while (!hasRoom()) {
        await new Promise<void>((resolve) => {
          roomAgain = resolve;
        });
        roomAgain = undefined;
      }
      const block = await queue.take(() => lanes.length * sizer.most());
      counts.waiting = queue.waiting;
      if (block === undefined) return;
      counts.in += block.count;
      markRuns(block.runs, label, 'in');
      const parcel = createParcel(block, json);
      exit.begin(block, parcel.worked);
      handOut(parcel);
    }
  }

  function handOut(parcel: Parcel): void {
    for (const [index, key] of keysOf(parcel).entries()) {
      const letter: Letter = { parcel, index, key, tries: 0, company: Number.POSITIVE_INFINITY };
      lanes[(key >>> 0) % lanes.length]?.add(letter);
      ahead++;
      aheadBytes += parcel.sizeOf(index);
    }
    for (const lane of lanes) lane.kick();
  }

  return {
    push: (block) => queue.push(block),
    async end() {
      queue.end();
      await pumped;
      await exit.settled();
      await outlet.end();
    },
  };
}

/** Finds the number of each message's key; messages without a key have that of their sequence. */
function createKeyReader(order: CallOrder): (parcel: Parcel) => Int32Array {
  const sequences = new WeakMap<Sequence, number>();
  let known = 0;
  const fieldOf = order === 'key' || order === 'partition' ? undefined : createFieldReader(order.slice(1));

  /** Counted, so that partitions are shared out evenly. */
  function numberOf(sequence: Sequence): number {
    const number = sequences.get(sequence) ?? ++known;
    sequences.set(sequence, number);
    return number;
  }

  return ({ block, text, starts, ends }) => {
    const keys = new Int32Array(block.count).fill(numberOf(sequenceOf(block)));
    if (order === 'partition') return keys;
    if (fieldOf !== undefined) {
      for (let index = 0; index < block.count; index++) {
        const field = fieldOf(text.subarray(starts[index], ends[index]));
        if (field !== undefined) keys[index] = keyHash(field);
      }
      return keys;
    }
    let first = 0;
    for (const { count, keys: given } of block.runs) {
      for (let index = 0; index < (given?.length ?? 0); index++)
        keys[first + index] = given?.[index] || (keys[first + index] as number);
      first += count;
    }
    return keys;
  };
}
