import { compileValidator } from '../../types/index.ts';
import type { OpenContext, Source } from '../connector.ts';
import type { ByteInput } from './byte-input.ts';
import { skipByteOrderMark } from './byte-order-mark.ts';
import { createLineFormat } from './line-format.ts';
import { passOver } from './pass-over.ts';
import { firstRecord, type RecordPosition } from './read-records.ts';
import { createRecordSource } from './record-source.ts';
import { createLineSplitter } from './record-splitter.ts';

/** A source whose messages are the lines of an input, from a position on, in the format the context names. `name` is for places. */
export function createLineSource(
  input: ByteInput,
  context: OpenContext,
  name: string,
  from: RecordPosition = firstRecord,
): Source {
  const whole = context.format === 'bytes' ? input : skipByteOrderMark(input);
  return createRecordSource({
    input: passOver(whole, from.bytes, name),
    format: createLineFormat(context.format, compileValidator(context.type, 'input')),
    splitter: createLineSplitter(),
    name,
    limit: context.messageLimit,
    rows: context.rows ?? Number.POSITIVE_INFINITY,
    linesBefore: 0,
    from,
  });
}
