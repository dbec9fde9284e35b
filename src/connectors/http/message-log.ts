import { mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileError } from '../records/file-error.ts';
import { type LineAppender, openLineAppender } from '../records/line-appender.ts';

const segmentBytes = 16 * 1024 * 1024;
const chunkBytes = 64 * 1024;

/** What a commit says: everything up to there may go. */
export interface LogPosition {
  readonly segment: number;
  readonly bytes: number;
}

/**
 * Lines on the disk in files of a bounded size, the segments, numbered in order. What is committed is kept beside them and need not be synced, nor kept at all
 * where the disk is full: an older commit only means that messages are read again. Segments before the committed one are removed.
 */
export interface MessageLog {
  /** Resolves when the lines are on the disk; rejects where it is full, and serves the next. */
  append(lines: Buffer): Promise<void>;
  /** The bytes of a segment that are on the disk, from an offset on; while it is the last, more are waited for. */
  read(segment: number, from: number): AsyncIterable<Buffer>;
  readonly first: number;
  after(segment: number): number;
  /** What was committed last, also before a restart. */
  readonly committed: LogPosition | undefined;
  commit(position: LogPosition): Promise<void>;
  /** Ends what is read. */
  stopReading(): void;
  close(): Promise<void>;
}

/** Opens the log in a folder of its own, made where it is missing. */
export async function openMessageLog(folder: string, log: (line: string) => void): Promise<MessageLog> {
  await mkdir(folder, { recursive: true });
  let segments = await segmentsIn(folder);
  const first = segments[0] ?? 1;
  let last = segments.at(-1) ?? 1;
  if (segments.length === 0) segments = [last];
  let appender = await openSegment(last);
  let committed = await readCommitted(folder);
  const isThere =
    committed !== undefined &&
    segments.includes(committed.segment) &&
    (committed.segment < last || committed.bytes <= appender.length);
  if (!isThere) committed = undefined;
  let committing: Promise<void> | undefined;
  let next: LogPosition | undefined;
  let stopped = false;
  let closed = false;
  let wake = () => {};
  let rolling: Promise<void> | undefined;

  function openSegment(segment: number): Promise<LineAppender> {
    return openLineAppender(join(folder, nameOf(segment)), {
      shown: join(folder, nameOf(segment)),
      whenFull: 'fail',
      log,
    });
  }

  async function roll(): Promise<void> {
    const opened = await openSegment(last + 1);
    // Whoever reads the last segment takes it for whole once it is not the last.
    await appender.close();
    last++;
    segments.push(last);
    appender = opened;
    wake();
  }

  async function append(lines: Buffer): Promise<void> {
    if (appender.length >= segmentBytes) {
      rolling ??= roll().finally(() => {
        rolling = undefined;
      });
    }
    await rolling;
    await appender.append(lines);
    wake();
  }

  async function* read(segment: number, from: number): AsyncGenerator<Buffer, void, undefined> {
    const handle = await open(join(folder, nameOf(segment)), 'r');
    try {
      for (let at = from; !stopped; ) {
        const isLast = segment === last;
        const end = isLast ? appender.length : (await handle.stat()).size;
        if (at < end) {
          const size = Math.min(chunkBytes, end - at);
          const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafeSlow(size), 0, size, at);
          at += bytesRead;
          yield buffer.subarray(0, bytesRead);
        } else if (isLast) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        } else return;
      }
    } finally {
      await handle.close();
    }
  }

  /** Only the newest of the commits that wait is written. */
  async function keepCommitted(): Promise<void> {
    while (next !== undefined) {
      const position = next;
      next = undefined;
      await writeCommitted(folder, position).catch((error: unknown) => {
        log(
          `${fileError(error, 'write', join(folder, 'committed')).message}; messages may come again after a restart`,
        );
      });
      committed = position;
      for (const segment of segments.filter((number) => number < position.segment))
        await rm(join(folder, nameOf(segment)), { force: true });
      segments = segments.filter((number) => number >= position.segment);
    }
    committing = undefined;
  }

  return {
    append,
    read,
    first,
    after: (segment) => segment + 1,
    get committed() {
      return committed;
    },
    async commit(position) {
      if (closed) return;
      next = position;
      committing ??= keepCommitted();
      await committing;
    },
    stopReading() {
      stopped = true;
      wake();
    },
    async close() {
      stopped = true;
      closed = true;
      wake();
      await committing;
      await rolling;
      await appender.close();
    },
  };
}

const nameOf = (segment: number) => `${String(segment).padStart(12, '0')}.ndjson`;

async function segmentsIn(folder: string): Promise<number[]> {
  const names = await readdir(folder);
  return names
    .filter((name) => /^\d{12}\.ndjson$/.test(name))
    .map((name) => Number.parseInt(name, 10))
    .sort((one, other) => one - other);
}

async function writeCommitted(folder: string, position: LogPosition): Promise<void> {
  await writeFile(join(folder, 'committed.new'), JSON.stringify(position));
  await rename(join(folder, 'committed.new'), join(folder, 'committed'));
}

async function readCommitted(folder: string): Promise<LogPosition | undefined> {
  try {
    return JSON.parse(await readFile(join(folder, 'committed'), 'utf8')) as LogPosition;
  } catch {
    // None yet, or one that a power loss left half: reading begins with the oldest segment.
    return undefined;
  }
}
