import type { SourceBatch } from '../../connectors/index.ts';
import type { Validator } from '../../types/index.ts';
import type { Batch, Ending, Sequence } from './ledger.ts';

/** How many neighbouring messages of a block belong to one source batch. */
export interface Run {
  readonly batch: Batch;
  readonly count: number;
  /** Of each message, as the source gave them ({@link SourceBatch.keys}); missing where it gave none. */
  readonly keys?: Int32Array;
}

/**
 * Messages on their way, in order: JSON payloads joined by commas, without brackets, in pieces that are written as they stand. A block
 * owns its bytes. It is cut or joined without looking at a payload, unless its bounds are needed and nobody knows them yet.
 */
export interface Block {
  readonly pieces: readonly Uint8Array[];
  readonly count: number;
  readonly bytes: number;
  readonly runs: readonly Run[];
  /** Where each message lies; missing where nobody has scanned it. */
  readonly bounds?: Bounds;
}

export interface Bounds {
  /** The bytes that the offsets count in. */
  readonly text: Uint8Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** Whether `text` is the whole JSON array, brackets included. */
  readonly bracketed: boolean;
}

const comma = Buffer.from(',');
const open = Buffer.from('[');
const close = Buffer.from(']');

export function createBlock(
  pieces: readonly Uint8Array[],
  count: number,
  runs: readonly Run[],
  bounds?: Bounds,
): Block {
  const bytes = pieces.reduce((sum, piece) => sum + piece.length, 0);
  return bounds === undefined ? { pieces, count, bytes, runs } : { pieces, count, bytes, runs, bounds };
}

/** One block of all, in order. Nothing is copied. */
export function joinBlocks(blocks: readonly Block[]): Block {
  const [only] = blocks;
  if (only !== undefined && blocks.length === 1) return only;
  const pieces: Uint8Array[] = [];
  for (const block of blocks) {
    if (pieces.length > 0) pieces.push(comma);
    pieces.push(...block.pieces);
  }
  return createBlock(
    pieces,
    blocks.reduce((sum, block) => sum + block.count, 0),
    blocks.flatMap((block) => block.runs),
  );
}

/** A block of the results of one answer: a JSON array with brackets and the bounds of its elements. */
export function createResultBlock(
  answer: {
    readonly items: Uint8Array;
    readonly count: number;
    readonly starts: Int32Array;
    readonly ends: Int32Array;
  },
  runs: readonly Run[],
): Block {
  const { items, count } = answer;
  const bounds = { text: items, starts: answer.starts, ends: answer.ends, bracketed: true };
  return createBlock([items.subarray(1, items.length - 1)], count, runs, bounds);
}

/** The same messages for a second owner, who may write over them: a sink is given the bytes of a block that is one JSON array as they stand, and those of any other copied. */
export function copyBlock(block: Block): Block {
  const { bounds, count, runs } = block;
  if (bounds?.bracketed !== true) return block;
  return createResultBlock({ ...bounds, items: Buffer.from(bounds.text), count }, runs);
}

/** Cuts a block before message `at` (0 < at < count). `json` is a validator of any JSON, to find bounds that are not known. */
export function splitBlock(block: Block, at: number, json: Validator): readonly [Block, Block] {
  const bounds = boundsOf(block, json);
  return [selectRange(block, bounds, 0, at), selectRange(block, bounds, at, block.count)];
}

/** Messages `from` up to `to`, as a block of its own. */
export function sliceBlock(block: Block, from: number, to: number, json: Validator): Block {
  return from === 0 && to === block.count ? block : selectRange(block, boundsOf(block, json), from, to);
}

/** The bytes of one message. */
export function messageBytes(block: Block, index: number, json: Validator): Uint8Array {
  const { text, starts, ends } = boundsOf(block, json);
  return text.subarray(starts[index], ends[index]);
}

/** The block as one JSON array with brackets, and the bounds of each message in it. */
export function arrayOf(block: Block, json: Validator): Bounds {
  return block.bounds?.bracketed === true ? block.bounds : scanBounds(block, json);
}

