import type { Validator } from '../types/index.ts';
import { cutMisfits, type Failed, type Results } from './cut-misfits.ts';
import { type Members, parseSpan, readElements, readMembers, type Span } from './json-spans.ts';
import type { NextResult } from './protocol.ts';
import { holds } from './quick-answer.ts';
import { checkEach, readFailed, shifted } from './results.ts';

export interface NextAsked {
  /** How many items may come. */
  readonly credit: number;
  readonly validator: Validator;
  /** Bytes one item may have. */
  readonly messageLimit: number;
}

/** What a source gave, or in words why its answer is a breach of protocol. */
export type NextAnswer = NextResult | string;

/** Bytes of a position. */
export const longestPosition = 16 * 1024;
const itemsKey = Buffer.from('{"items":');
const names = ['items', 'positions', 'end', 'failed'] as const;
type Name = (typeof names)[number];

/** Reads the result of `next` where the items come first and it ends its frame, so that they are scanned once. Undefined: it is written in another way. */
export function readQuickNext(frame: Buffer, start: number, asked: NextAsked): NextAnswer | undefined {
  if (!holds(frame, itemsKey, start)) return undefined;
  const at = start + itemsKey.length;
  const scan = asked.validator.scanArray(frame, at, frame.length, asked.credit);
  if ('kind' in scan || frame[scan.end] !== 0x2c) return undefined;
  const rest = readMembers(frame, scan.end + 1, names, 'inside');
  if ('message' in rest || rest.spans.has('items') || rest.end !== frame.length - 1) return undefined;
  if (frame[rest.end] !== 0x7d) return undefined;
  return collect(frame, { start: at, end: scan.end }, scan, rest.spans, asked);
}

/** Reads the result of `next`, written in whatever way JSON allows. `result` is known to be JSON. */
export function readNext(frame: Buffer, result: Span, asked: NextAsked): NextAnswer {
  const members = readMembers(frame, result.start, names);
  if ('message' in members) return `answered next with a result that ${members.message}`;
  const items = members.spans.get('items');
  if (items === undefined || frame[items.start] !== 0x5b) return 'answered next without an array of items';
  const scan = asked.validator.scanArray(frame, items.start, items.end, asked.credit);
  const results = 'kind' in scan ? checkEach(frame, items, { ...asked, count: asked.credit }) : scan;
  return collect(frame, items, results, members.spans, asked);
}

function collect(
  frame: Buffer,
  items: Span,
  results: Results,
  spans: Members<Name>['spans'],
  asked: NextAsked,
): NextAnswer {
  const { count } = results;
  const end = parseSpan(frame, spans.get('end'));
  if (typeof end !== 'boolean') return 'answered next without an end that is true or false';
  const positions = readPositions(frame, spans.get('positions'), asked.credit);
  if (typeof positions === 'string') return positions;
  const total = positions.length;
  if (total > asked.credit) return `answered next for ${asked.credit} items with more`;
  const failed = readFailed(parseSpan(frame, spans.get('failed')) ?? [], total, 'next');
  if (typeof failed === 'string') return failed;
  if (count + failed.length !== total)
    return `answered next with ${count} items, ${failed.length} failures and ${total} positions`;
  if (total === 0 && !end) return 'answered next with no item, and not with the end';
  return { ...good(frame, items, results, failed, asked), positions, end };
}

/** The items, and beside them those that do not fit, with the bytes that they came as. */
function good(
  frame: Buffer,
  { start, end }: Span,
  results: Results,
  failed: readonly Failed[],
  { messageLimit }: NextAsked,
): Omit<NextResult, 'positions' | 'end'> {
  const { count, starts, ends, misfits } = results;
  const cut =
    misfits.length > 0 || end - start > messageLimit
      ? cutMisfits(frame, results, failed, messageLimit)
      : undefined;
  if (cut === undefined) {
    return {
      items: frame.subarray(start, end),
      count,
      starts: shifted(starts, count, start),
      ends: shifted(ends, count, start),
      failed,
    };
  }
  const told = new Set(failed.map(({ index }) => index));
  const places = Array.from({ length: count + told.size }, (_, place) => place).filter(
    (place) => !told.has(place),
  );
  const itemAt = new Map(places.map((place, item) => [place, item]));
  return {
    ...cut,
    failed: cut.failed.map((one) => {
      const item = itemAt.get(one.index);
      // A copy: it would hold the whole frame otherwise.
      return item === undefined
        ? one
        : { ...one, payload: Buffer.from(frame.subarray(starts[item], ends[item])) };
    }),
  };
}

/** Each as it was written: a number beyond 2^53 comes back as it went. */
function readPositions(frame: Buffer, span: Span | undefined, most: number): readonly string[] | string {
  if (span === undefined || frame[span.start] !== 0x5b) return 'answered next without an array of positions';
  const elements = readElements(frame, span, most);
  if (elements.some(({ start, end }) => end - start > longestPosition))
    return `answered next with a position of more than ${longestPosition} bytes`;
  return elements.map(({ start, end }) => frame.toString('utf8', start, end));
}
