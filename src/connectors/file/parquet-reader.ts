import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fromErrorMessage, NstackError, packageRoot } from '../../core/index.ts';
import type { ByteInput } from '../records/byte-input.ts';
import { createStreamInput } from '../records/stream-input.ts';
import type { ReadEvent, ReadRequest } from './parquet-messages.ts';

/** How much of what DuckDB or Node said at the end is kept for the message. */
const keptOfStderr = 2_000;

/** The program of process.ts at work on one file. It dies with `close`, and with this process. */
export interface ParquetReader {
  /** The rows as NDJSON. Ends without an error only when the program said that all is written. */
  readonly input: ByteInput;
  readonly rows: number;
}

/** Starts the program on the file at `path` and waits until it has opened it; throws what it says against file or type. */
export async function startParquetReader(path: string, request: ReadRequest): Promise<ParquetReader> {
  const pipe = await createPipe();
  const file = openSync(path, 'r');
  const child = spawn(process.execPath, [join(packageRoot(), 'dist', 'duckdb-reader.mjs')], {
    stdio: ['ignore', pipe.writer, 'pipe', 'ipc', file],
  });
  closeSync(file);
  closeSync(pipe.writer);
  const output = new Socket({ fd: pipe.reader, readable: true, writable: false });
  const events = watch(child, request);
  child.send(request, () => {});
  const opened = await events.opened.catch((error: unknown) => {
    output.destroy();
    child.kill('SIGKILL');
    throw error;
  });
  return { rows: opened, input: createReaderInput(child, output, events, request.shown) };
}

interface Watch {
  readonly opened: Promise<number>;
  /** Resolves when the program has ended as it should; rejects when not. */
  readonly ended: Promise<void>;
}

function watch(child: ChildProcess, { shown, write }: ReadRequest): Watch {
  const opened = Promise.withResolvers<number>();
  const ended = Promise.withResolvers<void>();
  let complete = !write;
  let failure: NstackError | undefined;
  let said = '';
  for (const { promise } of [opened, ended]) promise.catch(() => {});
  const fail = (error: NstackError) => {
    opened.reject(error);
    ended.reject(error);
  };
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-keptOfStderr);
  });
  child.on('message', (event: ReadEvent) => {
    if (event.kind === 'opened') opened.resolve(event.rows);
    else if (event.kind === 'ended') complete = true;
    else failure = fromErrorMessage(event.error);
  });
  child.once('error', (cause) => fail(lost(shown, cause.message, cause)));
  child.once('close', (code, signal) => {
    if (failure !== undefined) return fail(failure);
    if (!complete)
      return fail(lost(shown, `${signal ?? `exit code ${code}`}${said === '' ? '' : `: ${said.trim()}`}`));
    ended.resolve();
  });
  return { opened: opened.promise, ended: ended.promise };
}

function lost(shown: string, how: string, cause?: unknown): NstackError {
  return new NstackError('instance-died', `the process that reads ${shown} died (${how})`, {
    hint: 'Start the workflow again; where memory is short, give the machine or the container 1 GB for it.',
    ...(cause === undefined ? {} : { cause }),
  });
}

function createReaderInput(child: ChildProcess, output: Socket, events: Watch, shown: string): ByteInput {
  const rows = createStreamInput(output, shown);
  let closed = false;

  async function* chunks(): AsyncGenerator<Buffer, void, undefined> {
    yield* rows.chunks();
    if (!closed) await events.ended;
  }

  return {
    chunks,
    get done() {
      return rows.done;
    },
    total: undefined,
    async close() {
      closed = true;
      await rows.close();
      child.kill('SIGKILL');
      await events.ended.catch(() => {});
    },
  };
}

/**
 * A pipe for the program's stdout. Node makes socket pairs, and DuckDB opens /dev/stdout by name, which Linux refuses for a socket; a named
 * pipe that loses its name at once is like the pipe of a shell.
 */
async function createPipe(): Promise<{ readonly reader: number; readonly writer: number }> {
  const folder = await mkdtemp(join(tmpdir(), 'nstack-'));
  try {
    const path = join(folder, 'rows');
    await promisify(execFile)('mkfifo', ['-m', '600', path]);
    const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    return { reader, writer: openSync(path, constants.O_WRONLY) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
