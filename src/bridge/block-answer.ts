import type { ArrayScan, Validator } from '../types/index.ts';
import { parseSpan, readMembers, type Span } from './envelope.ts';
import { type BlockResult, type RpcError, rpcCodes } from './protocol.ts';
import { readRpcError } from './rpc-error.ts';

export interface BlockAsked {
  readonly count: number;
  readonly validator: Validator;
  /** Bytes one result may have. */
  readonly messageLimit: number;
}

/** What became of a block, or in words why its answer is a breach of protocol. */
export type BlockAnswer = BlockResult | string;

const open = Buffer.from('"items":');

/**
 * Reads the result of a block: `{"items": [...], "failed": [...]}`. `span` is the result's place in the frame, or only its start, where the
 * frame is known to end with `}}` (then the array is scanned once, for its form, its count and its type together).
 */
export function readBlockAnswer(frame: Buffer, start: number, asked: BlockAsked): BlockAnswer {
  if (frame[start] === 0x7b && open.equals(frame.subarray(start + 1, start + 1 + open.length))) {
    const at = start + 1 + open.length;
    const scan = asked.validator.scanArray(frame, at, frame.length);
    if (
      !('kind' in scan) &&
      frame[scan.end] === 0x7d &&
      frame[scan.end + 1] === 0x7d &&
      scan.end + 2 === frame.length
    ) {
      return collect(frame, { start: at, end: scan.end }, scan, [], asked);
    }
  }
  return readSlowly(frame, start, asked);
}

function readSlowly(frame: Buffer, start: number, asked: BlockAsked): BlockAnswer {
  const members = readMembers(frame, start);
  if (members === undefined || members.repeated !== undefined)
    return 'answered a block with a result that is no object';
  const items = members.spans.get('items');
  if (items === undefined) return 'answered a block without items';
  for (const key of members.spans.keys()) {
    if (key !== 'items' && key !== 'failed')
      return `answered a block with the unknown member ${JSON.stringify(key)}`;
  }
  const failed = readFailed(parseSpan(frame, members.spans.get('failed')), asked.count);
  if (typeof failed === 'string') return failed;
  const scan = asked.validator.scanArray(frame, items.start, items.end);
  if ('kind' in scan) return `answered a block with items that are no array: ${scan.message}`;
  return collect(frame, items, scan, failed, asked);
}

type Failed = { readonly index: number; readonly error: RpcError };

function readFailed(value: unknown, count: number): readonly Failed[] | string {
  if (value === undefined) return [];
  if (!Array.isArray(value)) return 'answered a block with failed that is no array';
  const failed: Failed[] = [];
  let last = -1;
  for (const entry of value as unknown[]) {
    const { index, error } =
      typeof entry === 'object' && entry !== null ? (entry as Record<string, unknown>) : {};
    const rpc = readRpcError(error);
    if (
      typeof index !== 'number' ||
      !Number.isInteger(index) ||
      index <= last ||
      index >= count ||
      rpc === undefined
    ) {
      return 'answered a block with a failed entry that is none of it: indices must rise and be of the block, errors be JSON-RPC errors';
    }
    last = index;
    failed.push({ index, error: rpc });
  }
  return failed;
}

function collect(
  frame: Buffer,
  span: Span,
  scan: ArrayScan,
  failed: readonly Failed[],
  asked: BlockAsked,
): BlockAnswer {
  if (scan.count + failed.length !== asked.count) {
    return `answered a block of ${asked.count} with ${scan.count} results and ${failed.length} failures`;
  }
  const { starts, ends } = scan;
  const large = span.end - span.start > asked.messageLimit ? indicesBeyond(scan, asked.messageLimit) : [];
  if (scan.misfits.length > 0 || large.length > 0) return withoutMisfits(frame, scan, large, failed, asked);
  const items = frame.subarray(span.start, span.end);
  const { count } = scan;
  return {
    items,
    count,
    starts: shifted(starts, count, span.start),
    ends: shifted(ends, count, span.start),
    failed,
  };
}

/** A copy, since the scanner's own array holds the next frame's offsets before anyone has looked at these. */
function shifted(offsets: Int32Array, count: number, by: number): Int32Array {
  const copy = offsets.slice(0, count);
  for (let index = 0; index < count; index++) copy[index] = (copy[index] ?? 0) - by;
  return copy;
}

function indicesBeyond({ count, starts, ends }: ArrayScan, limit: number): readonly number[] {
  const beyond: number[] = [];
  for (let index = 0; index < count; index++)
    if ((ends[index] ?? 0) - (starts[index] ?? 0) > limit) beyond.push(index);
  return beyond;
}

/** Some results do not fit: they are cut out, and listed among the failed by their place in the block that was asked. */
function withoutMisfits(
  frame: Buffer,
  scan: ArrayScan,
  large: readonly number[],
  failed: readonly Failed[],
  asked: BlockAsked,
): BlockResult {
  const errors = new Map<number, RpcError>();
  for (const { index, fault } of scan.misfits) {
    errors.set(index, {
      code: rpcCodes.invalidResult,
      message: `the result does not fit: ${fault.message}`,
      data: { path: fault.path },
    });
  }
  for (const index of large) {
    errors.set(index, {
      code: rpcCodes.tooLarge,
      message: `the result is longer than ${asked.messageLimit} bytes`,
    });
  }
  const all: Failed[] = [...failed];
  const kept: Buffer[] = [];
  const gone = new Set(failed.map(({ index }) => index));
  let place = -1;
  for (let result = 0; result < scan.count; result++) {
    do place++;
    while (gone.has(place));
    const error = errors.get(result);
    if (error === undefined) kept.push(frame.subarray(scan.starts[result], scan.ends[result]));
    else all.push({ index: place, error });
  }
  all.sort((a, b) => a.index - b.index);
  return { ...joinItems(kept), failed: all };
}

function joinItems(parts: readonly Buffer[]): Omit<BlockResult, 'failed'> {
  const items = Buffer.allocUnsafe(
    parts.reduce((sum, part) => sum + part.length + 1, parts.length === 0 ? 2 : 1),
  );
  const starts = new Int32Array(parts.length);
  const ends = new Int32Array(parts.length);
  let at = 0;
  items[at++] = 0x5b;
  parts.forEach((part, index) => {
    if (index > 0) items[at++] = 0x2c;
    starts[index] = at;
    at += part.copy(items, at);
    ends[index] = at;
  });
  items[at++] = 0x5d;
  return { items: items.subarray(0, at), count: parts.length, starts, ends };
}
