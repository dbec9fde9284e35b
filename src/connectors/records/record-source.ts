import type { Source, SourceBatch } from '../connector.ts';
import type { ByteInput } from './byte-input.ts';
import { type RecordOptions, type RecordPosition, readRecords } from './read-records.ts';

export interface RecordSourceOptions extends RecordOptions {
  readonly input: ByteInput;
  /** How many records there are, where that is known: progress then counts messages. */
  readonly total?: number;
  /** Called when the input has ended and all records of it were handed out; throws if that cannot be all. */
  readonly atEnd?: (records: number) => void;
}

/**
 * A source over an input's records. What it reads from cannot forget, so a commit changes nothing: a run that is started again begins at
 * the beginning.
 */
export function createRecordSource(options: RecordSourceOptions): Source {
  const { input, rows } = options;
  const total = options.total === undefined ? undefined : Math.min(options.total, rows);
  let records = 0;
  let closed = false;

  async function close(): Promise<void> {
    closed = true;
    await input.close();
  }

  async function* read(signal: AbortSignal): AsyncGenerator<SourceBatch, void, undefined> {
    const stop = () => void close();
    signal.addEventListener('abort', stop, { once: true });
    try {
      if (closed || signal.aborted) return;
      for await (const batch of readRecords(input.chunks(), options)) {
        if (closed) return;
        records = (batch.position as RecordPosition).records;
        yield batch;
      }
      if (!closed) options.atEnd?.(records);
    } finally {
      signal.removeEventListener('abort', stop);
      await close();
    }
  }

  return {
    read,
    async commit() {},
    close,
    progress: () =>
      total !== undefined || rows !== Number.POSITIVE_INFINITY || input.total === undefined
        ? { unit: 'messages', done: records, total: total ?? finite(rows) }
        : { unit: 'bytes', done: input.done, total: input.total },
  };
}

function finite(rows: number): number | undefined {
  return rows === Number.POSITIVE_INFINITY ? undefined : rows;
}
