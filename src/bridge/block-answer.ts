import type { Validator } from '../types/index.ts';
import { cutMisfits, type Failed, type Results } from './cut-misfits.ts';
import { parseSpan, readMembers, type Span } from './json-spans.ts';
import type { BlockResult } from './protocol.ts';
import { holds } from './quick-answer.ts';
import { checkEach, readFailed, shifted } from './results.ts';

export interface BlockAsked {
  readonly count: number;
  readonly validator: Validator;
  /** Bytes one result may have. */
  readonly messageLimit: number;
}

/** What became of a block, or in words why its answer is a breach of protocol. */
export type BlockAnswer = BlockResult | string;

const itemsKey = Buffer.from('{"items":');
const failedKey = Buffer.from(',"failed":');

/**
 * Reads the result of a block where it is written as the protocol shows it and ends its frame, so that one scan of the array finds its form,
 * its count and its types: `{"items":[...]}}`, or `{"items":[...],"failed":[...]}}`. Undefined: it is written in another way, or is wrong.
 */
export function readQuickBlock(frame: Buffer, start: number, asked: BlockAsked): BlockAnswer | undefined {
  if (!holds(frame, itemsKey, start)) return undefined;
  const at = start + itemsKey.length;
  const scan = asked.validator.scanArray(frame, at, frame.length, asked.count);
  const last = frame.length - 2;
  if ('kind' in scan || frame[last] !== 0x7d || frame[last + 1] !== 0x7d) return undefined;
  const items = { start: at, end: scan.end };
  if (scan.end === last) return collect(frame, items, scan, [], asked);
  if (scan.end > last || !holds(frame, failedKey, scan.end)) return undefined;
  const failed = parseOrNothing(frame.toString('utf8', scan.end + failedKey.length, last));
  if (!Array.isArray(failed)) return undefined;
  return collect(frame, items, scan, readFailed(failed, asked.count, 'a block'), asked);
}

/** Reads the result of a block, written in whatever way JSON allows. `result` is known to be JSON. */
export function readBlock(frame: Buffer, result: Span, asked: BlockAsked): BlockAnswer {
  const members = readMembers(frame, result.start, ['items', 'failed']);
  if ('message' in members) return `answered a block with a result that ${members.message}`;
  const items = members.spans.get('items');
  if (items === undefined || frame[items.start] !== 0x5b) return 'answered a block without an array of items';
  const failed = readFailed(parseSpan(frame, members.spans.get('failed')) ?? [], asked.count, 'a block');
  const scan = asked.validator.scanArray(frame, items.start, items.end, asked.count);
  return collect(frame, items, 'kind' in scan ? checkEach(frame, items, asked) : scan, failed, asked);
}

function collect(
  frame: Buffer,
  span: Span,
  results: Results,
  failed: readonly Failed[] | string,
  asked: BlockAsked,
): BlockAnswer {
  if (typeof failed === 'string') return failed;
  const { count, starts, ends, misfits } = results;
  if (count + failed.length !== asked.count) {
    return `answered a block of ${asked.count} with ${count} results and ${failed.length} failures`;
  }
  const mayBeLarge = span.end - span.start > asked.messageLimit;
  if (misfits.length > 0 || mayBeLarge) {
    const cut = cutMisfits(frame, results, failed, asked.messageLimit);
    if (cut !== undefined) return cut;
  }
  return {
    items: frame.subarray(span.start, span.end),
    count,
    starts: shifted(starts, count, span.start),
    ends: shifted(ends, count, span.start),
    failed,
  };
}

function parseOrNothing(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
