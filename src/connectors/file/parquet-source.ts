import { basename } from 'node:path';
import { NstackError } from '../../core/index.ts';
import { compileValidator } from '../../types/index.ts';
import type { OpenContext, Source } from '../connector.ts';
import { createJsonFormat } from '../records/json-format.ts';
import { changed } from '../records/pass-over.ts';
import type { RecordPosition } from '../records/read-records.ts';
import { createRecordSource } from '../records/record-source.ts';
import { createLineSplitter } from '../records/record-splitter.ts';
import type { FoundFile } from './find-file.ts';
import { startParquetReader } from './parquet-reader.ts';

/** Throws where the file is no Parquet, or its schema does not fit the type. */
export async function checkParquet(found: FoundFile, context: OpenContext): Promise<void> {
  requireRegular(found);
  const { input } = await startParquetReader(found.path, {
    shown: found.shown,
    type: context.type,
    write: false,
  });
  await input.close();
}

/** A source of the rows of a Parquet file, from a position on. A row that holds no value of the type (a null, NaN) is rejected by its number. */
export async function openParquet(
  found: FoundFile,
  context: OpenContext,
  from: RecordPosition,
): Promise<Source> {
  requireRegular(found);
  const { input, rows } = await startParquetReader(found.path, {
    shown: found.shown,
    type: context.type,
    write: true,
    skip: from.records,
    ...(context.rows === undefined ? {} : { rows: context.rows }),
  });
  if (rows < from.records) {
    await input.close();
    throw changed(found.shown, `${from.records} rows were read of it, and it has ${rows}`);
  }
  return createRecordSource({
    input,
    total: rows,
    format: createJsonFormat(compileValidator(context.type, 'input')),
    splitter: createLineSplitter(),
    name: basename(found.path),
    limit: context.messageLimit,
    rows: context.rows ?? Number.POSITIVE_INFINITY,
    linesBefore: 0,
    from,
    atEnd(read) {
      if (read === rows) return;
      throw new NstackError('defect', `${read} of ${rows} rows of ${found.shown} came out of its reader`);
    },
  });
}

function requireRegular({ kind, shown }: FoundFile): void {
  if (kind === 'regular') return;
  throw new NstackError('connector-invalid', `${shown} is a named pipe, and Parquet is not read from one`, {
    hint: 'Write it to a file first: its schema stands at its end.',
  });
}
