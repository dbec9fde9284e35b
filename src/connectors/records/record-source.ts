import type { Source, SourceBatch } from '../connector.ts';
import type { ByteInput } from './byte-input.ts';
import { firstRecord, type RecordOptions, type RecordPosition, readRecords } from './read-records.ts';

export interface RecordSourceOptions extends RecordOptions {
  readonly input: ByteInput;
  /** How many records there are, those before `from` among them, where that is known: progress then counts messages. */
  readonly total?: number;
  /** Called with that number when the input has ended and all records of it were handed out; throws if that cannot be all. */
  readonly atEnd?: (records: number) => void;
}

/**
 * A source over an input's records. What it reads from has no memory of its own, so a commit changes nothing: who keeps the positions has `from`
 * begin at the last.
 */
export function createRecordSource(options: RecordSourceOptions): Source {
  const { input, from = firstRecord } = options;
  const rows = from.records + options.rows;
  const total = options.total === undefined ? undefined : Math.min(options.total, rows);
  let records = from.records;
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
