import { basename, extname } from 'node:path';
import { NstackError } from '../../core/index.ts';
import type { Format } from '../connector.ts';

/** How a file is read. `lines` are NDJSON, text or bytes, as the format says. */
export interface FileKind {
  readonly kind: 'lines' | 'csv' | 'parquet';
  readonly compressed: boolean;
  /** Sign between the columns of a CSV file. */
  readonly delimiter: string;
}

const kinds: Readonly<Record<string, FileKind['kind']>> = {
  '.ndjson': 'lines',
  '.jsonl': 'lines',
  '.csv': 'csv',
  '.tsv': 'csv',
  '.parquet': 'parquet',
};

/** Finds out how to read a file from its name, its parameters and its format; throws where they do not say or contradict. */
export function fileKind(
  path: string,
  parameters: Readonly<Record<string, unknown>>,
  format: Format,
): FileKind {
  const compressed = extname(path).toLowerCase() === '.gz';
  const extension = extname(compressed ? path.slice(0, -3) : path).toLowerCase();
  const kind = named(parameters.as) ?? kinds[extension] ?? (format === 'json' ? undefined : 'lines');
  if (kind === undefined) {
    throw new NstackError('connector-invalid', `${basename(path)}: its name does not say how to read it`, {
      hint: 'Name it .ndjson, .csv or .parquet, or add as = "ndjson", "csv" or "parquet".',
    });
  }
  if (kind === 'parquet' && compressed) {
    throw new NstackError('connector-invalid', `${basename(path)}: a Parquet file is not read through gzip`, {
      hint: 'Decompress it; Parquet is compressed inside.',
    });
  }
  if (kind !== 'lines' && format !== 'json') {
    throw new NstackError(
      'connector-invalid',
      `${basename(path)}: the format ${format} is for lines, and its rows are records`,
      {
        hint: 'Let the first stage take a record with the columns as fields, or add as = "ndjson" to read plain lines.',
      },
    );
  }
  return { kind, compressed, delimiter: delimiterOf(parameters.delimiter, kind, extension) };
}

function named(as: unknown): FileKind['kind'] | undefined {
  if (as === 'ndjson') return 'lines';
  return as === 'csv' || as === 'parquet' ? as : undefined;
}

function delimiterOf(delimiter: unknown, kind: FileKind['kind'], extension: string): string {
  if (delimiter === undefined) return extension === '.tsv' ? '\t' : ',';
  if (kind !== 'csv') {
    throw new NstackError('connector-invalid', 'only a CSV file has a delimiter', {
      hint: 'Leave out `delimiter`, or add as = "csv".',
    });
  }
  if (typeof delimiter === 'string' && /^[^"\r\n\u0080-\uffff]$/.test(delimiter)) return delimiter;
  throw new NstackError('connector-invalid', `${JSON.stringify(delimiter)} cannot be a delimiter`, {
    hint: 'A delimiter is one ASCII sign and no quote: delimiter = ";".',
  });
}
