import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRest, NstackError } from '../../core/index.ts';
import { fileError } from './file-error.ts';
import { syncFolder } from './sync-folder.ts';

const lineFeed = 0x0a;
const blockBytes = 64 * 1024;
/** What is written at once is much from here on. Bytes. */
const much = 16 * 1024;
/** So many appends that wait end a rest: a workflow has eight under way at the most, and goes on with the others meanwhile. */
const enoughWaiting = 6;

export interface LineAppenderOptions {
  /** The file's name for messages. */
  readonly shown: string;
  /** What a full disk means: `wait` and try again for as long as it takes, or `fail` for the lines at hand, and serve later ones. */
  readonly whenFull: 'wait' | 'fail';
  log(line: string): void;
  /**
   * Milliseconds after a write of much in which more may gather, since each write and sync costs two hand-overs between threads and a commit of the file system. Little is never
   * waited for. By default none.
   */
  readonly rest?: number;
  /** Pauses between tries, in milliseconds: the first, and the longest that doubling makes of it. */
  readonly pauses?: { readonly first: number; readonly longest: number };
}

/**
 * Lines at the end of a file, each there whole or not at all. `append` resolves when its lines are on the disk (fdatasync); calls may overlap and keep
 * their order, and those that come during a sync share the next. The bytes are the appender's until then. A write that the disk did not take as
 * a whole is cut back.
 */
export interface LineAppender {
  append(lines: Uint8Array): Promise<void>;
  /** Bytes of the file that are on the disk. */
  readonly length: number;
  /** Ends after all appends. */
  close(): Promise<void>;
  /** Ends at once: what waits rejects. */
  abandon(): Promise<void>;
}

/** Opens a file, made where it is missing like its folder, and cuts off what stands behind its last line feed: a line that a crash left half. */
export async function openLineAppender(path: string, options: LineAppenderOptions): Promise<LineAppender> {
  const { shown } = options;
  try {
    await mkdir(dirname(path), { recursive: true });
    const handle = await open(path, 'a+', 0o666);
    try {
      const length = await cutTornLine(handle, options);
      await syncFolder(dirname(path));
      return createAppender(handle, length, options);
    } catch (error) {
      await handle.close();
      throw error;
    }
  } catch (error) {
    throw fileError(error, 'write', shown);
  }
}

interface Waiting {
  readonly lines: Uint8Array;
  resolve(): void;
  reject(error: unknown): void;
}

function createAppender(handle: FileHandle, lengthNow: number, options: LineAppenderOptions): LineAppender {
  const { shown, log, whenFull, rest = 0, pauses = { first: 1_000, longest: 60_000 } } = options;
  const abandoned = new AbortController();
  let length = lengthNow;
  let waiting: Waiting[] = [];
  let working: Promise<void> | undefined;
  let failure: unknown;
  let closing = false;
  const resting = createRest();

  async function work(): Promise<void> {
    while (waiting.length > 0) {
      const group = waiting;
      const before = length;
      waiting = [];
      try {
        if (failure !== undefined) throw failure;
        await store(group.map(({ lines }) => lines));
        for (const { resolve } of group) resolve();
      } catch (error) {
        const why = abandoned.signal.aborted ? overError(shown) : fileError(error, 'write', shown);
        if (!isFull(why)) failure ??= why;
        for (const { reject } of group) reject(why);
      }
      if (length - before >= much && waiting.length < enoughWaiting && rest > 0 && !closing)
        await resting.take(rest);
    }
    working = undefined;
  }

  async function store(lines: readonly Uint8Array[]): Promise<void> {
    let pause = pauses.first;
    for (;;) {
      try {
        length += await writeWhole(handle, lines);
        if (pause > pauses.first) log(`${shown}: there is space again, writing goes on`);
        return;
      } catch (error) {
        if (!isFull(error) || whenFull === 'fail') throw error;
        log(`${fileError(error, 'write', shown).message}; trying again in ${Math.ceil(pause / 1000)} s`);
      }
      await sleep(pause, undefined, { signal: abandoned.signal });
      pause = Math.min(pause * 2, pauses.longest);
    }
  }

  return {
    append: (lines) =>
      new Promise((resolve, reject) => {
        if (abandoned.signal.aborted) return reject(overError(shown));
        waiting.push({ lines, resolve, reject });
        if (waiting.length >= enoughWaiting) resting.end();
        working ??= work();
      }),
    get length() {
      return length;
    },
    async close() {
      closing = true;
      resting.end();
      await working;
      await handle.close();
    },
    async abandon() {
      if (abandoned.signal.aborted) return;
      failure ??= overError(shown);
      abandoned.abort(overError(shown));
      closing = true;
      resting.end();
      await working;
      await handle.close();
    },
  };
}

/** Resolves with the number of bytes once they are on the disk. */
async function writeWhole(handle: FileHandle, lines: readonly Uint8Array[]): Promise<number> {
  let written = 0;
  try {
    for (let left = lines; left.length > 0; ) {
      const { bytesWritten } = await handle.writev(left);
      written += bytesWritten;
      left = behind(left, bytesWritten);
    }
    await handle.datasync();
    return written;
  } catch (error) {
    // The end is asked for: someone may have cut the file meanwhile, and a truncation must not make it longer.
    if (written > 0) await handle.truncate(Math.max(0, (await handle.stat()).size - written));
    throw error;
  }
}

/** What is left of the pieces behind so many bytes. */
function behind(pieces: readonly Uint8Array[], bytes: number): readonly Uint8Array[] {
  const left: Uint8Array[] = [];
  let skip = bytes;
  for (const piece of pieces) {
    if (skip < piece.length) left.push(piece.subarray(skip));
    skip = Math.max(0, skip - piece.length);
  }
  return left;
}

async function cutTornLine(handle: FileHandle, { shown, log }: LineAppenderOptions): Promise<number> {
  const { size } = await handle.stat();
  const end = await lastLineEnd(handle, size);
  if (end === size) return size;
  await handle.truncate(end);
  await handle.datasync();
  log(`${shown}: cut off ${size - end} bytes of a last line that was not whole`);
  return end;
}

/** Offset behind the last line feed before `size`; 0 where there is none. */
async function lastLineEnd(handle: FileHandle, size: number): Promise<number> {
  for (let end = size; end > 0; ) {
    const start = Math.max(0, end - blockBytes);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(end - start), 0, end - start, start);
    const at = buffer.subarray(0, bytesRead).lastIndexOf(lineFeed);
    if (at >= 0) return start + at + 1;
    end = start;
  }
  return 0;
}

function isFull(error: unknown): boolean {
  const cause = error instanceof NstackError ? error.cause : error;
  return cause instanceof Error && 'code' in cause && (cause.code === 'ENOSPC' || cause.code === 'EDQUOT');
}

function overError(shown: string): NstackError {
  return new NstackError('interrupted', `the workflow ended before ${shown} was written`);
}
