import { type FileHandle, mkdir, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createRest } from '../../core/index.ts';
import { lastLines, wholeLength } from './last-lines.ts';

/** A file of lines that is kept below a size: what is older goes to another file, and what is older still is gone. */
export interface RotatingLines {
  /**
   * Takes a line without its line feed. Never throws and never waits. What the disk refuses, or is too slow for, is dropped; `notice` says how much, as soon
   * as there is room. After `close` nothing is taken.
   */
  append(line: string): void;
  /** The newest first, over both files, with all that was appended before. A line that a crash has torn is left out. */
  newest(): AsyncGenerator<string>;
  /** Waits for what was appended. */
  close(): Promise<void>;
}

export interface RotatingLinesOptions {
  readonly path: string;
  /** Where what is older goes. */
  readonly older: string;
  /** Bytes of a file, after which the next one begins. */
  readonly rotateAt: number;
  /** Milliseconds after a write in which more lines may gather for the next. By default none. */
  readonly rest?: number;
  /** A line that tells of lines that were dropped. */
  notice(dropped: number, why: string): string;
}

/** Characters that may wait for the disk, and that end a rest. */
const mostWaiting = 1024 * 1024;
const enoughWaiting = 64 * 1024;

/** Files come to be with the first line, and their folder too. */
export function createRotatingLines({
  path,
  older,
  rotateAt,
  rest = 0,
  notice,
}: RotatingLinesOptions): RotatingLines {
  let file: FileHandle | undefined;
  let size = 0;
  let waiting: string[] = [];
  let waitingLength = 0;
  let dropped = 0;
  /** How many dropped lines the first line that waits tells of. */
  let told = 0;
  let why = '';
  let writing: Promise<void> | undefined;
  const resting = createRest();
  let closed = false;

  async function writeAll(): Promise<void> {
    while (waiting.length > 0) {
      const lines = waiting;
      const lost = told === 0 ? lines.length : lines.length - 1 + told;
      waiting = [];
      waitingLength = 0;
      told = 0;
      try {
        await write(Buffer.from(lines.join('')));
      } catch (error) {
        // A part of them may have been written.
        await file?.truncate(size).catch(() => {});
        drop(lost, error instanceof Error ? error.message : String(error));
        await forget();
      }
      if (rest > 0 && !closed && waitingLength < enoughWaiting) await resting.take(rest);
    }
    writing = undefined;
  }

  async function write(bytes: Buffer): Promise<void> {
    file ??= await openFile();
    if (size > 0 && size + bytes.length > rotateAt) {
      await forget();
      await rename(path, older);
      file = await openFile();
    }
    await file.appendFile(bytes);
    size += bytes.length;
  }

  /** A line that was cut short, by a full disk or the end of a process, is cut off, so that the next begins on its own. */
  async function openFile(): Promise<FileHandle> {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const opened = await open(path, 'a+', 0o600);
    try {
      size = await wholeLength(opened);
      await opened.truncate(size);
      return opened;
    } catch (error) {
      await opened.close();
      throw error;
    }
  }

  async function forget(): Promise<void> {
    const closing = file;
    file = undefined;
    await closing?.close().catch(() => {});
  }

  function drop(lines: number, reason: string): void {
    dropped += lines;
    why = reason;
  }

  function push(line: string): void {
    if (waitingLength + line.length > mostWaiting) {
      drop(1, 'the disk is too slow for them');
    } else {
      waiting.push(`${line}\n`);
      waitingLength += line.length + 1;
      if (waitingLength >= enoughWaiting) resting.end();
    }
  }

  return {
    append(line) {
      if (closed) return;
      if (dropped > 0 && waiting.length === 0) {
        told = dropped;
        dropped = 0;
        push(notice(told, why));
      }
      push(line);
      writing ??= writeAll();
    },
    async *newest() {
      resting.end();
      await writing;
      for (const from of [path, older]) yield* lastLines(from);
    },
    async close() {
      closed = true;
      resting.end();
      await writing;
      await forget();
    },
  };
}
