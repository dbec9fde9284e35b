import type { Type, Validator } from '../../types/index.ts';
import { compileValidator } from '../../types/index.ts';
import type { SourceBatch } from '../connector.ts';
import { fileError } from '../records/file-error.ts';
import { createJsonFormat } from '../records/json-format.ts';
import { firstRecord, type RecordPosition, readRecords } from '../records/read-records.ts';
import type { RecordFormat } from '../records/record-format.ts';
import { createLineSplitter } from '../records/record-splitter.ts';
import type { Inbox } from './inbox.ts';
import { openMessageLog } from './message-log.ts';

const lineFeed = 0x0a;
const lineEnd = Buffer.of(lineFeed);

interface StoredPosition extends RecordPosition {
  /** Segment of the log. */
  readonly segment: number;
}

export interface StoredInboxOptions {
  readonly folder: string;
  readonly type: Type;
  readonly limit: number;
  readonly rows: number;
  log(line: string): void;
}

/**
 * Letters in a log on the disk: one is taken when it is synced. The workflow reads the log, from where it was committed on, also after a restart. Messages
 * are checked again when they are read, since the type may have changed.
 */
export async function openStoredInbox(options: StoredInboxOptions): Promise<Inbox> {
  const { rows, limit } = options;
  const log = await openMessageLog(options.folder, options.log).catch((error: unknown) => {
    throw fileError(error, 'write', options.folder);
  });
  const validator = compileValidator(options.type, 'input');
  let done = 0;
  let ended = false;
  let closing: Promise<void> | undefined;

  async function* batches(): AsyncGenerator<SourceBatch, void, undefined> {
    let start = log.committed as StoredPosition | undefined;
    for (let segment = start?.segment ?? log.first; !ended && done < rows; segment = log.after(segment)) {
      const from = start?.segment === segment ? start : firstRecord;
      start = undefined;
      const records = readRecords(log.read(segment, from.bytes), {
        format: createJsonFormat(validator),
        splitter: createLineSplitter(),
        name: 'stored',
        limit,
        rows: rows - done,
        linesBefore: 0,
        from,
      });
      for await (const batch of records) {
        if (ended) return;
        done += batch.count + batch.rejected.length;
        const position: StoredPosition = { ...(batch.position as RecordPosition), segment };
        yield { ...batch, position };
      }
    }
  }

  return {
    async put({ items }) {
      if (ended) return 'ended';
      await log.append(Buffer.concat(items.at(-1)?.at(-1) === lineFeed ? items : [...items, lineEnd]));
      return 'taken';
    },
    room: async () => {},
    isFull: false,
    format: keepLines,
    batches,
    commit: (position) => log.commit(position as StoredPosition),
    end() {
      ended = true;
      log.stopReading();
    },
    close() {
      closing ??= log.close();
      return closing;
    },
    get done() {
      return done;
    },
  };
}

/** JSON texts, each with a line feed behind it. */
function keepLines(validator: Validator): RecordFormat {
  const inner = createJsonFormat(validator);
  let pieces: Uint8Array[] = [];
  return {
    text: true,
    take(bytes, start, end, returns) {
      const fault = inner.take(bytes, start, end, returns);
      if (fault !== undefined) return fault;
      inner.drain();
      bytes[end] = lineFeed;
      pieces.push(bytes.subarray(start, end + 1));
      return undefined;
    },
    drain() {
      const drained = pieces;
      pieces = [];
      return drained;
    },
  };
}
