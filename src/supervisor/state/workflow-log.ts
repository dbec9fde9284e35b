import { type FileHandle, mkdir, open, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { LogEntry } from '../../workflow/index.ts';
import { lastLines, wholeLength } from './last-lines.ts';

/** What the services of one workflow said, on the disk. */
export interface WorkflowLog {
  /** Never throws and never waits. What the disk refuses, or is too slow for, is dropped; an entry says how much, as soon as there is room. */
  append(entry: LogEntry): void;
  /** The newest last, with all that was appended before. A line that a crash has torn is left out. */
  last(most: number): Promise<readonly LogEntry[]>;
  /** Waits for what was appended; what comes later is ignored. */
  close(): Promise<void>;
}

/** Bytes of a file, after which the next one begins; the one before it is kept. */
const rotateAt = 4 * 1024 * 1024;
/** Characters that may wait for the disk. */
const mostWaiting = 1024 * 1024;
/** Characters of a text that are kept. */
const longestMessage = 16 * 1024;
const longestName = 256;

/** The log in a workflow's folder: `log.ndjson`, and `log.1.ndjson` with what is older. Files come to be with the first entry. */
export function createWorkflowLog(folder: string): WorkflowLog {
  const path = join(folder, 'log.ndjson');
  const older = join(folder, 'log.1.ndjson');
  let file: FileHandle | undefined;
  let size = 0;
  let waiting: string[] = [];
  let waitingLength = 0;
  let dropped = 0;
  /** How many dropped lines the first line that waits tells of. */
  let told = 0;
  let why = '';
  let writing: Promise<void> | undefined;
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

  function push(entry: LogEntry): void {
    const line = `${JSON.stringify(bounded(entry))}\n`;
    if (waitingLength + line.length > mostWaiting) {
      drop(1, 'the disk is too slow for them');
    } else {
      waiting.push(line);
      waitingLength += line.length;
    }
  }

  return {
    append(entry) {
      if (closed) return;
      if (dropped > 0 && waiting.length === 0) {
        const message = `${dropped} lines of this log were dropped: ${why}`;
        told = dropped;
        dropped = 0;
        push({ ...entry, stage: 'supervisor', level: 'warn', message });
      }
      push(entry);
      writing ??= writeAll();
    },
    async last(most) {
      await writing;
      const entries: LogEntry[] = [];
      for (const from of [path, older]) {
        for await (const line of lastLines(from)) {
          if (entries.length >= most) return entries.reverse();
          const entry = parse(line);
          if (entry !== undefined) entries.push(entry);
        }
      }
      return entries.reverse();
    },
    async close() {
      closed = true;
      await writing;
      await forget();
    },
  };
}

function bounded({ at, workflow, stage, level, message }: LogEntry): LogEntry {
  return { at, workflow, stage: cut(stage, longestName), level, message: cut(message, longestMessage) };
}

/** JSON.stringify escapes whatever is left: control signs, and half of a surrogate pair that was cut. */
function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most)}... (${text.length - most} more)`;
}

function parse(line: string): LogEntry | undefined {
  try {
    return JSON.parse(line) as LogEntry;
  } catch {
    return undefined;
  }
}
