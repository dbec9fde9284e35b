import { compileValidator } from '../../types/index.ts';
import type { OpenContext, Source } from '../connector.ts';
import type { ByteInput } from './byte-input.ts';
import { skipByteOrderMark } from './byte-order-mark.ts';
import { createLineFormat } from './line-format.ts';
import { createRecordSource } from './record-source.ts';
import { createLineSplitter } from './record-splitter.ts';

/** A source whose messages are the lines of an input, in the format the context names. `name` is for places. */
export function createLineSource(input: ByteInput, context: OpenContext, name: string): Source {
  return createRecordSource({
    input: context.format === 'bytes' ? input : skipByteOrderMark(input),
    format: createLineFormat(context.format, compileValidator(context.type, 'input')),
    splitter: createLineSplitter(),
    name,
    limit: context.messageLimit,
    rows: context.rows ?? Number.POSITIVE_INFINITY,
    linesBefore: 0,
  });
}
