import type { ErrorMessage } from '../../core/index.ts';
import type { Type } from '../../types/index.ts';

/** What the reader of a Parquet file is told, once. The file is open as descriptor {@link fileDescriptor}. */
export interface ReadRequest {
  /** The file's name for messages. */
  readonly shown: string;
  readonly type: Type;
  /** Rows to leave out at the beginning. */
  readonly skip?: number;
  /** At most this many rows behind those; undefined: all. */
  readonly rows?: number;
  /** Whether the rows are to be written to stdout, or only the schema checked. */
  readonly write: boolean;
}

/** What it says: `opened`, then `ended` when all is written; or `failed`, as the last. */
export type ReadEvent =
  /** Rows that the file holds, those left out among them, or fewer where fewer are asked for. */
  | { readonly kind: 'opened'; readonly rows: number }
  | { readonly kind: 'ended' }
  | { readonly kind: 'failed'; readonly error: ErrorMessage };

/** After stdin, stdout, stderr and the channel. */
export const fileDescriptor = 4;