function boundsOf(block: Block, json: Validator): Bounds {
  return block.bounds ?? scanBounds(block, json);
}

function scanBounds(block: Block, json: Validator): Bounds {
  const text = Buffer.concat([open, ...block.pieces, close]);
  const scan = json.scanArray(text, 0, text.length);
  if ('kind' in scan || scan.count !== block.count) throw new Error('a block is not the messages it counts');
  return {
    text,
    starts: scan.starts.slice(0, scan.count),
    ends: scan.ends.slice(0, scan.count),
    bracketed: true,
  };
}

function selectRange(block: Block, bounds: Bounds, from: number, to: number): Block {
  const begin = bounds.starts[from] ?? 0;
  const text = bounds.text.subarray(begin, bounds.ends[to - 1] ?? begin);
  const starts = bounds.starts.slice(from, to).map((offset) => offset - begin);
  const ends = bounds.ends.slice(from, to).map((offset) => offset - begin);
  return createBlock([text], to - from, selectRuns(block.runs, from, to), {
    text,
    starts,
    ends,
    bracketed: false,
  });
}

function selectRuns(runs: readonly Run[], from: number, to: number): readonly Run[] {
  const selected: Run[] = [];
  let first = 0;
  for (const { batch, count: all, keys } of runs) {
    const begin = Math.max(first, from);
    const count = Math.min(first + all, to) - begin;
    if (count > 0) selected.push(runOf(batch, count, keys?.subarray(begin - first, begin - first + count)));
    first += all;
  }
  return selected;
}

/** The runs of the messages at these indices (ascending). */
export function runsOf({ runs }: Block, indices: readonly number[]): readonly Run[] {
  const picked: Run[] = [];
  let first = 0;
  let next = 0;
  for (const { batch, count, keys } of runs) {
    const from = next;
    while ((indices[next] ?? Number.POSITIVE_INFINITY) < first + count) next++;
    const own = () => Int32Array.from(indices.slice(from, next), (index) => keys?.[index - first] ?? 0);
    if (next > from) picked.push(runOf(batch, next - from, keys && own()));
    first += count;
  }
  return picked;
}

/** The runs that are left when the messages at these indices (ascending) are gone. */
export function runsWithout(runs: readonly Run[], gone: readonly number[]): readonly Run[] {
  const left: Run[] = [];
  let first = 0;
  let next = 0;
  for (const { batch, count: all, keys } of runs) {
    const from = next;
    while (next < gone.length && (gone[next] ?? 0) < first + all) next++;
    const lost = new Set(gone.slice(from, next).map((index) => index - first));
    const count = all - lost.size;
    const kept = lost.size === 0 ? keys : keys?.filter((_, index) => !lost.has(index));
    if (count > 0) left.push(runOf(batch, count, kept));
    first += all;
  }
  return left;
}

export function runOf(batch: Batch, count: number, keys: Int32Array | undefined): Run {
  return keys === undefined ? { batch, count } : { batch, count, keys };
}

/** The sequence that the messages of a block are part of; blocks of different ones are never joined. */
export function sequenceOf({ runs }: Block): Sequence {
  const [first] = runs;
  if (first === undefined) throw new Error('a block has no messages');
  return first.batch.sequence;
}

/** Notes in the traces, where there are any, that the messages came to a node or left it. */
export function markRuns(runs: readonly Run[], label: string, side: 'in' | 'out'): void {
  for (const { batch, count } of runs) batch.trace?.mark(label, side, count);
}

/** Ends every delivery of the runs. */
export function settleRuns(runs: readonly Run[], how: Ending): void {
  for (const { batch, count } of runs) batch.settle(count, how);
}

/** The messages at these indices (ascending, at least one), as a block of their own. Neighbours stay one piece. */
export function pickMessages(block: Block, indices: readonly number[], json: Validator): Block {
  const parts: Block[] = [];
  for (let at = 0; at < indices.length; ) {
    const from = indices[at] ?? 0;
    let to = from + 1;
    for (at++; indices[at] === to; at++) to++;
    parts.push(sliceBlock(block, from, to, json));
  }
  return joinBlocks(parts);
}
