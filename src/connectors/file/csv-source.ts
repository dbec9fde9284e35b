import { isUtf8 } from 'node:buffer';
import { NstackError } from '../../core/index.ts';
import type { OpenContext, Source } from '../connector.ts';
import type { ByteInput } from '../records/byte-input.ts';
import { skipByteOrderMark } from '../records/byte-order-mark.ts';
import { passOver } from '../records/pass-over.ts';
import type { RecordPosition } from '../records/read-records.ts';
import { createRecordSource } from '../records/record-source.ts';
import { createCsvFields, splitCsvRecord } from './csv-fields.ts';
import { createCsvFormat } from './csv-format.ts';
import { createCsvSplitter } from './csv-splitter.ts';
import type { FileKind } from './file-kind.ts';
import { plainType, type RowField, rowFields } from './row-fields.ts';

/** A header longer than this is none. */
const longestHeader = 1024 * 1024;
const lineFeed = Buffer.of(0x0a);

/** Reads the header and closes the input again; throws where the type's fields are not all there. */
export async function checkCsv(
  input: ByteInput,
  { delimiter }: FileKind,
  context: OpenContext,
  shown: string,
): Promise<void> {
  try {
    const { header } = await readHeader(skipByteOrderMark(input), delimiter.charCodeAt(0), shown);
    fieldsOf(context, header, shown);
  } finally {
    await input.close();
  }
}

/** A source of CSV records with a header, from a position on. It owns the input. `name` is for places. */
export async function openCsv(
  input: ByteInput,
  { delimiter }: FileKind,
  context: OpenContext,
  name: string,
  from: RecordPosition,
): Promise<Source> {
  const sign = delimiter.charCodeAt(0);
  try {
    const { header, lines, rest } = await readHeader(skipByteOrderMark(input), sign, name);
    const fields = fieldsOf(context, header, name);
    return createRecordSource({
      input: passOver(rest, from.bytes, name),
      format: createCsvFormat(fields, header, sign, plainType(context.type).type.kind === 'json'),
      splitter: createCsvSplitter(sign),
      name,
      limit: context.messageLimit,
      rows: context.rows ?? Number.POSITIVE_INFINITY,
      linesBefore: lines,
      from,
    });
  } catch (error) {
    await input.close();
    throw error;
  }
}

function fieldsOf({ type }: OpenContext, header: readonly string[], shown: string): readonly RowField[] {
  return rowFields(type, header, { shown, describe: (column) => header[column] ?? '' });
}

interface Header {
  readonly header: readonly string[];
  readonly lines: number;
  /** The input from behind the header on. */
  readonly rest: ByteInput;
}

async function readHeader(input: ByteInput, delimiter: number, shown: string): Promise<Header> {
  const splitter = createCsvSplitter(delimiter);
  const chunks = input.chunks()[Symbol.asyncIterator]();
  let head: Buffer = Buffer.alloc(0);
  for (;;) {
    const { value, done } = await chunks.next();
    const chunk = done === true ? lineFeed : value;
    const end = splitter.find(chunk, 0);
    head = head.length === 0 ? chunk : Buffer.concat([head, chunk]);
    if (end >= 0) {
      const at = head.length - chunk.length + end;
      const rest = head.subarray(at + 1);
      return {
        header: namesOf(head.subarray(0, at), delimiter, shown),
        lines: splitter.lines,
        rest: following(input, rest, chunks),
      };
    }
    if (done === true || head.length > longestHeader) throw noHeader(shown, 'its first line does not end');
  }
}

function following(input: ByteInput, first: Buffer, chunks: AsyncIterator<Buffer>): ByteInput {
  async function* rest(): AsyncGenerator<Buffer, void, undefined> {
    if (first.length > 0) yield first;
    yield* { [Symbol.asyncIterator]: () => chunks };
  }
  return {
    chunks: rest,
    ...(input.skip === undefined ? {} : { skip: input.skip }),
    get done() {
      return input.done;
    },
    total: input.total,
    close: () => input.close(),
  };
}

function namesOf(record: Buffer, delimiter: number, shown: string): readonly string[] {
  const fields = createCsvFields();
  if (!isUtf8(record)) throw noHeader(shown, 'it is not valid UTF-8');
  const fault = splitCsvRecord(record, 0, record.length, delimiter, fields);
  if (fault !== undefined) throw noHeader(shown, fault);
  const names = fields.starts
    .slice(0, fields.count)
    .map((start, index) => record.toString('utf8', start, fields.ends[index]).replaceAll('""', '"'));
  if (names.length === 1 && names[0] === '') throw noHeader(shown, 'its first line is empty');
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw noHeader(shown, `the column ${JSON.stringify(twice)} is there twice`);
  return names;
}

function noHeader(shown: string, reason: string): NstackError {
  return new NstackError('connector-invalid', `${shown} has no CSV header: ${reason}`, {
    hint: 'The first line names the columns: user,url,ms. Another sign between them is named by `delimiter`.',
  });
}
