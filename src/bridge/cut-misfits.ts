import type { ArrayScan } from '../types/index.ts';
import type { BlockResult, RpcError } from './protocol.ts';
import { misfitError, tooLargeError } from './rpc-error.ts';

export type Failed = BlockResult['failed'][number];

/** The results that an answer holds, before what does not fit is cut out of them. */
export interface Results {
  readonly count: number;
  readonly starts: ArrayLike<number>;
  readonly ends: ArrayLike<number>;
  readonly misfits: ArrayScan['misfits'];
}

/**
 * The block's results without those that do not fit their type or are longer than `messageLimit` bytes; these are listed among the failed by
 * their place in the block that was asked. Undefined: there are none. The one place where results are copied.
 */
export function cutMisfits(
  frame: Buffer,
  { count, starts, ends, misfits }: Results,
  failed: readonly Failed[],
  messageLimit: number,
): BlockResult | undefined {
  const errors = new Map<number, RpcError>();
  for (const { index, fault } of misfits) errors.set(index, misfitError(fault));
  for (let index = 0; index < count; index++) {
    if ((ends[index] ?? 0) - (starts[index] ?? 0) > messageLimit)
      errors.set(index, tooLargeError(messageLimit));
  }
  if (errors.size === 0) return undefined;
  const all: Failed[] = [...failed];
  const kept: Buffer[] = [];
  const gone = new Set(failed.map(({ index }) => index));
  let place = -1;
  for (let result = 0; result < count; result++) {
    do place++;
    while (gone.has(place));
    const error = errors.get(result);
    if (error === undefined) kept.push(frame.subarray(starts[result], ends[result]));
    else all.push({ index: place, error });
  }
  all.sort((a, b) => a.index - b.index);
  return { ...joinItems(kept), failed: all };
}

function joinItems(parts: readonly Buffer[]): Omit<BlockResult, 'failed'> {
  const commas = Math.max(0, parts.length - 1);
  const items = Buffer.allocUnsafe(parts.reduce((sum, part) => sum + part.length, commas + 2));
  const starts = new Int32Array(parts.length);
  const ends = new Int32Array(parts.length);
  let at = items.write('[');
  parts.forEach((part, index) => {
    if (index > 0) at += items.write(',', at);
    starts[index] = at;
    at += part.copy(items, at);
    ends[index] = at;
  });
  items.write(']', at);
  return { items, count: parts.length, starts, ends };
}
